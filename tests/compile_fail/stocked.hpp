#pragma once

#include <kith/kith.hpp>

using namespace kith::literals;

struct Shop {
    kith::PrimaryKey<> id{};
};
struct Stocked {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique> sku{};
    kith::ForeignKey<Shop> shop{};
    std::int32_t number{};
    std::int32_t price{};

    static constexpr kith::Table table{.unique = {{"shop", "number"}}};
};
