#include "model/build.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::model {

namespace {

using detail::MemberKind;

const MemberDescription& member_of(const ModelDescription& description, std::string_view name) {
    return *std::ranges::find(description.members, name, &MemberDescription::name);
}

bool is_key(MemberKind kind) { return kind == MemberKind::foreign_key || kind == MemberKind::one_to_one; }

/// The index of a key among those of its GenericForeignKey.
std::size_t place_of(const FieldInfo& key) {
    return static_cast<std::size_t>(std::ranges::find(key.generic->keys, &key) - key.generic->keys.begin());
}

/// The target of a foreign key; each key of a GenericForeignKey has its own.
const ModelDescription& target_of(const FieldInfo& field, const MemberDescription& member) {
    return field.generic == nullptr ? member.target() : member.targets[place_of(field)]();
}

/// The members of the target that a foreign key refers to.
std::vector<const FieldInfo*> referred(const ModelInfo& target, std::string_view to_field) {
    if (!to_field.empty()) return {target.find(to_field)};
    return target.primary_key;
}

/// The type of a key column, through keys that are themselves foreign keys.
detail::ColumnType key_type(const ModelInfo& model, const FieldInfo& field, const Models& models, int depth = 0) {
    if (!is_key(field.kind)) return field.type;
    const auto& member = member_of(models.description_of(model), field.name);
    const auto& target = models.of(target_of(field, member));
    const auto keys = referred(target, member.to_field);
    if (depth > 64 || keys.size() != 1) {
        throw ValueError(fmt::format("{} refers to {}, whose key is not one plain column", field.label(), target.name),
                         {.model = model.name});
    }
    return key_type(target, *keys.front(), models, depth + 1);
}

std::string join_column(std::string_view prefix, const ModelInfo& model) {
    return fmt::format("{}{}_id", prefix, detail::snake_case(model.name));
}

JoinTable join_table(const FieldInfo& field, const MemberDescription& member, const ModelInfo& target,
                     const Models& models) {
    const auto& source = *field.model;
    JoinTable table{.schema = source.schema};
    if (member.through != nullptr) {
        const auto& through = models.of(member.through());
        table.name = through.table;
        table.schema = through.schema;
        table.through = &through;
        table.source_columns = {through.find(member.through_from)->column};
        table.target_columns = {through.find(member.through_to)->column};
        return table;
    }
    table.name =
        member.join_table.empty() ? fmt::format("{}_{}", source.table, field.name) : std::string(member.join_table);
    const bool self = &source == &target;
    table.source_columns = {join_column(self ? "from_" : "", source)};
    table.target_columns = {join_column(self ? "to_" : "", target)};
    return table;
}

/// The columns that the through model's foreign key refers to; the primary key if Kith creates the table.
std::vector<const FieldInfo*> linked_key(const ModelInfo& end, const MemberDescription& many, bool source) {
    if (many.through == nullptr) return {&end.key()};
    return referred(end, member_of(many.through(), source ? many.through_from : many.through_to).to_field);
}

class Builder {
public:
    Builder(std::span<const Declared> declared, const Models& models) : declared_(declared), models_(models) {}

    void build() {
        for (const auto& [description, model] : declared_) {
            for (auto& field : model->fields) {
                if (detail::is_relation(field.kind)) build_relation(*model, field, *description);
            }
        }
        for (const auto& [description, model] : declared_) {
            for (auto& field : model->fields) {
                if (field.kind == MemberKind::reverse_set || field.kind == MemberKind::reverse_one) {
                    connect(*model, field, *description);
                }
            }
        }
        for (const auto& [description, model] : declared_) mark_keys(*model);
    }

private:
    /// Other models refer to a primary key, or to a column that should be unique: models built later change nothing
    /// here.
    static void mark_keys(ModelInfo& model) {
        const auto mark = [](const FieldInfo* field) { const_cast<FieldInfo*>(field)->is_key = true; };
        for (auto& field : model.fields) field.is_key = field.unique;
        std::ranges::for_each(model.primary_key, mark);
        for (const auto& relation : model.relations) std::ranges::for_each(relation->source_columns, mark);
    }

    RelationInfo& new_relation(ModelInfo& model, FieldInfo& field, const ModelInfo& target) {
        auto& relation = *model.relations.emplace_back(std::make_unique<RelationInfo>());
        relation.field = &field;
        relation.source = &model;
        relation.target = &target;
        relation.many = !detail::is_to_one(field.kind);
        field.relation = &relation;
        return relation;
    }

    void build_relation(ModelInfo& model, FieldInfo& field, const ModelDescription& description) {
        const auto& member = member_of(description, field.name);
        const auto& target = models_.of(target_of(field, member));
        auto& relation = new_relation(model, field, target);
        if (field.generic != nullptr) {
            const_cast<detail::GenericKey&>(*field.generic).types[place_of(field)] = target.generic_type;
            relation.only_type = detail::TypeCondition{field.generic->type, target.generic_type};
            relation.forward = true;
            relation.source_columns = {&field};
            relation.target_columns = {&target.key()};
        } else if (is_key(field.kind)) {
            relation.forward = true;
            relation.source_columns = {&field};
            relation.target_columns = referred(target, member.to_field);
            if (!field.unique && !field.primary_key) field.indexed = true;
        } else if (field.kind == MemberKind::composite_key) {
            relation.forward = true;
            for (const auto name : member.from_fields) relation.source_columns.push_back(model.find(name));
            relation.target_columns = target.primary_key;
        } else if (field.kind == MemberKind::many_to_many) {
            relation.forward = true;
            relation.join_table = join_table(field, member, target, models_);
            relation.symmetrical = member.symmetrical;
            relation.source_columns = linked_key(model, member, true);
            relation.target_columns = linked_key(target, member, false);
        }
    }

    /// Of the keys of a GenericForeignKey, the one that leads to `model`; `field` itself if it is a plain foreign key.
    static const FieldInfo* leading_to(const ModelInfo& model, const FieldInfo& field) {
        if (field.generic == nullptr) return &field;
        const auto leads = [&](const FieldInfo* key) { return key->relation->target == &model; };
        return *std::ranges::find_if(field.generic->keys, leads);
    }

    /// Fills a reverse end from its forward end, with source and target swapped.
    void connect(ModelInfo& model, FieldInfo& field, const ModelDescription& description) {
        const auto& member = member_of(description, field.name);
        auto& target = models_.of(member.target());
        auto& relation = const_cast<RelationInfo&>(*field.relation);
        const auto* forward_field = leading_to(model, *target.find(member.reverse_of));
        auto& forward = const_cast<RelationInfo&>(*forward_field->relation);
        if (forward.target != &model) {
            throw ValueError(fmt::format("{} is the reverse of {}, which points to {}", field.label(),
                                         forward_field->label(), forward.target->name),
                             {.model = model.name});
        }
        relation.source_columns = forward.target_columns;
        relation.target_columns = forward.source_columns;
        relation.only_type = forward.only_type;
        if (forward.join_table) {
            relation.join_table = forward.join_table;
            relation.symmetrical = forward.symmetrical;
            std::swap(relation.join_table->source_columns, relation.join_table->target_columns);
        }
        relation.inverse = forward_field;
        if (forward.inverse == nullptr) forward.inverse = &field;
    }

    std::span<const Declared> declared_;
    const Models& models_;
};

} // namespace

void resolve_key_types(std::span<const Declared> declared, const Models& models) {
    for (const auto& [description, model] : declared) {
        for (auto& field : model->fields) {
            if (is_key(field.kind)) field.type = key_type(*model, field, models);
        }
    }
}

void build_relations(std::span<const Declared> declared, const Models& models) { Builder(declared, models).build(); }

} // namespace kith::model
