#pragma once

#include <cstddef>
#include <string_view>

namespace kith {

/// Which page QuerySet::page() loads, `page({.size = 20, .after = token})`. The tokens are those of another page.
struct PageOptions {
    std::size_t size{20};      ///< the maximum number of rows, at least 1
    std::string_view after{};  ///< Page::next() of the page before; empty: from the beginning
    std::string_view before{}; ///< Page::previous() of the page behind; empty: none
};

} // namespace kith
