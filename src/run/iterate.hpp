#pragma once

#include "query/query.hpp"

#include <kith/detail/core/stream_handle.hpp>
#include <kith/iterator_options.hpp>

#include <memory>
#include <source_location>

namespace kith::run {

/// Streams `query`: nothing is cached, and each chunk is a graph of its own, prefetched as a whole. Throws ValueError
/// if there are lookups and no chunk size, or if the size is zero. The first statement runs at the first row.
detail::StreamHandle iterate(std::shared_ptr<const detail::Query> query, const IteratorOptions& options,
                             std::source_location where);

} // namespace kith::run
