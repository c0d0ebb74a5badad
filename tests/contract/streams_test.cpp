#include "support/memory.hpp"
#include "support/travel.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace streams_test {

using namespace kith::literals;
using namespace travel;

/// A chunk whose rows nobody holds gives its memory to the next: what is held must not notice.
namespace {

constexpr std::size_t people_count = 60;

std::string long_name(std::size_t number) {
    return "a name that is longer than the room in a string, number " + std::to_string(number);
}

class Streams : public TravelTest {
protected:
    Streams() {
        const auto hubei = objects<Province>().get("name"_f = "Hubei Province");
        std::vector<City> cities(30);
        for (std::size_t i = 0; i < cities.size(); ++i) {
            cities[i].name = long_name(i);
            cities[i].province = hubei;
        }
        const auto made = objects<City>().bulk_create(std::move(cities));
        std::vector<Person> people(people_count);
        for (std::size_t i = 0; i < people.size(); ++i) {
            people[i].firstname = long_name(i);
            people[i].lastname = "Stream";
            people[i].hometown = made[i % made.size()];
        }
        auto stored = objects<Person>().bulk_create(std::move(people));
        for (std::size_t i = 0; i < stored.size(); ++i) {
            for (std::size_t city = 0; city < i % 4; ++city) {
                stored[i]->visitation.add(*made[(i + city * 7) % made.size()]);
            }
        }
        log_.clear();
    }

    kith::QuerySet<Person> streamed() const { return objects<Person>().filter("lastname"_f = "Stream"); }

    /// What a person looks like with all relations. Sets have no order.
    static std::string text_of(const Person& person) {
        std::vector<std::string> cities;
        for (const City& city : person.visitation.all()) cities.push_back(city.name + " in " + city.province->name);
        std::ranges::sort(cities);
        return fmt::format("{} of {}: {}", person.firstname, person.hometown->name, fmt::join(cities, ", "));
    }
    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const Person& person : streamed().prefetch_related("hometown", "visitation__province")) {
            all.push_back(text_of(person));
        }
        return all;
    }
};

} // namespace

TEST_F(Streams, WhatIsHeldStaysAcrossChunks) {
    const auto expected = texts();
    const auto people = streamed().prefetch_related("hometown", "visitation__province");
    for (const std::size_t chunk : {1U, 4U, 7U, 60U}) {
        std::vector<std::pair<kith::Ref<Person>, std::size_t>> refs;
        std::vector<std::pair<Person, std::size_t>> copies;
        std::vector<std::pair<kith::QuerySet<City>, std::size_t>> sets;
        std::vector<const Person*> places;
        std::size_t at = 0;
        for (Person& person : people.iterator({.chunk_size = chunk})) {
            ASSERT_EQ(text_of(person), expected[at]);
            if (at % 13 == 3) {
                refs.emplace_back(kith::detail::RowHandle(&person), at);
                places.push_back(&person);
            }
            if (at % 17 == 5) copies.emplace_back(person, at);
            if (at % 11 == 7) sets.emplace_back(person.visitation.all(), at);
            ++at;
        }
        ASSERT_EQ(at, people_count);
        log_.clear();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            EXPECT_EQ(&*refs[i].first, places[i]);
            EXPECT_EQ(text_of(*refs[i].first), expected[refs[i].second]);
        }
        for (const auto& [copy, number] : copies) EXPECT_EQ(text_of(copy), expected[number]);
        for (const auto& [set, number] : sets) EXPECT_EQ(set.size(), number % 4);
        EXPECT_EQ(log_.size(), 0U);
    }
}

TEST_F(Streams, RelationsLoadedInTheLoopStayInTheirChunk) {
    const auto expected = texts();
    std::vector<std::pair<kith::Ref<City>, std::string>> homes;
    std::size_t at = 0;
    for (Person& person : streamed().iterator({.chunk_size = 6})) {
        ASSERT_EQ(text_of(person), expected[at]);
        if (at % 10 == 4) homes.emplace_back(kith::detail::RowHandle(&*person.hometown), person.hometown->name);
        ++at;
    }
    ASSERT_EQ(at, people_count);
    for (const auto& [home, name] : homes) {
        EXPECT_EQ(home->name, name);
        EXPECT_EQ(home->province->name, "Hubei Province");
    }
}

TEST_F(Streams, RowsOfAChunkAndOthersLeadToEachOther) {
    const auto zhang = objects<Person>().get("firstname"_f = "San");
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    std::string living;
    std::size_t at = 0;
    for (Person& person : streamed().prefetch_related("hometown").iterator({.chunk_size = 5})) {
        person.living = wuhan; // the chunk holds Wuhan until it is emptied
        EXPECT_EQ(person.living->name, "Wuhan City");
        if (at++ != 12) continue;
        living = person.hometown->name;
        zhang->living = kith::Ref<City>(kith::detail::RowHandle(&*person.hometown)); // and this one is held by Zhang
    }
    EXPECT_EQ(at, people_count);
    log_.clear();
    EXPECT_EQ(zhang->living->name, living);
    EXPECT_EQ(wuhan->name, "Wuhan City");
    EXPECT_EQ(log_.size(), 0U);
}

TEST_F(Streams, AStreamOfASetLeadsBackToItsOwner) {
    const auto shiyan = objects<City>().get("name"_f = long_name(3));
    std::vector<kith::Ref<Person>> kept;
    for (Person& person : shiyan->natives.all().iterator({.chunk_size = 1})) {
        EXPECT_EQ(&*person.hometown, &*shiyan);
        if (kept.empty()) kept.emplace_back(kith::detail::RowHandle(&person));
    }
    EXPECT_EQ(&*kept.front()->hometown, &*shiyan);
}

TEST_F(Streams, AChunkThatFailsEndsTheStreamAndKeepsWhatIsHeld) {
    struct Stopped {};
    const auto people = streamed().prefetch_related("visitation");
    kith::Ref<Person> held;
    auto stream = people.iterator({.chunk_size = 3});
    std::stop_source stop;
    auto stopped = people.stop(stop.get_token()).iterator({.chunk_size = 3});
    std::size_t rows = 0;
    EXPECT_THROW(
        {
            for (Person& person : stopped) {
                if (rows == 4) held = kith::Ref<Person>(kith::detail::RowHandle(&person));
                if (++rows == 8) stop.request_stop();
            }
        },
        kith::Cancelled);
    EXPECT_EQ(rows, 9U) << "the chunk that was there";
    EXPECT_EQ(stopped.begin(), stopped.end()) << "no rows follow a failure";
    EXPECT_EQ(held->firstname, long_name(4));
    EXPECT_THROW(
        {
            for (const Person& person : stream) {
                if (person.firstname == long_name(7)) throw Stopped{};
            }
        },
        Stopped);
    EXPECT_EQ(held->visitation.all().size(), 0U);
}

TEST_F(Streams, AStreamContinuesOnAnotherThread) {
    const auto expected = texts();
    auto stream = streamed().prefetch_related("hometown", "visitation__province").iterator({.chunk_size = 7});
    std::vector<kith::Ref<Person>> held;
    std::vector<std::string> found;
    auto at = stream.begin();
    for (int i = 0; i < 20; ++i, ++at) {
        found.push_back(text_of(*at));
        if (i % 9 == 0) held.emplace_back(kith::detail::RowHandle(&*at));
    }
    std::jthread([&] {
        held.erase(held.begin()); // the rows of the first chunk are freed on another thread
        for (; at != stream.end(); ++at) found.push_back(text_of(*at));
    }).join();
    EXPECT_EQ(found, expected);
    ASSERT_EQ(held.size(), 2U);
    EXPECT_EQ(text_of(*held[0]), expected[9]);
    EXPECT_EQ(text_of(*held[1]), expected[18]);
}

TEST_F(Streams, ChunksOfManyKindsTakeNoMoreMemory) {
    const auto most_bytes = [&](const kith::QuerySet<Person>& people) {
        std::size_t most = 0;
        for (const Person& person : people.iterator({.chunk_size = 8})) {
            (void)text_of(person);
            most = std::max(most, live_bytes());
        }
        return most;
    };
    const auto prefetching = streamed().prefetch_related("visitation__province");
    (void)(most_bytes(streamed()) + most_bytes(prefetching)); // statements are kept
    const auto before = live_bytes();
    EXPECT_LT(most_bytes(streamed()), before + 400'000);
    EXPECT_LT(most_bytes(prefetching), before + 400'000);
}

} // namespace streams_test
