#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace select_related_test {

using namespace kith::literals;
using namespace travel;

/// What select_related joins is shared: within one evaluation each row that a forward relation leads to is one
/// instance.
namespace {

// The data of TravelTest: Zhang from Shiyan, Li from Guangzhou, Wang from Wuhan, the younger Zhang from Guangzhou, who
// lives nowhere; Shiyan and Wuhan are in Hubei.
class SelectRelated : public TravelTest {};

struct Member;
struct Club;

struct Country {
    kith::PrimaryKey<std::string> code{};
    kith::Lazy<std::string> anthem{};
    kith::Lazy<std::string> motto{};
};
struct Club {
    kith::PrimaryKey<std::string> name{};
    kith::ForeignKey<Country, kith::null> country{};
    kith::Lazy<std::string> history{};
};
struct Badge {
    kith::PrimaryKey<> id{};
    kith::OneToOne<Member> member{};
    kith::ForeignKey<Club> issuer{};
};
struct Member {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Club, kith::null> club{};
    kith::ForeignKey<Member, kith::null> mentor{};
    kith::ReverseOne<Badge, "member"> badge{};

    static constexpr kith::Table table{.name = "club_member", .ordering = {"id"}};
};

/// Ann of Nord and Bob of Nord, whose mentor is Ann; Cid of Süd, whose mentor is Ann; Dan without club and mentor. Ann
/// and Cid have badges, both issued by Nord. Nord is in Denmark, Süd in no country.
class SharedByText : public FileTest {
protected:
    SharedByText() {
        db_.create_tables<Country, Club, Member, Badge>();
        const auto denmark = db_.objects<Country>().create({.code = "DK", .anthem = "Der er et yndigt land"});
        const auto north = db_.objects<Club>().create({.name = "Nord", .country = denmark, .history = "Old."});
        const auto south = db_.objects<Club>().create({.name = "Süd", .history = "New."});
        const auto ann = db_.objects<Member>().create({.club = north});
        db_.objects<Member>().create({.club = north, .mentor = ann});
        const auto cid = db_.objects<Member>().create({.club = south, .mentor = ann});
        db_.objects<Member>().create({});
        db_.objects<Badge>().create({.member = ann, .issuer = north});
        db_.objects<Badge>().create({.member = cid, .issuer = north});
        log_.emplace(db_);
    }
    kith::QuerySet<Member> members() const { return db_.objects<Member>(); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

TEST_F(SelectRelated, RowsWithTheSameKeyAreOneInstance) {
    const auto people = objects<Person>().select_related("hometown__province");
    EXPECT_EQ(people[0].hometown->name, "Shiyan City");
    EXPECT_EQ(people[1].hometown->name, "Guangzhou City");
    EXPECT_EQ(people[2].hometown->name, "Wuhan City");
    EXPECT_EQ(&*people[1].hometown, &*people[3].hometown) << "the same city";
    EXPECT_NE(&*people[0].hometown, &*people[2].hometown);
    EXPECT_EQ(&*people[0].hometown->province, &*people[2].hometown->province) << "one province of two cities";
    EXPECT_EQ(people[3].hometown->province->name, "Guangdong Province") << "behind a row that was known";
    EXPECT_EQ(people[2].hometown->province->name, "Hubei Province");
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(SelectRelated, EachStepHasInstancesOfItsOwn) {
    const auto people = objects<Person>().select_related("hometown", "living");
    EXPECT_EQ(people[0].hometown->id, people[2].living->id);
    EXPECT_NE(&*people[0].hometown, &*people[2].living) << "as in prefetch_related";
    EXPECT_EQ(people[1].hometown->id, people[1].living->id);
    EXPECT_TRUE(people[3].living == nullptr) << "though another part of its row was known";
    EXPECT_TRUE(people[3].living.is_loaded());
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(SelectRelated, EachEvaluationHasInstancesOfItsOwn) {
    const auto people = objects<Person>().select_related("hometown");
    const auto again = people.all();
    EXPECT_NE(&*people[1].hometown, &*again[1].hometown);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(SelectRelated, MissingEndsLeaveTheOthersShared) {
    // Rows without an end come before, between and behind rows with one.
    objects<Person>().filter("firstname"_f = "San").update("living"_f = nullptr);
    objects<Person>()
        .filter("firstname"_f = "Wu")
        .update("living"_f = objects<City>().get("name"_f = "Guangzhou City")->id);
    log_.clear();
    const auto people = objects<Person>().select_related("living__province");
    EXPECT_TRUE(people[0].living == nullptr);
    EXPECT_TRUE(people[3].living == nullptr);
    EXPECT_EQ(&*people[1].living, &*people[2].living);
    EXPECT_EQ(people[2].living->province->name, "Guangdong Province");
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(SelectRelated, LookupsGoOnFromSharedRows) {
    const auto people = objects<Person>().select_related("hometown").prefetch_related("hometown__province");
    EXPECT_EQ(&*people[1].hometown, &*people[3].hometown);
    EXPECT_EQ(people[3].hometown->province->name, "Guangdong Province");
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(log_[1].rows, 2u) << "each province once";
}

TEST_F(SelectRelated, WhatIsLoadedLazilyIsLoadedForAll) {
    const auto people = objects<Person>().select_related("hometown");
    EXPECT_EQ(people[1].hometown->province->name, "Guangdong Province");
    EXPECT_EQ(people[3].hometown->province->name, "Guangdong Province");
    EXPECT_EQ(log_.size(), 2u) << "one row, one load";
}

TEST_F(SelectRelated, WithinThePrefetchedRowsOfOneLookup) {
    const auto with_provinces = objects<City>().select_related("province");
    const auto people = objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, with_provinces));
    std::set<const Province*> provinces;
    for (const Person& person : people) {
        for (const City& city : person.visitation.all()) provinces.insert(&*city.province);
    }
    EXPECT_EQ(provinces.size(), 2u);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(SelectRelated, StreamsShareWithinAChunk) {
    const auto people = objects<Person>().select_related("hometown__province");
    std::optional<Person> held; // keeps its chunk, so that no address is used again
    for (const Person& person : people.iterator({.chunk_size = 4})) {
        EXPECT_FALSE(person.hometown->province->name.empty());
        if (person.hometown->name != "Guangzhou City") continue;
        if (held) {
            EXPECT_EQ(&*held->hometown, &*person.hometown);
        }
        held.emplace(person);
    }
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(SelectRelated, ChunksOfAStreamHaveInstancesOfTheirOwn) {
    std::optional<Person> held;
    for (const Person& person : objects<Person>().select_related("hometown__province").iterator({.chunk_size = 2})) {
        if (person.hometown->name != "Guangzhou City") continue;
        EXPECT_EQ(person.hometown->province->name, "Guangdong Province");
        if (held) {
            EXPECT_NE(&*held->hometown, &*person.hometown) << "each chunk can be let go by itself";
        }
        held.emplace(person);
    }
    EXPECT_EQ(held->firstname, "Si");
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(SelectRelated, ThousandsOfRowsShareTheirFewTargets) {
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    const auto shiyan = objects<City>().get("name"_f = "Shiyan City");
    std::vector<Person> rows;
    for (int i = 0; i < 5000; ++i) rows.push_back({.firstname = "P", .hometown = i % 2 == 0 ? wuhan : shiyan});
    objects<Person>().bulk_create(rows);
    std::set<const City*> cities;
    std::set<const Province*> provinces;
    for (const Person& person : objects<Person>().filter("firstname"_f = "P").select_related("hometown__province")) {
        cities.insert(&*person.hometown);
        provinces.insert(&*person.hometown->province);
    }
    EXPECT_EQ(cities.size(), 2u);
    EXPECT_EQ(provinces.size(), 1u);
}

TEST_F(SharedByText, KeysOfAnyTypeAreShared) {
    const auto all = members().select_related("club__country");
    EXPECT_EQ(&*all[0].club, &*all[1].club);
    EXPECT_EQ(all[1].club->country->code, "DK");
    EXPECT_EQ(all[2].club->name, "Süd");
    EXPECT_TRUE(all[2].club->country == nullptr);
    EXPECT_TRUE(all[3].club == nullptr);
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(SharedByText, ARelationToTheSameModelSharesByStep) {
    const auto all = members().select_related("mentor__club");
    EXPECT_TRUE(all[0].mentor == nullptr);
    EXPECT_EQ(&*all[1].mentor, &*all[2].mentor);
    EXPECT_NE(&*all[1].mentor, &all[0]) << "the rows that were asked for stand apart";
    EXPECT_EQ(all[2].mentor->club->name, "Nord");
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(SharedByText, ReverseOnesAreReadForEachRowAndLeadOn) {
    const auto all = members().select_related("badge__issuer");
    EXPECT_EQ(&*all[0].badge->member, &all[0]);
    EXPECT_EQ(&*all[2].badge->member, &all[2]);
    EXPECT_NE(&*all[0].badge, &*all[2].badge);
    EXPECT_TRUE(all[1].badge == nullptr);
    EXPECT_EQ(&*all[0].badge->issuer, &*all[2].badge->issuer) << "a forward step behind a reverse one";
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(SharedByText, AReverseOneBehindASharedRowIsReadOnce) {
    const auto all = members().select_related("mentor__badge");
    ASSERT_TRUE(all[1].mentor->badge.is_loaded());
    EXPECT_EQ(&*all[1].mentor->badge, &*all[2].mentor->badge);
    EXPECT_EQ(&*all[2].mentor->badge->member, &*all[1].mentor);
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(SharedByText, TheOtherEndOfAOneToOneLeadsBack) {
    const auto badges = db_.objects<Badge>().order_by("id").select_related("member");
    EXPECT_EQ(&*badges[0].member->badge, &badges[0]);
    EXPECT_EQ(&*badges[1].member->badge, &badges[1]);
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(SharedByText, WhatOnlyAndDeferLeaveOutIsLoadedOnceForAll) {
    const auto all = members().select_related("club__country").defer("club__history");
    EXPECT_FALSE(all[0].club->history.is_loaded());
    EXPECT_TRUE(all[1].club->country->anthem.is_loaded());
    EXPECT_EQ(all[0].club->history, "Old.");
    EXPECT_TRUE(all[1].club->history.is_loaded()) << "it is the same club";
    EXPECT_EQ(log_->size(), 2u);
    const auto only = members().select_related("club__country").only("club__country__anthem");
    EXPECT_FALSE(only[1].club->country->motto.is_loaded());
    EXPECT_EQ(only[1].club->country->anthem, "Der er et yndigt land");
    EXPECT_EQ(log_->size(), 3u);
}

} // namespace select_related_test
