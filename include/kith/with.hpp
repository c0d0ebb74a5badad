#pragma once

#include <kith/detail/check/parameter.hpp>
#include <kith/detail/check/with_check.hpp>
#include <kith/detail/core/lookup_spec.hpp>
#include <kith/expression.hpp>

#include <initializer_list>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

/// The type of `kith::with(…)`. `Rows` is a reference if the range is an object of the program, which must then live
/// until the call that takes it.
template <detail::FixedString Set, class Rows>
struct With {
    Rows rows; ///< Internal.
};

/// What a set of a new row shall have, for QuerySet::create:
///
///     books.create({.title = "Wild Grass"}, kith::with("authors"_f, {lu, mo}), kith::with("chapters"_f, chapters));
///
/// For a ManyToMany, or the other end of one: rows, Refs, pointers or keys of rows that exist, to be linked. It does
/// not compile if the model of the join table has columns that a link does not set. For the ReverseSet of a ForeignKey:
/// new rows, which are inserted as copies that refer to the new row. No statement.
template <detail::FixedString Set, class Rows>
With<Set, Rows> with(Path<Set>, Rows&& rows) {
    static_assert(
        requires { std::begin(rows); }, "kith: the second argument of kith::with is a range of rows, Refs or keys");
    return {std::forward<Rows>(rows)};
}
template <detail::FixedString Set, class V>
With<Set, std::vector<V>> with(Path<Set>, std::initializer_list<V> rows) {
    return {std::vector<V>(rows)};
}

namespace detail {

template <class T>
inline constexpr bool is_with = false;
template <FixedString Set, class Rows>
inline constexpr bool is_with<With<Set, Rows>> = true;

/// A set of a new row of `M` without its type.
template <class M, FixedString Set, class Rows>
NewSet new_set(With<Set, Rows>& with) {
    using Element = decltype(*std::begin(with.rows));
    using V = std::remove_cvref_t<Element>;
    NewSet set{.member = Set.view()};
    if constexpr (with_ok<M, Set, V>) {
        static_assert(std::is_lvalue_reference_v<Element> || !std::is_same_v<row_model<V>, V> ||
                          shape_of<V>.kind != ShapeKind::row,
                      "kith: kith::with takes rows that exist until the end of the call, not a range that makes them");
        constexpr Member member{&description<M>, find_member(description<M>, Set.view())};
        using Target = typename MemberTraits<member_type<M, member.index()>>::Target;
        for (auto&& row : with.rows) {
            if constexpr (many_to_many_of(*member.member) == nullptr) {
                set.rows.push_back({.row = row_address(row)});
            } else {
                (void)row_or_key_ok<Target, V>;
                set.rows.push_back(to_row_or_key<Target>(row));
            }
        }
    }
    return set;
}
template <class M, class T>
NewSet new_set(T&) {
    static_assert(is_with<T>, "kith: behind the row, create takes kith::with(\"set\"_f, rows)");
    return {};
}

} // namespace detail
} // namespace kith
