#include "parity/scenarios.hpp"

namespace parity {

namespace {

void add_keys(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("forward_key", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("publisher"),
                    [](const Book& b) { return Json{b.title, name(b.publisher)}; });
    });
    scenario("forward_key_of_nulls", [](const Database& db) {
        return each(db.objects<Book>().filter("publisher"_f = nullptr).prefetch_related("publisher"),
                    [](const Book& b) { return name(b.publisher); });
    });
    scenario("forward_key_shared", [](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("publisher");
        return Json{&*books[0].publisher == &*books[1].publisher, &*books[0].publisher == &*books[2].publisher};
    });
    scenario("forward_key_lazily", [](const Database& db) {
        return each(db.objects<Book>().all(), [](const Book& b) { return name(b.publisher); });
    });
    scenario("reverse_key", [](const Database& db) {
        return each(db.objects<Publisher>().prefetch_related("books"),
                    [](const Publisher& p) { return Json{std::string(p.name), names(p.books.all())}; });
    });
    scenario("reverse_key_leads_back", [](const Database& db) {
        std::vector<Json> same;
        const auto publishers = db.objects<Publisher>().prefetch_related("books");
        for (const Publisher& p : publishers) {
            for (const Book& b : p.books.all()) same.emplace_back(&*b.publisher == &p);
        }
        return Json(same);
    });
    scenario("reverse_key_lazily_leads_back", [](const Database& db) {
        const auto acorn = named<Publisher>(db, "Acorn");
        return each(acorn->books.filter("pages__gt"_f = 150),
                    [&](const Book& b) { return Json(&*b.publisher == &*acorn); });
    });
    scenario("key_to_itself", [](const Database& db) {
        return each(db.objects<Author>().prefetch_related("mentor", "pupils"),
                    [](const Author& a) { return Json{std::string(a.name), name(a.mentor), names(a.pupils.all())}; });
    });
    scenario("key_to_itself_and_back", [](const Database& db) {
        return each(db.objects<Author>().prefetch_related("mentor__pupils"), [](const Author& a) {
            return Json{std::string(a.name), a.mentor != nullptr ? names(a.mentor->pupils.all()) : Json(Names{})};
        });
    });
    scenario("key_of_text", [](const Database& db) {
        return each(db.objects<Country>().prefetch_related("authors"),
                    [](const Country& c) { return Json{std::string(c.code), names(c.authors.all())}; });
    });
    scenario("key_of_uuid", [](const Database& db) {
        std::vector<Json> found;
        const auto id = kith::Uuid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f");
        for (const auto& [key, publisher] : db.objects<Publisher>().in_bulk({id})) {
            found.push_back(Json{std::string(key.str()), std::string(publisher->name)});
        }
        return Json(found);
    });
}

void add_many_to_manys(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    const auto title_and_authors = [](const Book& b) { return Json{b.title, names(b.authors.all())}; };
    const auto name_and_books = [](const auto& row) { return Json{std::string(row.name), names(row.books.all())}; };
    scenario("many_to_many_forward", [=](const Database& db) {
        return each(db.objects<Book>().prefetch_related("authors"), title_and_authors);
    });
    scenario("many_to_many_reverse",
             [=](const Database& db) { return each(db.objects<Author>().prefetch_related("books"), name_and_books); });
    scenario("many_to_many_shared", [](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("authors");
        return Json(&*books[0].authors.all()[0] == &*books[1].authors.all()[0]);
    });
    scenario("many_to_many_to_itself", [](const Database& db) {
        return each(db.objects<Author>().prefetch_related("follows", "followers"), [](const Author& a) {
            return Json{std::string(a.name), names(a.follows.all()), names(a.followers.all())};
        });
    });
    scenario("join_model", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("shops"),
                    [](const Book& b) { return Json{b.title, names(b.shops.all())}; });
    });
    scenario("join_model_reverse",
             [=](const Database& db) { return each(db.objects<Shop>().prefetch_related("books"), name_and_books); });
    scenario("join_model_distinct", [=](const Database& db) {
        const auto once = kith::Prefetch("books"_f, db.objects<Book>().distinct());
        return each(db.objects<Shop>().prefetch_related(once), name_and_books);
    });
    scenario("join_model_rows", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("listings__shop"), [](const Book& b) {
            return each(b.listings.all(), [](const Listing& l) { return Json{std::string(l.shop->name), l.price}; });
        });
    });
    scenario("filter_of_a_prefetch_over_its_own_links", [=](const Database& db) {
        const auto by_ann = db.objects<Book>().filter("authors__name"_f = "Ann");
        return each(db.objects<Author>().prefetch_related(kith::Prefetch("books"_f, by_ann)), name_and_books);
    });
    scenario("filter_of_a_prefetch_over_the_join_model", [=](const Database& db) {
        const auto cheap = db.objects<Book>().filter("listings__price__lt"_f = 11);
        return each(db.objects<Shop>().prefetch_related(kith::Prefetch("books"_f, cheap)), name_and_books);
    });
    scenario("filter_of_a_set_over_its_own_links", [](const Database& db) {
        const auto bob = named<Author>(db, "Bob");
        const auto south = named<Shop>(db, "South");
        return Json{names(bob->books.filter("authors__name"_f = "Ann")),
                    names(bob->books.filter("pages__gt"_f = 1).filter("authors__name"_f = "Ann")),
                    names(south->books.filter("listings__price__lt"_f = 11))};
    });
}

void add_one_to_ones(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("one_to_one_forward", [](const Database& db) {
        return each(db.objects<Cover>().prefetch_related("book"),
                    [](const Cover& c) { return Json{c.colour, name(c.book)}; });
    });
    scenario("one_to_one_reverse", [](const Database& db) {
        return each(db.objects<Book>().prefetch_related("cover"),
                    [](const Book& b) { return Json{b.title, colour(b.cover)}; });
    });
    scenario("one_to_one_both_ends", [](const Database& db) {
        const auto books = db.objects<Book>().filter("cover__isnull"_f = false).prefetch_related("cover");
        const auto covers = db.objects<Cover>().filter("book__isnull"_f = false).prefetch_related("book");
        bool from_books = true;
        bool from_covers = true;
        for (const Book& b : books) from_books = from_books && &*b.cover->book == &b;
        for (const Cover& c : covers) from_covers = from_covers && &*c.book->cover == &c;
        return Json{from_books, from_covers};
    });
    scenario("one_to_one_lazily", [](const Database& db) {
        const auto ash = named<Book>(db, "Ash");
        const auto yew = named<Book>(db, "Yew");
        return Json{&*ash->cover->book == &*ash, colour(yew->cover), colour(yew->cover)};
    });
    scenario("one_to_one_as_primary_key", [](const Database& db) {
        return each(db.objects<Author>().prefetch_related("biography__notes"), [](const Author& a) {
            if (a.biography == nullptr) return Json{std::string(a.name), nullptr, nullptr};
            return Json{std::string(a.name), a.biography->text, names(a.biography->notes.all())};
        });
    });
    scenario("one_to_one_as_primary_key_from_below", [](const Database& db) {
        return each(db.objects<Note>().prefetch_related("biography__author"),
                    [](const Note& n) { return Json{n.text, std::string(n.biography->author->name)}; });
    });
}

void add_lookups(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    const auto author_and_country = [](const Author& a) { return Json{std::string(a.name), name(a.country)}; };
    scenario("three_levels", [](const Database& db) {
        std::vector<Json> books;
        const auto publishers =
            db.objects<Publisher>().prefetch_related("books__authors__books", "books__authors__country");
        for (const Publisher& p : publishers) {
            for (const Book& b : p.books.all()) {
                books.push_back(
                    each(b.authors.all(), [](const Author& a) { return Json{names(a.books.all()), name(a.country)}; }));
            }
        }
        return Json(books);
    });
    scenario("overlapping_lookups", [=](const Database& db) {
        const auto books =
            db.objects<Book>().prefetch_related("authors", "authors__country", "authors__mentor__country", "authors");
        return each(books, [=](const Book& b) { return each(b.authors.all(), author_and_country); });
    });
    scenario("calls_add_up_and_none_clears", [](const Database& db) {
        const auto books = db.objects<Book>().prefetch_related("authors").prefetch_related("cover");
        const auto first = books.size();
        return Json{first, books.prefetch_related(kith::None).size()};
    });
    scenario("empty_main_rows", [](const Database& db) {
        return Json(db.objects<Book>().filter("pages"_f = -1).prefetch_related("authors__country").size());
    });
    scenario("empty_level", [](const Database& db) {
        const auto yew = db.objects<Book>().filter("title"_f = "Yew").prefetch_related("authors__country__authors");
        return each(yew, [](const Book& b) { return names(b.authors.all()); });
    });
    scenario("conflicting_querysets", [](const Database& db) {
        const auto french = db.objects<Author>().filter("country"_f = "fr");
        try {
            (void)db.objects<Book>().prefetch_related("authors", kith::Prefetch("authors"_f, french)).size();
        } catch (const kith::ValueError& error) {
            return Json(std::string(error.what()).substr(0, 62));
        }
        return Json();
    });
    scenario("queryset_first_then_lookups_behind_it", [=](const Database& db) {
        const auto french = db.objects<Author>().filter("country"_f = "fr");
        const auto books = db.objects<Book>().prefetch_related(kith::Prefetch("authors"_f, french), "authors__country");
        return each(books, [=](const Book& b) { return each(b.authors.all(), author_and_country); });
    });
}

} // namespace

void add_loading(std::vector<Scenario>& list) {
    add_keys(list);
    add_many_to_manys(list);
    add_one_to_ones(list);
    add_lookups(list);
}

} // namespace parity
