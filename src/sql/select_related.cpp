#include <fmt/format.h>
#include <fmt/ranges.h>

#include <kith/error.hpp>

#include "query/refine.hpp"
#include "sql/select_builder.hpp"

namespace kith::sql {

namespace {

/// Numbers the rows of each parent and keeps those of the slice. The primary key breaks ties, so that the same rows
/// come every time.
std::string slice_per_parent(SelectBuilder& select, const Query& queryset) {
    const auto& dialect = select.writer().dialect();
    std::vector<std::string> inner;
    std::vector<std::string> outer;
    for (const auto& column : select.columns()) {
        outer.push_back(dialect.quote(fmt::format("c{}", outer.size())));
        inner.push_back(fmt::format("{} AS {}", column, outer.back()));
    }
    auto order = select.order_terms();
    for (const auto* key : queryset.model->primary_key) {
        order.push_back(select.joins().column(0, key->column) + (queryset.reversed ? " DESC" : " ASC"));
    }
    const auto number = dialect.quote("n");
    auto text = fmt::format(
        "SELECT {0} FROM (SELECT {1}, ROW_NUMBER() OVER (PARTITION BY {2} ORDER BY {3}) AS {4}{5}{6}) AS {7} "
        "WHERE {4} > {8}",
        fmt::join(outer, ", "), fmt::join(inner, ", "), select.matched(), fmt::join(order, ", "), number, select.from(),
        select.where_clause(), dialect.quote("numbered"), queryset.offset);
    if (queryset.limit) text += fmt::format(" AND {} <= {}", number, queryset.offset + *queryset.limit);
    return text + fmt::format(" ORDER BY {} ASC", number);
}

/// The columns of the related rows, and all that `queryset` asks of them.
std::string related_text(SelectBuilder& select, const RelationInfo& relation, const Query* queryset, RowPlan& plan) {
    auto left_out = queryset != nullptr ? query::left_out(*queryset, {}, *relation.target)
                                        : std::vector<const FieldInfo*>{};
    plan.parts.push_back(select.row(*relation.target, 0, std::move(left_out)));
    if (queryset != nullptr) select.annotations(*queryset, plan.parts.back());
    plan.matched_column = select.place_of(select.matched());
    if (queryset != nullptr) {
        select.restrict_to(*queryset);
        select.selected(*queryset, plan);
    }
    const bool sliced = queryset != nullptr && queryset->is_sliced();
    if (sliced && queryset->distinct) {
        throw ValueError("a Prefetch cannot be sliced and distinct at once", {.model = queryset->model->name});
    }
    if (relation.many) {
        if (queryset != nullptr) {
            select.order(*queryset);
        } else {
            select.default_order(false);
        }
    }
    return sliced ? slice_per_parent(select, *queryset) : select.text();
}

}  // namespace

Statement select_related_rows(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Query* queryset,
                              const Dialect& dialect, RowPlan& plan) {
    Writer writer(dialect);
    SelectBuilder select(writer, *relation.target);
    select.drive(std::move(keys), relation);
    auto text = related_text(select, relation, queryset, plan);
    return std::move(writer).finish(std::move(text));
}

Statement select_links(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Dialect& dialect) {
    Writer writer(dialect);
    const LinkTable link(dialect, relation);
    const KeyMatch match(std::move(keys), link.source, LinkTable::source_key(relation), writer);
    const auto driver = match.source.empty() ? std::string{} : match.source + dialect.key_join();
    return std::move(writer).finish(fmt::format("SELECT {0}, {1} FROM {2}{3} WHERE {4} AND {1} IS NOT NULL", match.matched,
                                                link.target, driver, link.declared(), match.condition));
}

Statement select_column_of_keys(const FieldInfo& column, std::shared_ptr<const KeySet> keys, const Dialect& dialect) {
    Writer writer(dialect);
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
    Writer writer(dialect);
    SelectBuilder select(writer, *relation.target);
    select.drive(std::move(keys), relation.target_columns);
    auto text = related_text(select, relation, queryset, plan);
    return std::move(writer).finish(std::move(text));
}

}  // namespace kith::sql
