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
    auto text = fmt::format(
        "SELECT {} FROM (SELECT {}, ROW_NUMBER() OVER (PARTITION BY {} ORDER BY {}) AS \"n\"{}{}) AS \"numbered\" "
        "WHERE \"n\" > {}",
        fmt::join(outer, ", "), fmt::join(inner, ", "), select.ordinal(), fmt::join(order, ", "), select.from(),
        select.where_clause(), queryset.offset);
    if (queryset.limit) text += fmt::format(" AND \"n\" <= {}", queryset.offset + *queryset.limit);
    return text + " ORDER BY \"n\" ASC";
}

/// The columns of the related rows, and all that `queryset` asks of them.
std::string related_text(SelectBuilder& select, const RelationInfo& relation, const Query* queryset, RowPlan& plan) {
    select.column(select.ordinal());
    auto left_out = queryset != nullptr ? query::left_out(*queryset, {}, *relation.target)
                                        : std::vector<const FieldInfo*>{};
    plan.parts.push_back(select.row(*relation.target, 0, std::move(left_out)));
    if (queryset != nullptr) {
        select.annotations(*queryset, plan.parts.back());
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
    std::vector<ColumnType> types{keys->columns().front().type};
    const auto source = dialect.key_source(writer.bind(std::move(keys)), "kith_key", types);
    const auto text = fmt::format(
        "SELECT {0}.{1}, {2} FROM {3}{4}{5} WHERE {6} = {0}.{7} AND {2} IS NOT NULL", dialect.quote("kith_key"),
        dialect.quote("ordinal"), link.target, source, dialect.key_join(), link.declared(), link.source,
        dialect.quote("key0"));
    return std::move(writer).finish(text);
}

Statement select_column_of_keys(const FieldInfo& column, std::shared_ptr<const KeySet> keys, const Dialect& dialect) {
    Writer writer(dialect);
    SelectBuilder select(writer, *column.model);
    select.drive(std::move(keys), column.model->key());
    select.column(select.ordinal());
    select.column(select.joins().column(0, column.column));
    auto text = select.text();
    return std::move(writer).finish(std::move(text));
}

Statement select_targets(const RelationInfo& relation, std::shared_ptr<const KeySet> keys, const Query* queryset,
                         const Dialect& dialect, RowPlan& plan) {
    Writer writer(dialect);
    SelectBuilder select(writer, *relation.target);
    select.drive(std::move(keys), *relation.target_columns.front());
    auto text = related_text(select, relation, queryset, plan);
    return std::move(writer).finish(std::move(text));
}

}  // namespace kith::sql
