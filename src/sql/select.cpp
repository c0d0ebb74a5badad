#include "sql/select.hpp"

#include "query/refine.hpp"
#include "sql/select_builder.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kith::sql {

namespace {

using query::Path;

/// A statement over `select` as a table, `SELECT COUNT(*) FROM (…)`.
std::string around(std::string_view what, SelectBuilder& select, const Query& query) {
    const auto& dialect = select.writer().dialect();
    return fmt::format("SELECT {} FROM ({}{}) AS {}", what, select.text(), limit_clause(query, dialect),
                       dialect.quote("subquery"));
}

/// A condition that picks out the rows of `query` for an UPDATE or DELETE of its table.
std::string chosen_rows(const Query& query, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    const bool is_plain = !query.owner || !query.owner->relation->join_table;
    if (is_plain) {
        // Tried without a subselect first; binds are only kept when no join was needed.
        Writer trial(writer);
        SelectBuilder plain(trial, *query.model);
        plain.restrict_to(query);
        if (plain.joins().text().empty()) {
            writer = std::move(trial);
            return plain.where_clause();
        }
    }
    const auto& key = query.model->key();
    return fmt::format(" WHERE {} IN ({})", select.joins().column(0, key.column), select_keys(query, key, writer));
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
    auto text = select.text() + limit_clause(query, dialect);
    if (query.latest) text += dialect.latest();
    return std::move(writer).finish(std::move(text));
}

Statement select_values(const Query& query, std::span<const Path> paths, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    for (const auto& path : paths) select.column(select.where().column(path, Joins::shared, false));
    select.order(query);
    auto text = select.text() + limit_clause(query, dialect);
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
    if (one.distinct) { // the slice counts distinct rows, not the ones that DISTINCT would make of them
        select.row(*query.model, 0);
        auto text = around("1", select, one);
        return std::move(writer).finish(std::move(text));
    }
    select.column("1");
    auto text = select.text() + limit_clause(one, dialect);
    return std::move(writer).finish(std::move(text));
}

std::string select_keys(const Query& query, const detail::FieldInfo& compared_with, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    const auto* relation = compared_with.relation;
    const bool refers = relation != nullptr && relation->forward && relation->target == query.model;
    const auto& key = refers ? *relation->target_columns.front() : query.model->key();
    select.column(select.joins().column(0, key.column));
    if (query.is_sliced()) select.order(query);
    if (query.nothing) select.filter("0 = 1");
    auto text = select.text() + limit_clause(query, writer.dialect());
    return query.is_sliced() ? writer.dialect().limited_list(std::move(text)) : text;
}

Statement update_rows(const Query& query, std::span<const query::Condition> assignments, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    Joins joins(writer, *query.model);
    Where columns(writer, joins);
    std::vector<std::string> sets;
    for (const auto& assignment : assignments) {
        const auto* other = std::get_if<Path>(&assignment.right);
        auto value = other != nullptr ? columns.column(*other, Joins::shared, false)
                                      : writer.bind(std::get<detail::Value>(assignment.right), assignment.path.column);
        sets.push_back(fmt::format("{} = {}", dialect.quote(assignment.path.column->column), value));
    }
    if (!joins.text().empty()) {
        throw FieldError("update() takes columns of the table itself on the right-hand side, not of related ones",
                         {.model = query.model->name});
    }
    const auto where = chosen_rows(query, writer);
    return std::move(writer).finish(
        fmt::format("UPDATE {} SET {}{}", joins.base_table(), fmt::join(sets, ", "), where));
}

Statement delete_rows(const Query& query, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    const Joins joins(writer, *query.model);
    const auto where = chosen_rows(query, writer);
    return std::move(writer).finish(fmt::format("DELETE FROM {}{}", joins.base_table(), where));
}

Statement delete_children_of(const RelationInfo& relation, const Query& query, const Dialect& dialect) {
    Writer writer(dialect, relation.target->table, &query.db);
    const Joins children(writer, *relation.target);
    const auto keys = select_keys(query, *relation.source_columns.front(), writer);
    return std::move(writer).finish(fmt::format("DELETE FROM {} WHERE {} AND {} IN ({})", children.base_table(),
                                                children.type_condition(relation, 0),
                                                children.column(0, relation.target_columns.front()->column), keys));
}

} // namespace kith::sql
