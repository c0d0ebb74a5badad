#pragma once

#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_range.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/prefetch.hpp>

#include <cstddef>
#include <source_location>
#include <utility>
#include <vector>

namespace kith {

/// The rows of a statement of one's own, `db.objects<Person>().raw("SELECT …")`: lazy, evaluated once, a random-access
/// range of `M&`, with lookups loaded behind them as for a QuerySet. What would change the statement is not there.
template <class M>
class RawQuerySet : public detail::RowRange<M> {
    using Related = detail::PrefetchArgument<M>;

public:
    /// For the library.
    explicit RawQuerySet(detail::QueryHandle handle) noexcept : detail::RowRange<M>(std::move(handle)) {}

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

private:
    using detail::RowRange<M>::handle_;
};

} // namespace kith
