#pragma once

#include <kith/detail/core/row_handle.hpp>
#include <kith/detail/reflect/member_names.hpp>

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace kith {

/// A shared handle of one row: keeps the row, and all that it reaches, alive. What creates or finds a single row gives
/// one; `QuerySet::rows()` gives many, to sort and to keep. One pointer wide; copying never asks the database.
///
/// Two Refs are equal when they are handles of the same row in memory, not of equal keys. Following an empty Ref throws
/// DoesNotExist.
template <class M>
class Ref {
public:
    using Model = M;

    Ref() noexcept = default;
    Ref(std::nullptr_t) noexcept {}
    /// For the library: takes over a hold on a row of `M`.
    explicit Ref(detail::RowHandle row) noexcept : row_(std::move(row)) {}

    M& operator*() const { return *checked(); }
    M* operator->() const { return checked(); }
    /// The row's address; null for an empty Ref.
    M* get() const noexcept { return static_cast<M*>(row_.get()); }
    explicit operator bool() const noexcept { return row_.get() != nullptr; }

    friend bool operator==(const Ref& a, const Ref& b) noexcept { return a.get() == b.get(); }
    friend bool operator==(const Ref& a, std::nullptr_t) noexcept { return a.get() == nullptr; }

private:
    M* checked() const {
        if (row_.get() == nullptr) detail::throw_empty_ref(detail::unqualified(detail::type_name<M>()));
        return get();
    }

    detail::RowHandle row_{};
};

namespace detail {

template <class M>
std::vector<Ref<M>> refs_of(RowSpan rows) {
    std::vector<Ref<M>> refs;
    refs.reserve(rows.size);
    for (std::size_t i = 0; i < rows.size; ++i) refs.emplace_back(RowHandle(rows.data[i]));
    return refs;
}

template <class T>
inline constexpr bool is_ref = false;
template <class M>
inline constexpr bool is_ref<Ref<M>> = true;
} // namespace detail

} // namespace kith

template <class M>
struct std::hash<kith::Ref<M>> {
    std::size_t operator()(const kith::Ref<M>& ref) const noexcept { return std::hash<M*>{}(ref.get()); }
};
