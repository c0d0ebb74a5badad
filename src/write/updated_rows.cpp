#include "write/updated_rows.hpp"

#include "base/bound.hpp"
#include "rows/row_reader.hpp"
#include "rows/row_value.hpp"
#include "run/execute.hpp"
#include "sql/change.hpp"
#include "sql/select.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kith::write {

namespace {

using detail::Query;
using query::ResolvedCondition;

void require_same_keys(const Query& query, std::span<const ResolvedCondition> assignments) {
    for (const auto& assignment : assignments) {
        const auto* column = assignment.path.column;
        if (std::ranges::find(query.model->primary_key, column) == query.model->primary_key.end()) continue;
        throw FieldError(fmt::format("update_returning() finds rows by their keys, and cannot change {}: use update()",
                                     column->label()),
                         {.model = query.model->name, .lookup = column->name});
    }
}

/// The rows of `query` by their keys, which are locked; none if there are no rows.
std::optional<Query> locked_rows(connection::Session& session, const Query& query) {
    const query::ColumnPath key{.column = &query.model->key()};
    auto keys = sql::select_values(query, std::span(&key, 1), session.dialect());
    keys.text = keys.text.str() + session.dialect().lock({});
    keys.belongs_to_write = true;
    std::vector<detail::Value> found;
    {
        const auto cursor = session.query(keys);
        while (cursor->next()) found.push_back(cursor->value(0, key.column->type, key.column));
    }
    if (found.empty()) return std::nullopt;
    Query rows{.model = query.model,
               .db = query.db,
               .ordered = true,
               .only = query.only,
               .deferred = query.deferred,
               .latest = true}; // an older snapshot of the transaction may lack them
    rows.filters.push_back({.conditions = {
                                {.path = key, .lookup = detail::FieldLookup::in, .right = std::move(found)},
                            }});
    return rows;
}

/// The rows of `statement`. They count against the limits of the call, which undoes all of it.
std::vector<void*> read(connection::Session& session, const sql::Statement& statement, const sql::RowPlan& plan,
                        rows::Graph& graph, FetchMode mode) {
    std::vector<void*> rows;
    rows::RowReader reader(graph, plan, mode, nullptr);
    const auto& bound = session.bound();
    const auto cursor = session.query(statement);
    while (cursor->next()) {
        if (bound != nullptr && bound->counts_rows()) {
            bound->add_row({}, bound->counts_bytes() ? cursor->row_bytes() : 0);
        }
        rows.push_back(reader.read(*cursor));
    }
    reader.finish();
    return rows;
}

} // namespace

std::vector<void*> update_and_read(connection::Session& session, const Query& query,
                                   std::span<const ResolvedCondition> assignments, rows::Graph& graph) {
    require_same_keys(query, assignments);
    const auto& dialect = session.dialect();
    sql::RowPlan plan;
    sql::Statement statement;
    if (dialect.returns_updated()) {
        statement = sql::update_returning(query, assignments, dialect, plan);
    } else {
        const auto changed = locked_rows(session, query);
        if (!changed) return {};
        session.execute(sql::update_rows(*changed, assignments, dialect));
        statement = sql::select_rows(*changed, dialect, plan);
        statement.belongs_to_write = true;
    }
    auto rows = read(session, statement, plan, graph, run::mode_of(query));
    std::ranges::sort(rows, {}, [&](const void* row) { return rows::primary_key(row, *query.model); });
    return rows;
}

} // namespace kith::write
