#include "query/refine.hpp"
#include "sql/select_builder.hpp"
#include "sql/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kith::sql {

namespace {

/// The rows that are numbered per parent: their columns under names of their own, and where they come from.
struct Numbered {
    std::vector<std::string> columns{};
    std::string from{};
    std::string matched{};
    std::vector<std::string> order{};
};

/// The rows as selected.
Numbered all_rows(SelectBuilder& select, const std::vector<std::string>& names) {
    Numbered rows{
        .from = select.from() + select.where_clause(), .matched = select.matched(), .order = select.order_terms()};
    for (std::size_t i = 0; i < names.size(); ++i)
        rows.columns.push_back(fmt::format("{} AS {}", select.columns()[i], names[i]));
    return rows;
}

/// Each row once per parent, together with what it is ordered by: row numbers would make equal rows differ.
Numbered distinct_rows(SelectBuilder& select, const std::vector<std::string>& names) {
    const auto& dialect = select.writer().dialect();
    const auto& columns = select.columns();
    Numbered rows{.columns = names};
    auto once = all_rows(select, names).columns;
    for (std::size_t i = 0; i < select.order_columns().size(); ++i) {
        auto name = dialect.quote(fmt::format("o{}", i));
        once.push_back(fmt::format("{} AS {}", select.order_columns()[i], name));
        rows.order.push_back(select.order_term(i, std::move(name)));
    }
    rows.matched = names[*columns.find(select.matched())];
    rows.from = fmt::format(" FROM (SELECT DISTINCT {}{}{}) AS {}", fmt::join(once, ", "), select.from(),
                            select.where_clause(), dialect.quote("rows"));
    return rows;
}

/// Numbers the rows of each parent and keeps those of the slice.
std::string slice_per_parent(SelectBuilder& select, const Query& queryset) {
    const auto& dialect = select.writer().dialect();
    std::vector<std::string> names;
    while (names.size() < select.columns().size()) names.push_back(dialect.quote(fmt::format("c{}", names.size())));
    const auto rows = queryset.distinct ? distinct_rows(select, names) : all_rows(select, names);
    const auto number = dialect.quote("n");
    auto text = fmt::format("SELECT {0} FROM (SELECT {1}, ROW_NUMBER() OVER (PARTITION BY {2} ORDER BY {3}) AS {4}{5}) "
                            "AS {6} WHERE {4} > {7}",
                            fmt::join(names, ", "), fmt::join(rows.columns, ", "), rows.matched,
                            fmt::join(rows.order, ", "), number, rows.from, dialect.quote("numbered"), queryset.offset);
    if (queryset.limit) text += fmt::format(" AND {} <= {}", number, queryset.offset + *queryset.limit);
    return text + fmt::format(" ORDER BY {} ASC", number);
}

/// The slice of `queryset` for each parent; the primary key breaks ties.
std::string slice(SelectBuilder& select, const Query& queryset) {
    select.break_ties(queryset.reversed);
    if (!select.has_one_key()) return slice_per_parent(select, queryset);
    return select.text() + limit_clause(queryset, select.writer().dialect());
}

/// The columns of the related rows, with everything that `queryset` asks for.
std::string related_text(SelectBuilder& select, const RelationInfo& relation, const Query* queryset, RowPlan& plan) {
    auto left_out =
        queryset != nullptr ? query::left_out(*queryset, {}, *relation.target) : std::vector<const FieldInfo*>{};
    plan.parts.push_back(select.row(*relation.target, 0, std::move(left_out)));
    if (queryset != nullptr) select.annotations(*queryset, plan.parts.back());
    plan.matched_column = select.place_of(select.matched());
    if (queryset != nullptr) {
        select.restrict_to(*queryset);
        select.selected(*queryset, plan);
    }
    const bool sliced = queryset != nullptr && queryset->is_sliced();
    if (relation.many) {
        if (queryset != nullptr) {
            select.order(*queryset);
        } else {
            select.default_order(false);
        }
    }
    const auto lock = queryset != nullptr ? select.lock_clause(*queryset) : std::string{};
    if (sliced && queryset->locking && !select.has_one_key()) {
        throw ValueError("select_for_update locks rows of tables: it does not go with a slice for each parent",
                         {.model = relation.target->name});
    }
    return (sliced ? slice(select, *queryset) : select.text()) + lock;
}

} // namespace

std::string select_column(const RowsAbove& rows, const FieldInfo& column, Writer& writer) {
    if (rows.query != nullptr) {
        return select_column(*rows.query, column, !rows.whole && rows.query->is_sliced(), writer);
    }
    SelectBuilder select(writer, *column.model);
    select.drive(rows.from, *rows.relation);
    select.column(select.joins().column(0, column.column));
    if (rows.queryset == nullptr) return select.text();
    select.restrict_to(*rows.queryset);
    if (!rows.queryset->is_sliced()) return select.text();
    select.order(*rows.queryset);
    return slice(select, *rows.queryset);
}

Statement select_related_rows(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset,
                              const Dialect& dialect, RowPlan& plan) {
    Writer writer(dialect, relation.target->table, queryset != nullptr ? &queryset->db : nullptr);
    SelectBuilder select(writer, *relation.target);
    select.drive(from, relation);
    auto text = related_text(select, relation, queryset, plan);
    return std::move(writer).finish(std::move(text));
}

Statement select_links(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Dialect& dialect) {
    Writer writer(dialect, relation.join_table->name);
    const LinkTable link(dialect, relation);
    const KeyMatch match(std::move(keys), link.source, source_key_of_links(relation), writer);
    const auto driver = match.source.empty() ? std::string{} : match.source + dialect.key_join();
    return std::move(writer).finish(fmt::format("SELECT {0}, {1} FROM {2}{3} WHERE {4} AND {1} IS NOT NULL",
                                                match.matched, link.target, driver, link.declared(), match.condition));
}

Statement select_column_of_keys(const FieldInfo& column, std::shared_ptr<const KeySet> keys, const Dialect& dialect) {
    Writer writer(dialect, column.model->table);
    SelectBuilder select(writer, *column.model);
    const auto* key = &column.model->key();
    select.drive(std::move(keys), std::span(&key, 1));
    select.column(select.matched());
    select.column(select.joins().column(0, column.column));
    auto text = select.text();
    return std::move(writer).finish(std::move(text));
}

Statement select_targets(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Query* queryset,
                         const Dialect& dialect, RowPlan& plan) {
    Writer writer(dialect, relation.target->table, queryset != nullptr ? &queryset->db : nullptr);
    SelectBuilder select(writer, *relation.target);
    select.drive(std::move(keys), relation.target_columns);
    auto text = related_text(select, relation, queryset, plan);
    return std::move(writer).finish(std::move(text));
}

} // namespace kith::sql
