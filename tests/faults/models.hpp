#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace faults {

using namespace kith::literals;

struct Book;
struct Comment;
struct Tag;

/// Texts are long, so that each takes memory of its own.
inline std::string long_text(const std::string& text) { return text + ", with a text of some length"; }

struct Author {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<100>> name{};
    std::optional<std::string> note{};
    kith::Lazy<std::string> life{};
    kith::ReverseSet<Book, "author"> books{};
    kith::ReverseGeneric<Comment, "on"> comments{};
    kith::PrefetchedSet<Book> first_books{};
    kith::Annotation<std::int64_t> book_count{};

    static constexpr kith::Table table{.name = "fault_author", .ordering = {"id"}};
};

struct Cover {
    kith::PrimaryKey<> id{};
    kith::OneToOne<Book> book{};
    std::string colour{};

    static constexpr kith::Table table{.name = "fault_cover", .ordering = {"id"}};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::int64_t pages{};
    kith::Decimal price{};
    kith::ForeignKey<Author> author{};
    kith::ForeignKey<Author, kith::null, kith::on_delete<kith::OnDelete::set_null>> editor{};
    kith::ManyToMany<Tag> tags{};
    kith::ReverseOne<Cover, "book"> cover{};
    kith::ReverseGeneric<Comment, "on"> comments{};
    kith::PrefetchedSet<Tag> chosen_tags{};

    static constexpr kith::Table table{.name = "fault_book", .ordering = {"id"}};
};

struct Tag {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<100>> name{};
    kith::ReverseSet<Book, "tags"> books{};

    static constexpr kith::Table table{.name = "fault_tag", .ordering = {"id"}};
};

struct Comment {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::GenericForeignKey<std::monostate, Author, Book> on{};

    static constexpr kith::Table table{.name = "fault_comment", .ordering = {"id"}};
};

/// With keys that are texts.
struct Place {
    kith::PrimaryKey<std::string> code{};
    std::string name{};
    kith::ForeignKey<Place, kith::null> inside{};
    kith::ReverseSet<Place, "inside"> parts{};

    static constexpr kith::Table table{.name = "fault_place", .ordering = {"code"}};
};

/// For use().
struct Probe {
    kith::PrimaryKey<> id{};
    std::int64_t value{};

    static constexpr kith::Table table{.name = "fault_probe"};
};

/// Two tables that only one step creates.
struct Shelf {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.name = "fault_shelf"};
};
struct Board {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Shelf> shelf{};

    static constexpr kith::Table table{.name = "fault_shelf_board"};
};

} // namespace faults
