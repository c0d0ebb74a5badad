#include "model/build.hpp"

#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/reflect/describe.hpp>

#include <fmt/format.h>

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
        .names = member.names,
        .nullable = member.nullable,
        .unique = member.unique || member.kind == detail::MemberKind::one_to_one,
        .indexed = member.indexed,
        .primary_key = member.primary_key,
        .keeps_mark = member.keeps_mark,
        .server_default = member.server_default,
        .generated = member.generated,
        .lazy = member.lazy,
        .row_version = member.row_version,
        .auto_now = member.auto_now,
        .auto_now_add = member.auto_now_add,
        .max_length = member.max_length,
        .check = member.check,
        .default_value = member.default_value,
        .json_name = std::string(member.json_name),
        .hidden = member.hidden,
        .on_delete = member.on_delete,
    };
    if (detail::has_column(member.kind)) {
        const auto* suffix = detail::is_relation(member.kind) ? "_id" : "";
        field.column = member.column.empty() ? fmt::format("{}{}", member.name, suffix) : std::string(member.column);
    }
    return field;
}

/// A GenericForeignKey becomes one foreign key per model, all in one column that the first of them represents, and the
/// column of the type.
void add_generic_key(ModelInfo& model, const MemberDescription& member, std::uint32_t offset) {
    auto& generic = *model.generic_keys.emplace_back(std::make_unique<detail::GenericKey>());
    generic.name = member.name;
    generic.types.resize(member.targets.size());
    const auto add = [&](std::string name, std::size_t at) -> FieldInfo& {
        return model.fields.emplace_back(FieldInfo{.model = &model,
                                                   .name = std::move(name),
                                                   .offset = offset + static_cast<std::uint32_t>(at),
                                                   .nullable = member.nullable,
                                                   .generic = &generic});
    };
    for (std::size_t i = 0; i < member.targets.size(); ++i) {
        auto& key = add(generic.name, i * sizeof(detail::RelationState));
        key.kind = detail::MemberKind::foreign_key;
        key.column = generic.name + "_id";
        generic.keys.push_back(&key);
    }
    auto& type = add(generic.name + "_type", member.targets.size() * sizeof(detail::RelationState));
    type.column = type.name;
    type.type = detail::ColumnType::text;
    type.access = &detail::optional_access<std::string>;
    type.max_length = 100; // a length, so that every database can index it
    generic.type = &type;
    model.indexes.push_back({&type, generic.keys.front()});
}

std::size_t fields_of(const ModelDescription& description) {
    std::size_t count = 0;
    for (const auto& member : description.members) count += 1 + member.targets.size();
    return count;
}

/// Whether another field owns the column of `field`: all keys of a GenericForeignKey share one column.
bool shares_column(const FieldInfo& field) {
    return field.generic != nullptr && &field != field.generic->type && &field != field.generic->keys.front();
}

} // namespace

void build_columns(ModelInfo& model, const ModelDescription& description) {
    const auto& table = description.table;
    model.name = description.name;
    model.table = table.name.empty() ? detail::snake_case(description.name) : std::string(table.name);
    model.schema = table.schema;
    model.read_only = table.read_only;
    model.generic_type = table.generic_type.empty() ? model.table : std::string(table.generic_type);
    model.size = description.size;
    model.align = description.align;
    model.construct = description.construct;
    model.copy = description.copy;
    model.destroy = description.destroy;
    model.objects = description.objects != nullptr ? description.objects() : nullptr;
    model.validate = description.validate;

    std::vector<std::uint32_t> offsets(description.members.size());
    description.offsets(offsets.data());
    model.fields.reserve(fields_of(description));
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto& member = description.members[i];
        if (member.kind == detail::MemberKind::generic_key) {
            add_generic_key(model, member, offsets[i]);
        } else {
            model.fields.push_back(build_field(model, member, offsets[i]));
        }
    }
    for (auto& field : model.fields) {
        for (const auto name : table.primary_key) field.primary_key = field.primary_key || field.name == name;
        if (!field.column.empty() && !shares_column(field)) model.columns.push_back(&field);
        if (field.lazy || field.kind == detail::MemberKind::annotation) model.marked.push_back(&field);
        if (field.auto_now || field.auto_now_add) model.timed.push_back(&field);
        if (field.row_version) model.version = &field;
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

} // namespace kith::model
