#pragma once

#include <kith/query_set.hpp>

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace kith {

namespace detail {

/// The rows of a page, a random-access range of `M&` that was evaluated.
template <class M>
class PageRows {
public:
    /// The model of the rows.
    using Model = M;
    using value_type = M;

    explicit PageRows(QueryHandle handle) noexcept : rows_(std::move(handle)) {}

    RowIterator<M> begin() const { return rows_.begin(); }
    RowIterator<M> end() const { return rows_.end(); }
    /// Returns the number of rows.
    std::size_t size() const { return rows_.size(); }
    /// Whether there are no rows.
    bool empty() const { return rows_.empty(); }
    /// Row `index`, counted from 0. Throws ValueError beyond the end.
    M& operator[](std::size_t index) const { return rows_[index]; }
    /// Returns the rows as Refs, to sort and to keep.
    std::vector<Ref<M>> rows() const { return rows_.rows(); }

private:
    QuerySet<M> rows_;
};

} // namespace detail

/// A page of rows: what QuerySet::page() returns. Its functions run no statement.
template <class M>
class Page : public detail::PageRows<M> {
public:
    /// Internal.
    explicit Page(detail::QueryHandle::KeyPage page) noexcept
        : detail::PageRows<M>(std::move(page.rows)), next_(std::move(page.next)), previous_(std::move(page.previous)) {}

    /// Returns the token for the page behind, to be given as PageOptions::after; empty at the end. It is made of
    /// letters, digits, `-` and `_`, and contains the values of the last row that order it: whoever has the token can
    /// read them.
    const std::string& next() const noexcept { return next_; }
    /// Returns the token for the page before, to be given as PageOptions::before; empty at the beginning. As next(), of
    /// the first row.
    const std::string& previous() const noexcept { return previous_; }

private:
    std::string next_;
    std::string previous_;
};

/// A page by its number: what QuerySet::paginate() returns. Its functions run no statement.
template <class M>
class NumberedPage : public detail::PageRows<M> {
public:
    /// Internal.
    NumberedPage(detail::QueryHandle::NumberedPage page, std::size_t number, std::size_t size) noexcept
        : detail::PageRows<M>(std::move(page.rows)), count_(page.count), number_(number), page_size_(size) {}

    /// Returns the number of the page, counted from 1.
    std::size_t number() const noexcept { return number_; }
    /// Returns the number of rows on all pages, at the moment at which the rows were read.
    std::int64_t count() const noexcept { return count_; }
    /// Returns the number of pages; 1 if there are no rows.
    std::size_t pages() const noexcept {
        const auto rows = static_cast<std::size_t>(count_);
        return rows == 0 ? 1 : (rows - 1) / page_size_ + 1;
    }
    /// Whether there is a page behind this one.
    bool has_next() const noexcept { return number_ < pages(); }
    /// Whether there is a page before this one.
    bool has_previous() const noexcept { return number_ > 1; }

private:
    std::int64_t count_;
    std::size_t number_;
    std::size_t page_size_;
};

template <class M>
Page<M> QuerySet<M>::page(const PageOptions& options, std::source_location where) const {
    return Page<M>(handle_.page(options, where));
}

template <class M>
NumberedPage<M> QuerySet<M>::paginate(std::size_t number, std::size_t size, std::source_location where) const {
    return NumberedPage<M>(handle_.numbered_page(number, size, where), number, size);
}

} // namespace kith
