#include "json/shape.hpp"

#include "base/json_text.hpp"
#include "base/utf8.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::json_rows {

namespace {

using detail::FieldInfo;
using Members = std::vector<Shape::Member>;

std::string own_name(const FieldInfo& field) { return field.json_name.empty() ? field.name : field.json_name; }

std::string key_name(const FieldInfo& field) {
    return field.json_name.empty() ? field.column : field.json_name + "_id";
}

const Shape::Member* find(const Members& members, std::string_view name) noexcept {
    const auto found = std::ranges::find(members, name, &Shape::Member::name);
    return found != members.end() ? &*found : nullptr;
}

/// The keys of a GenericForeignKey are one member.
bool is_other_key(const FieldInfo& field) {
    return field.generic != nullptr && &field != field.generic->type && &field != field.generic->keys.front();
}

} // namespace

Shape::Shape(const detail::ModelInfo& model) {
    const auto add = [&](Members& members, std::string name, const FieldInfo& field) {
        if (value_called(name) != nullptr || relation_called(name) != nullptr) {
            throw ValueError(fmt::format("two members of {} are called '{}' in JSON: rename one with kith::json or "
                                         "leave it out with kith::hidden",
                                         model.name, name),
                             {.model = model.name, .lookup = field.name});
        }
        if (!utf8::is_valid(name)) {
            throw ValueError(fmt::format("the name of {} in JSON is not UTF-8", field.label()), {.model = model.name});
        }
        std::string quoted;
        append_json_string(quoted, name);
        members.push_back({std::move(name), std::move(quoted), &field});
    };
    for (const auto& field : model.fields) {
        if (field.hidden) continue;
        const bool is_relation = detail::is_relation(field.kind);
        if (!is_relation) add(values, own_name(field), field);
        if (is_relation && !field.column.empty() && !is_other_key(field)) add(values, key_name(field), field);
        if (is_relation && field.relation != nullptr && !is_other_key(field)) add(relations, own_name(field), field);
    }
}

const Shape::Member* Shape::value_called(std::string_view name) const noexcept { return find(values, name); }

const Shape::Member* Shape::relation_called(std::string_view name) const noexcept { return find(relations, name); }

} // namespace kith::json_rows
