#pragma once

#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_range.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/limits.hpp>
#include <kith/prefetch.hpp>

#include <chrono>
#include <cstddef>
#include <source_location>
#include <stop_token>
#include <utility>
#include <vector>

namespace kith {

/// The rows of a raw statement, `db.objects<Person>().raw("SELECT …")`: lazy, evaluated once, a random-access range of
/// `M&`. Lookups are loaded as for a QuerySet. Refinements that would change the statement are not offered.
template <class M>
class RawQuerySet : public detail::RowRange<M> {
    using Related = detail::PrefetchArgument<M>;

public:
    /// Internal.
    explicit RawQuerySet(detail::QueryHandle handle) noexcept : detail::RowRange<M>(std::move(handle)) {}

    /// As QuerySet::prefetch_related, for up to eight lookups. No statement.
    RawQuerySet prefetch_related(Related a = {}, Related b = {}, Related c = {}, Related d = {}, Related e = {},
                                 Related f = {}, Related g = {}, Related h = {}) const {
        const detail::LookupArgument list[]{a, b, c, d, e, f, g, h};
        return RawQuerySet(detail::prefetched(handle_, list));
    }
    /// Uses another database, or a transaction. No statement.
    RawQuerySet on(const Database& db) const { return RawQuerySet(handle_.on(db)); }
    /// Sets what reading a relation or Lazy column of these rows that was not loaded does. No statement.
    RawQuerySet fetch_mode(FetchMode mode) const { return RawQuerySet(handle_.fetch_mode(mode)); }
    /// As QuerySet::deadline. No statement.
    RawQuerySet deadline(std::chrono::milliseconds longest, std::stop_token token = {}) const {
        return RawQuerySet(handle_.deadline(longest, std::move(token)));
    }
    /// As QuerySet::stop. No statement.
    RawQuerySet stop(std::stop_token token) const { return RawQuerySet(handle_.stop(std::move(token))); }
    /// As QuerySet::limits. No statement.
    RawQuerySet limits(const Limits& limits) const { return RawQuerySet(handle_.limits(limits)); }
    /// The same statement without its cache. No statement; using it queries the database again.
    RawQuerySet all() const { return RawQuerySet(handle_.all()); }

private:
    using detail::RowRange<M>::handle_;
};

} // namespace kith
