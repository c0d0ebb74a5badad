#pragma once

#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_iterator.hpp>
#include <kith/iterator_options.hpp>
#include <kith/ref.hpp>
#include <kith/stream.hpp>

#include <cstddef>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace kith::detail {

/// The rows of a QuerySet or RawQuerySet of `M`. Their first use runs the statement, and those of the lookups; later
/// uses run none.
template <class M>
class RowRange {
public:
    /// The model of the rows.
    using Model = M;
    using value_type = M;

    /// The rows as a random-access range of `M&`. The first use runs the statement, and those of the lookups.
    RowIterator<M> begin(std::source_location where = std::source_location::current()) const {
        return RowIterator<M>(handle_.rows(where).data);
    }
    RowIterator<M> end(std::source_location where = std::source_location::current()) const {
        const auto rows = handle_.rows(where);
        return RowIterator<M>(rows.data + rows.size);
    }
    /// Returns the number of rows. The first use runs the statement, and those of the lookups.
    std::size_t size(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size;
    }
    /// Whether there are no rows. The first use runs the statement, and those of the lookups.
    bool empty(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size == 0;
    }
    /// Row `index`, counted from 0. The first use runs the statement for all rows, and those of the lookups; unlike in
    /// Django, it does not fetch one row alone. Throws ValueError beyond the end. A temporary QuerySet returns a Ref
    /// instead of a reference, because its rows would end with it.
    M& operator[](std::size_t index) const& { return *static_cast<M*>(handle_.at(index)); }
    Ref<M> operator[](std::size_t index) const&& { return Ref<M>(RowHandle(handle_.at(index))); }
    /// Returns the rows as Refs, to sort and to keep. The first use runs the statement, and those of the lookups.
    std::vector<Ref<M>> rows(std::source_location where = std::source_location::current()) const {
        return refs_of<M>(handle_.rows(where));
    }

    /// Returns the rows as a stream, `iterator({.chunk_size = 2000})`: nothing is cached, and lookups are loaded for
    /// each chunk, with 1 + chunks × lookups statements, from Stream::begin() on. Holding a row holds its chunk: see
    /// Stream. Throws ValueError for a chunk size of 0, and without a chunk size after prefetch_related.
    Stream<M> iterator(IteratorOptions options = {},
                       std::source_location where = std::source_location::current()) const {
        return Stream<M>(handle_.iterator(options, where));
    }

    /// Returns the text of the main statement. Runs no statement.
    std::string sql() const { return handle_.sql(); }
    /// Returns what would be loaded, in which order and with how many statements; after the evaluation, also what was.
    /// No statement.
    LoadingPlan loading_plan() const { return handle_.loading_plan(); }
    /// Returns loading_plan() as text. No statement.
    std::string explain_loading() const { return loading_plan().text(); }

protected:
    RowRange() noexcept = default;
    explicit RowRange(QueryHandle handle) noexcept : handle_(std::move(handle)) {}
    RowRange(const RowRange&) = default;
    RowRange(RowRange&&) = default;
    RowRange& operator=(const RowRange&) = default;
    RowRange& operator=(RowRange&&) = default;
    ~RowRange() = default;

    QueryHandle handle_;
};

} // namespace kith::detail
