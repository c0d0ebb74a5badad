#include "write/bulk_update.hpp"

#include "rows/graph.hpp"
#include "rows/row_value.hpp"
#include "run/execute.hpp"
#include "sql/change.hpp"
#include "write/changes.hpp"
#include "write/insert.hpp"
#include "write/row_values.hpp"
#include "write/validate.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace kith::write {

namespace {

using detail::Value;

/// Maximum number of rows in one statement: the database compares each row with half of their keys.
constexpr std::size_t most_updated = 200;

/// The primary keys of the rows.
std::vector<std::vector<Value>> distinct_keys_of(const ModelInfo& model, std::span<const void* const> rows) {
    std::vector<std::vector<Value>> keys;
    std::map<std::vector<Value>, std::size_t> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == nullptr) {
            throw ValueError(fmt::format("Row {} of those given to bulk_update, counted from 0, is an empty Ref", i),
                             {.model = model.name, .row = i});
        }
        const auto& key = keys.emplace_back(rows::saved_keys(rows[i], model.primary_key, "updating it"));
        const auto [first, is_new] = seen.emplace(key, i);
        if (is_new) continue;
        throw ValueError(
            fmt::format("Rows {} and {} of those given to bulk_update, counted from 0, are the same row of "
                        "{}: a row can be updated once in a call",
                        first->second, i, model.name),
            {.model = model.name, .row = i});
    }
    return keys;
}

/// The rows with composite keys that were assigned to them in their columns: copies, if there can be such keys.
std::vector<const void*> settled(const run::Evaluation& evaluation, const detail::Query& query,
                                 std::span<const void* const> rows) {
    std::vector<const void*> settled(rows.begin(), rows.end());
    const auto is_composite = [](const FieldInfo* field) { return field->kind == detail::MemberKind::composite_key; };
    if (std::ranges::none_of(query.model->states, is_composite)) return settled;
    auto& segment = evaluation.graph().new_segment(*query.model, run::mode_of(query));
    for (const auto*& row : settled) row = segment.append_copy(row);
    segment.finish();
    return settled;
}

Value value_for_update(const void* row, const FieldInfo& field, const sql::Dialect& dialect) {
    auto value = checked_value(row, field, dialect);
    require_value_for_update(row, field);
    return value;
}

std::size_t rows_in_statement(const ModelInfo& model, std::size_t fields, const sql::Dialect& dialect) {
    const auto in_row = (fields + 1) * model.primary_key.size() + fields; // parameters, where each is bound anew
    return std::clamp<std::size_t>(dialect.max_parameters() / in_row, 1, most_updated);
}

} // namespace

std::int64_t bulk_update(connection::Session& session, const detail::Query& query,
                         std::span<const FieldInfo* const> fields, std::span<const void* const> rows) {
    const auto& dialect = session.dialect();
    const auto keys = distinct_keys_of(*query.model, rows);
    const run::Evaluation evaluation(query.db);
    const auto given = settled(evaluation, query, rows);
    require_valid(*query.model, given);
    const auto most = rows_in_statement(*query.model, fields.size(), dialect);
    connection::WriteTransaction writing(session);
    std::int64_t found = 0;
    for (std::size_t done = 0; done < rows.size();) {
        std::vector<std::vector<Value>> some;
        std::vector<Value> values;
        for (std::size_t bytes = 0; done < rows.size() && some.size() < most && bytes < most_bytes(dialect); ++done) {
            some.push_back(keys[done]);
            for (const auto* field : fields) {
                bytes += bytes_of(values.emplace_back(value_for_update(given[done], *field, dialect)));
            }
        }
        auto statement = sql::update_rows_of_keys(query, fields, std::move(some), std::move(values), dialect);
        if (done == rows.size()) writing.expect_last();
        found += session.execute(statement);
    }
    for (const auto& key : keys) note_change(session, ChangeKind::updated, *query.model, key);
    writing.commit();
    return found;
}

} // namespace kith::write
