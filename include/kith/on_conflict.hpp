#pragma once

#include <kith/detail/check/conflict_check.hpp>
#include <kith/detail/core/lookup_spec.hpp>
#include <kith/expression.hpp>

namespace kith {

namespace detail {

/// The type of `kith::on_conflict(…).update(…)` and of `kith::on_conflict(…).ignore()`, where `Updated` is empty.
template <class Key, class Updated>
struct ConflictRule {};

} // namespace detail

/// The type of `kith::on_conflict(…)`.
template <detail::FixedString... Key>
struct OnConflict {
    /// The row that exists gets the values of the new row in these columns: INSERT … ON CONFLICT … DO UPDATE. No
    /// statement.
    template <detail::FixedString... Columns>
    constexpr detail::ConflictRule<detail::Names<Key...>, detail::Names<Columns...>> update(Path<Columns>...) const {
        static_assert(sizeof...(Columns) > 0, "kith: on_conflict(…).update() needs the columns that it updates; "
                                              ".ignore() leaves rows that exist as they are");
        return {};
    }
    /// The row that exists is left as it is, and the new row is not inserted. No statement.
    constexpr detail::ConflictRule<detail::Names<Key...>, detail::Names<>> ignore() const { return {}; }
};

/// What create() and bulk_create() do with a new row if another one has the same values in these columns, which are a
/// unique key of the model, or its primary key:
///
///     items.bulk_create(rows, kith::on_conflict("sku"_f).update("price"_f, "stock"_f));
///     items.create(row, kith::on_conflict("shop"_f, "number"_f).ignore());
///
/// A conflict with another key of the table is an IntegrityError. NULL equals nothing, so it conflicts with nothing.
template <detail::FixedString... Key>
constexpr OnConflict<Key...> on_conflict(Path<Key>...) {
    static_assert(sizeof...(Key) > 0, "kith: on_conflict needs the columns of a unique key");
    return {};
}

namespace detail {

template <class T>
inline constexpr bool is_conflict = false;
template <FixedString... Key>
inline constexpr bool is_conflict<OnConflict<Key...>> = true;
template <class Key, class Updated>
inline constexpr bool is_conflict<ConflictRule<Key, Updated>> = true;

/// The rule without its types, checked for rows of `M`.
template <class M, FixedString... Key, FixedString... Columns>
ConflictSpec conflict_spec(ConflictRule<Names<Key...>, Names<Columns...>>) {
    ConflictSpec spec;
    if constexpr (conflict_ok<M, Names<Key...>, Names<Columns...>>) {
        spec.key = {written_member(description<M>, Key.view())...};
        spec.updated = {written_member(description<M>, Columns.view())...};
    }
    return spec;
}
template <class M, FixedString... Key>
ConflictSpec conflict_spec(OnConflict<Key...>) {
    static_assert(sizeof...(Key) == 0, "kith: say what a conflict does: on_conflict(…).update(columns…) or .ignore()");
    return {};
}

} // namespace detail
} // namespace kith
