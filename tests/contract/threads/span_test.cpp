#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace span_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Kind = kith::Span::Kind;
using kith::Span;

class Tracing : public TravelTest {
protected:
    /// The spans of `work`, in the order in which they began.
    template <class Work>
    std::vector<Span> spans_of(Work&& work) {
        std::vector<Span> spans;
        const auto token = db_.on_trace({.ended = [&](const Span& span) { spans.push_back(span); }});
        std::forward<Work>(work)();
        std::ranges::sort(spans, {}, &Span::id);
        return spans;
    }
    static std::vector<Span> of(const std::vector<Span>& spans, Kind kind) {
        std::vector<Span> some;
        std::ranges::copy_if(spans, std::back_inserter(some), [&](const Span& span) { return span.kind == kind; });
        return some;
    }
    /// The texts of the attributes of `span` by their names; numbers as digits.
    static std::map<std::string, std::string> attributes(const Span& span) {
        std::map<std::string, std::string> texts;
        for (const auto& [key, value] : span.attributes) {
            const auto* number = std::get_if<std::int64_t>(&value);
            const auto text = number != nullptr ? std::to_string(*number) : std::get<std::string>(value);
            EXPECT_TRUE(texts.emplace(key, text).second) << key << " stands there twice";
        }
        return texts;
    }
    static std::vector<std::string> names(const std::vector<Span>& spans) {
        std::vector<std::string> all;
        for (const auto& span : spans) all.push_back(span.name);
        return all;
    }
    const std::string system_ = by_backend("sqlite", "postgresql", "mariadb");
};

} // namespace

TEST_F(Tracing, AnEvaluationHoldsItsStatements) {
    std::uint32_t line = 0;
    const auto spans = spans_of([&] {
        line = __LINE__ + 1;
        (void)objects<Person>().prefetch_related("visitation__province").size();
    });
    const auto evaluations = of(spans, Kind::evaluation);
    ASSERT_EQ(evaluations.size(), 1u);
    const auto& evaluation = evaluations[0];
    EXPECT_EQ(evaluation.name, "evaluate Person");
    EXPECT_EQ(evaluation.parent, 0u);
    EXPECT_FALSE(evaluation.failed);
    auto about = attributes(evaluation);
    EXPECT_EQ(about["kith.call"], "evaluate");
    EXPECT_EQ(about["kith.model"], "Person");
    EXPECT_EQ(about["code.file.path"], __FILE__);
    EXPECT_EQ(about["code.line.number"], std::to_string(line));
    EXPECT_NE(about["code.function.name"], "");

    const auto statements = of(spans, Kind::statement);
    EXPECT_EQ(names(statements),
              (std::vector<std::string>{"SELECT QSOptimize_person", "SELECT city", "SELECT province"}));
    const std::vector<std::string> lookups{"", "visitation", "visitation__province"};
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const auto& span = statements[i];
        EXPECT_EQ(span.parent, evaluation.id);
        EXPECT_LE(evaluation.start, span.start);
        EXPECT_LE(span.start, span.end);
        EXPECT_LE(span.end, evaluation.end);
        about = attributes(span);
        EXPECT_EQ(about["kith.lookup"], lookups[i]);
        EXPECT_EQ(about["code.line.number"], std::to_string(line));
    }
    // The snapshot is a part of it as well.
    for (const auto& span : of(spans, Kind::control)) EXPECT_EQ(span.parent, evaluation.id) << span.name;
    EXPECT_EQ(names(of(spans, Kind::control)).back(), "COMMIT");
}

TEST_F(Tracing, AttributesAreThoseOfOpenTelemetry) {
    const auto spans = spans_of([&] { (void)objects<City>().filter("name"_f = "Wuhan City").size(); });
    const auto statements = of(spans, Kind::statement);
    ASSERT_EQ(statements.size(), 1u);
    auto about = attributes(statements[0]);
    EXPECT_EQ(about["db.system.name"], system_);
    EXPECT_EQ(about["db.query.text"], log_[0].sql);
    EXPECT_EQ(about["db.query.summary"], "SELECT city");
    EXPECT_EQ(about["db.operation.name"], "SELECT");
    EXPECT_EQ(about["db.collection.name"], "city");
    EXPECT_EQ(about["db.response.returned_rows"], "1");
    EXPECT_EQ(about["kith.bytes"], std::to_string(log_[0].bytes));
    EXPECT_EQ(about["kith.parameter_bytes"], "10");
    EXPECT_EQ(about["kith.connection"], "1");
    EXPECT_NE(about["db.namespace"], "");
    EXPECT_FALSE(about.contains("error.type"));
    if (on_sqlite()) {
        EXPECT_EQ(about["db.namespace"], (folder_.path() / "test.db").string());
    } else {
        EXPECT_EQ(about["server.address"].front(), '/') << "the servers of these tests have sockets";
    }
    for (const auto& [key, value] : about) EXPECT_FALSE(key.starts_with("db.query.parameter")) << value;
}

TEST_F(Tracing, WritesSayHowManyRowsTheyChanged) {
    const auto spans = spans_of([&] { objects<City>().update("name"_f = "Nanjing"); });
    EXPECT_EQ(names(spans), (std::vector<std::string>{"update City", "UPDATE city"}));
    auto about = attributes(spans.at(1));
    EXPECT_EQ(about["kith.affected_rows"], "3");
    EXPECT_FALSE(about.contains("db.response.returned_rows"));
    EXPECT_EQ(names(of(spans_of([&] { objects<Person>().first()->visitation.clear(); }), Kind::statement)).back(),
              "DELETE QSOptimize_person_visitation");
}

TEST_F(Tracing, FailuresHaveTheirTypeAndTheCodeOfTheDatabase) {
    const auto spans = spans_of([&] {
        EXPECT_THROW(db_.raw("SELECT nonsense FROM nowhere"), kith::DatabaseError);
        City city{.name = "Atlantis"};
        city.province.set_key(99);
        EXPECT_THROW(db_.save(city), kith::IntegrityError);
    });
    ASSERT_EQ(names(spans), (std::vector<std::string>{"raw", "SELECT", "save City", "INSERT city"}));
    for (const auto& span : spans) EXPECT_TRUE(span.failed) << span.name;
    EXPECT_EQ(attributes(spans[0])["error.type"], attributes(spans[1])["error.type"]);
    EXPECT_EQ(attributes(spans[1])["db.response.status_code"], by_backend("1", "42P01", "42S02"));
    EXPECT_EQ(attributes(spans[3])["error.type"], "kith::IntegrityError");
    EXPECT_EQ(attributes(spans[3])["db.response.status_code"], by_backend("787", "23503", "23000"));
    EXPECT_EQ(attributes(spans[2])["error.type"], "kith::IntegrityError");
}

TEST_F(Tracing, WorkThatGoesOnAfterAFailureHasNotFailed) {
    // The conditions find nothing, so the row is made; its name then stands in the way, and another look finds it.
    const auto province = objects<Province>().first();
    const auto spans = spans_of([&] {
        EXPECT_THROW(
            objects<City>().get_or_create("id"_f = 1, "name"_f = "Elsewhere", kith::defaults("province"_f = province)),
            kith::IntegrityError);
        EXPECT_FALSE(objects<City>().get_or_create("id"_f = 1).second);
    });
    const auto evaluations = of(spans, Kind::evaluation);
    ASSERT_EQ(names(evaluations), (std::vector<std::string>{"get_or_create City", "get_or_create City"}));
    for (const auto& span : of(spans, Kind::statement)) {
        EXPECT_TRUE(span.parent == evaluations[0].id || span.parent == evaluations[1].id) << span.name;
    }
    std::size_t failed = 0;
    for (const auto& span : of(spans, Kind::statement)) failed += span.failed ? 1 : 0;
    EXPECT_EQ(failed, 1u) << "the INSERT";
    EXPECT_FALSE(evaluations[0].failed) << "the statement after the failed one told that there is no such row";
    EXPECT_FALSE(evaluations[1].failed);
}

TEST_F(Tracing, AnAtomicBlockHoldsWhatRunsInIt) {
    std::uint32_t line = 0;
    const auto spans = spans_of([&] {
        line = __LINE__ + 1;
        db_.atomic([&] {
            (void)objects<City>().count();
            db_.atomic([&] { (void)objects<City>().exists(); });
            (void)objects<City>().first();
        });
        (void)objects<City>().count();
    });
    const auto blocks = of(spans, Kind::transaction);
    ASSERT_EQ(blocks.size(), 2u);
    EXPECT_EQ(blocks[0].name, "atomic");
    EXPECT_EQ(blocks[0].parent, 0u);
    EXPECT_EQ(blocks[1].parent, blocks[0].id);
    EXPECT_EQ(attributes(blocks[0])["code.line.number"], std::to_string(line));
    EXPECT_EQ(attributes(blocks[0])["kith.outcome"], "committed");
    std::vector<std::uint64_t> parents;
    for (const auto& span : of(spans, Kind::evaluation)) parents.push_back(span.parent);
    EXPECT_EQ(parents, (std::vector<std::uint64_t>{blocks[0].id, blocks[1].id, blocks[0].id, 0}));
    std::map<std::string, std::uint64_t> control;
    for (const auto& span : of(spans, Kind::control)) control[span.name] = span.parent;
    EXPECT_EQ(control["COMMIT"], blocks[0].id);
    EXPECT_EQ(control["SAVEPOINT"], blocks[1].id);
    EXPECT_EQ(control["RELEASE"], blocks[1].id);
}

TEST_F(Tracing, ABlockThatIsLeftByAnExceptionIsRolledBack) {
    struct Stop {};
    const auto spans = spans_of([&] { EXPECT_THROW(db_.atomic([&] { throw Stop{}; }), Stop); });
    const auto blocks = of(spans, Kind::transaction);
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(attributes(blocks[0])["kith.outcome"], "rolled back");
    EXPECT_FALSE(blocks[0].failed) << "nothing of the database's has failed";
    EXPECT_EQ(names(of(spans, Kind::control)).back(), "ROLLBACK");
}

TEST_F(Tracing, ABlockWhoseCommitIsRefusedHasFailed) {
    const auto spans = spans_of([&] {
        EXPECT_THROW(db_.atomic([&] { EXPECT_THROW(db_.raw("SELECT nonsense FROM nowhere"), kith::DatabaseError); }),
                     kith::OperationalError);
    });
    const auto blocks = of(spans, Kind::transaction);
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(attributes(blocks[0])["error.type"], "kith::OperationalError");
}

TEST_F(Tracing, AHandleOnAnotherThreadIsPartOfTheBlock) {
    const auto spans = spans_of([&] {
        db_.atomic([&](kith::Database& tx) { std::thread([&] { (void)tx.objects<City>().count(); }).join(); });
    });
    const auto evaluations = of(spans, Kind::evaluation);
    ASSERT_EQ(evaluations.size(), 1u);
    EXPECT_EQ(evaluations[0].parent, of(spans, Kind::transaction).at(0).id);
}

TEST_F(Tracing, WorkThatGetsNoConnectionHasFailed) {
    const auto narrow = kith::connect(folder_.url("test.db", "pool_size=1&pool_timeout=20"));
    std::vector<Span> spans;
    const auto token = narrow.on_trace({.ended = [&](const Span& span) { spans.push_back(span); }});
    narrow.atomic([&] {
        std::thread([&] {
            EXPECT_THROW((void)narrow.objects<City>().count(), kith::OperationalError);
            EXPECT_THROW(narrow.atomic([] {}), kith::OperationalError);
        }).join();
    });
    std::vector<Span> failed;
    std::ranges::copy_if(spans, std::back_inserter(failed), &Span::failed);
    ASSERT_EQ(names(failed), (std::vector<std::string>{"count City", "atomic"}));
    for (const auto& span : failed) {
        EXPECT_EQ(attributes(span)["error.type"], "kith::OperationalError");
        EXPECT_GE(span.end - span.start, std::chrono::milliseconds(20)) << "it shows the wait";
    }
}

TEST_F(Tracing, LazyLoadsNameTheirRelation) {
    const auto person = objects<Person>().first();
    const auto spans = spans_of([&] {
        (void)person->hometown->name;
        (void)person->visitation.all().size();
    });
    EXPECT_EQ(names(of(spans, Kind::evaluation)),
              (std::vector<std::string>{"load Person.hometown", "load Person.visitation"}));
    auto about = attributes(of(spans, Kind::evaluation).at(0));
    EXPECT_EQ(about["kith.member"], "hometown");
    EXPECT_FALSE(about.contains("code.line.number")) << "operator-> cannot know";
    EXPECT_TRUE(attributes(of(spans, Kind::evaluation).at(1)).contains("code.line.number"));
}

TEST_F(Tracing, AStreamIsOneSpanAroundItsChunks) {
    const auto spans = spans_of([&] {
        for (const Person& person : objects<Person>().prefetch_related("hometown").iterator({.chunk_size = 2})) {
            (void)person.hometown->name;
        }
    });
    const auto evaluations = of(spans, Kind::evaluation);
    ASSERT_EQ(names(evaluations), std::vector<std::string>{"iterator Person"});
    const auto statements = of(spans, Kind::statement);
    EXPECT_EQ(statements.size(), 3u);
    for (const auto& span : statements) {
        EXPECT_EQ(span.parent, evaluations[0].id);
        EXPECT_LE(span.end, evaluations[0].end);
    }
}

TEST_F(Tracing, WhatIsInTheCacheHasNoSpan) {
    const auto cities = objects<City>();
    (void)cities.size();
    EXPECT_TRUE(spans_of([&] {
                    (void)cities.count();
                    for (const City& city : cities) (void)city.name;
                    (void)cities.sql();
                    (void)objects<City>().none().size();
                }).empty());
}

TEST_F(Tracing, SpansAreToldWhenTheyBegin) {
    std::vector<std::string> told;
    std::map<std::uint64_t, Span> open;
    const auto token = db_.on_trace({.ended =
                                         [&](const Span& span) {
                                             told.push_back("end " + span.name);
                                             EXPECT_EQ(open.erase(span.id), 1u);
                                         },
                                     .started =
                                         [&](const Span& span) {
                                             told.push_back("begin " + span.name);
                                             EXPECT_EQ(span.start, span.end);
                                             EXPECT_TRUE(span.parent == 0 || open.contains(span.parent));
                                             open[span.id] = span;
                                         }});
    (void)objects<City>().count();
    EXPECT_EQ(told,
              (std::vector<std::string>{"begin count City", "begin SELECT city", "end SELECT city", "end count City"}));
    EXPECT_TRUE(open.empty());
}

TEST_F(Tracing, TheClocksAgree) {
    const auto before = std::chrono::system_clock::now();
    const auto spans = spans_of([&] { (void)objects<City>().count(); });
    const auto after = std::chrono::system_clock::now();
    for (const auto& span : spans) {
        EXPECT_LE(before, span.started_at);
        EXPECT_LE(span.started_at, after);
    }
}

TEST_F(Tracing, ParametersAreShownToThoseWhoAskForThem) {
    std::vector<Span> shown;
    const auto token = db_.on_trace(
        {.ended = [&](const Span& span) { shown.push_back(span); }, .parameter_values = kith::ParameterValues::shown});
    const auto spans = spans_of([&] { (void)objects<City>().filter("name"_f = "Wuhan City").size(); });
    ASSERT_EQ(shown.size(), 2u);
    EXPECT_EQ(attributes(shown[0])["db.query.parameter.0"], "'Wuhan City'");
    EXPECT_EQ(spans.at(1).find("db.query.parameter.0"), nullptr);

    const auto secret = kith::connect(folder_.url("test.db", "parameter_values=redacted"));
    shown.clear();
    const auto other = secret.on_trace(
        {.ended = [&](const Span& span) { shown.push_back(span); }, .parameter_values = kith::ParameterValues::shown});
    (void)secret.objects<City>().filter("name"_f = "Wuhan City").size();
    ASSERT_EQ(shown.size(), 2u);
    EXPECT_EQ(shown[0].find("db.query.parameter.0"), nullptr);
}

TEST_F(Tracing, ATracerMayAskTheDatabaseThrowAndGo) {
    std::size_t calls = 0;
    std::shared_ptr<void> token = db_.on_trace({.ended = [&](const Span&) {
        ++calls;
        EXPECT_EQ(objects<City>().count(), 3);
        throw std::runtime_error("a tracer's own trouble");
    }});
    (void)objects<City>().exists();
    EXPECT_EQ(calls, 2u);
    token.reset();
    (void)objects<City>().exists();
    EXPECT_EQ(calls, 2u);
    EXPECT_THROW((void)db_.on_trace({}), kith::ValueError);
}

TEST_F(Tracing, EvaluationsHaveTheNumberThatTheLogKnows) {
    const auto spans = spans_of([&] { (void)objects<City>().count(); });
    EXPECT_EQ(log_[0].evaluation, spans.at(0).id);
}

} // namespace span_test
