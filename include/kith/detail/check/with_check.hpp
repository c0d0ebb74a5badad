#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/ref.hpp>

#include <cstdint>
#include <string_view>

/// Checks the arguments of kith::with at compile time against the model of the new row.
namespace kith::detail {

enum class WithFault : std::uint8_t { none, no_member, no_set, link_columns, saved_rows, other_rows };

struct WithVerdict {
    WithFault fault{WithFault::none};
    KnownMember member{};
    const CheckedModel* link{nullptr}; ///< the model of the join table, if it has more columns than a link sets
    KnownMember column{};              ///< the first of these
};

/// The ManyToMany that `set` is, or is the other end of; null for the other end of a foreign key.
constexpr KnownMember many_to_many_of(const MemberDescription& set) {
    if (set.kind == MemberKind::many_to_many) return &set;
    const KnownMember forward = set.generic ? KnownMember{} : find_member(target_of(set), set.reverse_of);
    return forward != nullptr && forward->kind == MemberKind::many_to_many ? forward : KnownMember{};
}

/// Whether an INSERT must give `column` a value.
constexpr bool must_be_given(const ModelDescription& model, const MemberDescription& column) {
    if (column.nullable || column.server_default || column.generated) return false;
    if (column.kind == MemberKind::generic_key) return true;
    if (!has_column(column.kind)) return false;
    const KnownMember key = primary_key_of(model);
    const bool is_key = key != nullptr && key->name == column.name;
    return !is_key || column.kind != MemberKind::column || !is_integer(column.type);
}

/// The first column that a link between two rows does not set, but must have; null if there is none.
constexpr KnownMember column_beside_link(const ModelDescription& link, const MemberDescription& relation) {
    for (const MemberDescription& column : link.members) {
        const bool is_end = column.name == relation.through_from || column.name == relation.through_to;
        if (!is_end && must_be_given(link, column)) return &column;
    }
    return nullptr;
}

/// `saved`: the rows are given as Refs.
constexpr WithVerdict judge_with(const CheckedModel& model, std::string_view name, const ValueShape& shape,
                                 bool saved) {
    WithVerdict verdict{.member = find_member(model, name)};
    if (verdict.member == nullptr) {
        verdict.fault = WithFault::no_member;
    } else if (verdict.member->kind != MemberKind::many_to_many && verdict.member->kind != MemberKind::reverse_set) {
        verdict.fault = WithFault::no_set;
    } else if (const KnownMember links = many_to_many_of(*verdict.member); links != nullptr) {
        if (links->through == nullptr) return verdict;
        verdict.link = &checked_model(links->through);
        verdict.column = column_beside_link(*verdict.link, *links);
        if (verdict.column != nullptr) verdict.fault = WithFault::link_columns;
    } else if (shape.kind != ShapeKind::row || saved) {
        verdict.fault = WithFault::saved_rows;
    } else if (shape.type != target_of(*verdict.member).type) {
        verdict.fault = WithFault::other_rows;
    }
    return verdict;
}

constexpr Sentence describe_fault(const CheckedModel& model, const WithVerdict& wrong, std::string_view name,
                                  const ValueShape& shape, std::string_view type) {
    Sentence s;
    s << "kith: ";
    if (wrong.fault == WithFault::no_member) {
        s << model.name << " has no member `" << name << "`; it has " << model;
        return s;
    }
    if (wrong.fault == WithFault::link_columns) {
        s << wrong.link->name << "::" << wrong.column->name << " must have a value, which a link of " << model.name
          << "::" << name << " does not give it: pass new " << wrong.link->name
          << " rows, with kith::with of the ReverseSet that leads to them";
        return s;
    }
    s << model.name << "::" << name;
    if (wrong.fault == WithFault::no_set) {
        s << " is no set: kith::with takes a ManyToMany, or the ReverseSet of a ForeignKey";
        return s;
    }
    s << " takes new rows of " << target_of(*wrong.member).name << ", but this is ";
    say_value(s, shape, type);
    s << (wrong.fault == WithFault::saved_rows ? ": add saved rows with add()" : "");
    return s;
}

template <class M, FixedString Set, class V>
struct WrongWith {
    static constexpr Sentence sentence =
        describe_fault(description<M>, judge_with(description<M>, Set.view(), shape_of<V>, is_ref<V>), Set.view(),
                       shape_of<V>, type_name<shown_type<V>>());
};

template <class M, FixedString Set, class V>
consteval bool check_with() {
    if constexpr (judge_with(description<M>, Set.view(), shape_of<V>, is_ref<V>).fault == WithFault::none)
        return true;
    else
        return stop<WrongWith<M, Set, V>>();
}

/// Whether a new row of `M` can have elements of type `V` in its set.
template <class M, FixedString Set, class V>
inline constexpr bool with_ok = check_with<M, Set, V>();

} // namespace kith::detail
