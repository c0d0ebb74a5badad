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

/// Whether it counts the rows themselves.
bool is_of_rows(const ResolvedAggregate& aggregate) {
    return aggregate.path.column == nullptr && aggregate.value == nullptr;
}

/// `COUNT(DISTINCT "city"."name")`; `argument` is the expression inside.
std::string call(const ResolvedAggregate& aggregate, std::string argument, const Dialect& dialect) {
    const auto type = query::argument_type(aggregate);
    if (!is_of_rows(aggregate)) argument = dialect.comparable(std::move(argument), type);
    return dialect.aggregate(aggregate.function, aggregate.distinct, argument, type);
}

/// The value that the aggregate is computed from, in each row.
std::string argument_of(const ResolvedAggregate& aggregate, Where& where, bool inner) {
    return aggregate.value != nullptr ? where.value(*aggregate.value, Joins::shared, inner)
                                      : where.column(aggregate.path, Joins::shared, inner);
}

/// An aggregate and its filter may go through one set only: a second one would multiply the rows.
void require_no_other_set(const ResolvedAggregate& aggregate, const Joins& joins, std::size_t sets_before) {
    if (joins.sets() == sets_before) return;
    throw FieldError(fmt::format(
        "the filter of {} goes through a different set than {} itself, so rows would be counted more than once",
        name_of(aggregate.function), name_of(aggregate.function)));
}

std::size_t sets_on(const query::ColumnPath& path) {
    return static_cast<std::size_t>(
        std::ranges::count_if(path.relations, [](const RelationInfo* relation) { return is_multiple(*relation); }));
}

std::size_t most_sets(const query::ResolvedValue& value);

std::size_t most_sets(const query::Right& right) {
    if (const auto* path = std::get_if<query::ColumnPath>(&right)) return sets_on(*path);
    const auto* value = std::get_if<query::ResolvedValuePtr>(&right);
    return value != nullptr ? most_sets(**value) : 0;
}

std::size_t most_sets(const std::vector<query::ResolvedCondition>& conditions) {
    std::size_t most = 0;
    for (const auto& condition : conditions) {
        most = std::max({most, sets_on(condition.path), most_sets(condition.right), most_sets(condition.children)});
    }
    return most;
}

std::size_t most_sets(const query::ResolvedValue& value) {
    auto most = std::max(sets_on(value.path), most_sets(value.conditions));
    for (const auto& operand : value.operands) most = std::max(most, most_sets(operand));
    return most;
}

/// The number of sets that lead to the values of the aggregate.
std::size_t most_sets(const ResolvedAggregate& aggregate) {
    return aggregate.value != nullptr ? most_sets(*aggregate.value) : sets_on(aggregate.path);
}

/// The paths of an expression may lead through one set only: a second one would multiply the rows.
void require_one_way(const ResolvedAggregate& aggregate, const Joins& joins, std::size_t sets_before) {
    if (aggregate.value == nullptr || joins.sets() - sets_before <= most_sets(*aggregate.value)) return;
    throw FieldError(fmt::format("the expression of {} goes through two sets, so rows would be counted more than once",
                                 name_of(aggregate.function)));
}

/// One aggregate as a column of a statement over all rows.
std::string over_all_rows(const ResolvedAggregate& aggregate, SelectBuilder& select) {
    const auto& dialect = select.writer().dialect();
    const auto before = select.joins().sets();
    auto argument = is_of_rows(aggregate) ? "*" : argument_of(aggregate, select.where(), false);
    require_one_way(aggregate, select.joins(), before);
    if (aggregate.conditions.empty()) return call(aggregate, std::move(argument), dialect);
    const auto sets = select.joins().sets();
    const auto holds = select.where().conditions(aggregate.conditions, Joins::shared, true);
    require_no_other_set(aggregate, select.joins(), sets);
    return call(aggregate, fmt::format("CASE WHEN {} THEN {} END", holds, argument == "*" ? "1" : argument), dialect);
}

/// The rows of `query`, each once, by a subselect of their keys.
Query rows_of(const Query& query) {
    Query all{.model = query.model,
              .db = query.db,
              .order = query.order,
              .ordered = query.ordered,
              .reversed = query.reversed,
              .annotations = query.annotations};
    const query::ResolvedCondition chosen{.path = {.column = &query.model->key()},
                                          .lookup = detail::FieldLookup::in,
                                          .right = std::make_shared<const Query>(query)};
    all.filters.push_back({.conditions = {chosen}});
    return all;
}

/// Slice and DISTINCT apply before the aggregates.
Query without_slice(const Query& query) { return query.is_sliced() || query.distinct ? rows_of(query) : query; }

bool go_through_sets(std::span<const ResolvedAggregate> aggregates) {
    return std::ranges::any_of(aggregates, [](const ResolvedAggregate& a) { return query::leads_to_many(a); });
}

std::string select_all(const Query& query, std::span<const ResolvedAggregate> aggregates, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    // A row that the filters find several times would count its set as often.
    if (select.joins().sets() > 0 && go_through_sets(aggregates)) return select_all(rows_of(query), aggregates, writer);
    select.joins().pass_over_keys();
    for (const auto& aggregate : aggregates) select.column(over_all_rows(aggregate, select));
    return select.text();
}

} // namespace

std::string aggregate_of_row(const ResolvedAggregate& aggregate, const Joins& outer, Writer& writer) {
    auto joins = Joins::about_row_of(outer);
    Where where(writer, joins);
    auto argument = argument_of(aggregate, where, true);
    require_one_way(aggregate, joins, 0);
    const auto sets = joins.sets();
    auto conditions = aggregate.conditions.empty()
                          ? std::string{}
                          : " AND " + where.conditions(aggregate.conditions, Joins::shared, false);
    require_no_other_set(aggregate, joins, sets);
    return concat("(SELECT ", call(aggregate, std::move(argument), writer.dialect()), " FROM ",
                  joins.tables_about_row(), " WHERE ", joins.tie(), conditions, ")");
}

namespace {

bool is_same(const query::ColumnPath& a, const query::ColumnPath& b) {
    return a.relations == b.relations && a.column == b.column && a.joined == b.joined;
}

/// Groups are ordered by their values, if at all: the order of the model is about rows.
void order_groups(const Query& query, std::span<const query::ColumnPath> values, SelectBuilder& select) {
    for (const auto& term : query.order) {
        const auto value =
            std::ranges::find_if(values, [&](const query::ColumnPath& path) { return is_same(path, term.path); });
        if (value == values.end()) {
            throw ValueError(
                fmt::format("group_by() is ordered by {}, which is not among its values", term.path.column->label()),
                {.model = query.model->name, .lookup = term.path.column->name});
        }
        if (query.ordered)
            select.order_by_place(static_cast<std::size_t>(value - values.begin()), term, query.reversed);
    }
}

/// A set that an aggregate goes through multiplies the rows of all others.
void require_one_set(const query::Grouping& grouping, std::size_t of_values, std::size_t of_all) {
    if (of_all == of_values) return;
    const auto goes_through_all = [&](const ResolvedAggregate& aggregate) { return most_sets(aggregate) == of_all; };
    const bool all_alike = std::ranges::all_of(grouping.aggregates, goes_through_all) &&
                           std::ranges::all_of(grouping.having, goes_through_all, &query::ResolvedHaving::aggregate);
    if (of_values == 0 && all_alike) return;
    throw ValueError("group_by() goes through a set that not all of its aggregates go through, so that rows would be "
                     "counted more than once: compute these aggregates in a group_by() of their own");
}

/// Whether a value or an aggregate goes through a set, which the groups then join.
bool goes_through_set(const query::Grouping& grouping) {
    return go_through_sets(grouping.aggregates) ||
           std::ranges::any_of(grouping.values, [](const auto& value) { return query::leads_to_many(value); }) ||
           std::ranges::any_of(grouping.having, [](const auto& h) { return query::leads_to_many(h.aggregate); });
}

std::string compared(const query::ResolvedHaving& having, SelectBuilder& select) {
    auto& writer = select.writer();
    const auto& dialect = writer.dialect();
    const auto own_type = query::result_type(having.aggregate);
    const auto type = std::holds_alternative<Decimal>(having.value) ? ColumnType::decimal : own_type;
    auto aggregate = over_all_rows(having.aggregate, select);
    if (type != own_type) aggregate = dialect.operand(std::move(aggregate), own_type, type);
    aggregate = dialect.comparable(std::move(aggregate), type);
    auto text = dialect.lookup(having.lookup, aggregate, writer.bind(having.value), type);
    return having.negated ? concat("NOT (", text, ")") : text;
}

} // namespace

Statement select_groups(const Query& query, const query::Grouping& grouping, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    SelectBuilder select(writer, *query.model);
    select.restrict_to(query);
    const auto sets = [&] { return select.joins().sets(); };
    const auto of_conditions = sets();
    if (of_conditions > 0 && goes_through_set(grouping)) return select_groups(rows_of(query), grouping, dialect);
    for (const auto& value : grouping.values) {
        select.column(dialect.comparable(select.where().column(value, Joins::shared, false), value.column->type));
    }
    const auto of_values = sets() - of_conditions;
    std::vector<std::string> aggregates;
    for (const auto& aggregate : grouping.aggregates) aggregates.push_back(over_all_rows(aggregate, select));
    std::vector<std::string> having;
    for (const auto& condition : grouping.having) having.push_back(compared(condition, select));
    require_one_set(grouping, of_values, sets() - of_conditions);
    select.group(joined(having, " AND "));
    for (const auto& aggregate : aggregates) select.column(aggregate);
    order_groups(query, grouping.values, select);
    auto text = select.text();
    return std::move(writer).finish(std::move(text));
}

Statement select_aggregates(const Query& given, std::span<const ResolvedAggregate> aggregates, const Dialect& dialect) {
    const auto query = without_slice(given);
    Writer writer(dialect, query.model->table, &query.db);
    if (aggregates.size() == 1 || !go_through_sets(aggregates)) {
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
