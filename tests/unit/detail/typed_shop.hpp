#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Models with every kind of member, in circles, for the tests of the typed shell.
namespace typed_shop {

using namespace kith::literals;

struct Author;
struct Book;
struct Passport;
struct Sale;
struct Shop;

enum class Kind : std::uint8_t { novel, poem };
enum class Shelf : std::int16_t { top, bottom };

struct Author {
    kith::PrimaryKey<kith::Uuid> id{};
    kith::Field<std::string, kith::unique, kith::max_length<50>> name{};
    kith::ForeignKey<Author, kith::null, kith::on_delete<kith::OnDelete::set_null>> mentor{};
    kith::ReverseSet<Author, "mentor"> pupils{};
    kith::ReverseSet<Book, "author"> books{};
    kith::ReverseOne<Passport, "owner"> passport{};
    kith::PrefetchedSet<Book> poems{};
    kith::PrefetchedOne<Author> known_mentor{};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::optional<double> price{};
    std::int32_t stock{};
    std::uint64_t sold{};
    bool available{};
    Kind kind{};
    kith::Date printed{};
    kith::Timestamp read_at{};
    kith::Decimal cost{};
    kith::Json extra{};
    std::vector<std::byte> cover{};
    kith::ForeignKey<Author, kith::column<"writer">> author{};
    kith::ReverseSet<Shop, "books"> shops{};

    static constexpr kith::Table table{.name = "books", .ordering = {"-title", "id"}, .indexes = {{"stock", "sold"}}};
};

struct Shop {
    kith::PrimaryKey<std::string> code{};
    kith::ManyToMany<Book, kith::through<Sale, "shop", "book">> books{};
    kith::ManyToMany<Author, kith::join_table<"guests">> guests{};
    kith::ForeignKey<Author, kith::to_field<"name">, kith::null> owner{};
};

struct Sale {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Shop> shop{};
    kith::ForeignKey<Book> book{};
    kith::Field<std::int64_t, kith::server_default> number{};
    kith::Field<std::string, kith::generated> label{};
};

struct Passport {
    kith::OneToOne<Author, kith::primary_key> owner{};
    std::string number{};
};

/// A view: no key, only read.
struct Report {
    std::string title{};
    std::int64_t count{};

    static constexpr kith::Table table{.schema = "stats", .read_only = true};
};

struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
    std::optional<Shelf> shelf{};
};

} // namespace typed_shop
