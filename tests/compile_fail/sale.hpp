#pragma once

#include <kith/kith.hpp>

using namespace kith::literals;

struct Sale {
    kith::PrimaryKey<> id{};
    kith::Decimal price{};
    double weight{};
    std::uint64_t views{};
};
