#pragma once

#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_iterator.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/prefetch.hpp>
#include <kith/ref.hpp>
#include <kith/stream.hpp>

#include <cstddef>
#include <source_location>
#include <utility>
#include <vector>

namespace kith {

/// The rows of a statement of one's own, `db.objects<Person>().raw("SELECT …")`: lazy, evaluated once, a random-access
/// range of `M&`, with lookups loaded behind them as for a QuerySet. What would change the statement is not there.
template <class M>
class RawQuerySet {
    using Related = detail::PrefetchArgument<M>;

public:
    using Model = M;
    using value_type = M;

    /// For the library.
    explicit RawQuerySet(detail::QueryHandle handle) noexcept : handle_(std::move(handle)) {}

    /// As QuerySet::prefetch_related.
    RawQuerySet prefetch_related(Related a = {}, Related b = {}, Related c = {}, Related d = {}, Related e = {},
                                 Related f = {}, Related g = {}, Related h = {}) const {
        const detail::LookupArgument list[]{a, b, c, d, e, f, g, h};
        return RawQuerySet(detail::prefetched(handle_, list));
    }
    /// Asks another database, or a transaction.
    RawQuerySet on(const Database& db) const { return RawQuerySet(handle_.on(db)); }
    /// What happens when a relation of these rows is read that was not loaded.
    RawQuerySet fetch_mode(FetchMode mode) const { return RawQuerySet(handle_.fetch_mode(mode)); }
    /// The same statement without its rows: using it asks the database again.
    RawQuerySet all() const { return RawQuerySet(handle_.all()); }

    detail::RowIterator<M> begin(std::source_location where = std::source_location::current()) const {
        return detail::RowIterator<M>(handle_.rows(where).data);
    }
    detail::RowIterator<M> end(std::source_location where = std::source_location::current()) const {
        const auto rows = handle_.rows(where);
        return detail::RowIterator<M>(rows.data + rows.size);
    }
    std::size_t size(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size;
    }
    bool empty(std::source_location where = std::source_location::current()) const {
        return handle_.rows(where).size == 0;
    }
    /// Row `index`; ValueError beyond the end. A temporary gives a Ref instead of a reference.
    M& operator[](std::size_t index) const& { return *static_cast<M*>(handle_.at(index)); }
    Ref<M> operator[](std::size_t index) const&& { return Ref<M>(detail::RowHandle(handle_.at(index))); }
    /// The rows as handles, to sort and to keep.
    std::vector<Ref<M>> rows(std::source_location where = std::source_location::current()) const {
        return detail::refs_of<M>(handle_.rows(where));
    }
    /// As QuerySet::iterator.
    Stream<M> iterator(IteratorOptions options = {},
                       std::source_location where = std::source_location::current()) const {
        return Stream<M>(handle_.iterator(options, where));
    }

    /// The statement.
    std::string sql() const { return handle_.sql(); }
    /// As those of QuerySet.
    LoadingPlan loading_plan() const { return handle_.loading_plan(); }
    std::string explain_loading() const { return loading_plan().text(); }

private:
    detail::QueryHandle handle_;
};

} // namespace kith
