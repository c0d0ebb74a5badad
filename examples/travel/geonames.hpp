#pragma once

#include <kith/kith.hpp>

#include <cstddef>
#include <functional>

namespace travel {

struct WorldSize {
    std::size_t provinces{0};
    std::size_t cities{0};
};

/// What the extract holds (data/README.md).
inline constexpr WorldSize whole_world{.provinces = 3'775, .cities = 170'691};

/// Writes the provinces and cities of the GeoNames extract, in one transaction. `loaded` hears of
/// every batch how many cities it wrote. Throws std::runtime_error when the extract cannot be
/// read.
WorldSize load_world(const kith::Database& db, const std::function<void(std::size_t)>& loaded);

} // namespace travel
