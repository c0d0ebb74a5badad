#include "rows/graph.hpp"
#include "support/memory.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <optional>

namespace lifetime_test {

using namespace kith::literals;
using namespace travel;

/// Who keeps whom alive. The sanitizers turn every mistake here into a failure: a row used after its graph, or a graph
/// that nobody lets go of.
namespace {

class Lifetime : public TravelTest {};

struct Node {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Node, kith::null> next{};
    kith::ForeignKey<Node, kith::null> mentor{};
    kith::ReverseSet<Node, "next"> previous{};
};

} // namespace

TEST_F(Lifetime, ARefOutlivesItsQuerySet) {
    kith::Ref<Person> zhang;
    {
        const auto people = objects<Person>().prefetch_related("visitation__province");
        zhang = people.rows()[0];
    }
    EXPECT_EQ(zhang->visitation.all().size(), 3u);
    EXPECT_FALSE(zhang->visitation.all()[0]->province->name.empty());
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Lifetime, ASetOutlivesItsQuerySet) {
    std::optional<kith::QuerySet<City>> cities;
    {
        const auto people = objects<Person>().prefetch_related("visitation");
        cities = people[0].visitation.all();
    }
    EXPECT_EQ(cities->size(), 3u);
    EXPECT_EQ(cities->filter("name__startswith"_f = "Wu").size(), 1u) << "and still knows what it is a set of";
}

TEST_F(Lifetime, ACopiedRowOutlivesItsQuerySet) {
    const Person copy = *objects<Person>().prefetch_related("visitation", "hometown__province")[0];
    EXPECT_EQ(copy.lastname, "Zhang");
    log_.clear();
    EXPECT_EQ(copy.hometown->province->name, "Hubei Province");
    EXPECT_EQ(copy.visitation.all().size(), 3u);
    EXPECT_EQ(log_.size(), 0u) << "the copy holds what was loaded";
}

TEST_F(Lifetime, ASetCopiedAloneOutlivesItsRow) {
    std::optional<kith::ManyToMany<City>> set;
    std::optional<kith::ForeignKey<City>> home;
    {
        const auto people = objects<Person>().prefetch_related("visitation");
        set = people[0].visitation;
        home.emplace(people[0].hometown);
    }
    EXPECT_EQ(set->all().size(), 3u);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ((*home)->name, "Shiyan City") << "loaded through the row it was copied from";
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Lifetime, ACopyOfACopyHoldsToo) {
    std::optional<Person> second;
    {
        const Person first = *objects<Person>().order_by("id").first();
        second.emplace(first);
    }
    EXPECT_EQ(second->hometown->name, "Shiyan City");
}

TEST_F(Lifetime, ACopyWithAnotherKeyLeadsElsewhere) {
    const auto guangzhou = objects<City>().get("name"_f = "Guangzhou City");
    Person copy = *objects<Person>().order_by("id").first();
    copy.hometown.set_key(guangzhou->id);
    EXPECT_EQ(copy.hometown->name, "Guangzhou City");
    EXPECT_EQ(objects<Person>().order_by("id").first()->hometown->name, "Shiyan City");
}

TEST_F(Lifetime, DetachedRowsKeepColumnsAndKeysOnly) {
    const auto person = objects<Person>().order_by("id").first();
    const Person plain = kith::detached(*person);
    EXPECT_EQ(plain.lastname, "Zhang");
    EXPECT_EQ(plain.hometown.key(), person->hometown.key());
    EXPECT_THROW((void)plain.hometown->name, kith::NotLoaded);
    EXPECT_THROW((void)plain.visitation.all(), kith::ValueError);
}

TEST_F(Lifetime, BackReferencesDoNotLeak) {
    const auto provinces = objects<Province>().prefetch_related("city_set__province");
    for (const Province& province : provinces) {
        for (const City& city : province.city_set.all()) EXPECT_EQ(&*city.province, &province);
    }
}

TEST_F(Lifetime, RowsThatReferToEachOtherAcrossGraphsDoNotLeak) {
    db_.create_tables<Node>();
    auto a = db_.objects<Node>().create({.name = "a"});
    auto b = db_.objects<Node>().create({.name = "b"});
    auto c = db_.objects<Node>().create({.name = "c"});
    a->mentor = b;
    b->mentor = a;
    c->mentor = a;
    a->next = c;
    b = nullptr;
    c = nullptr;
    EXPECT_EQ(a->mentor->name, "b");
    EXPECT_EQ(a->next->mentor->mentor->name, "b");
    a->next = nullptr;
    a->mentor = nullptr;
    EXPECT_TRUE(a->mentor.is_null());
}

TEST_F(Lifetime, AChainOfManyGraphsIsReleasedWithoutRecursion) {
    db_.create_tables<Node>();
    const int length = on_sqlite() ? 30'000 : 3'000; // each is a statement
    db_.atomic([&] {
        auto last = db_.objects<Node>().create({.name = "0"});
        const auto first = last;
        for (int i = 1; i < length; ++i) last = db_.objects<Node>().create({.name = "n", .next = last});
        EXPECT_EQ(last->next->next->name, "n");
        first->next = last; // a circle through all of them
    });
}

TEST_F(Lifetime, ReassigningLetsTheOldTargetGo) {
    const auto db = kith::connect(folder_.url()); // one that no log grows with
    db.create_tables<Node>();
    auto holder = db.objects<Node>().create({.name = "holder"});
    const auto other = db.objects<Node>().create({.name = "other"});
    const auto before = live_bytes();
    for (int i = 0; i < 2'000; ++i) {
        auto fresh = db.objects<Node>().get("name"_f = "other");
        holder->next = fresh;
    }
    EXPECT_LT(live_bytes(), before + 200'000);
    EXPECT_EQ(holder->next->name, "other");
}

TEST_F(Lifetime, LazilyLoadedSetsDoNotGrowTheGraph) {
    const auto db = kith::connect(folder_.url()); // one that no log grows with
    auto zhang = db.objects<Person>().get("firstname"_f = "San");
    const auto wuhan = db.objects<City>().get("name"_f = "Wuhan City");
    const auto round = [&] {
        zhang->visitation.add(wuhan);
        ASSERT_EQ(zhang->visitation.all().size(), 3u);
    };
    for (int i = 0; i < 100; ++i) round();
    const auto before = live_bytes();
    const std::size_t rounds = on_sqlite() ? 20'000 : 5'000; // a round of servers takes three round trips
    for (std::size_t i = 0; i < rounds; ++i) round();
    EXPECT_LT(live_bytes(), before + rounds);
}

TEST_F(Lifetime, ALazilyLoadedSetLivesWhileItIsHeld) {
    auto zhang = objects<Person>().get("firstname"_f = "San");
    const auto before = zhang->visitation.all();
    ASSERT_EQ(before.size(), 3u);
    const auto first = before.rows()[0];
    zhang->visitation.clear();
    EXPECT_TRUE(zhang->visitation.all().empty());
    EXPECT_EQ(before.size(), 3u) << "what was handed out stays as it was";
    EXPECT_FALSE(before[1].name.empty());
    EXPECT_FALSE(first->province->name.empty()) << "and can still be followed";
}

TEST_F(Lifetime, WhatWasLoadedBehindAFreedSetGoesWithIt) {
    auto zhang = objects<Person>().get("firstname"_f = "San");
    {
        const auto cities = zhang->visitation.all();
        for (const City& city : cities) EXPECT_FALSE(city.province->city_set.all()[0]->natives.all().empty());
    }
    objects<Person>().get("firstname"_f = "Wu")->visitation.clear(); // the statements of it are kept from now on
    log_.clear();
    const auto before = live_bytes();
    zhang->visitation.clear();
    EXPECT_LT(live_bytes(), before);
    EXPECT_TRUE(zhang->visitation.all().empty());
}

TEST_F(Lifetime, ARowDeepBehindASetHoldsTheWayToIt) {
    kith::Ref<City> deep;
    {
        auto zhang = objects<Person>().get("firstname"_f = "San");
        deep = zhang->visitation.all()[0]->province->city_set.all().rows()[0];
        zhang->visitation.clear();
    }
    EXPECT_FALSE(deep->name.empty());
    EXPECT_FALSE(deep->province->name.empty());
}

TEST_F(Lifetime, AStreamedChunkIsFreedUnlessHeld) {
    kith::Ref<City> held;
    std::size_t rows = 0;
    for (Person& person : objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1})) {
        if (rows++ == 0) held = person.visitation.all().rows()[0];
    }
    EXPECT_EQ(rows, 4u);
    EXPECT_FALSE(held->name.empty());
    EXPECT_FALSE(held->province->name.empty()) << "the chunk can still load";
}

TEST_F(Lifetime, StreamingStaysFlat) {
    std::vector<Province> many(20'000);
    for (auto& province : many) province.name = "a province whose name is longer than a short string";
    (void)db_.objects<Province>().bulk_create(std::move(many));
    std::size_t most = 0;
    std::size_t rows = 0;
    const auto before = live_bytes();
    for (const Province& province : objects<Province>().prefetch_related("city_set").iterator({.chunk_size = 100})) {
        if (++rows % 500 == 0 && province.id != 0) most = std::max(most, live_bytes() - std::min(before, live_bytes()));
    }
    EXPECT_EQ(rows, 20'002u);
    EXPECT_LT(most, 400'000u);
}

TEST_F(Lifetime, LeavingAStreamEarlyClosesIt) {
    for (const Person& person : objects<Person>().iterator()) {
        EXPECT_EQ(person.lastname, "Zhang");
        break;
    }
    EXPECT_NO_THROW(db_.objects<Province>().create({.name = "written after it"}));
}

TEST_F(Lifetime, TheGraphOutlivesTheDatabaseHandle) {
    kith::Ref<Person> person;
    {
        const auto db = kith::connect(folder_.url());
        person = db.objects<Person>().order_by("id").first();
    }
    EXPECT_EQ(person->hometown->name, "Shiyan City") << "rows hold the pool they came from";
}

TEST_F(Lifetime, SavingBindsARowOfOnesOwn) {
    Person person{.firstname = "Liu", .lastname = "Zhao", .hometown = objects<City>().first()};
    EXPECT_THROW((void)person.visitation.all(), kith::ValueError);
    db_.save(person);
    EXPECT_NE(person.id, 0);
    person.visitation.add(objects<City>().get("name"_f = "Wuhan City"));
    EXPECT_EQ(person.visitation.all().size(), 1u);
    EXPECT_EQ(person.hometown->id, objects<City>().first()->id);
}

TEST_F(Lifetime, SavingACopyKeepsWhatItHasLoaded) {
    Person copy = *objects<Person>().prefetch_related("visitation").order_by("id").first();
    copy.firstname = "Three";
    log_.clear();
    db_.save(copy);
    EXPECT_TRUE(copy.visitation.is_prefetched());
    EXPECT_EQ(copy.visitation.all().size(), 3u);
    EXPECT_EQ(log_.size(), 1u) << "the UPDATE";
}

TEST_F(Lifetime, AssignedRowsAreTheLoadedInstance) {
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    auto zhang = objects<Person>().get("firstname"_f = "San");
    log_.clear();
    zhang->hometown = wuhan;
    EXPECT_EQ(&*zhang->hometown, &*wuhan);
    EXPECT_EQ(zhang->hometown.key(), wuhan->id);
    EXPECT_EQ(log_.size(), 0u);
    db_.save(*zhang);
    EXPECT_EQ(objects<Person>().select_related("hometown").get("firstname"_f = "San")->hometown->name, "Wuhan City");
}

TEST_F(Lifetime, RowsOfTwoEvaluationsShareWhatIsLoadedForBoth) {
    std::vector<kith::Ref<Person>> people{objects<Person>().get("firstname"_f = "San"),
                                          objects<Person>().get("firstname"_f = "Wu")};
    log_.clear();
    kith::prefetch_related_objects(people, "visitation", "hometown__province");
    EXPECT_EQ(log_.size(), 3u);
    const auto wang = people[1];
    people.clear();
    EXPECT_EQ(wang->visitation.all()[0]->name, "Guangzhou City");
    EXPECT_EQ(wang->hometown->province->name, "Hubei Province");
    EXPECT_EQ(log_.size(), 3u);
}

} // namespace lifetime_test
