#include <kith/detail/core/engine.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <string>

namespace kith::detail {

void throw_empty_ref(std::string_view model) {
    throw DoesNotExist(
        fmt::format("an empty Ref<{}> was followed: test it first, as first() gives one when there is no row", model),
        {.model = std::string(model)});
}

} // namespace kith::detail
