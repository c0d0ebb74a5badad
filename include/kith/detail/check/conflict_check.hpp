#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/reflect/fixed_string.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// Checks the columns of kith::on_conflict and bulk_update at compile time against the model of the rows.
namespace kith::detail {

/// Names of columns, as types.
template <FixedString... Text>
struct Names {};

using NamesGiven = std::initializer_list<std::string_view>;

/// The member whose column `path` names: `province` for `province_id`.
constexpr std::string_view written_member(const CheckedModel& model, std::string_view path) {
    return resolve(model, path, PathUse::assignment).last.member->name;
}

/// Whether `key`, which names columns of the model, are the members `of`.
constexpr bool is_same_key(const CheckedModel& model, NamesGiven key, const std::string_view* of, std::size_t size) {
    if (key.size() != size) return false;
    for (std::size_t i = 0; i < size; ++i) {
        bool found = false;
        for (const std::string_view path : key) found = found || written_member(model, path) == of[i];
        if (!found) return false;
    }
    return true;
}

constexpr bool is_unique_member(const MemberDescription& member) {
    return (member.unique && member.kind != MemberKind::composite_key) || member.kind == MemberKind::one_to_one;
}

/// Calls `take(names, size)` for each key of the model of which no two rows have the same values.
template <class Take>
constexpr void for_each_unique_key(const CheckedModel& model, const Take& take) {
    const KeyMembers primary = key_members(model);
    std::string_view names[8]{};
    for (std::size_t i = 0; i < primary.size; ++i) names[i] = primary.members[i]->name;
    if (primary.size > 0) take(names, primary.size);
    for (const MemberDescription& member : model.members) {
        if (is_unique_member(member)) take(&member.name, std::size_t{1});
        if (is_unique_composite(member)) take(member.from_fields.data(), member.from_fields.size());
    }
    for (const NameList& list : model.table.unique) take(list.begin(), list.size());
}

enum class ConflictColumnFault : std::uint8_t { none, path, not_writable, no_unique_key, in_key, twice };

struct ConflictVerdict {
    ConflictColumnFault fault{ConflictColumnFault::none};
    std::string_view path{};
    Resolved column{};
};

/// Checks that `path` names a column that can be written.
constexpr ConflictVerdict judge_column(const CheckedModel& model, std::string_view path) {
    const ConditionVerdict target = judge_target(model, path);
    auto fault = ConflictColumnFault::none;
    if (target.fault == ConditionFault::path) fault = ConflictColumnFault::path;
    if (target.fault == ConditionFault::not_writable) fault = ConflictColumnFault::not_writable;
    return {fault, path, target.left};
}

/// Checks each of `columns`, of which none may be among `key`.
constexpr ConflictVerdict judge_columns(const CheckedModel& model, NamesGiven columns, NamesGiven key) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string_view path = columns.begin()[i];
        ConflictVerdict verdict = judge_column(model, path);
        if (verdict.fault != ConflictColumnFault::none) return verdict;
        const std::string_view name = written_member(model, path);
        for (const std::string_view part : key) {
            if (written_member(model, part) == name) verdict.fault = ConflictColumnFault::in_key;
        }
        const KeyMembers primary = key_members(model);
        for (std::size_t k = 0; k < primary.size; ++k) {
            if (primary.members[k]->name == name) verdict.fault = ConflictColumnFault::in_key;
        }
        for (std::size_t k = 0; k < i; ++k) {
            if (written_member(model, columns.begin()[k]) == name) verdict.fault = ConflictColumnFault::twice;
        }
        if (verdict.fault != ConflictColumnFault::none) return verdict;
    }
    return {};
}

constexpr ConflictVerdict judge_conflict(const CheckedModel& model, NamesGiven key, NamesGiven updated) {
    for (const std::string_view path : key) {
        const ConflictVerdict verdict = judge_column(model, path);
        if (verdict.fault != ConflictColumnFault::none) return verdict;
    }
    bool is_unique = false;
    for_each_unique_key(model, [&](const std::string_view* names, std::size_t size) {
        is_unique = is_unique || is_same_key(model, key, names, size);
    });
    if (!is_unique) return {.fault = ConflictColumnFault::no_unique_key};
    return judge_columns(model, updated, key);
}

constexpr void say_names(Sentence& s, const std::string_view* names, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) s << (i == 0 ? "" : ", ") << names[i];
}

/// `call`: what takes the columns.
constexpr Sentence describe_fault(const CheckedModel& model, const ConflictVerdict& wrong, NamesGiven key,
                                  std::string_view call) {
    Sentence s;
    s << "kith: ";
    switch (wrong.fault) {
    case ConflictColumnFault::path: say_path_fault(s, wrong.column, wrong.path); break;
    case ConflictColumnFault::not_writable:
        say_member(s, wrong.column.last);
        s << " is no column that can be written (in `" << wrong.path << "`)";
        break;
    case ConflictColumnFault::no_unique_key: {
        s << "(";
        say_names(s, key.begin(), key.size());
        s << ") is no unique key of " << model.name << ", as on_conflict needs it; " << model.name << " has";
        std::string_view before = " ";
        for_each_unique_key(model, [&](const std::string_view* names, std::size_t size) {
            s << before << "(";
            say_names(s, names, size);
            s << ")";
            before = ", ";
        });
        break;
    }
    case ConflictColumnFault::in_key:
        say_member(s, wrong.column.last);
        s << " is a part of the key by which " << call << " finds rows, and cannot be updated with them";
        break;
    default: say_member(s, wrong.column.last); s << " is named twice in " << call;
    }
    return s;
}

template <class M, class Key, class Updated>
struct WrongConflict;
template <class M, FixedString... Key, FixedString... Updated>
struct WrongConflict<M, Names<Key...>, Names<Updated...>> {
    static constexpr ConflictVerdict verdict = judge_conflict(description<M>, {Key.view()...}, {Updated.view()...});
    static constexpr Sentence sentence = describe_fault(description<M>, verdict, {Key.view()...}, "on_conflict");
};

template <class M, class Key, class Updated>
consteval bool check_conflict() {
    if constexpr (WrongConflict<M, Key, Updated>::verdict.fault == ConflictColumnFault::none)
        return true;
    else
        return stop<WrongConflict<M, Key, Updated>>();
}
/// Whether `Key` is a unique key of `M`, and `Updated` are columns beside it.
template <class M, class Key, class Updated>
inline constexpr bool conflict_ok = check_conflict<M, Key, Updated>();

template <class M, FixedString... Columns>
struct WrongBulkUpdate {
    static constexpr ConflictVerdict verdict = judge_columns(description<M>, {Columns.view()...}, {});
    static constexpr Sentence sentence = describe_fault(description<M>, verdict, {}, "bulk_update");
};

template <class M, FixedString... Columns>
consteval bool check_bulk_update() {
    if constexpr (WrongBulkUpdate<M, Columns...>::verdict.fault == ConflictColumnFault::none)
        return true;
    else
        return stop<WrongBulkUpdate<M, Columns...>>();
}
/// Whether bulk_update can write these columns of rows of `M`.
template <class M, FixedString... Columns>
inline constexpr bool bulk_update_ok = check_bulk_update<M, Columns...>();

} // namespace kith::detail
