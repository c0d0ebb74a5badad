#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// Models with every kind of member, which refer to each other.
namespace library {

using namespace kith::literals;

struct Author;
struct Book;
struct Club;
struct Loan;
struct Membership;
struct Portrait;
struct Remark;

enum class Cover : std::uint8_t { hard, soft };

struct Country {
    kith::PrimaryKey<std::string> code{};
    std::string name{};
    kith::ReverseSet<Author, "country"> authors{};
};

struct Author {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<50>> name{};
    std::optional<kith::Date> born{};
    kith::Lazy<std::string> biography{};
    kith::ForeignKey<Country, kith::null> country{};
    kith::ForeignKey<Author, kith::null, kith::on_delete<kith::OnDelete::set_null>> mentor{};
    kith::ReverseSet<Author, "mentor"> pupils{};
    kith::ReverseSet<Book, "author"> books{};
    kith::ReverseOne<Portrait, "sitter"> portrait{};
    kith::ManyToMany<Author, kith::symmetrical> friends{};
    kith::ReverseSet<Club, "members"> clubs{};
    kith::ReverseGeneric<Remark, "about"> remarks{};
    kith::PrefetchedSet<Book> early_books{};
    kith::PrefetchedOne<Author> first_mentor{};
    kith::Annotation<std::int64_t> book_count{};
};

struct Genre {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string name{};
    kith::ReverseSet<Book, "genres"> books{};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::optional<double> price{};
    kith::Decimal cost{};
    std::int32_t pages{};
    kith::Timestamp printed{};
    kith::Lazy<std::string> text{};
    kith::ForeignKey<Author, kith::column<"writer">> author{};
    kith::ManyToMany<Genre> genres{};
    kith::ReverseSet<Loan, "book"> loans{};
    kith::ReverseGeneric<Remark, "about"> remarks{};
    kith::Annotation<std::optional<std::int32_t>> longest_loan{};

    static constexpr kith::Table table{.name = "books", .ordering = {"-title", "author__name", "id"}};
};

/// A one-to-one that is the primary key.
struct Portrait {
    kith::OneToOne<Author, kith::primary_key> sitter{};
    std::string painter{};
    kith::Lazy<std::string> scan{};
};

struct Club {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Author, kith::through<Membership, "club", "member">> members{};
    kith::ReverseSet<Membership, "club"> memberships{};
};

struct Membership {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Club> club{};
    kith::ForeignKey<Author, kith::to_field<"name">> member{};
    std::int64_t year{}; // as the lookup
};

/// A primary key of two columns.
struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
    std::string view{};
    kith::ReverseSet<Loan, "seat"> loans{};
};

struct Loan {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Book> book{};
    std::int32_t days{};
    std::optional<std::int32_t> seat_row{};
    std::optional<std::int32_t> seat_number{};
    kith::ForeignKey<Seat, kith::from_fields<"seat_row", "seat_number">> seat{};
    std::optional<Cover> cover{};

    static constexpr kith::Table table{.unique = {{"book", "days"}}, .indexes = {{"days", "cover"}}};
};

struct Remark {
    kith::PrimaryKey<> id{};
    std::string words{};
    kith::GenericForeignKey<Book, Author> about{};
};

/// A view: no key, only read.
struct Report {
    std::string title{};
    std::int64_t count{};

    static constexpr kith::Table table{.schema = "stats", .read_only = true};
};

} // namespace library
