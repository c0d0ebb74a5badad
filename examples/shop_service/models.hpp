#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// The tables of the shop: plain structs, whose members are columns and relations.
namespace shop {

enum class OrderState : std::uint8_t { placed, cancelled };

} // namespace shop

template <>
struct kith::EnumNames<shop::OrderState> {
    static constexpr kith::EnumName<shop::OrderState> names[]{{shop::OrderState::placed, "placed"},
                                                              {shop::OrderState::cancelled, "cancelled"}};
};

namespace shop {

using namespace kith::literals; // "price"_f

struct Product;
struct Order;
struct OrderLine;
struct Review;

struct Category {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<60>> name{};
    kith::ForeignKey<Category, kith::null> parent{}; // null at the top of the tree
    kith::ReverseSet<Category, "parent"> children{};
};

struct Tag {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> name{};
};

struct Product {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<32>> sku{};
    kith::Field<std::string, kith::max_length<120>> name{};
    kith::Field<kith::Decimal, kith::indexed> price{};
    std::int64_t stock{};
    kith::ForeignKey<Category, kith::on_delete<kith::OnDelete::restrict>> category{};
    kith::ManyToMany<Tag> tags{};
    kith::ReverseSet<Review, "product"> reviews{};
    kith::ReverseSet<OrderLine, "product"> sales{};
    kith::Annotation<std::optional<double>> stars{}; // no column: the average of the reviews

    static constexpr kith::Table table{.ordering = {"name", "id"}};
};

struct Customer {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<200>> email{};
    kith::Field<std::string, kith::max_length<100>> name{};
    kith::Field<std::string, kith::hidden> note{}; // for the shop's staff: never in JSON
    kith::ReverseSet<Order, "customer"> orders{};
};

struct Order {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Customer, kith::on_delete<kith::OnDelete::restrict>> customer{};
    kith::Field<OrderState, kith::max_length<20>> state{};
    kith::Field<kith::Timestamp, kith::indexed> placed{};
    kith::ReverseSet<OrderLine, "order"> lines{};
    kith::Annotation<std::optional<kith::Decimal>> total{}; // no column: the sum of the lines

    static constexpr kith::Table table{.ordering = {"-placed", "-id"}};
};

struct OrderLine {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Order> order{};
    kith::ForeignKey<Product, kith::on_delete<kith::OnDelete::restrict>> product{};
    std::int64_t quantity{};
    kith::Decimal price{}; // of one piece, when the order was placed
};

struct Review {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Product> product{};
    kith::ForeignKey<Customer> customer{};
    std::int32_t stars{};
    kith::Field<std::string, kith::max_length<1000>> text{};

    static constexpr kith::Table table{.ordering = {"-id"}, .unique = {{"product", "customer"}}};
};

} // namespace shop
