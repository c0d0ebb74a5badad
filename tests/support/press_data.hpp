#pragma once

#include "support/press.hpp"

#include <string>
#include <vector>

/// A small press whose rows the tests know by name.
namespace press {

/// Ann taught Bob and Cyd, Bob taught Dee. Ash is by Ann and Bob, Elm by Ann, Oak by Cyd and Dee, Yew by nobody.
inline void fill(const kith::Database& db) {
    create_tables(db);
    const auto france = db.objects<Country>().create({.code = "fr", .name = "France"});
    const auto japan = db.objects<Country>().create({.code = "jp", .name = "Japan"});
    db.objects<Country>().create({.code = "ua", .name = "Ukraine"});
    const auto acorn =
        db.objects<Publisher>().create({.id = kith::Uuid::parse("000102030405060708090a0b0c0d0e0f"), .name = "Acorn"});
    const auto birch =
        db.objects<Publisher>().create({.id = kith::Uuid::parse("ffeeddccbbaa99887766554433221100"), .name = "Birch"});
    const auto ann = db.objects<Author>().create({.name = "Ann", .born = 1900, .country = france});
    const auto bob = db.objects<Author>().create({.name = "Bob", .born = 1910, .country = france, .mentor = ann});
    const auto cyd = db.objects<Author>().create({.name = "Cyd", .born = 1920, .country = japan, .mentor = ann});
    const auto dee = db.objects<Author>().create({.name = "Dee", .born = 1930, .mentor = bob});
    ann->follows.add(bob, cyd);
    bob->follows.add(ann);
    dee->follows.add(dee);
    const auto life = db.objects<Biography>().create({.author = ann, .text = "A life"});
    db.objects<Biography>().create({.author = bob, .text = "B life"});
    db.objects<Note>().create({.text = "first", .biography = life});
    db.objects<Note>().create({.text = "second", .biography = life});
    const auto ash = db.objects<Book>().create({.title = "Ash", .pages = 100, .publisher = acorn});
    const auto elm = db.objects<Book>().create({.title = "Elm", .pages = 200, .publisher = acorn});
    const auto oak = db.objects<Book>().create({.title = "Oak", .pages = 300, .publisher = birch});
    db.objects<Book>().create({.title = "Yew", .pages = 50});
    ash->authors.add(ann, bob);
    elm->authors.add(ann);
    oak->authors.add(cyd, dee);
    db.objects<Cover>().create({.colour = "red", .book = ash});
    db.objects<Cover>().create({.colour = "blue", .book = elm});
    db.objects<Cover>().create({.colour = "grey"});
    db.objects<Review>().create({.stars = 5, .book = ash, .reviewer = bob});
    db.objects<Review>().create({.stars = 1, .book = ash, .reviewer = cyd});
    db.objects<Review>().create({.stars = 3, .book = elm});
    db.objects<Review>().create({.stars = 4});
    const auto north = db.objects<Shop>().create({.name = "North"});
    const auto south = db.objects<Shop>().create({.name = "South"});
    db.objects<Listing>().create({.book = ash, .shop = north, .price = 10});
    db.objects<Listing>().create({.book = ash, .shop = south, .price = 12});
    db.objects<Listing>().create({.book = ash, .shop = north, .price = 8});
    db.objects<Listing>().create({.book = elm, .shop = north, .price = 20});
}

using Names = std::vector<std::string>;
using Keys = std::vector<std::int64_t>;

/// The names, titles or other labels of the rows, in their order.
template <class Rows>
Names names_of(const Rows& rows) {
    Names names;
    for (const auto& row : rows) {
        if constexpr (requires { row.title; }) {
            names.push_back(row.title);
        } else if constexpr (requires { row.name; }) {
            names.push_back(row.name);
        } else if constexpr (requires { row.text; }) {
            names.push_back(row.text);
        } else {
            names.push_back(row.colour);
        }
    }
    return names;
}

} // namespace press
