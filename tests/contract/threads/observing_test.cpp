#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <source_location>
#include <string>
#include <thread>
#include <vector>

namespace observing_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Entry = kith::QueryLog::Entry;

class Observing : public TravelTest {
protected:
    /// The statements that `work` runs, all of them of one call.
    template <class Work>
    std::vector<Entry> statements_of(Work&& work) {
        log_.clear();
        std::forward<Work>(work)();
        auto entries = log_.entries();
        EXPECT_FALSE(entries.empty());
        for (const auto& entry : entries) EXPECT_EQ(entry.evaluation, entries.front().evaluation) << entry.sql;
        return entries;
    }
    /// Expects each statement of `work` to know the line that it stands in, which is the line of this call.
    template <class Work>
    void expect_line(Work&& work, std::source_location here = std::source_location::current()) {
        for (const auto& entry : statements_of(std::forward<Work>(work))) {
            EXPECT_EQ(entry.file, here.file_name()) << entry.sql;
            EXPECT_EQ(entry.line, here.line()) << entry.sql;
        }
    }
    template <class Work>
    void expect_no_line(Work&& work) {
        for (const auto& entry : statements_of(std::forward<Work>(work))) {
            EXPECT_EQ(entry.file, "") << entry.sql;
            EXPECT_EQ(entry.line, 0u) << entry.sql;
        }
    }
};

} // namespace

TEST_F(Observing, StatementsKnowTheLineThatEvaluatesThem) {
    const auto people = objects<Person>().prefetch_related("visitation__province");
    std::uint32_t line = 0;
    log_.clear();
    line = __LINE__ + 1;
    for (const Person& person : people) (void)person.id;
    ASSERT_EQ(log_.size(), 3u);
    for (const auto& entry : log_.entries()) {
        EXPECT_EQ(entry.file, __FILE__);
        EXPECT_EQ(entry.line, line) << entry.sql;
        EXPECT_EQ(entry.evaluation, log_[0].evaluation);
    }
    log_.clear();
    for (const Person& person : people) (void)person.id;
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Observing, CallsThatAskTheDatabaseKnowTheirLine) {
    const auto cities = objects<City>();
    expect_line([&] { (void)cities.all().size(); });
    expect_line([&] { (void)cities.all().empty(); });
    expect_line([&] { (void)cities.all().rows(); });
    expect_line([&] { (void)cities.first(); });
    expect_line([&] { (void)cities.last(); });
    expect_line([&] { (void)cities.filter("id"_f = 1).get(); });
    expect_line([&] { (void)cities.get("id"_f = 1); });
    expect_line([&] { (void)cities.get("id"_f = 1, "name"_f = "Wuhan City"); });
    expect_line([&] { (void)cities.get("id"_f = 1, "id__gt"_f = 0, "id__lt"_f = 2); });
    expect_line([&] { (void)cities.count(); });
    expect_line([&] { (void)cities.exists(); });
    expect_line([&] { (void)cities.contains(1); });
    expect_line([&] { (void)cities.in_bulk({1, 2}); });
    expect_line([&] { (void)cities.values_list<"name">(); });
    expect_line([&] { (void)cities.aggregate(kith::Count("id"_f)); });
    expect_line([&] { (void)cities.aggregate(kith::Count("id"_f), kith::Max("name"_f)); });
    expect_line([&] { (void)cities.iterator().begin()->id; });
    expect_line([&] { (void)cities.raw("SELECT * FROM city").size(); });
    const auto first = cities.first();
    expect_line([&] { kith::prefetch_related_objects(*first, "province"); });
}

TEST_F(Observing, WritesKnowTheirLine) {
    const auto province = objects<Province>().first();
    const auto cities = objects<City>();
    expect_line([&] { cities.create({.name = "Jingzhou", .province = province}); });
    expect_line([&] { cities.bulk_create({City{.name = "Enshi", .province = province}}); });
    expect_line([&] { cities.get_or_create("name"_f = "Xiantao", kith::defaults("province"_f = province)); });
    expect_line([&] { cities.update_or_create("name"_f = "Xiantao", kith::defaults("province"_f = province)); });
    expect_line([&] { cities.filter("name"_f = "Enshi").update("name"_f = "Enshi City"); });
    expect_line([&] { cities.filter("name"_f = "Enshi City").remove(); });
    City city{.name = "Qianjiang", .province = province};
    expect_line([&] { db_.save(city); });
    expect_line([&] { db_.refresh(city); });
    expect_line([&] { db_.remove(city); });
    expect_line([&] { db_.insert(city); });
    expect_line([&] { db_.raw("UPDATE city SET name = 'Tianmen' WHERE id = -1"); });
    expect_line([&] { (void)db_.raw<std::int64_t>("SELECT COUNT(*) FROM city"); });
    expect_line([&] { db_.create_tables<Province>(); });
}

TEST_F(Observing, SetsKnowTheLineThatAsksThem) {
    const auto person = objects<Person>().first();
    const auto city = objects<City>().first();
    expect_line([&] { (void)person->visitation.all().begin()->id; });
    expect_line([&] { (void)city->visitors.filter("lastname"_f = "Li").count(); });
    expect_line([&] { (void)city->natives.count(); });
    expect_line([&] { person->visitation.remove(city); });
    expect_line([&] { person->visitation.add(city); });
    expect_line([&] { person->visitation.set(std::vector{1, 2}); });
    expect_line([&] { person->visitation.clear(); });
    expect_line([&] { city->natives.create({.firstname = "Er", .lastname = "Chen", .living = city}); });
}

TEST_F(Observing, WhatIsNotKnownIsEmpty) {
    const auto person = objects<Person>().first();
    expect_no_line([&] { (void)person->hometown->name; });
    const auto cities = objects<City>();
    expect_no_line([&] { (void)cities[0]; });
    // The line of a header of the standard library would say nothing.
    expect_no_line([&] { (void)std::ranges::find(objects<City>(), "Wuhan City", &City::name); });
}

TEST_F(Observing, BytesAreThoseOfAllValuesReceived) {
    std::size_t expected = 0;
    for (const City& city : objects<City>()) expected += 8 + city.name.size() + 8;
    const auto all = statements_of([&] { (void)objects<City>().size(); });
    EXPECT_EQ(all.at(0).bytes, expected);
    const auto streamed = statements_of([&] {
        for (const City& city : objects<City>().iterator({.chunk_size = 2})) (void)city.id;
    });
    EXPECT_EQ(streamed.at(0).bytes, expected);
    const auto names = statements_of([&] { (void)objects<City>().values_list<"name">(); });
    EXPECT_EQ(names.at(0).bytes, expected - 3 * 16);
    // NULL is nothing: the fourth person lives nowhere.
    const auto people = statements_of([&] { (void)objects<Person>().filter("id"_f = 4).size(); });
    EXPECT_EQ(people.at(0).bytes, 8u + 2 + 5 + 8);
    const auto changed = statements_of([&] { objects<City>().update("name"_f = "Nanjing"); });
    EXPECT_EQ(changed.at(0).bytes, 0u);
}

TEST_F(Observing, BytesOfRowsThatComeTwiceAreCountedTwice) {
    const auto statements = statements_of([&] { (void)objects<Person>().prefetch_related("visitation").size(); });
    ASSERT_EQ(statements.size(), 2u);
    // Five links to three cities in one statement: every row that came counts.
    EXPECT_EQ(statements[1].rows, 5u);
    EXPECT_GE(statements[1].bytes, 5 * (8 + std::string("Wuhan City").size() + 8));
}

TEST_F(Observing, BytesOfParametersAndOfKeySets) {
    const auto by_name = statements_of([&] { (void)objects<City>().filter("name"_f = "Wuhan City").size(); });
    EXPECT_EQ(by_name.at(0).parameter_bytes, 10u);
    const auto with_keys = statements_of([&] { (void)objects<Person>().prefetch_related("hometown").size(); });
    ASSERT_EQ(with_keys.size(), 2u);
    EXPECT_EQ(with_keys[0].parameter_bytes, 0u);
    EXPECT_EQ(with_keys[1].parameter_bytes, 3 * 8u) << "three cities are home to somebody";
}

TEST_F(Observing, StatementsOverlapAsTheyRan) {
    const auto before = std::chrono::steady_clock::now();
    (void)objects<Person>().prefetch_related("visitation", "hometown").size();
    const auto after = std::chrono::steady_clock::now();
    const auto entries = log_.entries();
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_LE(before, entries[0].start);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_LE(entries[i == 0 ? 0 : i - 1].start, entries[i].start);
        EXPECT_LE(entries[i].start + entries[i].duration, after);
    }
    EXPECT_LE(entries[0].start + entries[0].duration, entries[1].start) << "the keys come from the main statement";
}

TEST_F(Observing, TransactionControlHasItsTime) {
    log_.clear();
    db_.atomic([&] { objects<City>().update("name"_f = "Nanjing"); });
    const auto control = log_.control_entries();
    ASSERT_EQ(control.size(), 2u);
    EXPECT_EQ(control[1].sql, "COMMIT");
    EXPECT_LE(control[0].start + control[0].duration, log_[0].start);
    EXPECT_LE(log_[0].start + log_[0].duration, control[1].start);
    EXPECT_EQ(control[1].connection, log_[0].connection);
    EXPECT_FALSE(control[1].failed);
    EXPECT_EQ(log_.size(), 1u) << "not counted";
}

TEST_F(Observing, ConnectionsKeepTheirNumber) {
    (void)objects<City>().count();
    (void)objects<City>().count();
    EXPECT_EQ(log_[0].connection, 1u);
    EXPECT_EQ(log_[1].connection, 1u);
    log_.clear();
    // A thread of its own needs another one while the first is held.
    db_.atomic([&] {
        (void)objects<City>().count();
        std::thread([&] { (void)objects<City>().count(); }).join();
        (void)objects<City>().count();
    });
    ASSERT_EQ(log_.size(), 3u);
    EXPECT_EQ(log_[0].connection, log_[2].connection);
    EXPECT_NE(log_[0].connection, log_[1].connection);
    EXPECT_EQ(std::max(log_[0].connection, log_[1].connection), 2u);
}

TEST_F(Observing, CallsAreToldApart) {
    log_.clear();
    std::set<std::uint64_t> evaluations;
    for (int i = 0; i < 3; ++i) (void)objects<City>().count();
    for (const auto& entry : log_.entries()) evaluations.insert(entry.evaluation);
    EXPECT_EQ(evaluations.size(), 3u);
    EXPECT_FALSE(evaluations.contains(0));
}

TEST_F(Observing, FailedStatementsAreMarked) {
    log_.clear();
    EXPECT_THROW(db_.raw("SELECT nonsense FROM nowhere"), kith::DatabaseError);
    ASSERT_EQ(log_.size(), 1u);
    EXPECT_TRUE(log_[0].failed);
    (void)objects<City>().count();
    EXPECT_FALSE(log_[1].failed);
}

TEST_F(Observing, ALogCanLeaveValuesOut) {
    const kith::QueryLog redacted(db_, {.parameter_values = kith::ParameterValues::redacted});
    std::vector<std::string> hooked;
    const auto token = db_.on_query([&](const kith::QueryEvent& event) { hooked = *event.parameters; },
                                    kith::ParameterValues::redacted);
    log_.clear();
    (void)objects<City>().filter("name"_f = "Wuhan City").size();
    EXPECT_EQ(redacted[0].parameters, std::vector<std::string>{"<redacted>"});
    EXPECT_EQ(hooked, std::vector<std::string>{"<redacted>"});
    EXPECT_EQ(redacted[0].parameter_bytes, 10u);
    EXPECT_EQ(log_[0].parameters, std::vector<std::string>{"'Wuhan City'"}) << "another log keeps them";
}

TEST_F(Observing, ADatabaseCanKeepValuesFromAllWhoObserve) {
    for (const auto& db : {kith::connect(folder_.url("test.db", "parameter_values=redacted")),
                           kith::connect(folder_.url(), {.parameter_values = kith::ParameterValues::redacted})}) {
        const kith::QueryLog log(db);
        std::vector<std::string> hooked;
        const auto token = db.on_query([&](const kith::QueryEvent& event) {
            for (const auto& parameter : *event.parameters) hooked.push_back(parameter);
        });
        (void)db.objects<Person>().filter("lastname"_f = "Zhang", "living"_f = nullptr).size();
        (void)db.objects<Person>().filter("lastname"_f = "Zhang").prefetch_related("hometown").size();
        (void)db.objects<Person>().filter("lastname"_f = "Li").prefetch_related("visitation").size();
        std::vector<std::string> logged;
        for (const auto& entry : log.entries()) {
            for (const auto& parameter : entry.parameters) logged.push_back(parameter);
        }
        EXPECT_EQ(logged, hooked);
        ASSERT_EQ(logged.size(), 5u);
        EXPECT_EQ(logged[0], "<redacted>");
        EXPECT_EQ(logged[2], "<2 redacted keys>");
        EXPECT_EQ(logged[4], "<redacted>") << "one key is no set";
        for (const auto& parameter : logged) {
            EXPECT_EQ(parameter.find("Zhang"), std::string::npos);
            EXPECT_EQ(parameter.find("Li"), std::string::npos);
        }
    }
    EXPECT_THROW((void)kith::connect(folder_.url("test.db", "parameter_values=some")), kith::ValueError);
}

} // namespace observing_test
