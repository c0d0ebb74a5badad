#pragma once

#include <compare>
#include <cstddef>
#include <iterator>

namespace kith::detail {

/// Iterates over the rows of an array of addresses. Valid while the graph of the rows is held.
template <class M>
class RowIterator {
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = M;
    using difference_type = std::ptrdiff_t;
    using pointer = M*;
    using reference = M&;

    RowIterator() noexcept = default;
    explicit RowIterator(void* const* at) noexcept : at_(at) {}

    M& operator*() const noexcept { return *static_cast<M*>(*at_); }
    M* operator->() const noexcept { return static_cast<M*>(*at_); }
    M& operator[](difference_type n) const noexcept { return *static_cast<M*>(at_[n]); }

    RowIterator& operator++() noexcept { return *this += 1; }
    RowIterator& operator--() noexcept { return *this += -1; }
    RowIterator operator++(int) noexcept { return RowIterator(at_++); }
    RowIterator operator--(int) noexcept { return RowIterator(at_--); }
    RowIterator& operator+=(difference_type n) noexcept {
        at_ += n;
        return *this;
    }
    RowIterator& operator-=(difference_type n) noexcept { return *this += -n; }

    friend RowIterator operator+(RowIterator a, difference_type n) noexcept { return a += n; }
    friend RowIterator operator+(difference_type n, RowIterator a) noexcept { return a += n; }
    friend RowIterator operator-(RowIterator a, difference_type n) noexcept { return a -= n; }
    friend difference_type operator-(RowIterator a, RowIterator b) noexcept { return a.at_ - b.at_; }
    friend bool operator==(RowIterator, RowIterator) noexcept = default;
    friend auto operator<=>(RowIterator, RowIterator) noexcept = default;

private:
    void* const* at_{nullptr};
};

} // namespace kith::detail
