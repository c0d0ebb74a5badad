#include "rows/graph.hpp"
#include "rows/page.hpp"

#include <kith/detail/core/row_handle.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::detail {

void hold_row(const void* row) noexcept {
    if (row != nullptr) rows::Page::of(row).segment_of(row).hold();
}

void release_row(const void* row) noexcept {
    if (row != nullptr) rows::Page::of(row).segment_of(row).release();
}

void throw_empty_ref(std::string_view model) {
    throw DoesNotExist(
        fmt::format("an empty Ref<{}> was followed: test it first, as first() returns one if there is no row", model),
        {.model = std::string(model)});
}

} // namespace kith::detail
