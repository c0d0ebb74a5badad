#pragma once

#include <kith/detail/check/lookup_names.hpp>
#include <kith/detail/check/nearest.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/reflect/describe.hpp>
#include <kith/detail/reflect/known.hpp>

#include <cstddef>
#include <span>
#include <string_view>

/// Resolves lookup paths at compile time with the descriptions of models. Plain constexpr functions: one evaluation for
/// each path, no templates.
namespace kith::detail {

using KnownMember = Known<const MemberDescription>;

constexpr KnownMember find_member(const ModelDescription& model, std::string_view name) {
    for (const MemberDescription& member : model.members) {
        if (member.name == name) return &member;
    }
    return nullptr;
}

/// Returns the foreign key whose column is `name`: `province_id`, or the name in its kith::column.
constexpr KnownMember find_key_column(const ModelDescription& model, std::string_view name) {
    for (const MemberDescription& member : model.members) {
        if (member.kind != MemberKind::foreign_key && member.kind != MemberKind::one_to_one) continue;
        if (member.column.empty()
                ? name.size() == member.name.size() + 3 && name.starts_with(member.name) && name.ends_with("_id")
                : name == member.column) {
            return &member;
        }
    }
    return nullptr;
}

/// Appends the names of all members.
constexpr Sentence& operator<<(Sentence& to, const ModelDescription& model) {
    std::string_view separator;
    for (const MemberDescription& member : model.members) {
        to << separator << member.name;
        separator = ", ";
    }
    return to;
}

/// `: did you mean `name`? It has `, or `; it has ` if no member is near to `wanted`.
struct DidYouMean {
    std::string_view wanted{};
    std::span<const MemberDescription> members{};
};
constexpr Sentence& operator<<(Sentence& to, const DidYouMean& question) {
    struct Names {
        std::span<const MemberDescription> members;
        constexpr std::size_t size() const { return members.size(); }
        constexpr std::string_view operator[](std::size_t i) const { return members[i].name; }
    };
    const std::size_t near = nearest_index(question.wanted, Names{question.members});
    if (near == question.members.size()) return to << "; it has ";
    return to << ": did you mean `" << question.members[near].name << "`? It has ";
}

constexpr std::size_t key_size(const ModelDescription& model) {
    if (model.table.primary_key.size() > 0) return model.table.primary_key.size();
    std::size_t flagged = 0;
    for (const MemberDescription& member : model.members) flagged += member.primary_key ? 1 : 0;
    return flagged;
}

/// The members of the primary key, in its order.
struct KeyMembers {
    KnownMember members[8]{};
    std::size_t size{0};
};
constexpr KeyMembers key_members(const ModelDescription& model) {
    KeyMembers key;
    if (model.table.primary_key.size() > 0) {
        for (const std::string_view name : model.table.primary_key) key.members[key.size++] = find_member(model, name);
        return key;
    }
    for (const MemberDescription& member : model.members) {
        if (member.primary_key && key.size < 8) key.members[key.size++] = &member;
    }
    return key;
}

/// Returns the member that is the primary key; null if there is none, or if there are several.
constexpr KnownMember primary_key_of(const ModelDescription& model) {
    if (key_size(model) != 1) return nullptr;
    return key_members(model).members[0];
}

/// A member of a model, or none.
struct Member {
    const CheckedModel* model{nullptr};
    KnownMember member{};

    constexpr std::size_t index() const { return static_cast<std::size_t>(member.get() - model->members.data()); }
    constexpr const MemberCheck& check() const { return model->checks[index()]; }
};

/// Returns the plain column whose values `found` holds: itself, or the key that a relation refers to.
constexpr Member value_column(Member found) {
    while (found.member != nullptr && is_relation(found.member->kind)) {
        if (found.member->kind == MemberKind::generic_key) return {};
        const CheckedModel& target = target_of(*found.member);
        const auto to_field = found.member->to_field;
        found = {&target, to_field.empty() ? primary_key_of(target) : find_member(target, to_field)};
    }
    return found;
}

/// Where a path is used.
enum class PathUse : std::uint8_t { condition, assignment, order, values, aggregate, lazy, select, prefetch };

/// What a path leads to, or what is wrong with it.
struct Resolved {
    LookupFault fault{LookupFault::none};
    const CheckedModel* model{nullptr}; ///< with a fault: the model that `part` was looked for in
    std::string_view part{};            ///< with a fault: the part of the path that is wrong
    Member last{};
    bool raw_key{false};  ///< the path names the column of a foreign key
    bool nullable{false}; ///< the value can be NULL, because of its column or of the path to it
    bool many{false};     ///< the path leads through a set
    std::size_t hops{0};  ///< relations followed before the last member
    std::string_view lookup{};

    constexpr bool is_relation() const { return detail::is_relation(last.member->kind) && !raw_key; }
};

constexpr bool in_sql(PathUse use) { return use != PathUse::prefetch; }

/// Returns what is wrong with `member` in the middle of a path (`last` is false) or at its end.
constexpr LookupFault judge_member(const MemberDescription& member, PathUse use, bool last) {
    if (!is_relation(member.kind)) {
        if (use == PathUse::prefetch || use == PathUse::select) return LookupFault::column_is_no_relation;
        if (use == PathUse::lazy && last && !member.lazy) return LookupFault::not_lazy;
        return last ? LookupFault::none : LookupFault::column_has_no_members;
    }
    if (member.kind == MemberKind::generic_key && (in_sql(use) || !last)) return LookupFault::through_generic;
    if (in_sql(use) && is_slot(member.kind)) return LookupFault::slot_is_no_column;
    if (use == PathUse::lazy && last) return LookupFault::not_lazy;
    if ((use == PathUse::select || use == PathUse::lazy) && !is_to_one(member.kind)) {
        return LookupFault::set_in_select_related;
    }
    if (use == PathUse::values && last && !has_column(member.kind)) return LookupFault::relation_is_no_value;
    // A key of several columns is no value.
    if (use != PathUse::condition && in_sql(use) && use != PathUse::select && last &&
        value_column({nullptr, &member}).member == nullptr) {
        return LookupFault::relation_is_no_value;
    }
    return LookupFault::none;
}

/// What a step of a path names: a member, or in SQL also `pk` or the column of a foreign key.
struct Step {
    KnownMember member{};
    bool raw_key{false};
    LookupFault fault{LookupFault::no_member};
};

constexpr Step find_step(const CheckedModel& model, std::string_view name, PathUse use) {
    if (const KnownMember member = find_member(model, name); member != nullptr)
        return {member, false, LookupFault::none};
    if (use == PathUse::prefetch || use == PathUse::select) return {};
    if (name == "pk") {
        if (use == PathUse::lazy) return {};
        const KnownMember key = primary_key_of(model);
        return {key, false, key != nullptr ? LookupFault::none : LookupFault::no_single_key};
    }
    const KnownMember key = find_key_column(model, name);
    return {key, true, key != nullptr ? LookupFault::none : LookupFault::no_member};
}

/// Returns what is wrong with a step that was found, for this use of the path. `last`: the path ends with it.
constexpr LookupFault judge_step(const Step& step, PathUse use, bool last) {
    if (step.raw_key && use == PathUse::lazy) return LookupFault::not_lazy;
    if (step.raw_key && last) return LookupFault::none;
    if (const auto fault = judge_member(*step.member, use, last); fault != LookupFault::none) return fault;
    return !last && use == PathUse::assignment ? LookupFault::lookup_in_path : LookupFault::none;
}

/// Resolves `path` from `start` on. Conditions may end in a lookup, which is not checked against the type of the
/// column.
constexpr Resolved resolve(const CheckedModel& start, std::string_view path, PathUse use) {
    Resolved found;
    found.model = &start;
    if (path.ends_with("__")) {
        found.fault = LookupFault::no_member;
        return found;
    }
    while (true) {
        const auto [head, rest] = split_path(path);
        const Step step = find_step(*found.model, head, use);
        if (step.fault != LookupFault::none) {
            if (use == PathUse::condition && found.hops > 0 && rest.empty() && find_lookup(head) != nullptr) {
                found.lookup = head; // of the relation itself: author__isnull
                --found.hops;
                return found;
            }
            found.fault = step.fault;
            found.part = head;
            return found;
        }
        const MemberDescription& member = *step.member;
        found.last = {found.model, step.member};
        found.raw_key = step.raw_key;
        found.nullable =
            found.nullable || member.nullable || (is_relation(member.kind) && !is_forward_key(member.kind));
        found.many = found.many || (is_relation(member.kind) && !is_to_one(member.kind));
        if (member.kind == MemberKind::annotation && found.hops > 0) {
            found.fault = LookupFault::annotation_of_other;
            found.part = head;
            return found;
        }
        if (use == PathUse::condition && is_value(member.kind) && !rest.empty() && split_path(rest).rest.empty()) {
            found.lookup = found.part = rest;
            found.fault = find_lookup(rest) != nullptr ? LookupFault::none : LookupFault::unknown_lookup;
            return found;
        }
        found.fault = judge_step(step, use, rest.empty());
        found.part = head;
        if (found.fault != LookupFault::none || rest.empty()) return found;
        found.model = &target_of(member);
        ++found.hops;
        path = rest;
    }
}

} // namespace kith::detail
