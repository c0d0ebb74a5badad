#include "shape.hpp"

#include "rows/page.hpp"
#include "rows/relation_state.hpp"
#include "rows/segment.hpp"

#include <algorithm>

namespace kith::cli {

namespace {

using detail::FieldInfo;
using detail::ModelInfo;
using Selected = std::vector<std::vector<const detail::RelationInfo*>>;

Shape& child_of(Shape& shape, const FieldInfo& slot) {
    const auto found = std::ranges::find(shape.children, &slot, &Shape::slot);
    if (found != shape.children.end()) return *found;
    return shape.children.emplace_back(Shape{.slot = &slot, .model = slot.relation->target});
}

void add_selected(Shape& shape, const Selected& paths) {
    for (const auto& path : paths) {
        auto* here = &shape;
        for (const auto* relation : path) here = &child_of(*here, *relation->field);
    }
}

void add_lookups(Shape& shape, const std::vector<query::LookupNode>& nodes) {
    for (const auto& node : nodes) {
        auto& child = child_of(shape, *node.slot);
        if (node.queryset != nullptr) add_selected(child, node.queryset->selected);
        add_lookups(child, node.children);
    }
}

/// The name of a column; a loaded relation of the same name has precedence.
std::string label_of(const FieldInfo& column, const Shape& shape) {
    auto label = column.column;
    const auto is_taken = [&] {
        return std::ranges::any_of(shape.children, [&](const Shape& child) { return child.slot->name == label; });
    };
    if (is_taken()) label += "_id";
    while (is_taken()) label += '_';
    return label;
}

void name_columns(Shape& shape, const std::vector<const FieldInfo*>& columns) {
    for (const auto* column : columns) shape.columns.push_back({label_of(*column, shape), column});
    for (auto& child : shape.children) name_columns(child, child.model->columns);
}

} // namespace

Shape shape_of(const detail::Query& query, const std::vector<const FieldInfo*>& columns) {
    Shape shape{.model = query.model};
    add_selected(shape, query.selected);
    add_lookups(shape, query.lookups);
    name_columns(shape, columns);
    return shape;
}

detail::RowSpan rows_behind(const void* row, const FieldInfo& slot, void*& one) {
    const auto& state = rows::state_of(const_cast<void*>(row), slot);
    if (!rows::is_loaded(state)) return {};
    if (!detail::is_to_one(slot.kind)) {
        rows::loaded_set(state).note_read();
        return rows::rows_of(state);
    }
    one = rows::read_row(state);
    return {&one, one != nullptr ? std::size_t{1} : std::size_t{0}};
}

} // namespace kith::cli
