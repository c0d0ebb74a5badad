#pragma once

#include <cstddef>

namespace kith {

/// How much one call may load: `limits({.rows = 1000, .related_rows = 50'000})`. 0 means no limit. A call that would
/// exceed one throws LimitExceeded as soon as the row arrives that is too much.
struct Limits {
    std::size_t rows{0};         ///< rows of main statements
    std::size_t related_rows{0}; ///< rows of the statements of lookups, links of a many-to-many included
    std::size_t bytes{0};        ///< the values of all these rows, as QueryLog::Entry::bytes counts them
    std::size_t statements{0};   ///< statements, including those of lookups

    friend bool operator==(const Limits&, const Limits&) = default;
};

} // namespace kith
