#pragma once

#include <cstddef>
#include <functional>

namespace kith {

/// How bulk_create() runs: `bulk_create(rows, {.progress = [](std::size_t done, std::size_t all) { … }})`.
struct BulkCreateOptions {
    /// Called after each statement with the number of rows that are done, the last time before COMMIT. If it throws,
    /// no row is kept, and an `atomic` block around the call is rolled back as well.
    std::function<void(std::size_t done, std::size_t all)> progress{};
};

} // namespace kith
