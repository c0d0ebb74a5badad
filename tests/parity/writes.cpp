#include "parity/scenarios.hpp"

namespace parity {

namespace {

kith::Ref<Book> ash_with_authors(const Database& db) {
    return db.objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
}
kith::Ref<Publisher> acorn_with_books(const Database& db) {
    return db.objects<Publisher>().prefetch_related("books").get("name"_f = "Acorn");
}

void add_links(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto write) {
        list.push_back({called, [write](const Database& db) {
                            const auto ash = ash_with_authors(db);
                            write(*ash);
                            return names(ash->authors.all());
                        }});
    };
    scenario("links_added", [](const Book& ash) { ash.authors.add(1, 3); });
    scenario("links_removed", [](const Book& ash) { ash.authors.remove(1); });
    scenario("links_cleared", [](const Book& ash) { ash.authors.clear(); });
    scenario("links_set", [](const Book& ash) { ash.authors.set(std::vector{2, 3}); });
    scenario("links_set_unchanged", [](const Book& ash) { ash.authors.set(std::vector{1, 2}); });
}

void add_children(std::vector<Scenario>& list) {
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("children_added", [](const Database& db) {
        const auto oak = named<Book>(db, "Oak");
        const auto yew = named<Book>(db, "Yew");
        const auto acorn = acorn_with_books(db);
        acorn->books.add(oak, yew);
        return names(acorn->books.all());
    });
    scenario("children_removed", [](const Database& db) {
        const auto ash = named<Book>(db, "Ash");
        const auto acorn = acorn_with_books(db);
        acorn->books.remove(ash);
        return names(acorn->books.all());
    });
    scenario("children_cleared", [](const Database& db) {
        const auto acorn = acorn_with_books(db);
        acorn->books.clear();
        return names(acorn->books.all());
    });
    scenario("children_created", [](const Database& db) {
        const auto acorn = acorn_with_books(db);
        acorn->books.create({.title = "Fir", .pages = 1});
        return names(acorn->books.all());
    });
    scenario("children_got_or_created", [](const Database& db) {
        const auto acorn = acorn_with_books(db);
        acorn->books.all().get_or_create("title"_f = "Fir", kith::defaults("pages"_f = 1));
        return names(acorn->books.all());
    });
    scenario("updated_through_a_set", [](const Database& db) {
        const auto ann = db.objects<Author>().prefetch_related("pupils").get("name"_f = "Ann");
        ann->pupils.all().update("born"_f = 1);
        return each(ann->pupils.all(), [](const Author& pupil) { return Json(pupil.born); });
    });
    scenario("other_instances_keep_what_they_have", [](const Database& db) {
        const auto ash = ash_with_authors(db);
        named<Author>(db, "Cyd")->books.add(ash);
        return names(ash->authors.all());
    });
}

} // namespace

void add_writes(std::vector<Scenario>& list) {
    add_links(list);
    add_children(list);
    const auto scenario = [&](const char* called, auto run) { list.push_back({called, run}); };
    scenario("got_or_created", [](const Database& db) {
        const auto found = db.objects<Shop>().get_or_create("name"_f = "North");
        const auto made = db.objects<Shop>().get_or_create("name"_f = "East");
        return Json{found.first->id.value, found.second, made.second, db.objects<Shop>().count()};
    });
    scenario("updated_or_created", [](const Database& db) {
        const auto found = db.objects<Author>().update_or_create("name"_f = "Ann", kith::defaults("born"_f = 1899));
        const auto made = db.objects<Author>().update_or_create("name"_f = "Eve", kith::defaults("born"_f = 1940));
        return Json{found.second, made.second, db.objects<Author>().order_by("id").values_list<"born">()};
    });
    scenario("refreshed", [](const Database& db) {
        const auto ash = ash_with_authors(db);
        db.objects<Book>().filter("title"_f = "Ash").update("pages"_f = 7);
        db.refresh(*ash);
        return Json{ash->pages, names(ash->authors.all())};
    });
}

} // namespace parity
