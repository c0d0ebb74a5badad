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

/// The rows of a QuerySet or RawQuerySet of `M`. The first use runs the statement, and those of the lookups; later uses
/// run none.
template <class M>
class RowRange {
public:
    using Model = M;
    using value_type = M;

    /// A random-access range of `M&`.
    RowIterator<M> begin(std::source_location where = std::source_location::current()) const {
        return RowIterator<M>(handle_.rows(where).data);
    }
    RowIterator<M> end(std::source_location where = std::source_location::current()) const {
        const auto rows = handle_.rows(where);
        return RowIterator<M>(rows.data + rows.size);
    }
    std::size_t size(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size;
    }
    bool empty(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size == 0;
    }
    /// Row `index`; evaluates the whole QuerySet. Throws ValueError beyond the end. A temporary QuerySet returns a Ref
    /// instead of a reference, because its rows would go with it.
    M& operator[](std::size_t index) const& { return *static_cast<M*>(handle_.at(index)); }
    Ref<M> operator[](std::size_t index) const&& { return Ref<M>(RowHandle(handle_.at(index))); }
    /// The rows as handles, to sort and to keep.
    std::vector<Ref<M>> rows(std::source_location where = std::source_location::current()) const {
        return refs_of<M>(handle_.rows(where));
    }

    /// The rows as a stream, `iterator({.chunk_size = 2000})`: nothing is cached, and the lookups of prefetch_related
    /// are loaded per chunk, so 1 + chunks × lookups statements. A hold on a row of a chunk holds the chunk: see
    /// Stream. Throws ValueError after prefetch_related without a chunk size.
    Stream<M> iterator(IteratorOptions options = {},
                       std::source_location where = std::source_location::current()) const {
        return Stream<M>(handle_.iterator(options, where));
    }

    /// The main statement, without running it.
    std::string sql() const { return handle_.sql(); }
    /// What would be loaded, in which order and by how many statements; after evaluation, what was. No statement.
    LoadingPlan loading_plan() const { return handle_.loading_plan(); }
    /// The same as text.
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
