#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace loading_detector_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Kind = kith::LoadingFinding::Kind;

struct Article {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::Lazy<std::string> body{};
};

class LoadingDetectors : public TravelTest {
protected:
    /// The findings of one kind.
    static std::vector<kith::LoadingFinding> of(const kith::LoadingDetector& detector, Kind kind) {
        auto findings = detector.findings();
        std::erase_if(findings, [&](const auto& finding) { return finding.kind != kind; });
        return findings;
    }
};

} // namespace

TEST_F(LoadingDetectors, FindARelationThatIsReadRowByRow) {
    std::vector<std::string> told;
    const kith::LoadingDetector detector(
        db_, {.rows = 3, .on_finding = [&](const kith::LoadingFinding& finding) { told.push_back(finding.text()); }});
    const auto people = objects<Person>();
    for (const Person& person : people) (void)person.hometown->name;
    const auto found = detector.findings();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].kind, Kind::row_by_row);
    EXPECT_EQ(found[0].model, "Person");
    EXPECT_EQ(found[0].member, "hometown");
    EXPECT_EQ(found[0].times, 4u);
    EXPECT_EQ(found[0].statements, 4u);
    EXPECT_EQ(found[0].remedy, ".select_related(\"hometown\")");
    ASSERT_EQ(told.size(), 1u) << "each finding is told once";
    expect_parts(told[0], {"Person.hometown was loaded row by row", "3 times", ".select_related(\"hometown\")"});
}

TEST_F(LoadingDetectors, FindSetsAndWhatLiesBehindThem) {
    const kith::LoadingDetector detector(db_, {.rows = 2});
    for (const Person& person : objects<Person>()) {
        for (const City& city : person.visitation.all()) (void)city.province->name;
    }
    const auto found = of(detector, Kind::row_by_row);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].member, "visitation");
    EXPECT_EQ(found[0].remedy, ".prefetch_related(\"visitation\")");
    EXPECT_EQ(found[1].model, "City");
    EXPECT_EQ(found[1].times, 5u) << "the cities of all people are one finding";
}

TEST_F(LoadingDetectors, FindLazyColumns) {
    db_.create_tables<Article>();
    db_.objects<Article>().bulk_create({{.title = "a", .body = "1"}, {.title = "b", .body = "2"}});
    const kith::LoadingDetector detector(db_, {.rows = 2});
    for (const Article& article : db_.objects<Article>().defer("body")) (void)article.body.value();
    const auto found = of(detector, Kind::row_by_row);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].member, "body");
    EXPECT_EQ(found[0].statements, 2u);
}

TEST_F(LoadingDetectors, FindNothingWhereNothingIsToBeFound) {
    const kith::LoadingDetector detector(db_, {.rows = 2, .runs = 3});
    for (const Person& person : objects<Person>().prefetch_related("visitation__province")) {
        for (const City& city : person.visitation.all()) (void)city.province->name;
    }
    for (const Person& person : objects<Person>().fetch_mode(kith::FetchMode::peers)) (void)person.hometown->name;
    (void)objects<Person>().get("pk"_f = 1)->hometown->name;
    (void)objects<Person>().get("pk"_f = 2)->hometown->name;
    EXPECT_TRUE(of(detector, Kind::row_by_row).empty()) << "rows that come alone may be loaded alone";
    EXPECT_TRUE(of(detector, Kind::unread_prefetch).empty());
    EXPECT_TRUE(of(detector, Kind::repeated_statement).empty());
}

TEST_F(LoadingDetectors, FindStatementsThatRunAgainAndAgain) {
    const kith::LoadingDetector detector(db_, {.runs = 3});
    for (const std::int64_t key : {1, 2, 3, 1}) (void)objects<City>().get("pk"_f = key);
    for (const std::int64_t key : {1, 2, 3, 1}) objects<City>().filter("pk"_f = key).update("name"_f = "x");
    const auto found = detector.findings();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].kind, Kind::repeated_statement);
    EXPECT_EQ(found[0].times, 4u);
    expect_parts(found[0].text(), {"ran 4 times: SELECT", "in_bulk"});
}

TEST_F(LoadingDetectors, FindPrefetchesThatNobodyReads) {
    const kith::LoadingDetector detector(db_);
    (void)objects<Person>().prefetch_related("visitation").size();
    {
        const auto people = objects<Person>().prefetch_related("visitation");
        (void)people.size();
        EXPECT_EQ(of(detector, Kind::unread_prefetch).size(), 1u) << "those that live may be read yet";
    }
    const auto found = of(detector, Kind::unread_prefetch);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].times, 2u);
    expect_parts(found[0].text(), {"Person.visitation was prefetched 2 times and never read"});
}

TEST_F(LoadingDetectors, FindSingleRowsThatNobodyReads) {
    const kith::LoadingDetector detector(db_);
    {
        const auto people = objects<Person>().prefetch_related("hometown__province", "living");
        log_.clear();
        for (const Person& person : people) {
            EXPECT_TRUE(person.hometown.is_loaded());
            EXPECT_TRUE(person.living.is_loaded());
        }
        EXPECT_EQ(people[3].hometown->name, "Guangzhou City") << "one that is read is enough";
        EXPECT_EQ(people[3].hometown->name, "Guangzhou City");
        EXPECT_EQ(log_.size(), 4u) << "and costs no statement";
    }
    const auto found = of(detector, Kind::unread_prefetch);
    ASSERT_EQ(found.size(), 2u);
    std::vector<std::string> members{found[0].model + "." + found[0].member, found[1].model + "." + found[1].member};
    std::ranges::sort(members);
    EXPECT_EQ(members, (std::vector<std::string>{"City.province", "Person.living"}));
    EXPECT_EQ(of(detector, Kind::row_by_row).size(), 0u);
}

TEST_F(LoadingDetectors, CountEveryWayOfReadingASingleRow) {
    const kith::LoadingDetector detector(db_);
    const auto read = [&](const auto& way) {
        const auto people = objects<Person>().prefetch_related("hometown");
        way(people[0]);
        EXPECT_EQ(people[0].hometown->name, "Shiyan City") << "it leads there as before";
        return people;
    };
    const auto unread = [&] { return of(detector, Kind::unread_prefetch).size(); };
    const auto only = [&](const auto& way) {
        const auto people = objects<Person>().prefetch_related("hometown");
        way(people[0]);
    };
    only([](const Person& person) { (void)(*person.hometown).name; });
    only([](const Person& person) { EXPECT_TRUE(person.hometown); });
    only([](const Person& person) { (void)Person(person).hometown->name; });
    const auto other = objects<Person>().last();
    only([&](const Person& person) { other->hometown = person.hometown; });
    EXPECT_EQ(other->hometown->name, "Shiyan City");
    EXPECT_EQ(unread(), 0u);
    only([](const Person& person) { EXPECT_EQ(person.hometown.key(), 3); });
    EXPECT_EQ(unread(), 1u) << "the key is in the row itself";
    (void)read([](const Person&) {});
    EXPECT_EQ(of(detector, Kind::unread_prefetch).at(0).times, 1u);
}

TEST_F(LoadingDetectors, FindNothingInSingleRowsThatAreNull) {
    const kith::LoadingDetector detector(db_);
    (void)objects<Person>().filter("pk"_f = 4).prefetch_related("living").size();
    (void)objects<Person>().none().prefetch_related("living").size();
    EXPECT_TRUE(detector.findings().empty());
}

TEST_F(LoadingDetectors, LeaveRowsAsTheyAreWhenTheyGo) {
    auto detector = std::make_unique<kith::LoadingDetector>(db_);
    const auto people = objects<Person>().prefetch_related("hometown__province");
    (void)people.size();
    detector.reset();
    log_.clear();
    EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
    people[1].hometown.set_key(3);
    EXPECT_EQ(people[1].hometown->name, "Shiyan City");
    EXPECT_EQ(log_.size(), 1u) << "the one whose key was changed";
}

TEST_F(LoadingDetectors, LetThreadsReadTheSameRows) {
    const kith::LoadingDetector detector(db_);
    {
        const auto people = objects<Person>().prefetch_related("hometown__province");
        (void)people.size();
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (const Person& person : people) EXPECT_FALSE(person.hometown->province->name.empty());
            });
        }
        for (auto& thread : threads) thread.join();
    }
    EXPECT_TRUE(detector.findings().empty());
}

TEST_F(LoadingDetectors, MayThrow) {
    const kith::LoadingDetector detector(db_, {.rows = 3, .throws = true});
    const auto people = objects<Person>();
    (void)people[0].hometown->name;
    (void)people[1].hometown->name;
    expect_parts(message_of<kith::FetchBlocked>([&] { (void)people[2].hometown->name; }),
                 {"Person.hometown was loaded row by row"});
    EXPECT_TRUE(people[2].hometown.is_loaded()) << "the row itself was loaded";
}

TEST_F(LoadingDetectors, WatchWhileTheyLive) {
    const auto people = objects<Person>();
    {
        const kith::LoadingDetector detector(db_, {.rows = 2});
        (void)people[0].hometown->name;
        EXPECT_TRUE(detector.findings().empty());
    }
    const kith::LoadingDetector second(db_, {.rows = 2});
    (void)people[1].hometown->name;
    EXPECT_TRUE(second.findings().empty()) << "each counts for itself";
    (void)people[2].hometown->name;
    EXPECT_EQ(second.findings().size(), 1u);
}

TEST_F(LoadingDetectors, MayAskTheDatabaseWhenTheyAreTold) {
    std::int64_t cities = 0;
    const kith::LoadingDetector detector(
        db_, {.rows = 2, .on_finding = [&](const auto&) { cities = objects<City>().count(); }});
    for (const Person& person : objects<Person>()) (void)person.hometown->name;
    EXPECT_EQ(cities, 3);
}

TEST_F(LoadingDetectors, CountFromAllThreads) {
    const kith::LoadingDetector detector(db_, {.rows = 4});
    const auto people = objects<Person>();
    (void)people.size();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) threads.emplace_back([&, i] { (void)people[i].hometown->name; });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(detector.findings().size(), 1u);
    EXPECT_EQ(detector.findings()[0].times, 4u);
}

} // namespace loading_detector_test
