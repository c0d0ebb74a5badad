#include "parity/scenarios.hpp"

namespace parity {

namespace {

void add_rows_and_numbers(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("get_with_lookups", [](const Database& db) {
        return names(db.objects<Book>().prefetch_related("authors").get("title"_f = "Ash")->authors.all());
    });
    scenario("get_of_several", [](const Database& db) {
        try {
            (void)db.objects<Book>().get();
        } catch (const kith::MultipleObjectsReturned& error) {
            return Json(error.what());
        }
        return Json();
    });
    scenario("first_and_last", [](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("authors");
        return Json{books.first()->title, books.last()->title, db.objects<Review>().first()->stars};
    });
    scenario("count_and_exists", [](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("authors");
        const auto count = books.count();
        const auto exists = books.exists();
        const auto size = books.size();
        return Json{count, exists, size, books.count(), books.exists()};
    });
    scenario("in_bulk_with_lookups", [](const Database& db) {
        std::vector<Json> found;
        for (const auto& [key, book] : db.objects<Book>().prefetch_related("authors").in_bulk({1, 3, 99})) {
            found.push_back(Json{key, names(book->authors.all())});
        }
        return Json(found);
    });
    scenario("values_list_across_relations", [](const Database& db) {
        std::vector<Json> rows;
        const auto books = db.objects<Book>().prefetch_related("authors");
        for (const auto& [title, publisher] : books.values_list<"title", "publisher__name">()) {
            rows.push_back(Json{title, publisher});
        }
        return Json(rows);
    });
    scenario("slice_of_the_main_rows", [](const Database& db) {
        return each(db.objects<Book>().order_by("-pages").prefetch_related("authors").slice(1, 3),
                    [](const Book& b) { return Json{b.title, names(b.authors.all())}; });
    });
    scenario("stream_in_chunks", [](const Database& db) {
        std::vector<Json> rows;
        for (const Book& b : db.objects<Book>().prefetch_related("authors__country").iterator({.chunk_size = 2})) {
            rows.push_back(Json{b.title, names(b.authors.all())});
        }
        return Json(rows);
    });
    scenario("stream_without_chunk_size", [](const Database& db) {
        try {
            (void)db.objects<Book>().prefetch_related("authors").iterator();
        } catch (const kith::ValueError& error) {
            return Json(error.what());
        }
        return Json();
    });
}

void add_conditions(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("one_filter_call", [](const Database& db) {
        return names(db.objects<Author>().filter("books__title"_f = "Ash", "books__pages__gte"_f = 200).distinct());
    });
    scenario("chained_filter_calls", [](const Database& db) {
        return names(
            db.objects<Author>().filter("books__title"_f = "Ash").filter("books__pages__gte"_f = 200).distinct());
    });
    scenario("exclude_over_a_set", [](const Database& db) {
        return Json{names(db.objects<Author>().exclude("books__title"_f = "Ash")),
                    names(db.objects<Publisher>().exclude("books__pages__gt"_f = 250)),
                    names(db.objects<Book>().exclude("reviews__stars"_f = 5))};
    });
    scenario("exclude_over_a_nullable_key",
             [](const Database& db) { return names(db.objects<Book>().exclude("publisher__name"_f = "Acorn")); });
    scenario("rows_come_once_for_each_match",
             [](const Database& db) { return names(db.objects<Book>().filter("listings__price__gt"_f = 0)); });
    scenario("distinct_rows", [](const Database& db) {
        return names(db.objects<Book>().filter("listings__price__gt"_f = 0).distinct());
    });
    scenario("conditions_joined_by_or", [](const Database& db) {
        return names(db.objects<Book>().filter(("publisher__name"_f = "Birch") || !("pages__gte"_f = 100)));
    });
    scenario("filter_by_a_subquery", [](const Database& db) {
        const auto publishers = db.objects<Publisher>().filter("name__startswith"_f = "A");
        return names(db.objects<Book>().filter("publisher__in"_f = publishers));
    });
}

void add_aggregates(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("aggregates", [](const Database& db) {
        const auto [count, sum, mean, least, most] =
            db.objects<Book>().aggregate(kith::Count("id"_f), kith::Sum("pages"_f), kith::Avg("pages"_f),
                                         kith::Min("pages"_f), kith::Max("pages"_f));
        return Json{count, sum, mean, least, most};
    });
    scenario("aggregate_over_a_relation",
             [](const Database& db) { return Json(db.objects<Publisher>().aggregate(kith::Count("books"_f))); });
    scenario("annotation", [](const Database& db) {
        return each(db.objects<Author>().annotate("book_count"_f = kith::Count("books"_f)),
                    [](const Author& a) { return Json{std::string(a.name), a.book_count.value()}; });
    });
    const auto title_and_count = [](const Book& b) { return Json{b.title, b.review_count.value()}; };
    scenario("annotation_in_conditions_and_order", [=](const Database& db) {
        return each(db.objects<Book>()
                        .annotate("review_count"_f = kith::Count("reviews"_f))
                        .filter("review_count__gte"_f = 1)
                        .order_by("-review_count", "id"),
                    title_and_count);
    });
    scenario("annotation_beside_a_filter_over_another_set", [=](const Database& db) {
        return each(db.objects<Book>()
                        .filter("listings__price__gte"_f = 0)
                        .annotate("review_count"_f = kith::Count("reviews"_f))
                        .order_by("id")
                        .distinct(),
                    title_and_count);
    });
}

} // namespace

void add_queries(std::vector<Scenario>& list) {
    add_rows_and_numbers(list);
    add_conditions(list);
    add_aggregates(list);
}

} // namespace parity
