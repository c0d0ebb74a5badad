#include "support/rows.hpp"
#include "support/travel.hpp"

#include <string>
#include <thread>
#include <vector>

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
    (void)objects<Person>().prefetch_related("visitation", "living").size();
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
