#include "travel.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

using namespace kith::literals;
using namespace travel;

class Prefetching : public Travel {};

TEST_F(Prefetching, WhatItIsFor) {
    {
        // [snippet without]
        auto people = db.objects<Person>();
        for (const Person& person : people)                  // 1 statement
            for (const City& city : person.visitation.all()) // and 1 for each person
                fmt::print("{} {}\n", person.firstname, city.name);
        // [/snippet]
    }
    EXPECT_EQ(log.size(), 1u + 4u);
    log.clear();
    {
        // [snippet with]
        auto people = db.objects<Person>().prefetch_related("visitation");
        for (const Person& person : people)                  // 2 statements
            for (const City& city : person.visitation.all()) // none
                fmt::print("{} {}\n", person.firstname, city.name);
        // [/snippet]
    }
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Prefetching, Deep) {
    // [snippet deep]
    auto people = db.objects<Person>().prefetch_related("visitation__province", "hometown");
    // person, visitation, visitation__province, hometown: 4 statements
    // [/snippet]
    (void)people.size();
    EXPECT_EQ(log.size(), 4u);
    log.clear();
    // [snippet overlap]
    auto more = people.prefetch_related("visitation", "hometown__province"); // calls add up
    // visitation is in the list already: 5 statements, one more for hometown__province
    auto fewer = more.prefetch_related(kith::None); // an empty list
    // [/snippet]
    (void)more.size();
    EXPECT_EQ(log.size(), 5u);
    (void)fewer.size();
    EXPECT_EQ(log.size(), 6u);
}

TEST_F(Prefetching, Statements) {
    auto provinces = db.objects<Province>().order_by("name").prefetch_related("city_set__visitors");
    for (const Province& province : provinces)
        for (const City& city : province.city_set.all()) {
            EXPECT_EQ(&*city.province, &province);
            EXPECT_TRUE(city.visitors.is_prefetched());
        }
    EXPECT_EQ(log.size(), 3u);
    log.clear();
    auto nobody = db.objects<Person>().filter("lastname"_f = "Nobody").prefetch_related("visitation__province");
    (void)nobody.size();
    EXPECT_EQ(log.size(), 1u) << "without rows, nothing is fetched for them";
    log.clear();
    auto people = db.objects<Person>().filter("lastname"_f = "Zhang", "firstname"_f = "Si");
    (void)people.prefetch_related("living__province").size();
    EXPECT_EQ(log.size(), 1u) << "nor for null keys";
}

TEST_F(Prefetching, OneInstance) {
    // [snippet shared]
    auto people = db.objects<Person>().prefetch_related("visitation", "hometown");
    // Li and the younger Zhang come from the same city: it was decoded once.
    bool same = &*people[1].hometown == &*people[3].hometown; // true
    // [/snippet]
    EXPECT_TRUE(same);
}

TEST_F(Prefetching, PrefetchObjects) {
    // [snippet prefetch]
    auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    auto zhous = db.objects<City>().filter("name__icontains"_f = "zhou");
    auto people = db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus, "wu_city"_f),
                                                        kith::Prefetch("visitation"_f, zhous, "zhou_city"_f),
                                                        "wu_city__province");
    for (const Person& person : people) // 4 statements
        fmt::print("{}: {} and {}\n", person.firstname, person.wu_city.size(), person.zhou_city.size());
    // [/snippet]
    EXPECT_EQ(log.size(), 4u);
    EXPECT_EQ(people[0].wu_city[0].province->name, "Hubei");
    log.clear();
    // [snippet own_rows]
    auto by_name = db.objects<City>().order_by("name");
    auto ordered = db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, by_name));
    // visitation.all() shows these rows, in this order
    // [/snippet]
    EXPECT_EQ(ordered[0].visitation.all()[0]->name, "Guangzhou");
    EXPECT_EQ(log.size(), 2u);
    log.clear();
    // [snippet nested]
    auto with_visitors = db.objects<City>().prefetch_related("visitors");
    auto nested = db.objects<Person>().prefetch_related(kith::Prefetch("hometown"_f, with_visitors));
    // person, hometown, hometown__visitors: 3 statements
    // [/snippet]
    EXPECT_EQ(nested[2].hometown->visitors.all().size(), 2u);
    EXPECT_EQ(log.size(), 3u);
}

TEST_F(Prefetching, Slices) {
    // [snippet slices]
    auto first_two = db.objects<City>().order_by("name").slice(0, 2);
    auto people = db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, first_two, "wu_city"_f));
    // each person has the first two cities of their own
    // [/snippet]
    EXPECT_EQ(people[0].wu_city.size(), 2u);
    EXPECT_EQ(people[1].wu_city.size(), 1u);
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Prefetching, Conflicts) {
    auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    EXPECT_THROW(
        (void)db.objects<Person>().prefetch_related("visitation__province", kith::Prefetch("visitation"_f, wus)),
        kith::ValueError);
    // [snippet conflict]
    db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus), "visitation__province");
    // [/snippet]
    EXPECT_EQ(log.size(), 0u);
}

TEST_F(Prefetching, RuntimeNames) {
    const std::string from_the_user = "visitation__province";
    const bool with_wus = true;
    auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    // [snippet runtime]
    auto people = db.objects<Person>().prefetch_related(kith::runtime(from_the_user)); // FieldError when it is wrong

    std::vector<kith::Lookup<Person>> lookups{"hometown", kith::runtime(from_the_user)};
    if (with_wus) lookups.push_back(kith::Prefetch("visitation"_f, wus, "wu_city"_f));
    auto more = db.objects<Person>().prefetch_related(lookups);
    // [/snippet]
    (void)more.size();
    EXPECT_EQ(log.size(), 5u);
    EXPECT_THROW((void)db.objects<Person>().prefetch_related(kith::runtime("visitation__provinc")), kith::FieldError);
}

TEST_F(Prefetching, Shapes) {
    // [snippet shapes]
    auto small = kith::connect(url(), {.pairs_threshold = 1});
    kith::QueryLog queries(small);
    small.objects<Person>().prefetch_related("visitation").size();
    // people, links, targets: 3 statements
    // [/snippet]
    EXPECT_EQ(queries.size(), 3u);
    queries.clear();
    auto wus = small.objects<City>().filter("name__icontains"_f = "wu");
    small.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus)).size();
    EXPECT_EQ(queries.size(), 2u) << "a filter keeps the join";
}

TEST_F(Prefetching, SelectRelated) {
    // [snippet select]
    auto people = db.objects<Person>().select_related("hometown__province", "living"); // 1 statement with joins
    auto both = people.prefetch_related("visitation");                                 // 2 statements
    // [/snippet]
    EXPECT_EQ(people[0].hometown->province->name, "Hubei");
    EXPECT_TRUE(people[3].living == nullptr);
    EXPECT_EQ(log.size(), 1u);
    (void)both.size();
    EXPECT_EQ(log.size(), 3u);
    // [snippet select_shared]
    bool same = &*people[1].hometown == &*people[3].hometown; // true: both come from the same city
    // [/snippet]
    EXPECT_TRUE(same);
    EXPECT_NE(&*people[1].hometown, &*people[1].living);
}

TEST_F(Prefetching, FilterAsksAgain) {
    // [snippet filter]
    auto people = db.objects<Person>().prefetch_related("visitation");
    for (const Person& person : people)                              // 2 statements
        person.visitation.filter("name__icontains"_f = "wu").size(); // and 1 for each person
    // [/snippet]
    EXPECT_EQ(log.size(), 2u + 4u);
    log.clear();
    // [snippet in_memory]
    for (const Person& person : people) {
        auto cities = person.visitation.all(); // none
        auto wus = cities | std::views::filter([](const City& city) { return city.name.starts_with("Wu"); });
        fmt::print("{}\n", std::ranges::distance(wus));
    }
    // [/snippet]
    EXPECT_EQ(log.size(), 0u);
}

TEST_F(Prefetching, SetsThatCostNothing) {
    auto people = db.objects<Person>().prefetch_related("visitation");
    (void)people.size();
    log.clear();
    const Person& person = people[0];
    // [snippet free]
    person.visitation.all().size();
    person.visitation.count();
    person.visitation.exists();
    person.visitation.first();
    person.visitation.contains(1);
    person.visitation.is_prefetched();
    // [/snippet]
    EXPECT_EQ(log.size(), 0u);
    person.visitation.add(1);
    EXPECT_FALSE(person.visitation.is_prefetched());
}

TEST_F(Prefetching, RowsThatExist) {
    auto people = db.objects<Person>().order_by("id").rows();
    log.clear();
    // [snippet objects]
    kith::prefetch_related_objects(people, "visitation__province"); // 2 statements
    kith::prefetch_related_objects(people, "visitation");           // none: it is there
    kith::prefetch_related_objects(people[0], "hometown");          // one row, a Ref, or a range of either
    // [/snippet]
    EXPECT_EQ(log.size(), 3u);
    Person copy = *people[0];
    EXPECT_THROW(kith::prefetch_related_objects(copy, "living"), kith::ValueError);
}

TEST_F(Prefetching, FetchModes) {
    // [snippet peers]
    auto people = db.objects<Person>().fetch_mode(kith::FetchMode::peers);
    for (const Person& person : people) // 1 statement
        person.hometown->name;          // the first of them loads the cities of all: 1 more
    // [/snippet]
    EXPECT_EQ(log.size(), 2u);
    // [snippet raise]
    auto strict = db.objects<Person>().fetch_mode(kith::FetchMode::raise);
    try {
        strict[0].visitation.all().size();
    } catch (const kith::FetchBlocked& blocked) {
        fmt::print("{}\n", blocked.what());
    }
    // [/snippet]
    // [output raise]
    const std::string expected =
        R"(Fetching of Person.visitation blocked by FetchMode::raise: add .prefetch_related("visitation") to the QuerySet
)";
    try {
        (void)strict[0].visitation.all().size();
        ADD_FAILURE();
    } catch (const kith::FetchBlocked& blocked) {
        EXPECT_EQ(std::string(blocked.what()) + "\n", expected);
    }
    // [snippet mode_of_database]
    auto careful = kith::connect(url(), {.fetch_mode = kith::FetchMode::raise});
    // [/snippet]
    EXPECT_THROW((void)careful.objects<Person>()[0]->hometown->name, kith::FetchBlocked);
}

TEST_F(Prefetching, Detector) {
    // [snippet detector]
    const kith::LoadingDetector detector(db, {.rows = 3});
    for (const Person& person : db.objects<Person>()) {
        for (const City& city : person.visitation.all()) fmt::print("{}\n", city.name);
    }
    for (const auto& finding : detector.findings()) fmt::print("{}\n", finding.text());
    // [/snippet]
    // [output detector]
    const std::string expected =
        R"(Person.visitation was loaded row by row: 4 times, 4 statements. Add .prefetch_related("visitation") to the QuerySet that loads Person
)";
    ASSERT_EQ(detector.findings().size(), 1u);
    EXPECT_EQ(detector.findings()[0].text() + "\n", expected);
}

TEST_F(Prefetching, Explain) {
    auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
    // [snippet explain]
    auto people = db.objects<Person>().select_related("living").prefetch_related(
        "visitation__province", kith::Prefetch("visitation"_f, wus, "wu_city"_f));
    fmt::print("{}", people.explain_loading());
    // [/snippet]
    // [output explain]
    const std::string expected = R"(Person  1 statement
  living → City  joined by select_related; no statement
  visitation → City  many-to-many; join: 1 statement up to 1000 parents; pairs: 2 beyond; 0 without keys
    province → Province  foreign key; 1 statement, 0 without keys
  wu_city → City  many-to-many visitation into wu_city, with a queryset of its own; join: 1 statement, 0 without keys
all in one snapshot
)";
    EXPECT_EQ(people.explain_loading(), expected);
    // [snippet plan]
    for (const kith::LoadingPlan::Lookup& lookup : people.loading_plan().lookups)
        fmt::print("{} by {}: {} for 5000 people\n", lookup.path, fmt::join(lookup.keys, ", "),
                   lookup.statements(5000));
    // [/snippet]
    // [output plan]
    const std::string lines = R"(visitation by person_visitation.person_id: 2 for 5000 people
wu_city by person_visitation.person_id: 1 for 5000 people
)";
    std::string printed;
    for (const auto& lookup : people.loading_plan().lookups) {
        printed += fmt::format("{} by {}: {} for 5000 people\n", lookup.path, fmt::join(lookup.keys, ", "),
                               lookup.statements(5000));
    }
    EXPECT_EQ(printed, lines);
    EXPECT_EQ(log.size(), 0u);
}

TEST_F(Prefetching, Streams) {
    auto people = db.objects<Person>().prefetch_related("visitation__province");
    // [snippet stream]
    for (const Person& person : people.iterator({.chunk_size = 2}))
        for (const City& city : person.visitation.all()) fmt::print("{}\n", city.province->name);
    // 1 statement for the people, 2 for each chunk of them
    // [/snippet]
    EXPECT_EQ(log.size(), 1u + 2u * 2u);
    EXPECT_THROW((void)people.iterator(), kith::ValueError);
}
