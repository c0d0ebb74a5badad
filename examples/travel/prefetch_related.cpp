#include "models.hpp"
#include "tour.hpp"

#include <ranges>

using namespace kith::literals;

namespace travel {

namespace {

void many_to_many(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("The cities that Zhang San has visited");
    tour.page().prose(
        "select_related() joins tables, which for a relation to many rows repeats every person "
        "once per "
        "city. prefetch_related() asks once for the people and once for their cities, and puts "
        "the two "
        "together in memory. get() finds one person, and loads what was asked for with it.");

    Table people({"id", "name", "hometown_id", "living_id"});
    Table cities({"person_id", "id", "name", "province_id"});
    tour.code();
    const auto zhang = db.objects<Person>()
                           .prefetch_related("visitation")
                           .get("firstname"_f = "San", "lastname"_f = "Zhang");
    people.add(zhang->id, zhang->lastname + " " + zhang->firstname, zhang->hometown.key(),
               zhang->living.key());
    for (const City& city : zhang->visitation.all()) {
        cities.add(zhang->id, city.id, city.name, city.province.key());
    }
    tour.ran({people, cities});
}

void reverse_foreign_key(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("All cities of Hubei");
    tour.page().prose(
        "A foreign key read from its other end: Province::city_set is declared as the reverse of "
        "City::province, and is loaded in the same way.");

    Table provinces({"id", "name"});
    Table cities({"id", "name", "province_id"});
    tour.code();
    const auto hubei = db.objects<Province>()
                           .prefetch_related("city_set")
                           .get("name__iexact"_f = "hubei province");
    provinces.add(hubei->id, hubei->name);
    for (const City& city : hubei->city_set.all()) {
        cities.add(city.id, city.name, city.province.key());
    }
    tour.ran({provinces, cities});
}

void deep_lookup(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("Lookups: the provinces that every Zhang has visited");
    tour.page().prose(
        "A lookup may go on through further relations, with two underscores at each step. Every "
        "step "
        "costs one statement, however many rows it starts from; each province is fetched once. "
        "The "
        "lookup is checked by the compiler: \"visitation__provinc\" would not build. (The "
        "document calls "
        "both people Zhang San. Then get() above would have found two and thrown, so number 4 is "
        "Zhang Liu "
        "here.)");

    Table visits({"person_id", "id", "city", "province_id", "province"});
    tour.code();
    const auto zhangs = db.objects<Person>()
                            .filter("lastname__iexact"_f = "zhang")
                            .prefetch_related("visitation__province");
    for (const Person& person : zhangs) {
        for (const City& city : person.visitation.all()) {
            const Province& province = *city.province;
            visits.add(person.id, city.id, city.name, province.id, province.name);
        }
    }
    tour.ran({visits});
}

void chained_calls(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("Chained calls add up");
    tour.page().prose("A second prefetch_related() adds to the first; it does not replace it.");

    Table homes({"person", "hometown", "cities visited"});
    tour.code();
    const auto travellers = db.objects<Person>().prefetch_related("visitation");
    const auto with_homes = travellers.prefetch_related("hometown");
    for (const Person& person : with_homes) {
        homes.add(person.firstname, person.hometown->name, person.visitation.count());
    }
    tour.ran({homes});
}

void filter_asks_again(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("What filter() does to a set that was loaded");
    tour.page().prose("all() on a loaded set costs nothing. filter() is another question, and "
                      "only the database can "
                      "answer it: once for each of the four people, 2 + 4 statements, and the "
                      "two that loaded the "
                      "visits were in vain.");

    Table asked({"person", "city"});
    tour.code();
    const auto people = db.objects<Person>().prefetch_related("visitation");
    for (const Person& person : people) {
        for (const City& city : person.visitation.filter("name__icontains"_f = "city")) {
            asked.add(person.firstname, city.name);
        }
    }
    tour.ran({asked});

    tour.page().prose(
        "The same choice made in memory, among the rows that are already there. The QuerySet was "
        "evaluated above and keeps its rows, so that this asks nothing at all:");

    Table chosen({"person", "city"});
    tour.code();
    const auto is_city = [](const City& city) { return city.name.ends_with("City"); };
    for (const Person& person : people) {
        const auto visited = person.visitation.all();
        for (const City& city : visited | std::views::filter(is_city)) {
            chosen.add(person.firstname, city.name);
        }
    }
    tour.ran({chosen});
}

void prefetch_objects(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("Prefetch objects: only some of the cities, in a place of their own");
    tour.page().prose(
        "A Prefetch gives a lookup a queryset of its own, and with a third argument (to_attr) a "
        "place "
        "of its own: here the cities with \"wu\" and with \"zhou\" in their names, side by side. "
        "Two "
        "lookups and the people make three statements; the relation itself stays as it was.");

    Table found({"person", "wu_city", "zhou_city"});
    tour.code();
    const auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    const auto zhous = db.objects<City>().filter("name__icontains"_f = "zhou");
    const auto people = db.objects<Person>().prefetch_related(
        kith::Prefetch("visitation"_f, wus, "wu_city"_f),
        kith::Prefetch("visitation"_f, zhous, "zhou_city"_f));
    for (const Person& person : people) {
        found.add(person.firstname, person.wu_city.empty() ? "" : person.wu_city.front().name,
                  person.zhou_city.empty() ? "" : person.zhou_city.front().name);
    }
    tour.ran({found});
}

void mixed_lookups(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("Strings and Prefetch objects mix");
    tour.page().prose("A later lookup may even go on from the place that an earlier one filled.");

    Table found({"person", "home province", "city with wu", "its province"});
    tour.code();
    const auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    const auto zhangs = db.objects<Person>()
                            .filter("lastname"_f = "Zhang")
                            .prefetch_related(kith::Prefetch("visitation"_f, wus, "wu_city"_f),
                                              "hometown__province", "wu_city__province");
    for (const Person& person : zhangs) {
        const std::string home = person.hometown->province->name;
        for (const City& city : person.wu_city) {
            found.add(person.firstname, home, city.name, city.province->name);
        }
    }
    tour.ran({found});
}

void none_clears(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("None");
    tour.page().prose("prefetch_related(kith::None) takes back whatever was asked for before.");

    Table people({"id", "firstname", "visits loaded"});
    tour.code();
    const auto loaded = db.objects<Person>().prefetch_related("visitation", "hometown");
    const auto cleared = loaded.prefetch_related(kith::None);
    for (const Person& person : cleared) {
        people.add(person.id, person.firstname, person.visitation.is_prefetched());
    }
    tour.ran({people});
}

void conclusion(Tour& tour) {
    tour.page().heading("Conclusion");
    tour.page().prose("Relations to many rows, from either end, in one statement each; put "
                      "together in memory; named "
                      "by any number of lookups, as strings or as Prefetch objects, in one call "
                      "or in several; taken "
                      "back by None.");
}

} // namespace

void tell_prefetch_related(Tour& cast) {
    many_to_many(cast);
    reverse_foreign_key(cast);
    deep_lookup(cast);
    chained_calls(cast);
    filter_asks_again(cast);
    prefetch_objects(cast);
    mixed_lookups(cast);
    none_clears(cast);
    conclusion(cast);
}

} // namespace travel
