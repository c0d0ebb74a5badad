#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <string>

/// The models of the key matrix: every kind of relation, over keys of the type `K`.
namespace matrix {

template <class K>
struct Book;
template <class K>
struct Note;
template <class K>
struct Profile;
template <class K>
struct Club;
template <class K>
struct Item;
template <class K>
struct Tag;

template <class K>
struct Author {
    kith::Field<K, kith::primary_key> code{};
    std::string name{};
    kith::Field<K, kith::unique> alias{};
    kith::ReverseSet<Book<K>, "author"> books{};
    kith::ReverseSet<Note<K>, "author"> notes{};
    kith::ReverseOne<Profile<K>, "author"> profile{};
    kith::ReverseSet<Club<K>, "members"> clubs{};
    kith::ReverseGeneric<Tag<K>, "content"> tags{};
    kith::PrefetchedSet<Book<K>> some_books{};

    static constexpr kith::Table table{.name = "author", .ordering = {"name"}};
};

template <class K>
struct Book {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Author<K>, kith::null, kith::column<"author_code">> author{};

    static constexpr kith::Table table{.name = "book", .ordering = {"id"}};
};

/// Refers to a column other than the primary key.
template <class K>
struct Note {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Author<K>, kith::to_field<"alias">, kith::column<"author_alias">> author{};

    static constexpr kith::Table table{.name = "note", .ordering = {"id"}};
};

template <class K>
struct Profile {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::OneToOne<Author<K>, kith::column<"author_code">> author{};

    static constexpr kith::Table table{.name = "profile", .ordering = {"id"}};
};

template <class K>
struct Membership {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Club<K>, kith::column<"club_id">> club{};
    kith::ForeignKey<Author<K>, kith::column<"author_code">> author{};

    static constexpr kith::Table table{.name = "membership", .ordering = {"id"}};
};

template <class K>
struct Club {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Author<K>, kith::through<Membership<K>, "club", "author">> members{};

    static constexpr kith::Table table{.name = "club", .ordering = {"id"}};
};

template <class K>
struct Editor {
    kith::Field<K, kith::primary_key> code{};
    std::string name{};

    static constexpr kith::Table table{.name = "editor"};
};

/// On an author or an editor; the tables have no editor.
template <class K>
struct Tag {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::GenericForeignKey<Author<K>, Editor<K>> content{};

    static constexpr kith::Table table{.name = "tag", .ordering = {"id"}};
};

/// A key of two columns.
template <class K>
struct Shelf {
    kith::Field<std::int32_t, kith::primary_key> hall{};
    kith::Field<K, kith::primary_key> code{};
    std::string name{};
    kith::ReverseSet<Item<K>, "shelf"> items{};

    static constexpr kith::Table table{.name = "shelf", .ordering = {"name"}};
};

template <class K>
struct Item {
    kith::PrimaryKey<> id{};
    std::string name{};
    std::int32_t hall{};
    K code{};
    kith::ForeignKey<Shelf<K>, kith::from_fields<"hall", "code">> shelf{};

    static constexpr kith::Table table{.name = "item", .ordering = {"id"}};
};

} // namespace matrix
