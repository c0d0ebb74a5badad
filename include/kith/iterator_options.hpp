#pragma once

#include <cstddef>
#include <optional>

namespace kith {

/// Options of QuerySet::iterator: `iterator({.chunk_size = 2000, .snapshot = true})`.
struct IteratorOptions {
    /// The number of rows that are fetched and prefetched together, at least 1. After prefetch_related it is required,
    /// as in Django; otherwise the default is 2,000.
    std::optional<std::size_t> chunk_size{};
    /// Whether the whole stream sees one state of the database, instead of one for each statement.
    bool snapshot{false};
};

} // namespace kith
