#include "support/press_data.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <vector>

/// A connection that has loaded the same shapes with other values loads the same as one that has loaded nothing.

namespace kept_statements_test {

using namespace kith::literals;
using namespace press;
using kith::Count;
using kith::LoadStrategy;
using kith::Prefetch;

namespace {

/// What one load depends on besides its shape.
struct Values {
    std::int64_t id;
    std::string name;
    std::optional<std::string> country;
    std::vector<std::int64_t> ids;
    std::size_t begin;
    std::size_t end;
};

const std::vector<Values> all_values{{1, "Ann", "fr", {1, 2}, 0, 1},
                                     {3, "Cyd", std::nullopt, {}, 1, 3},
                                     {2, "Bob", "jp", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 0, 2},
                                     {77, "nobody", "ua", {4}, 0, 0},
                                     {4, "Dee", "fr", {3, 1}, 0, 1}};

kith::QuerySet<Author> with_tree(const kith::Database& db, const kith::QuerySet<Author>& authors,
                                 const Values& values) {
    const auto books = db.objects<Book>().annotate("review_count"_f = Count("reviews"_f));
    const auto pupils = db.objects<Author>().annotate("book_count"_f = Count("books"_f));
    return authors.prefetch_related(
        Prefetch("books"_f, books.order_by("-review_count", "id")),
        Prefetch("books"_f, books.order_by("-pages").slice(values.begin, values.end), "some_books"_f),
        "some_books__publisher", "some_books__authors__country",
        Prefetch("pupils"_f, pupils.filter("born__gt"_f = 1900 + values.id), "some_pupils"_f), "some_pupils__mentor",
        "biography__notes");
}

std::vector<kith::QuerySet<Author>> querysets(const kith::Database& db, const Values& values) {
    const auto authors = db.objects<Author>().annotate("book_count"_f = Count("books"_f));
    return {authors.filter("id"_f = values.id),
            authors.filter("name"_f = values.name),
            authors.filter("country"_f = values.country),
            authors.filter("id__in"_f = values.ids),
            authors.filter("mentor"_f = values.id).select_related("country"),
            authors.order_by("-id").slice(values.begin, values.end),
            authors.filter("book_count__gte"_f = 1, "born__gt"_f = 1900 + values.id)};
}

std::string text_of(const Author& author) {
    auto text = author.name.value + " of " + (author.country ? author.country->name : "no country") + ", " +
                std::to_string(author.book_count) + " books:";
    for (const Book& book : author.books.all()) text += " " + book.title + std::to_string(book.review_count);
    for (const Book& book : author.some_books) {
        text += "; " + book.title + " at " + (book.publisher ? book.publisher->name.value : "no publisher");
        for (const Author& other : book.authors.all()) text += " " + other.name.value;
    }
    for (const Author& pupil : author.some_pupils) {
        text += "; " + pupil.name.value + std::to_string(pupil.book_count) + " by " + pupil.mentor->name.value;
    }
    if (author.biography) {
        for (const Note& note : author.biography->notes.all()) text += "; " + note.text;
    }
    return text + "\n";
}

std::string loaded(const kith::Database& db, const Values& values, LoadStrategy strategy) {
    std::string text;
    for (const auto& queryset : querysets(db, values)) {
        const auto authors = with_tree(db, queryset, values).load_strategy(strategy);
        for (const Author& author : authors) text += text_of(author);
        for (const Author& author : authors.iterator({.chunk_size = 2})) text += text_of(author);
        text += std::to_string(queryset.count()) + "\n";
    }
    return text;
}

class KeptStatements : public travel::FileTest {
protected:
    KeptStatements() { fill(db_); }
};

} // namespace

TEST_F(KeptStatements, LoadTheSameWithOtherValues) {
    for (const auto& values : all_values) {
        const auto fresh = kith::connect(folder_.url());
        for (const auto strategy : {LoadStrategy::one_trip, LoadStrategy::automatic, LoadStrategy::levels}) {
            EXPECT_EQ(loaded(db_, values, strategy), loaded(fresh, values, strategy)) << values.name;
        }
    }
}

} // namespace kept_statements_test
