#pragma once

#include "support/press.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Rows of the press by the names of their members, read through the public API.
namespace press {

using Addresses = std::vector<const void*>;
using Reader = std::function<Addresses(const void* row)>;

/// Reads a member that leads to rows: a set, a slot, or a relation to one row.
template <class M, class F>
Reader reader_of(F M::* member) {
    return [member](const void* row) {
        const auto& relation = static_cast<const M*>(row)->*member;
        Addresses found;
        if constexpr (requires { relation.all(); }) {
            for (const auto& other : relation.all()) found.push_back(&other);
        } else if constexpr (requires { relation.size(); }) {
            for (const auto& other : relation) found.push_back(&other);
        } else {
            if (relation != nullptr) found.push_back(&*relation);
        }
        return found;
    };
}

/// The rows that `member` of a row of `model` leads to.
inline Addresses read_member(std::string_view model, const void* row, std::string_view member) {
    static const std::map<std::string_view, std::map<std::string_view, Reader>> readers{
        {"Country", {{"authors", reader_of(&Country::authors)}, {"some_authors", reader_of(&Country::some_authors)}}},
        {"Publisher", {{"books", reader_of(&Publisher::books)}, {"some_books", reader_of(&Publisher::some_books)}}},
        {"Author",
         {{"country", reader_of(&Author::country)},
          {"mentor", reader_of(&Author::mentor)},
          {"pupils", reader_of(&Author::pupils)},
          {"follows", reader_of(&Author::follows)},
          {"followers", reader_of(&Author::followers)},
          {"books", reader_of(&Author::books)},
          {"biography", reader_of(&Author::biography)},
          {"some_books", reader_of(&Author::some_books)},
          {"some_pupils", reader_of(&Author::some_pupils)},
          {"some_country", reader_of(&Author::some_country)},
          {"some_biography", reader_of(&Author::some_biography)}}},
        {"Biography", {{"author", reader_of(&Biography::author)}, {"notes", reader_of(&Biography::notes)}}},
        {"Note", {{"biography", reader_of(&Note::biography)}}},
        {"Book",
         {{"publisher", reader_of(&Book::publisher)},
          {"authors", reader_of(&Book::authors)},
          {"shops", reader_of(&Book::shops)},
          {"listings", reader_of(&Book::listings)},
          {"reviews", reader_of(&Book::reviews)},
          {"cover", reader_of(&Book::cover)},
          {"some_authors", reader_of(&Book::some_authors)},
          {"some_reviews", reader_of(&Book::some_reviews)},
          {"some_publisher", reader_of(&Book::some_publisher)}}},
        {"Cover", {{"book", reader_of(&Cover::book)}}},
        {"Review", {{"book", reader_of(&Review::book)}, {"reviewer", reader_of(&Review::reviewer)}}},
        {"Shop",
         {{"books", reader_of(&Shop::books)},
          {"listings", reader_of(&Shop::listings)},
          {"some_books", reader_of(&Shop::some_books)}}},
        {"Listing", {{"book", reader_of(&Listing::book)}, {"shop", reader_of(&Listing::shop)}}},
    };
    return readers.at(model).at(member)(row);
}

template <class F>
std::string key_text(const F& relation) {
    return relation.is_null() ? "-" : fmt::format("{}", relation.key());
}

inline std::string columns_of(const Country& r) { return fmt::format("{} {}", r.code, r.name); }
inline std::string columns_of(const Publisher& r) {
    std::string id(r.id.value.str());
    std::erase(id, '-');
    return fmt::format("{} {}", id, r.name);
}
inline std::string columns_of(const Author& r) {
    return fmt::format("{} {} {} {} {}", r.id, r.name, r.born, key_text(r.country), key_text(r.mentor)) +
           (r.book_count.is_loaded() ? fmt::format(" n={}", r.book_count) : "");
}
inline std::string columns_of(const Biography& r) { return fmt::format("{} {}", key_text(r.author), r.text); }
inline std::string columns_of(const Note& r) { return fmt::format("{} {} {}", r.id, r.text, key_text(r.biography)); }
inline std::string columns_of(const Book& r) {
    return fmt::format("{} {} {} {}", r.id, r.title, r.pages, key_text(r.publisher)) +
           (r.review_count.is_loaded() ? fmt::format(" n={}", r.review_count) : "");
}
inline std::string columns_of(const Cover& r) { return fmt::format("{} {} {}", r.id, r.colour, key_text(r.book)); }
inline std::string columns_of(const Review& r) {
    return fmt::format("{} {} {} {}", r.id, r.stars, key_text(r.book), key_text(r.reviewer));
}
inline std::string columns_of(const Shop& r) { return fmt::format("{} {}", r.id, r.name); }
inline std::string columns_of(const Listing& r) {
    return fmt::format("{} {} {} {}", r.id, key_text(r.book), key_text(r.shop), r.price);
}

/// Calls `work` with a null pointer to the model of that name, for code that differs only by type.
template <class Work>
decltype(auto) with_model(std::string_view name, Work&& work) {
    if (name == "Country") return work(static_cast<const Country*>(nullptr));
    if (name == "Publisher") return work(static_cast<const Publisher*>(nullptr));
    if (name == "Author") return work(static_cast<const Author*>(nullptr));
    if (name == "Biography") return work(static_cast<const Biography*>(nullptr));
    if (name == "Note") return work(static_cast<const Note*>(nullptr));
    if (name == "Book") return work(static_cast<const Book*>(nullptr));
    if (name == "Cover") return work(static_cast<const Cover*>(nullptr));
    if (name == "Review") return work(static_cast<const Review*>(nullptr));
    if (name == "Shop") return work(static_cast<const Shop*>(nullptr));
    return work(static_cast<const Listing*>(nullptr));
}

/// All columns of a row of `model`, in the order of their declaration; a null key is `-`.
inline std::string columns_of(std::string_view model, const void* row) {
    return with_model(model, [&]<class M>(const M*) { return columns_of(*static_cast<const M*>(row)); });
}

} // namespace press
