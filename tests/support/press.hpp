#pragma once

#include <kith/kith.hpp>

#include <optional>
#include <string>

/// A press with every kind of relation: keys of text and Uuid, keys that refer to other columns than the primary key, a
/// one-to-one that is the primary key, relations of a model to itself, and a join model with columns of its own.
namespace press {

struct Author;
struct Biography;
struct Book;
struct Cover;
struct Listing;
struct Note;
struct Review;
struct Shop;

struct Country {
    kith::PrimaryKey<std::string> code{};
    std::string name{};
    kith::ReverseSet<Author, "country"> authors{};
    kith::PrefetchedSet<Author> some_authors{};

    static constexpr kith::Table table{.name = "press_country", .ordering = {"code"}};
};

struct Publisher {
    kith::PrimaryKey<kith::Uuid> id{};
    kith::Field<std::string, kith::unique> name{};
    kith::ReverseSet<Book, "publisher"> books{};
    kith::PrefetchedSet<Book> some_books{};

    static constexpr kith::Table table{.name = "press_publisher", .ordering = {"name"}};
};

struct Author {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique> name{};
    std::int64_t born{};
    kith::ForeignKey<Country, kith::null> country{};
    kith::ForeignKey<Author, kith::null> mentor{};
    kith::ReverseSet<Author, "mentor"> pupils{};
    kith::ManyToMany<Author> follows{};
    kith::ReverseSet<Author, "follows"> followers{};
    kith::ReverseSet<Book, "authors"> books{};
    kith::ReverseOne<Biography, "author"> biography{};
    kith::PrefetchedSet<Book> some_books{};
    kith::PrefetchedSet<Author> some_pupils{};
    kith::PrefetchedOne<Country> some_country{};
    kith::PrefetchedOne<Biography> some_biography{};
    kith::Annotation<std::int64_t> book_count{};

    static constexpr kith::Table table{.name = "press_author", .ordering = {"id"}};
};

/// Its primary key is the author's name: a one-to-one that refers to another column than the key.
struct Biography {
    kith::OneToOne<Author, kith::primary_key, kith::to_field<"name">> author{};
    std::string text{};
    kith::ReverseSet<Note, "biography"> notes{};

    static constexpr kith::Table table{.name = "press_biography", .ordering = {"text"}};
};

struct Note {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::ForeignKey<Biography, kith::null> biography{};

    static constexpr kith::Table table{.name = "press_note", .ordering = {"-id"}};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::int64_t pages{};
    kith::ForeignKey<Publisher, kith::null, kith::to_field<"name">> publisher{};
    kith::ManyToMany<Author> authors{};
    kith::ManyToMany<Shop, kith::through<Listing, "book", "shop">> shops{};
    kith::ReverseSet<Listing, "book"> listings{};
    kith::ReverseSet<Review, "book"> reviews{};
    kith::ReverseOne<Cover, "book"> cover{};
    kith::PrefetchedSet<Author> some_authors{};
    kith::PrefetchedSet<Review> some_reviews{};
    kith::PrefetchedOne<Publisher> some_publisher{};
    kith::Annotation<std::int64_t> review_count{};

    static constexpr kith::Table table{.name = "press_book", .ordering = {"id"}};
};

struct Cover {
    kith::PrimaryKey<> id{};
    std::string colour{};
    kith::OneToOne<Book, kith::null> book{};

    static constexpr kith::Table table{.name = "press_cover", .ordering = {"-id"}};
};

/// Has no default order, and a key without a reverse set.
struct Review {
    kith::PrimaryKey<> id{};
    std::int64_t stars{};
    kith::ForeignKey<Book, kith::null> book{};
    kith::ForeignKey<Author, kith::null> reviewer{};

    static constexpr kith::Table table{.name = "press_review"};
};

struct Shop {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique> name{};
    kith::ReverseSet<Book, "shops"> books{};
    kith::ReverseSet<Listing, "shop"> listings{};
    kith::PrefetchedSet<Book> some_books{};

    static constexpr kith::Table table{.name = "press_shop", .ordering = {"name"}};
};

/// A book and its price in a shop, which may list a book more than once.
struct Listing {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Book> book{};
    kith::ForeignKey<Shop, kith::to_field<"name">> shop{};
    std::int64_t price{};

    static constexpr kith::Table table{.name = "press_listing", .ordering = {"id"}};
};

inline void create_tables(const kith::Database& db) {
    db.create_tables<Country, Publisher, Author, Biography, Note, Book, Cover, Review, Shop, Listing>();
}

} // namespace press
