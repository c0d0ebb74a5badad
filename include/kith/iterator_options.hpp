#pragma once

#include <cstddef>
#include <optional>

namespace kith {

/// `iterator({.chunk_size = 2000, .snapshot = true})`.
struct IteratorOptions {
    /// Rows taken from the database at a time, and prefetched together. Required after prefetch_related.
    std::optional<std::size_t> chunk_size{};
    /// One view of the database for the whole stream rather than for each statement.
    bool snapshot{false};
};

} // namespace kith
