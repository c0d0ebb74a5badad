#include "cast.hpp"
#include "geonames.hpp"
#include "models.hpp"
#include "tour.hpp"

#include <cstdint>
#include <numeric>
#include <vector>

using namespace kith::literals;

namespace travel {

void tell_shared_instances(Tour& tour) {
    const auto& db = tour.db();
    fill_first_shelf(db);
    tour.page().heading("Note 1: related rows are shared");
    tour.page().prose("Two books by one author lead to one and the same object in memory. It is "
                      "decoded once and "
                      "stored once; a change made through one book is seen through the other.");

    Table books({"title", "author", "address of the author"});
    tour.code();
    for (const Book& book : db.objects<Book>().prefetch_related("author")) {
        books.add(book.title, book.author->name, fmt::ptr(&*book.author));
    }
    tour.ran({books});
}

namespace {

void few_and_many_keys(Tour& tour) {
    const auto& db = tour.db();
    Table found({"provinces asked for", "cities called Santa Cruz"});
    tour.code();
    const auto namesakes = db.objects<City>().filter("name"_f = "Santa Cruz");
    const auto provinces = db.objects<Province>().order_by("id").prefetch_related(
        kith::Prefetch("city_set"_f, namesakes));
    for (const auto& some : {provinces.slice(0, 3), provinces}) {
        std::size_t cities = 0;
        for (const Province& province : some) cities += province.city_set.all().size();
        found.add(grouped(some.size()), cities);
    }
    tour.ran({found});
}

void a_hundred_thousand_keys(Tour& tour) {
    const auto& db = tour.db();
    tour.page().prose("A condition takes its values in the same way, here 100,000 of them:");

    Table found({"cities", "characters of SQL"});
    std::vector<std::int64_t> keys(100'000);
    std::iota(keys.begin(), keys.end(), 1);
    tour.code();
    const auto chosen = db.objects<City>().filter("id__in"_f = keys);
    found.add(chosen.count(), chosen.sql().size());
    tour.ran({found});
}

} // namespace

void tell_large_key_lists(Tour& tour) {
    tour.page().heading("Note 2: large numbers of keys");
    tour.page().prose(
        "Django writes the keys of the rows into the statement, IN (1, 2, 3, ...), and a long "
        "list is "
        "slow to parse, or refused. Kith sends the keys as one bound set. To see it with more "
        "than a "
        "handful of rows, here are all the provinces and cities that GeoNames knows:");
    Progress progress(tour.page(), "Cities", whole_world.cities);
    load_world(tour.db(), [&](std::size_t cities) { progress.advance(cities); });
    progress.finish();

    tour.page().prose("Three provinces, then all of them: the prefetching statement has the same "
                      "text both times.");
    few_and_many_keys(tour);
    a_hundred_thousand_keys(tour);
}

namespace {

void nothing_is_cached(Tour& tour) {
    const auto& db = tour.db();
    tour.page().prose(
        "A QuerySet keeps its rows for the next use. iterator() reads them one by one as they "
        "come from "
        "the database and keeps none, so that going through them twice asks twice:");

    Table titles({"title"});
    tour.code();
    const auto books = db.objects<Book>().order_by("id");
    for (const Book& book : books.iterator()) titles.add(book.title);
    for (const Book& book : books.iterator()) titles.add(book.title);
    tour.ran({titles});
}

void chunk_size_is_needed(Tour& tour) {
    const auto& db = tour.db();
    tour.page().prose(
        "Related rows cannot be fetched for rows that nobody keeps. After prefetch_related(), "
        "iterator() "
        "therefore wants to know how many rows it may keep at a time, and says so:");

    Table said({"kith::ValueError"});
    tour.code();
    try {
        for (const Book& book : db.objects<Book>().prefetch_related("author").iterator()) {
            said.add(book.title);
        }
    } catch (const kith::ValueError& error) {
        said.add(error.what());
    }
    tour.ran({said});
}

void books_by_twos(Tour& tour) {
    const auto& db = tour.db();
    tour.page().prose("With chunk_size = 2 the three books come in two chunks. One statement "
                      "streams the books, and "
                      "each chunk fetches its authors: 1 + 2 statements. They are listed as they "
                      "end, and the stream "
                      "ends after its first chunk was served.");

    Table books({"title", "author"});
    tour.code();
    const auto stream = db.objects<Book>().order_by("id").prefetch_related("author");
    for (const Book& book : stream.iterator({.chunk_size = 2})) {
        books.add(book.title, book.author->name);
    }
    tour.ran({books});
}

} // namespace

void tell_iterator(Tour& tour) {
    fill_second_shelf(tour.db());
    tour.page().heading("Note 3: iterator()");
    nothing_is_cached(tour);
    chunk_size_is_needed(tour);
    books_by_twos(tour);
}

} // namespace travel
