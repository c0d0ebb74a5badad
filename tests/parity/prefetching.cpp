#include "parity/scenarios.hpp"

namespace parity {

namespace {

void add_prefetch_objects(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    const auto name_and_books = [](const Author& a) { return Json{std::string(a.name), names(a.books.all())}; };
    scenario("prefetch_with_filter", [=](const Database& db) {
        const auto long_ones = kith::Prefetch("books"_f, db.objects<Book>().filter("pages__gt"_f = 150));
        return each(db.objects<Author>().prefetch_related(long_ones), name_and_books);
    });
    scenario("prefetch_with_order", [=](const Database& db) {
        const auto sorted = kith::Prefetch("books"_f, db.objects<Book>().order_by("-pages"));
        return each(db.objects<Author>().prefetch_related(sorted), name_and_books);
    });
    scenario("prefetch_into_a_slot", [](const Database& db) {
        const auto long_ones = db.objects<Book>().filter("pages__gt"_f = 150);
        const auto authors = db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones, "some_books"_f),
                                                                   "books", "some_books__cover");
        return each(authors, [](const Author& a) {
            return Json{std::string(a.name), names(a.some_books), names(a.books.all())};
        });
    });
    scenario("prefetch_one_into_a_slot", [](const Database& db) {
        const auto acorn = db.objects<Publisher>().filter("name"_f = "Acorn");
        return each(db.objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, acorn, "some_publisher"_f)),
                    [](const Book& b) { return Json{b.title, name(b.some_publisher)}; });
    });
    scenario("prefetch_filtered_key", [](const Database& db) {
        const auto acorn = db.objects<Publisher>().filter("name"_f = "Acorn");
        return each(db.objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, acorn)),
                    [](const Book& b) { return Json{b.title, name(b.publisher)}; });
    });
    const auto name_and_some = [](const Author& a) { return Json{std::string(a.name), names(a.some_books)}; };
    scenario("prefetch_slice", [=](const Database& db) {
        const auto longest = db.objects<Book>().order_by("-pages").slice(0, 1);
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, longest, "some_books"_f)),
                    name_and_some);
    });
    scenario("prefetch_slice_from_the_second", [=](const Database& db) {
        const auto rest = db.objects<Book>().order_by("-pages").slice(1, std::string::npos);
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, rest, "some_books"_f)),
                    name_and_some);
    });
    scenario("prefetch_slice_of_a_reverse_key", [](const Database& db) {
        const auto youngest = db.objects<Author>().order_by("-born").slice(0, 1);
        return each(db.objects<Country>().prefetch_related(kith::Prefetch("authors"_f, youngest, "some_authors"_f)),
                    [](const Country& c) { return Json{std::string(c.code), names(c.some_authors)}; });
    });
    scenario("prefetch_nested", [](const Database& db) {
        const auto blue = db.objects<Cover>().filter("colour"_f = "blue");
        const auto books = db.objects<Book>().prefetch_related(kith::Prefetch("cover"_f, blue));
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, books)), [](const Author& a) {
            return each(a.books.all(), [](const Book& b) { return Json{b.title, colour(b.cover)}; });
        });
    });
    const auto publishers_of_books = [](const Publisher& p) {
        return each(p.books.all(), [](const Book& b) { return name(b.publisher); });
    };
    scenario("prefetch_nested_way_back", [=](const Database& db) {
        const auto acorn = db.objects<Publisher>().filter("name"_f = "Acorn");
        const auto books = db.objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, acorn));
        return each(db.objects<Publisher>().prefetch_related(kith::Prefetch("books"_f, books)), publishers_of_books);
    });
    scenario("prefetch_nested_plain_way_back", [=](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("publisher");
        return each(db.objects<Publisher>().prefetch_related(kith::Prefetch("books"_f, books)), publishers_of_books);
    });
    scenario("prefetch_with_annotation", [](const Database& db) {
        const auto counted = db.objects<Book>().annotate("review_count"_f = kith::Count("reviews"_f)).order_by("id");
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, counted)), [](const Author& a) {
            return each(a.books.all(), [](const Book& b) { return Json{b.title, b.review_count.value()}; });
        });
    });
    scenario("prefetch_with_none", [](const Database& db) {
        const auto nothing = db.objects<Book>().none();
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, nothing)),
                    [](const Author& a) { return names(a.books.all()); });
    });
    scenario("prefetch_with_select_related", [](const Database& db) {
        const auto joined = db.objects<Book>().select_related("publisher");
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, joined)), [](const Author& a) {
            return each(a.books.all(), [](const Book& b) { return name(b.publisher); });
        });
    });
}

void add_prefetched_sets(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("contains_in_a_prefetched_set", [](const Database& db) {
        const auto ann = named<Author>(db, "Ann");
        return each(db.objects<Book>().prefetch_related("authors"),
                    [&](const Book& b) { return Json(b.authors.contains(ann)); });
    });
    scenario("first_of_a_prefetched_set", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("authors"),
                    [](const Book& b) { return name(b.authors.first()); });
    });
    scenario("last_of_a_prefetched_set", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("authors"),
                    [](const Book& b) { return name(b.authors.all().last()); });
    });
    scenario("filter_on_a_prefetched_set", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("authors"),
                    [](const Book& b) { return names(b.authors.filter("born__gte"_f = 1910)); });
    });
    scenario("filter_on_a_filtered_set", [](const Database& db) {
        const auto long_ones = kith::Prefetch("books"_f, db.objects<Book>().filter("pages__gt"_f = 150));
        return each(db.objects<Author>().prefetch_related(long_ones),
                    [](const Author& a) { return names(a.books.filter("pages__lt"_f = 250)); });
    });
    scenario("refinements_of_a_prefetched_set", [](const Database& db) {
        const auto ash = db.objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
        return Json{names(ash->authors.order_by("-born")), names(ash->authors.exclude("name"_f = "Ann")),
                    ash->authors.count(), ash->authors.exists(), ash->authors.all().values_list<"name">()};
    });
}

void add_select_related(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("select_related_deep", [](const Database& db) {
        return each(db.objects<Listing>().select_related("book__publisher", "shop"), [](const Listing& l) {
            return Json{l.book->title, name(l.book->publisher), std::string(l.shop->name)};
        });
    });
    scenario("select_related_nullable", [](const Database& db) {
        return each(db.objects<Author>().select_related("mentor", "country"),
                    [](const Author& a) { return Json{std::string(a.name), name(a.mentor), name(a.country)}; });
    });
    scenario("select_related_reverse_one_to_one", [](const Database& db) {
        return each(db.objects<Book>().select_related("cover"), [](const Book& b) {
            return Json{colour(b.cover), b.cover == nullptr ? Json() : Json(&*b.cover->book == &b)};
        });
    });
    scenario("select_related_there_and_back", [](const Database& db) {
        return each(db.objects<Book>().select_related("cover__book").filter("cover__isnull"_f = false),
                    [](const Book& b) { return Json(&*b.cover->book == &b); });
    });
    scenario("select_related_then_prefetch", [](const Database& db) {
        const auto authors = db.objects<Author>().select_related("mentor").prefetch_related("mentor__books", "books");
        return each(authors, [](const Author& a) {
            return Json{std::string(a.name), a.mentor == nullptr ? Json() : names(a.mentor->books.all()),
                        names(a.books.all())};
        });
    });
    scenario("select_related_sharing", [](const Database& db) {
        const auto books = db.objects<Book>().select_related("publisher");
        return Json(&*books[0].publisher == &*books[1].publisher);
    });
}

void add_rows_that_are_there(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    const auto authors_and_countries = [](const Book& b) {
        return each(b.authors.all(), [](const Author& a) { return Json{std::string(a.name), name(a.country)}; });
    };
    scenario("objects_that_have_nothing", [=](const Database& db) {
        const auto books = db.objects<Book>().all();
        kith::prefetch_related_objects(books, "authors__country");
        return each(books, authors_and_countries);
    });
    scenario("objects_that_have_a_part", [=](const Database& db) {
        const auto books = db.objects<Book>().all();
        (void)books.size();
        kith::prefetch_related_objects(books.slice(0, 2), "authors");
        kith::prefetch_related_objects(books, "authors__country");
        return each(books, authors_and_countries);
    });
    scenario("objects_twice", [](const Database& db) {
        const auto books = db.objects<Book>().all();
        kith::prefetch_related_objects(books, "authors");
        kith::prefetch_related_objects(books, "authors");
        return Json(books.size());
    });
}

} // namespace

void add_prefetching(std::vector<Scenario>& list) {
    add_prefetch_objects(list);
    add_prefetched_sets(list);
    add_select_related(list);
    add_rows_that_are_there(list);
}

} // namespace parity
