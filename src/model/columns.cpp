#include <fmt/format.h>

#include <kith/detail/row_block.hpp>

#include "model/build.hpp"

namespace kith::model {

namespace {

std::uintptr_t initial_link(detail::MemberKind kind) {
    using detail::RelationState;
    const auto null = RelationState::loaded_bit | RelationState::null_key;
    return RelationState::resident_bit | (detail::has_column(kind) ? null : 0);
}

FieldInfo build_field(const ModelInfo& model, const MemberDescription& member, std::uint32_t offset) {
    FieldInfo field{
        .model = &model,
        .name = std::string(member.name),
        .kind = member.kind,
        .offset = offset,
        .type = member.type,
        .access = member.access,
        .nullable = member.nullable,
        .unique = member.unique || member.kind == detail::MemberKind::one_to_one,
        .indexed = member.indexed,
        .primary_key = member.primary_key,
        .server_default = member.server_default,
        .generated = member.generated,
        .lazy = member.lazy,
        .max_length = member.max_length,
        .on_delete = member.on_delete,
    };
    if (detail::has_column(member.kind)) {
        const auto* suffix = detail::is_relation(member.kind) ? "_id" : "";
        field.column = member.column.empty() ? fmt::format("{}{}", member.name, suffix) : std::string(member.column);
    }
    return field;
}

}  // namespace

void build_columns(ModelInfo& model, const ModelDescription& description) {
    const auto& table = description.table;
    model.name = description.name;
    model.table = table.name.empty() ? detail::snake_case(description.name) : std::string(table.name);
    model.schema = table.schema;
    model.read_only = table.read_only;
    model.ordering.assign(table.ordering.begin(), table.ordering.end());
    model.size = description.size;
    model.align = description.align;
    model.construct = description.construct;
    model.copy = description.copy;
    model.destroy = description.destroy;

    std::vector<std::uint32_t> offsets(description.members.size());
    description.offsets(offsets.data());
    model.fields.reserve(offsets.size());
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        model.fields.push_back(build_field(model, description.members[i], offsets[i]));
    }
    for (auto& field : model.fields) {
        for (const auto name : table.primary_key) field.primary_key = field.primary_key || field.name == name;
        if (!field.column.empty()) model.columns.push_back(&field);
        if (field.lazy || field.kind == detail::MemberKind::annotation) model.marked.push_back(&field);
        if (!detail::is_relation(field.kind)) continue;
        model.states.push_back(&field);
        model.initial_links.push_back({field.offset, initial_link(field.kind)});
    }
    if (table.primary_key.size() > 0) {
        for (const auto name : table.primary_key) model.primary_key.push_back(model.find(name));
    } else {
        for (const auto& field : model.fields) {
            if (field.primary_key) model.primary_key.push_back(&field);
        }
    }
    const auto find_all = [&](const NameList& names) {
        std::vector<const FieldInfo*> found;
        for (const auto name : names) found.push_back(model.find(name));
        return found;
    };
    for (const auto& names : table.unique) model.unique.push_back(find_all(names));
    for (const auto& names : table.indexes) model.indexes.push_back(find_all(names));
}

}  // namespace kith::model
