#pragma once

#include <kith/detail/core/row_handle.hpp>
#include <kith/detail/reflect/member_names.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace kith {

/// A shared handle of one row. It keeps the row alive, together with everything that the row reaches. Functions that
/// find or create a single row return one; QuerySet::rows() returns one for each row, to sort and to keep. One pointer
/// wide; never costs a statement.
///
/// Two Refs are equal if they refer to the same row in memory, not if the keys are equal. Following an empty Ref throws
/// DoesNotExist.
template <class M>
class Ref {
public:
    /// The model of the row.
    using Model = M;

    /// An empty Ref.
    Ref() noexcept = default;
    Ref(std::nullptr_t) noexcept {}
    /// Internal: takes over a hold on a row of `M`.
    explicit Ref(detail::RowHandle row) noexcept : row_(std::move(row)) {}

    /// The row. Throws DoesNotExist if the Ref is empty.
    M& operator*() const { return *checked(); }
    M* operator->() const { return checked(); }
    /// Returns the address of the row, or null if the Ref is empty. No statement.
    M* get() const noexcept { return static_cast<M*>(row_.get()); }
    /// Whether there is a row.
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

/// Hashes the address of the row.
template <class M>
struct std::hash<kith::Ref<M>> {
    std::size_t operator()(const kith::Ref<M>& ref) const noexcept { return std::hash<M*>{}(ref.get()); }
};
