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

constexpr std::int64_t most_pieces = 1'000'000'000; // of a product in stock: no sum of pieces overflows

/// Whether this can be paid: not negative, not beyond a million, and nothing behind the cents.
inline bool is_amount(const kith::Decimal& price) {
    return price >= kith::Decimal(0) && price <= kith::Decimal(1'000'000) && price.str().size() < 100 &&
           price == price.rounded(2);
}

struct Product;
struct Order;
struct OrderLine;
struct Review;

struct Category {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<60>> name{};
    kith::ForeignKey<Category, kith::null> parent{}; // null at the top of the tree
    kith::ReverseSet<Category, "parent"> children{};

    kith::Faults<Category> validate() const {
        if (name->empty()) return {"name", "must be given"};
        return {};
    }
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
    kith::Field<std::int64_t, kith::row_version> version{}; // who has read an older one cannot save it
    kith::ManyToMany<Tag> tags{};
    kith::ReverseSet<Review, "product"> reviews{};
    kith::ReverseSet<OrderLine, "product"> sales{};
    kith::Annotation<std::optional<double>> stars{}; // no column: the average of the reviews

    static constexpr kith::Table table{.ordering = {"name", "id"}};

    kith::Faults<Product> validate() const {
        kith::Faults<Product> faults;
        if (sku->empty()) faults.add("sku", "must be given");
        if (name->empty()) faults.add("name", "must be given");
        if (!is_amount(*price)) faults.add("price", "must be 0 to 1000000, with at most two digits behind the point");
        if (stock < 0 || stock > most_pieces) faults.add("stock", "must be 0 to 1000000000");
        return faults;
    }
};

struct Customer {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<200>> email{};
    kith::Field<std::string, kith::max_length<100>> name{};
    kith::Field<std::string, kith::hidden> note{}; // for the shop's staff: never in JSON
    kith::ReverseSet<Order, "customer"> orders{};

    kith::Faults<Customer> validate() const {
        kith::Faults<Customer> faults;
        if (email->empty()) faults.add("email", "must be given");
        if (name->empty()) faults.add("name", "must be given");
        return faults;
    }
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

    kith::Faults<OrderLine> validate() const {
        if (quantity < 1 || quantity > 1000) return {"quantity", "must be 1 to 1000"};
        return {};
    }
};

struct Review {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Product> product{};
    kith::ForeignKey<Customer> customer{};
    std::int32_t stars{};
    kith::Field<std::string, kith::max_length<1000>> text{};

    static constexpr kith::Table table{.ordering = {"-id"}, .unique = {{"product", "customer"}}};

    kith::Faults<Review> validate() const {
        if (stars < 1 || stars > 5) return {"stars", "must be 1 to 5"};
        return {};
    }
};

} // namespace shop
