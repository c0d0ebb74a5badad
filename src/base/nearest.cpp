#include "base/nearest.hpp"

#include <kith/detail/check/nearest.hpp>

namespace kith {

std::string_view nearest(std::string_view wanted, std::span<const std::string_view> names) {
    const auto found = detail::nearest_index(wanted, names);
    return found == names.size() ? std::string_view() : names[found];
}

} // namespace kith
