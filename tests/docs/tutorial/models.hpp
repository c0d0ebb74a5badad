#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>

using namespace kith::literals; // "price"_f

struct OrderLine;

struct Category {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<60>> name{};
};

struct Product {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<32>> sku{};
    kith::Field<std::string, kith::max_length<120>> name{};
    kith::Decimal price{}; // exact digits
    std::int64_t stock{};
    kith::ForeignKey<Category, kith::on_delete<kith::OnDelete::restrict>> category{}; // a column category_id
    kith::Field<std::int64_t, kith::row_version> version{};                           // counts the writes

    kith::Faults<Product> validate() const {
        kith::Faults<Product> faults;
        if (sku->empty()) faults.add("sku", "must be given");
        if (price < kith::Decimal(0) || price != price.rounded(2))
            faults.add("price", "must be whole cents, from 0 on");
        if (stock < 0 || stock > 1'000'000) faults.add("stock", "must be 0 to 1000000");
        return faults;
    }
};

struct Order {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::max_length<200>> email{};
    kith::ReverseSet<OrderLine, "order"> lines{};           // the other end of OrderLine::order
    kith::Annotation<std::optional<kith::Decimal>> total{}; // no column: annotate() computes it
};

struct OrderLine {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Order> order{};
    kith::ForeignKey<Product, kith::on_delete<kith::OnDelete::restrict>> product{};
    std::int64_t quantity{};
    kith::Decimal price{}; // when it was ordered
};
