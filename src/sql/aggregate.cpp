#include "sql/aggregate.hpp"

#include "query/resolve.hpp"
#include "sql/select_builder.hpp"
#include "sql/text.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kith::sql {

namespace {

using query::ResolvedAggregate;

/// `COUNT(DISTINCT "city"."name")`; `argument` is the expression inside.
std::string call(const ResolvedAggregate& aggregate, std::string argument, const Dialect& dialect) {
    if (aggregate.path.column != nullptr) {
        argument = dialect.comparable(std::move(argument), aggregate.path.column->type);
    }
    return dialect.aggregate(aggregate.function, aggregate.distinct, argument,
                             aggregate.path.column != nullptr ? aggregate.path.column->type : ColumnType::int64);
}

/// An aggregate and its filter may go through one set only: a second one would multiply the rows.
void require_no_other_set(const ResolvedAggregate& aggregate, const Joins& joins, std::size_t sets_before) {
    if (joins.sets() == sets_before) return;
    throw FieldError(fmt::format(
        "the filter of {} goes through a different set than {} itself, so rows would be counted more than once",
        name_of(aggregate.function), name_of(aggregate.function)));
}

/// One aggregate as a column of a statement over all rows.
std::string over_all_rows(const ResolvedAggregate& aggregate, SelectBuilder& select) {
    const auto& dialect = select.writer().dialect();
    auto argument =
        aggregate.path.column != nullptr ? select.where().column(aggregate.path, Joins::shared, false) : "*";
    if (aggregate.conditions.empty()) return call(aggregate, std::move(argument), dialect);
    const auto sets = select.joins().sets();
    const auto holds = select.where().conditions(aggregate.conditions, Joins::shared, true);
    require_no_other_set(aggregate, select.joins(), sets);
    return call(aggregate, fmt::format("CASE WHEN {} THEN {} END", holds, argument == "*" ? "1" : argument), dialect);
}

/// `query` without slice and DISTINCT: these move into a subselect of the keys, since they apply before the aggregates.
Query without_slice(const Query& query) {
    if (!query.is_sliced() && !query.distinct) return query;
    Query all{.model = query.model, .db = query.db, .ordered = true, .annotations = query.annotations};
    const query::ResolvedCondition chosen{.path = {.column = &query.model->key()},
                                          .lookup = detail::FieldLookup::in,
                                          .right = std::make_shared<const Query>(query)};
    all.filters.push_back({.conditions = {chosen}});
    return all;
}

std::string select_all(const Query& query, std::span<const ResolvedAggregate> aggregates, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    select.joins().pass_over_keys();
    for (const auto& aggregate : aggregates) select.column(over_all_rows(aggregate, select));
    return select.text();
}

} // namespace

std::string aggregate_of_row(const ResolvedAggregate& aggregate, const Joins& outer, Writer& writer) {
    auto joins = Joins::about_row_of(outer);
    Where where(writer, joins);
    auto argument = where.column(aggregate.path, Joins::shared, true);
    const auto sets = joins.sets();
    auto conditions = aggregate.conditions.empty()
                          ? std::string{}
                          : " AND " + where.conditions(aggregate.conditions, Joins::shared, false);
    require_no_other_set(aggregate, joins, sets);
    return concat("(SELECT ", call(aggregate, std::move(argument), writer.dialect()), " FROM ",
                  joins.tables_about_row(), " WHERE ", joins.tie(), conditions, ")");
}

Statement select_aggregates(const Query& given, std::span<const ResolvedAggregate> aggregates, const Dialect& dialect) {
    const auto query = without_slice(given);
    Writer writer(dialect, query.model->table, &query.db);
    const bool through_sets =
        std::ranges::any_of(aggregates, [](const ResolvedAggregate& a) { return query::leads_to_many(a.path); });
    if (aggregates.size() == 1 || !through_sets) {
        auto text = select_all(query, aggregates, writer);
        return std::move(writer).finish(std::move(text));
    }
    // The rows that one aggregate joins must not be counted by another.
    std::vector<std::string> columns;
    for (const auto& aggregate : aggregates) {
        columns.push_back(fmt::format("({})", select_all(query, std::span(&aggregate, 1), writer)));
    }
    return std::move(writer).finish(fmt::format("SELECT {}", fmt::join(columns, ", ")));
}

} // namespace kith::sql
