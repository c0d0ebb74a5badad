#pragma once

#include <kith/kith.hpp>

#include <cstddef>
#include <functional>

namespace travel {

inline constexpr std::size_t visits_per_person = 5;

/// Makes `people` people, each with a hometown, a place to live and five visited cities out of
/// cities 1 to `cities`. The same people every time. `made` hears of every batch how many it
/// wrote.
void make_crowd(const kith::Database& db, std::size_t people, std::size_t cities,
                const std::function<void(std::size_t)>& made);

} // namespace travel
