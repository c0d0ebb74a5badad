#include "sql/select.hpp"

#include "query/refine.hpp"
#include "sql/select_builder.hpp"
#include "sql/text.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kith::sql {

namespace {

using query::ColumnPath;

/// A statement over `select` as a table, `SELECT COUNT(*) FROM (…)`.
std::string around(std::string_view what, SelectBuilder& select, const Query& query) {
    const auto& dialect = select.writer().dialect();
    return fmt::format("SELECT {} FROM ({}{}) AS {}", what, select.text(), limit_clause(query, dialect),
                       dialect.quote("subquery"));
}

} // namespace

Statement select_rows(const Query& query, const Dialect& dialect, RowPlan& plan) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    plan.parts.push_back(select.row(*query.model, 0, query::left_out(query, {}, *query.model)));
    select.annotations(query, plan.parts.back());
    select.selected(query, plan);
    select.order(query);
    const auto lock = select.lock_clause(query);
    auto text = select.text() + limit_clause(query, dialect) + lock;
    if (query.latest && lock.empty()) text += dialect.latest();
    return std::move(writer).finish(std::move(text));
}

Statement select_values(const Query& query, std::span<const ColumnPath> paths, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    for (const auto& path : paths) select.column(select.where().column(path, Joins::shared, false));
    select.order(query);
    const auto lock = select.lock_clause(query);
    auto text = select.text() + limit_clause(query, dialect) + lock;
    return std::move(writer).finish(std::move(text));
}

Statement select_count(const Query& query, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    if (!query.distinct && !query.is_sliced()) {
        select.column("COUNT(*)");
        auto text = select.text();
        return std::move(writer).finish(std::move(text));
    }
    select.row(*query.model, 0);
    if (query.is_sliced()) select.order(query);
    auto text = around("COUNT(*)", select, query);
    return std::move(writer).finish(std::move(text));
}

Statement select_exists(const Query& query, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    auto one = query;
    if (!query.is_sliced()) one.distinct = false;
    if (!one.limit || *one.limit > 1) one.limit = 1;
    select.restrict_to(one);
    if (one.distinct) { // the slice counts distinct rows, and DISTINCT must not see the constant 1
        select.row(*query.model, 0);
        auto text = around("1", select, one);
        return std::move(writer).finish(std::move(text));
    }
    select.column("1");
    auto text = select.text() + limit_clause(one, dialect);
    return std::move(writer).finish(std::move(text));
}

std::string select_column(const Query& query, const detail::FieldInfo& column, bool sliced, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    auto key = select.joins().column(0, column.column);
    const bool wraps = sliced && query.distinct; // the rows also have the columns that order them
    const auto name = writer.quote("kith_key");
    select.column(wraps ? concat(key, " AS ", name) : key);
    if (query.nothing) select.filter("0 = 1");
    if (!sliced) return select.text();
    select.order(query);
    return wraps ? around(name, select, query) : select.text() + limit_clause(query, writer.dialect());
}

std::string select_exists_of(const Query& query, Where& outer, Writer& writer) {
    SelectBuilder select(writer, *query.model, outer);
    auto one = query;
    if (!query.is_sliced()) one.distinct = false;
    select.restrict_to(one);
    if (one.distinct) { // as above; a table in FROM could not name columns of the outer row
        select.row(*query.model, 0);
    } else {
        select.column("1");
    }
    if (!query.is_sliced()) return concat("EXISTS (", select.text(), ")");
    select.order(query);
    return concat("EXISTS (", select.text(), limit_clause(query, writer.dialect()), ")");
}

std::string select_keys(const Query& query, const detail::FieldInfo& compared_with, Writer& writer) {
    const auto* relation = compared_with.relation;
    const bool refers = relation != nullptr && relation->forward && relation->target == query.model;
    const auto& key = refers ? *relation->target_columns.front() : query.model->key();
    auto text = select_column(query, key, query.is_sliced(), writer);
    return query.is_sliced() ? writer.dialect().limited_list(std::move(text)) : text;
}

} // namespace kith::sql
