#pragma once

#include <kith/detail/check/option_check.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/reflect/describe.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// Checks a whole model once, where it is first used, and makes its ModelInfo.
namespace kith::detail {

enum class ModelFault : std::uint8_t {
    none,
    no_key,
    assignable,
    too_large,
    double_underscore,
    unsupported_type,
    reverse_missing,
    reverse_kind,
    reverse_elsewhere,
    through_from,
    through_to,
    to_field,
    composite_target,
    composite_link,
    from_fields,
    symmetrical,
    lazy_key,
    generic_keys,
    generic_column,
    unknown_name,
    bad_ordering,
    options,
};

struct ModelVerdict {
    ModelFault fault{ModelFault::none};
    KnownMember member{};
    std::string_view part{};
};

constexpr bool is_unique_composite(const MemberDescription& member) {
    return member.kind == MemberKind::composite_key && member.unique;
}

constexpr ModelFault judge_reverse(const CheckedModel& model, const MemberDescription& member) {
    const CheckedModel& target = target_of(member);
    const KnownMember forward = find_member(target, member.reverse_of);
    if (forward == nullptr) return ModelFault::reverse_missing;
    if (member.generic != (forward->kind == MemberKind::generic_key)) return ModelFault::reverse_kind;
    if (member.generic) return leads_to(*forward, model.type) ? ModelFault::none : ModelFault::reverse_elsewhere;
    const bool fits = member.kind == MemberKind::reverse_one
                          ? forward->kind == MemberKind::one_to_one || is_unique_composite(*forward)
                          : forward->kind == MemberKind::foreign_key || forward->kind == MemberKind::many_to_many ||
                                (forward->kind == MemberKind::composite_key && !forward->unique);
    if (!fits) return ModelFault::reverse_kind;
    return target_of(*forward).type == model.type ? ModelFault::none : ModelFault::reverse_elsewhere;
}

constexpr bool is_foreign_key_to(const ModelDescription& model, std::string_view name, const CheckedModel& target) {
    const KnownMember member = find_member(model, name);
    return member != nullptr && has_column(member->kind) && member->kind != MemberKind::column &&
           target_of(*member).type == target.type;
}

constexpr ModelFault judge_through(const CheckedModel& model, const MemberDescription& member) {
    const ModelDescription& through = member.through();
    if (!is_foreign_key_to(through, member.through_from, model)) return ModelFault::through_from;
    return is_foreign_key_to(through, member.through_to, target_of(member)) ? ModelFault::none : ModelFault::through_to;
}

/// Whether `held` can refer to `target`: a foreign key has the type of the key that it refers to.
constexpr bool holds_key(const Member& held, const Member& target) {
    return held.member != nullptr && target.member != nullptr && held.member->type == target.member->type;
}

/// Checks that `member` consists of as many columns as the key of the target, of the same types.
constexpr ModelFault judge_from_fields(const CheckedModel& model, const MemberDescription& member) {
    const CheckedModel& target = target_of(member);
    const KeyMembers key = key_members(target);
    if (key.size != member.from_fields.size() || !member.to_field.empty()) return ModelFault::from_fields;
    for (std::size_t i = 0; i < key.size; ++i) {
        const KnownMember held = find_member(model, member.from_fields[i]);
        if (held == nullptr || key.members[i] == nullptr || !has_column(held->kind)) return ModelFault::from_fields;
        if (held->lazy) return ModelFault::lazy_key;
        if (!holds_key(value_column({&model, held}), value_column({&target, key.members[i]}))) {
            return ModelFault::from_fields;
        }
    }
    return ModelFault::none;
}

/// Checks that one column can hold the key that `member` refers to.
constexpr ModelFault judge_key_size(const CheckedModel& model, const MemberDescription& member) {
    if (member.kind == MemberKind::foreign_key || member.kind == MemberKind::one_to_one) {
        return key_size(target_of(member)) > 1 ? ModelFault::composite_target : ModelFault::none;
    }
    if (member.kind != MemberKind::many_to_many) return ModelFault::none;
    const bool composite = key_size(target_of(member)) > 1 || key_size(model) > 1;
    return composite ? ModelFault::composite_link : ModelFault::none;
}

constexpr bool has_double_underscore(std::string_view name) {
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        if (name[i] == '_' && name[i + 1] == '_') return true;
    }
    return false;
}

/// Checks that the keys of all models of a GenericForeignKey have one type, since they are stored in one column.
constexpr ModelFault judge_generic(const CheckedModel& model, const MemberDescription& member) {
    Member first;
    for (const DescribeModel describe : member.targets) {
        const CheckedModel& target = checked_model(describe);
        const Member key = value_column({&target, primary_key_of(target)});
        if (key.member == nullptr || key.member->kind != MemberKind::column) return ModelFault::generic_keys;
        if (first.member == nullptr) first = key;
        if (key.member->type != first.member->type) return ModelFault::generic_keys;
    }
    for (const std::string_view suffix : {"_type", "_id"}) {
        for (const MemberDescription& other : model.members) {
            const bool same = other.name.size() == member.name.size() + suffix.size() &&
                              other.name.starts_with(member.name) && other.name.ends_with(suffix);
            if (same) return ModelFault::generic_column;
        }
    }
    return ModelFault::none;
}

constexpr ModelFault judge_declaration(const CheckedModel& model, const MemberDescription& member, bool supported) {
    if (has_double_underscore(member.name)) return ModelFault::double_underscore;
    if (!supported) return ModelFault::unsupported_type;
    if (member.kind == MemberKind::generic_key) return judge_generic(model, member);
    if (!member.reverse_of.empty()) return judge_reverse(model, member);
    if (member.symmetrical && (!member.through_from.empty() || member.kind != MemberKind::many_to_many ||
                               target_of(member).type != model.type)) {
        return ModelFault::symmetrical;
    }
    if (!member.through_from.empty()) return judge_through(model, member);
    if (!member.from_fields.empty()) return judge_from_fields(model, member);
    if (!member.to_field.empty()) {
        const KnownMember referred = find_member(target_of(member), member.to_field);
        if (referred == nullptr || !has_column(referred->kind)) return ModelFault::to_field;
        return referred->lazy ? ModelFault::lazy_key : ModelFault::none;
    }
    return judge_key_size(model, member);
}

/// Returns the first of `names` that is not a member with a column; empty if there is none.
constexpr std::string_view unknown_column(const CheckedModel& model, const NameList& names) {
    for (const std::string_view name : names) {
        const KnownMember member = find_member(model, name);
        if (member == nullptr || !has_column(member->kind)) return name;
    }
    return {};
}

constexpr ModelVerdict judge_table(const CheckedModel& model) {
    for (std::string_view name : model.table.ordering) {
        if (name.starts_with('-')) name.remove_prefix(1);
        if (resolve(model, name, PathUse::order).fault != LookupFault::none)
            return {ModelFault::bad_ordering, nullptr, name};
    }
    if (const auto name = unknown_column(model, model.table.primary_key); !name.empty()) {
        return {ModelFault::unknown_name, nullptr, name};
    }
    for (const std::string_view name : model.table.primary_key) {
        if (find_member(model, name)->lazy) return {ModelFault::lazy_key, find_member(model, name), {}};
    }
    for (const NameLists* lists : {&model.table.unique, &model.table.indexes}) {
        for (const NameList& names : *lists) {
            if (const auto name = unknown_column(model, names); !name.empty()) {
                return {ModelFault::unknown_name, nullptr, name};
            }
        }
    }
    return {};
}

constexpr ModelVerdict judge_model(const CheckedModel& model, bool assignable) {
    for (std::size_t i = 0; i < model.members.size(); ++i) {
        const MemberDescription& member = model.members[i];
        if (const auto fault = judge_declaration(model, member, model.checks[i].supported); fault != ModelFault::none) {
            return {fault, &member, {}};
        }
        if (const auto wrong = judge_options(model, {&model, &member}); !wrong.empty()) {
            return {ModelFault::options, &member, wrong};
        }
    }
    if (const auto verdict = judge_table(model); verdict.fault != ModelFault::none) return verdict;
    if (key_size(model) == 0 && !model.table.read_only) return {ModelFault::no_key};
    if (assignable && !model.table.read_only) return {ModelFault::assignable};
    if (model.size > most_row_bytes) return {ModelFault::too_large};
    return {};
}

constexpr void say_key(Sentence& s, const CheckedModel& model) {
    std::string_view separator;
    const KeyMembers key = key_members(model);
    for (std::size_t i = 0; i < key.size; ++i) {
        s << separator << key.members[i]->name;
        separator = ", ";
    }
}

constexpr Sentence reverse_sentence(const CheckedModel& model, const ModelVerdict& wrong) {
    const MemberDescription& member = *wrong.member;
    const CheckedModel& target = target_of(member);
    Sentence s;
    s << "kith: " << model.name << "::" << member.name << " is the other end of " << target.name
      << "::" << member.reverse_of << ", but ";
    switch (wrong.fault) {
    case ModelFault::reverse_missing: s << target.name << " has no member of that name; it has " << target; break;
    case ModelFault::reverse_kind:
        s << "that is no "
          << (member.generic                           ? "kith::GenericForeignKey"
              : member.kind == MemberKind::reverse_one ? "kith::OneToOne"
                                                       : "kith::ForeignKey or kith::ManyToMany");
        break;
    default:
        if (member.generic) {
            s << "that does not lead to " << model.name;
            break;
        }
        s << "that points to " << target_of(*find_member(target, member.reverse_of)).name << ", not to " << model.name;
    }
    return s;
}

/// Returns the message for a wrong declaration. `type` is the name of the member's type.
// NOLINTNEXTLINE(readability-function-size): one sentence for each fault
constexpr Sentence describe_fault(const CheckedModel& model, const ModelVerdict& wrong, std::string_view type) {
    const auto name = wrong.member != nullptr ? wrong.member->name : std::string_view{};
    Sentence s;
    s << "kith: " << model.name;
    switch (wrong.fault) {
    case ModelFault::none: break;
    case ModelFault::no_key:
        s << " has no primary key: add kith::PrimaryKey<> id{}; to it, or say .read_only = true in its kith::Table";
        break;
    case ModelFault::assignable:
        s << " has a primary key of plain members, so that its rows could be assigned over one another: declare those "
             "members as kith::Field<T, kith::primary_key>";
        break;
    case ModelFault::too_large:
        s << " is larger than " << most_row_bytes << " bytes, the most that a row may have";
        break;
    case ModelFault::double_underscore:
        s << "::" << name
          << " has a double underscore in its name, which separates the steps of a lookup: rename the member";
        break;
    case ModelFault::unsupported_type:
        s << "::" << name << " is of type " << type
          << ", which is no column; columns are bool, integers, float, double, std::string, std::vector<std::byte>, "
             "kith::Date, kith::Timestamp, kith::LocalTimestamp, kith::Uuid, kith::Decimal, kith::Json, enums, and "
             "std::optional of these";
        break;
    case ModelFault::through_from:
    case ModelFault::through_to: {
        const bool from = wrong.fault == ModelFault::through_from;
        const MemberDescription& member = *wrong.member;
        s << "::" << name << " goes through " << member.through().name << ", but "
          << (from ? member.through_from : member.through_to) << " is no kith::ForeignKey from "
          << member.through().name << " to " << (from ? model.name : target_of(member).name);
        break;
    }
    case ModelFault::to_field:
        s << "::" << name << " refers to " << target_of(*wrong.member).name << "::" << wrong.member->to_field
          << ", which is no column; " << target_of(*wrong.member).name << " has " << target_of(*wrong.member);
        break;
    case ModelFault::composite_target:
        s << "::" << name << " refers to " << target_of(*wrong.member).name
          << ", whose primary key has several columns (";
        say_key(s, target_of(*wrong.member));
        s << "): declare a member for each of them and name those in kith::from_fields";
        break;
    case ModelFault::composite_link:
        s << "::" << name
          << " is a kith::ManyToMany, whose two ends need a primary key of one column: declare a model for "
          << "the links, with a kith::ForeignKey to each end";
        break;
    case ModelFault::symmetrical:
        s << "::" << name << " cannot be kith::symmetrical: that is for a kith::ManyToMany<" << model.name
          << "> without kith::through";
        break;
    case ModelFault::from_fields:
        s << "::" << name << " leads to " << target_of(*wrong.member).name
          << " by kith::from_fields, which has to name columns of " << model.name
          << " with the types of that primary key (";
        say_key(s, target_of(*wrong.member));
        s << "), in its order";
        break;
    case ModelFault::lazy_key:
        s << "::" << name
          << " needs a key that is always loaded, which a kith::Lazy column is not: make it a kith::Field";
        break;
    case ModelFault::generic_keys:
        s << "::" << name << " leads to models whose primary keys are not of one type: they share the column " << name
          << "_id, so let their keys have the same type, one column each";
        break;
    case ModelFault::generic_column:
        s << "::" << name << " has the columns " << name << "_type and " << name
          << "_id, but another member has one of these names: rename it";
        break;
    case ModelFault::unknown_name:
        s << "::table names " << wrong.part << ", which is no column of it; " << model.name << " has " << model;
        break;
    case ModelFault::bad_ordering:
        s << "::table orders by " << wrong.part << ", which is no column that can be reached from it; " << model.name
          << " has " << model;
        break;
    case ModelFault::options: s << "::" << name << " " << wrong.part; break;
    default: return reverse_sentence(model, wrong);
    }
    return s;
}

template <class M, std::size_t I>
consteval std::string_view member_type_name() {
    if constexpr (I < member_count<M>) {
        return type_name<member_type<M, I>>();
    } else {
        return {};
    }
}

template <class M>
struct WrongModel {
    static constexpr ModelVerdict verdict = judge_model(description<M>, std::is_copy_assignable_v<M>);
    static constexpr std::size_t index =
        verdict.member == nullptr ? member_count<M> : Member{&description<M>, verdict.member}.index();
    static constexpr Sentence sentence = describe_fault(description<M>, verdict, member_type_name<M, index>());
};

template <class M>
consteval bool check_model() {
    if constexpr (judge_model(description<M>, std::is_copy_assignable_v<M>).fault == ModelFault::none) {
        return true;
    } else {
        return stop<WrongModel<M>>();
    }
}

/// Whether the declaration of `M` is right. If not, naming this stops the compiler.
template <class M>
inline constexpr bool model_ok = check_model<M>();

/// Returns the ModelInfo of `M`, made at the first call in the program. Throws ValueError: see model_info().
template <class M>
const ModelInfo& model() {
    static_assert(model_ok<M>);
    static const ModelInfo& info = model_info(describe<M>());
    return info;
}

} // namespace kith::detail
