#include "inspect/models.hpp"

#include "inspect/cells.hpp"
#include "model/path.hpp"
#include "rows/page.hpp"

#include <kith/detail/core/relation_state.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::inspect {

using detail::FieldInfo;
using detail::MemberKind;
using detail::ModelInfo;
using detail::RelationInfo;
using detail::RelationState;
using Kind = Relation::Kind;

/// A ModelInfo with what its rows consist of.
struct RuntimeModel : ModelInfo {
    struct Member {
        std::uint32_t offset;
        void (*construct)(void* at);
        void (*destroy)(void* at);
    };
    std::vector<Member> members{};
    std::string problem{}; ///< why its rows cannot be loaded whole
};

namespace {

/// A row finds its model through its page, as everything inside it does.
const RuntimeModel& model_of(const void* row) { return static_cast<const RuntimeModel&>(rows::Page::of(row).model()); }

void construct_row(void* at) {
    for (const auto& member : model_of(at).members) member.construct(static_cast<std::byte*>(at) + member.offset);
}
void destroy_row(void* row) {
    for (const auto& member : model_of(row).members) member.destroy(static_cast<std::byte*>(row) + member.offset);
}
void refuse_copy(void*, const void*) {
    throw ValueError("rows of a model made at run time are only read: they cannot be copied into a database");
}

std::uintptr_t initial_link(MemberKind kind) {
    const auto null = RelationState::loaded_bit | RelationState::null_key;
    return RelationState::resident_bit | (detail::has_column(kind) ? null : 0);
}

/// Builds one model: first its columns, then, once the columns of all models exist, its relations.
class Builder {
public:
    Builder(RuntimeModel& model, const Table& table, const ModelOptions& options)
        : model_(model), table_(table), options_(options) {}

    void add_columns() {
        std::vector<Slot> slots;
        for (const auto& slot : options_.slots) {
            if (slot.table == table_.name) slots.push_back(slot);
        }
        const auto chosen = options_.columns.find(table_.name);
        const auto* loaded = chosen == options_.columns.end() ? nullptr : &chosen->second;
        model_.name = table_.name;
        model_.table = table_.name;
        model_.schema = table_.schema;
        model_.read_only = true;
        model_.made_at_run_time = true;
        model_.construct = &construct_row;
        model_.copy = &refuse_copy;
        model_.destroy = &destroy_row;
        // Addresses of fields are handed out, so the capacity must suffice from the start.
        model_.fields.reserve(table_.columns.size() + table_.relations.size() + slots.size());
        for (const auto& column : table_.columns) add_column(column);
        for (const auto& relation : table_.relations) {
            if (relation.kind != Kind::foreign_key) {
                add_member(relation.name, kind_of(relation));
            } else if (relation.columns.size() > 1) {
                add_composite_key(relation);
            }
        }
        for (const auto& slot : slots) add_slot(slot);
        choose_columns(loaded);
        for (const auto& key : table_.primary_key) model_.primary_key.push_back(Models::column(model_, key));
        for (const auto& names : table_.unique) {
            auto& unique = model_.unique.emplace_back();
            for (const auto& name : names) unique.push_back(Models::column(model_, name));
        }
        lay_out();
    }

private:
    /// The kind of a relation that has no column here.
    static MemberKind kind_of(const Relation& relation) {
        if (relation.kind == Kind::many_to_many && !relation.is_far) return MemberKind::many_to_many;
        return relation.is_to_one() ? MemberKind::reverse_one : MemberKind::reverse_set;
    }

    FieldInfo& add_member(const std::string& name, MemberKind kind) {
        return model_.fields.emplace_back(FieldInfo{.model = &model_, .name = name, .kind = kind});
    }

    void add_composite_key(const Relation& relation) {
        auto& field = add_member(relation.name, MemberKind::composite_key);
        field.unique = relation.is_one_to_one;
        field.nullable = std::ranges::any_of(
            relation.columns, [&](const std::string& column) { return Models::column(model_, column)->nullable; });
    }

    void add_column(const CatalogColumn& column) {
        const auto relation =
            std::ranges::find_if(table_.relations, [&](const Relation& each) { return each.is_key_in(column.name); });
        const bool is_foreign_key = relation != table_.relations.end();
        const auto kind = !is_foreign_key           ? MemberKind::column
                          : relation->is_one_to_one ? MemberKind::one_to_one
                                                    : MemberKind::foreign_key;
        auto& field = add_member(is_foreign_key ? relation->name : column.name, kind);
        field.unique = kind == MemberKind::one_to_one;
        field.column = column.name;
        field.type = column.type;
        field.nullable = column.nullable;
        field.generated = column.generated;
        field.max_length = column.max_length;
        field.primary_key = std::ranges::find(table_.primary_key, column.name) != table_.primary_key.end();
        const bool is_key = is_foreign_key || (field.primary_key && column.can_be_key) || is_referred_to(column.name);
        field.is_key = is_key;
        if (is_key && column.type == detail::ColumnType::text) field.as_text = column.as_text;
        if (is_key || column.certain) return;
        field.dynamic = true;
        field.as_text = column.as_text;
        field.nullable = true;
    }

    bool is_referred_to(const std::string& column) const {
        return std::ranges::any_of(table_.relations, [&](const Relation& each) {
            return std::ranges::find(each.columns, column) != each.columns.end();
        });
    }

    void add_slot(const Slot& slot) {
        const auto* relation = table_.find_relation(slot.relation);
        if (relation == nullptr) {
            throw FieldError(fmt::format("{} has no relation '{}'{}", table_.name, slot.relation,
                                         model::members_instead(model_, slot.relation)),
                             {.model = table_.name, .lookup = slot.relation});
        }
        const auto kind = relation->is_to_one() ? MemberKind::prefetched_one : MemberKind::prefetched_set;
        const auto* known = model_.find(slot.name);
        if (known != nullptr || table_.find(slot.name) != nullptr) {
            throw ValueError(
                fmt::format(
                    "{} cannot be named '{}' in {}, which already has a member of that name: choose another name",
                    slot.relation, slot.name, table_.name),
                {.model = table_.name, .lookup = slot.relation});
        }
        add_member(slot.name, kind);
    }

    bool is_loaded(const FieldInfo& field, const std::set<std::string>* loaded) const {
        return loaded == nullptr || loaded->contains(field.column) || field.primary_key || !is_value(field.kind) ||
               is_referred_to(field.column);
    }

    void choose_columns(const std::set<std::string>* loaded) {
        model_.columns.clear();
        for (auto& field : model_.fields) {
            if (!field.column.empty() && is_loaded(field, loaded)) model_.columns.push_back(&field);
        }
    }

    /// Rows that are loaded through one end of a one-to-one lead back through the other, whether or not that was named.
    bool has_place(const FieldInfo& field) const {
        if (!detail::is_relation(field.kind)) return false;
        if (detail::is_to_one(field.kind) || detail::is_slot(field.kind) || !options_.relations) return true;
        const auto named = options_.relations->find(table_.name);
        return named != options_.relations->end() && named->second.contains(field.name);
    }

    /// Assigns the offsets of the members; boxes values if the rows would be too large otherwise. If that is not
    /// enough, the model can only be used in conditions.
    void lay_out() {
        const auto most = rows::Page::largest_row();
        if (place_members(false) > most && place_members(true) > most) {
            model_.problem =
                fmt::format("{} has {} columns and {} relations, more than a row can hold: choose fewer columns",
                            table_.name, model_.columns.size(), table_.relations.size());
            const std::set<std::string> none;
            choose_columns(&none);
            place_members(true);
        }
        for (auto& field : model_.fields) {
            if (!has_place(field)) continue;
            model_.states.push_back(&field);
            model_.initial_links.push_back({field.offset, initial_link(field.kind)});
        }
    }

    std::size_t place_members(bool boxed) {
        model_.members.clear();
        model_.size = 0;
        model_.align = alignof(RelationState);
        for (auto& field : model_.fields) {
            if (has_place(field)) place(field, relation_cell());
        }
        for (const auto* column : model_.columns) {
            auto& field = const_cast<FieldInfo&>(*column);
            if (detail::is_relation(field.kind)) continue;
            const auto form = boxed ? CellForm::boxed : field.nullable ? CellForm::optional : CellForm::plain;
            place(field, cell_kind(field.member_type(), form));
        }
        return model_.size;
    }

    void place(FieldInfo& field, const CellKind& cell) {
        const auto offset = (model_.size + cell.align - 1) / cell.align * cell.align;
        field.offset = static_cast<std::uint32_t>(offset);
        field.access = cell.access;
        model_.size = offset + cell.size;
        model_.align = std::max(model_.align, cell.align);
        model_.members.push_back({field.offset, cell.construct, cell.destroy});
    }

    RuntimeModel& model_;
    const Table& table_;
    const ModelOptions& options_;
};

RelationInfo& new_relation(RuntimeModel& model, const FieldInfo& field, const ModelInfo& target) {
    auto& relation = *model.relations.emplace_back(std::make_unique<RelationInfo>());
    relation.field = &field;
    relation.source = &model;
    relation.target = &target;
    relation.many = !detail::is_to_one(field.kind);
    const_cast<FieldInfo&>(field).relation = &relation;
    return relation;
}

void connect(RuntimeModel& model, const Relation& named, const ModelInfo& target, const RuntimeModel* link) {
    auto& relation = new_relation(model, *model.find(named.name), target);
    relation.forward = named.kind == Kind::foreign_key || (named.kind == Kind::many_to_many && !named.is_far);
    for (const auto& column : named.columns) relation.source_columns.push_back(Models::column(model, column));
    for (const auto& column : named.target_columns) relation.target_columns.push_back(Models::column(target, column));
    relation.inverse = target.find(named.inverse);
    if (link == nullptr) return;
    relation.join_table = detail::JoinTable{.name = link->table,
                                            .schema = link->schema,
                                            .source_columns = {named.link_column},
                                            .target_columns = {named.link_target_column},
                                            .through = link};
}

/// Foreign keys hold the values of the keys that they refer to, and are sent as such.
void fit_key_type(const Relation& named, ModelInfo& model, const ModelInfo& target) {
    for (std::size_t i = 0; i < named.columns.size(); ++i) {
        auto& field = const_cast<FieldInfo&>(*Models::column(model, named.columns[i]));
        const auto& key = *Models::column(target, named.target_columns[i]);
        const bool both_integers = detail::is_integer(field.type) && detail::is_integer(key.type);
        if (!both_integers) field.type = key.type;
    }
}

} // namespace

Models::Models(const Schema& schema, const ModelOptions& options) : schema_(schema) {
    for (const auto& table : schema.tables) {
        auto& model = *models_.emplace(table.name, std::make_unique<RuntimeModel>()).first->second;
        Builder(model, table, options).add_columns();
    }
    for (const auto& table : schema.tables) {
        auto& model = *models_.at(table.name);
        for (const auto& relation : table.relations) {
            const auto& target = *models_.at(relation.target);
            const auto* link = relation.link.empty() ? nullptr : models_.at(relation.link).get();
            if (relation.kind == Kind::foreign_key) fit_key_type(relation, model, target);
            connect(model, relation, target, link);
        }
        for (const auto& slot : options.slots) {
            if (slot.table != table.name) continue;
            const auto& relation = *model.find(slot.relation)->relation;
            new_relation(model, *model.find(slot.name), *relation.target);
        }
    }
}

Models::~Models() = default;

const ModelInfo& Models::of(std::string_view table) const {
    const auto& model = *models_.find(schema_.table(table).name)->second;
    if (!model.problem.empty()) throw ValueError(model.problem, {.model = model.name});
    return model;
}

void Models::require_place(const FieldInfo& member) {
    const auto& states = member.model->states;
    if (std::ranges::find(states, &member) != states.end()) return;
    throw ValueError(fmt::format("{} was not named among the relations to load", member.label()),
                     {.model = member.model->name, .lookup = member.name});
}

const FieldInfo* Models::column(const ModelInfo& model, std::string_view column) {
    const auto found = std::ranges::find(model.fields, column, &FieldInfo::column);
    return found == model.fields.end() ? nullptr : &*found;
}

} // namespace kith::inspect
