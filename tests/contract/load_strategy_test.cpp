#include "support/travel.hpp"

#include <fmt/format.h>

/// The strategies of loading: the same rows, whenever the statements are sent.

namespace load_strategy_test {

using namespace kith::literals;
using namespace travel;
using kith::LoadStrategy;

namespace {

constexpr LoadStrategy strategies[]{LoadStrategy::automatic, LoadStrategy::levels, LoadStrategy::one_trip};

bool sends_together() { return backend() == Backend::postgresql; }

class LoadStrategies : public TravelTest {
protected:
    /// Everything that `people` hold, without a further statement.
    std::string whole(const kith::QuerySet<Person>& people) {
        std::string text;
        for (const Person& person : people.fetch_mode(kith::FetchMode::raise)) {
            text += person.firstname + " " + person.lastname + " from " + person.hometown->name + " of " +
                    person.hometown->province->name + ", now " + (person.living ? person.living->name : "nowhere") +
                    ":";
            for (const City& city : person.visitation.all()) {
                text += " " + city.name + " of " + city.province->name + " with";
                for (const Person& native : city.natives.all()) text += " " + native.firstname;
            }
            for (const City& city : person.wu_city) text += " wu " + city.name;
            text += "\n";
        }
        return text;
    }
    kith::QuerySet<Person> with_tree(const kith::QuerySet<Person>& people) const {
        const auto cities = objects<City>().order_by("-name");
        return people.prefetch_related("hometown__province", "living", "visitation__province", "visitation__natives",
                                       kith::Prefetch("visitation"_f, cities.slice(0, 2), "wu_city"_f));
    }
    /// The lookups in the log that were sent before the rows above had arrived.
    static std::vector<std::string> ahead(const std::vector<kith::LoadingPlan::Lookup>& lookups) {
        std::vector<std::string> paths;
        for (const auto& lookup : lookups) {
            if (lookup.taken && lookup.taken->ahead) paths.push_back(lookup.path);
            const auto behind = ahead(lookup.lookups);
            paths.insert(paths.end(), behind.begin(), behind.end());
        }
        return paths;
    }
    static std::vector<std::string> ahead(const kith::QuerySet<Person>& people) {
        (void)people.size();
        return ahead(people.loading_plan().lookups);
    }
    using Paths = std::vector<std::string>;
};

} // namespace

TEST_F(LoadStrategies, GiveTheSame) {
    const auto people = objects<Person>();
    const std::vector<kith::QuerySet<Person>> querysets{
        people.all(),
        people.filter("id"_f = 1),
        people.filter("id__in"_f = std::vector{1, 3, 77}),
        people.filter("id"_f = 77),
        people.filter("hometown"_f = 2),
        people.filter("hometown__province__name__startswith"_f = "Hubei").distinct(),
        people.exclude("lastname"_f = "Zhang"),
        people.order_by("-id").slice(1, 3),
        people.order_by("lastname").slice(1, 3),
        people.order_by("hometown__name", "id").slice(0, 2),
        people.order_by("lastname", "-id").reverse().slice(0, 3),
        people.none(),
    };
    for (const auto& queryset : querysets) {
        const auto expected = whole(with_tree(queryset).load_strategy(LoadStrategy::levels));
        for (const auto strategy : strategies) EXPECT_EQ(whole(with_tree(queryset).load_strategy(strategy)), expected);
    }
}

TEST_F(LoadStrategies, OneTripSendsWhatItCan) {
    const auto all = with_tree(objects<Person>()).load_strategy(LoadStrategy::one_trip);
    const auto plan = all.loading_plan();
    EXPECT_EQ(plan.strategy, LoadStrategy::one_trip) << "as set, before it is evaluated";
    EXPECT_TRUE(plan.strategy_reason.empty());
    const Paths every{"hometown",   "hometown__province",   "living",
                      "visitation", "visitation__province", "visitation__natives",
                      "wu_city"};
    EXPECT_EQ(ahead(all), sends_together() ? every : Paths());
    const auto done = all.loading_plan();
    EXPECT_EQ(done.strategy, sends_together() ? LoadStrategy::one_trip : LoadStrategy::levels);
    EXPECT_EQ(done.strategy_reason, sends_together() ? "as set" : "the database takes one statement at a time");
    EXPECT_NE(all.explain_loading().find(sends_together() ? "one trip: as set" : "level by level: the database takes"),
              std::string::npos)
        << all.explain_loading();
    EXPECT_TRUE(ahead(all.load_strategy(LoadStrategy::levels)).empty());
}

TEST_F(LoadStrategies, RowsThatCouldBeOthersAreNotSelectedAgain) {
    const auto people = objects<Person>().prefetch_related("visitation").load_strategy(LoadStrategy::one_trip);
    const auto expected = sends_together() ? Paths{"visitation"} : Paths();
    EXPECT_EQ(ahead(people.order_by("lastname").slice(0, 2)), Paths()) << "two are named Zhang";
    EXPECT_EQ(ahead(people.order_by("lastname", "id").slice(0, 2)), expected);
    EXPECT_EQ(ahead(people.order_by("id").distinct().slice(0, 2)), Paths());
    EXPECT_EQ(ahead(people.distinct()), expected);
    EXPECT_EQ(ahead(people.select_related("hometown")), Paths());
}

TEST_F(LoadStrategies, WhatLeadsBackIsNotAskedAgain) {
    const auto provinces = objects<Province>().prefetch_related("city_set__province", "city_set__natives");
    for (const auto strategy : strategies) {
        log_.clear();
        for (const Province& province : provinces.load_strategy(strategy)) {
            for (const City& city : province.city_set.all()) EXPECT_EQ(&*city.province, &province);
        }
        EXPECT_EQ(log_.size(), 3u);
    }
}

TEST_F(LoadStrategies, AutomaticDependsOnTheNumberOfRows) {
    const auto people =
        objects<Person>().prefetch_related("visitation__province").load_strategy(LoadStrategy::automatic);
    const auto one = people.filter("id"_f = 1);
    EXPECT_EQ(ahead(one), sends_together() ? (Paths{"visitation", "visitation__province"}) : Paths())
        << one.explain_loading();
    EXPECT_EQ(ahead(people), Paths());
    if (!sends_together()) return;
    EXPECT_EQ(people.loading_plan().strategy, LoadStrategy::levels);
    EXPECT_NE(people.explain_loading().find("level by level: the number of rows is not bounded"), std::string::npos);
    EXPECT_NE(one.explain_loading().find("one trip: for 1 row at most"), std::string::npos) << one.explain_loading();
    const auto many = people.order_by("id").slice(0, 1'000'000);
    EXPECT_EQ(ahead(many), Paths()) << many.explain_loading();
}

TEST_F(LoadStrategies, KeysThatTheConditionsNameNeedNoSubselect) {
    const auto expected = [](Paths paths) { return sends_together() ? std::move(paths) : Paths(); };
    EXPECT_EQ(ahead(objects<Person>().filter("hometown"_f = 2).prefetch_related("hometown")), expected({"hometown"}));
    log_.clear();
    const auto one = objects<Person>().filter("id"_f = 1, "lastname"_f = "Zhang").prefetch_related("visitation");
    EXPECT_EQ(ahead(one), expected({"visitation"}));
    ASSERT_EQ(log_.size(), 2u);
    EXPECT_EQ(log_[1].sql.find("SELECT", 1), std::string::npos) << log_[1].sql;
    EXPECT_EQ(log_[1].parameters, std::vector<std::string>{"1"});
}

TEST_F(LoadStrategies, ATransactionThatSeesChangesLeavesItToTheKeys) {
    const auto people = objects<Person>().filter("id"_f = 1).load_strategy(LoadStrategy::one_trip);
    db_.atomic([&] {
        const auto inside = people.prefetch_related("visitation__province", "hometown");
        EXPECT_EQ(ahead(inside), sends_together() ? Paths{"visitation"} : Paths());
        EXPECT_EQ(inside[0].hometown->name, "Shiyan City");
        if (sends_together()) {
            EXPECT_NE(inside.explain_loading().find("the transaction may see changes"), std::string::npos);
        }
    });
}

TEST_F(LoadStrategies, AMissingRowIsMissing) {
    for (const auto strategy : strategies) {
        const auto people = objects<Person>().prefetch_related("visitation__province").load_strategy(strategy);
        EXPECT_THROW((void)people.get("id"_f = 77), kith::DoesNotExist);
        EXPECT_THROW((void)people.get("lastname"_f = "Zhang"), kith::MultipleObjectsReturned);
        EXPECT_EQ(people.get("id"_f = 1)->visitation.all().size(), 3u);
    }
}

TEST_F(LoadStrategies, AFailureNamesItsLookupAndLeavesTheConnectionUsable) {
    folder_.raw().run("ALTER TABLE province RENAME TO elsewhere");
    for (const auto strategy : strategies) {
        const auto people = objects<Person>().filter("id"_f = 1).load_strategy(strategy);
        try {
            (void)people.prefetch_related("visitation__province").size();
            ADD_FAILURE() << "there is no province";
        } catch (const kith::DatabaseError& e) {
            EXPECT_NE(std::string(e.what()).find("province"), std::string::npos) << e.what();
        }
        EXPECT_EQ(people.prefetch_related("visitation").get("id"_f = 1)->visitation.all().size(), 3u);
    }
}

TEST_F(LoadStrategies, AFailureOfWhatIsNotNeededIsToldToo) {
    if (!sends_together()) GTEST_SKIP() << "nothing is sent before it is needed";
    folder_.raw().run("ALTER TABLE province RENAME TO elsewhere");
    const auto missing = objects<City>().filter("id"_f = 77).prefetch_related("province");
    EXPECT_EQ(missing.load_strategy(LoadStrategy::levels).size(), 0u);
    EXPECT_THROW((void)missing.load_strategy(LoadStrategy::one_trip).size(), kith::DatabaseError);
    const auto inside = [&] {
        EXPECT_THROW((void)objects<City>().filter("province"_f = 77).prefetch_related("province").size(),
                     kith::DatabaseError)
            << "sent by its key";
    };
    EXPECT_THROW(db_.atomic(inside), kith::OperationalError) << "the block is known to have failed";
}

TEST_F(LoadStrategies, AreAnOptionOfTheDatabase) {
    const auto people = [](const kith::Database& db) {
        return db.objects<Person>().prefetch_related("visitation__province");
    };
    for (const auto& db : {kith::connect(folder_.url("test.db", "load_strategy=one_trip")),
                           kith::connect(folder_.url(), {.load_strategy = LoadStrategy::one_trip})}) {
        EXPECT_EQ(ahead(people(db)).size(), sends_together() ? 2u : 0u);
        EXPECT_EQ(ahead(people(db).load_strategy(LoadStrategy::levels)).size(), 0u) << "the QuerySet's own wins";
    }
    EXPECT_THROW((void)kith::connect(folder_.url("test.db", "load_strategy=fast")), kith::ValueError);
}

} // namespace load_strategy_test
