#pragma once

#include <kith/detail/check/parameter.hpp>

#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

template <class M>
class QuerySet;

namespace detail {

template <class R>
struct RowsModel {
    using type = row_model<R>;
};
template <class R>
    requires requires(R& rows) { std::begin(rows); }
struct RowsModel<R> {
    using type = row_model<std::remove_cvref_t<decltype(*std::begin(std::declval<R&>()))>>;
};
template <class M>
struct RowsModel<QuerySet<M>> {
    using type = M;
};
/// The model of a single row, or of a range of rows.
template <class R>
using rows_model = typename RowsModel<std::remove_cvref_t<R>>::type;

/// Returns the addresses of a row, a Ref, or a range of rows, Refs or pointers, without null ones.
template <class R>
std::vector<void*> row_addresses(R& rows) {
    std::vector<void*> addresses;
    const auto take = [&](auto& row) {
        if (const void* address = row_address(row)) addresses.push_back(const_cast<void*>(address));
    };
    if constexpr (requires { std::begin(rows); }) {
        for (auto&& row : rows) take(row);
    } else {
        take(rows);
    }
    return addresses;
}

} // namespace detail
} // namespace kith
