#include "support/pooler.hpp"
#include "support/proxy.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <iostream>
#include <stop_token>
#include <thread>

/// Deadlines and cancels: of QuerySets, handles and blocks. Nothing here asserts a time; one test prints them.

namespace deadline_test {

using namespace kith::literals;
using namespace travel;

namespace deadlines {

using namespace std::chrono_literals;

struct Slow;

struct Shelf {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Slow, "shelf"> slow_set{};
};

/// A view with one row, whose name takes half a minute.
struct Slow {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Shelf> shelf{};

    static constexpr kith::Table table{.name = "slow", .read_only = true};
};

class Deadlines : public FileTest {
protected:
    Deadlines() {
        db_.create_tables<Shelf>();
        db_.objects<Shelf>().bulk_create({{.name = "a"}, {.name = "b"}});
        folder_.raw().run(by_backend(
            "CREATE VIEW slow AS SELECT CAST(1 AS INTEGER) AS id, CAST(1 AS INTEGER) AS shelf_id, (WITH RECURSIVE n(i) "
            "AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) SELECT 'x' || count(*) FROM n) AS name",
            "CREATE VIEW slow AS SELECT 1::bigint AS id, 1::bigint AS shelf_id, (SELECT 'x'::text FROM pg_sleep(30)) "
            "AS name",
            "CREATE VIEW slow AS SELECT 1 AS id, 1 AS shelf_id, CONCAT('x', BENCHMARK(10000000000, SHA1('a'))) AS "
            "name"));
    }

    /// Runs `work`, which must exceed its deadline, and uses the database after that.
    template <class Expected = kith::DeadlineExceeded, class Work>
    std::string ends(const kith::Database& db, const char* what, const Work& work) {
        const auto begin = std::chrono::steady_clock::now();
        auto message = message_of<Expected>(work);
        const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
        std::cout << "    " << what << ": " << time.count() << " ms" << std::endl;
        expect_untouched(db);
        return message;
    }
    /// Runs `work`, which uses a connection on which a statement was cancelled. A server that is slow to confirm that
    /// costs the connection, and with `pooling=transaction` it always does.
    template <class Work>
    static void unless_lost(const Work& work) {
        try {
            work();
        } catch (const kith::OperationalError& error) {
            EXPECT_FALSE(on_sqlite()) << error.what();
        }
    }
    void expect_untouched(const kith::Database& db) const {
        const auto shelves = db.objects<Shelf>().order_by("id");
        EXPECT_EQ(column(shelves, &Shelf::name), (std::vector<std::string>{"a", "b"}));
    }
    kith::Database one_connection(const std::string& options = {}) const {
        return kith::connect(folder_.url("test.db", "pool_size=1" + options));
    }
};

} // namespace deadlines

using namespace deadlines;

// ---- what is bounded

TEST_F(Deadlines, EachCallOfAQuerySetEndsAtItsDeadline) {
    const auto db = one_connection();
    const auto slow = db.objects<Slow>().deadline(40ms);
    const auto waiting = slow.filter("name__gt"_f = "x");
    const auto shelves = db.objects<Shelf>().deadline(40ms).filter("slow_set__name__gt"_f = "x");
    const auto message = ends(db, "an evaluation", [&] { (void)slow.size(); });
    expect_parts(message, {"evaluate Slow", "40 ms", "Nothing of it was kept", "explain()"});
    ends(db, "a lookup", [&] { (void)db.objects<Shelf>().deadline(40ms).prefetch_related("slow_set").size(); });
    ends(db, "a joined relation", [&] { (void)slow.select_related("shelf").size(); });
    ends(db, "first", [&] { (void)slow.first(); });
    ends(db, "get", [&] { (void)slow.get("id"_f = 1); });
    ends(db, "count", [&] { (void)waiting.count(); });
    ends(db, "exists", [&] { (void)waiting.exists(); });
    ends(db, "values_list", [&] { (void)slow.values_list<"name">(); });
    ends(db, "aggregate", [&] { (void)slow.aggregate(kith::Max("name"_f)); });
    ends(db, "a stream", [&] {
        for (const Slow& row : slow.iterator()) ADD_FAILURE() << row.name;
    });
    ends(db, "a raw queryset", [&] { (void)db.objects<Slow>().raw("SELECT * FROM slow").deadline(40ms).size(); });
    ends(db, "evaluate_together", [&] { (void)kith::evaluate_together(slow, db.objects<Shelf>()); });
    ends(db, "update", [&] { shelves.update("name"_f = "changed"); });
    ends(db, "remove", [&] { shelves.remove(); });
    ends(db, "get_or_create", [&] { (void)shelves.get_or_create("name"_f = "c"); });
}

TEST_F(Deadlines, AHandleBoundsEachOfItsCalls) {
    const auto db = one_connection();
    const auto service = db.deadline(600ms);
    expect_parts(ends(db, "raw", [&] { (void)service.raw<std::string>("SELECT name FROM slow"); }), {"raw", "600 ms"});
    ends(db, "a block", [&] { service.atomic([&] { (void)db.objects<Slow>().size(); }); });
    expect_untouched(service); // its time begins anew with each call
    const auto brief = db.deadline(30ms);
    ends(db, "a statement", [&] { brief.raw("UPDATE shelf SET name = (SELECT name FROM slow)"); });
    ends(db, "a QuerySet", [&] { (void)brief.objects<Slow>().size(); });
    EXPECT_EQ(service, db);
}

TEST_F(Deadlines, RowsKeepTheBoundsOfTheirQuerySet) {
    const auto db = one_connection();
    const auto shelf = db.objects<Shelf>().deadline(400ms).get("id"_f = 1);
    expect_parts(ends(db, "a relation", [&] { (void)shelf->slow_set.all().size(); }), {"load Shelf", "400 ms"});
    ends(db, "a relation again", [&] { (void)shelf->slow_set.all().size(); });
    std::stop_source source;
    const auto other = db.objects<Shelf>().stop(source.get_token()).get("id"_f = 1);
    source.request_stop();
    ends<kith::Cancelled>(db, "a relation of a cancelled request", [&] { (void)other->slow_set.all().size(); });
}

TEST_F(Deadlines, TheEarliestOfSeveralHolds) {
    const auto db = one_connection();
    const auto slow = db.deadline(40ms).objects<Slow>();
    expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)slow.deadline(1h).size(); }), {"40 ms"});
    expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)slow.deadline(10ms).size(); }), {"10 ms"});
    unless_lost([&] {
        db.atomic(
            [&](kith::Database& tx) {
                const auto inner = [&] { tx.atomic([&] { (void)slow.size(); }, {.deadline = 20ms}); };
                expect_parts(message_of<kith::DeadlineExceeded>(inner), {"20 ms"});
            },
            {.deadline = 1h});
    });
    // What is set on the QuerySet stays with another handle; what the handle set does not.
    const auto both = db.deadline(1h).objects<Slow>().deadline(30ms).on(db);
    expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)both.size(); }), {"30 ms"});
}

TEST_F(Deadlines, AnOldDeadlineSendsNothing) {
    kith::QueryLog log(db_);
    for (const auto passed : {0ms, -1ms}) {
        EXPECT_THROW((void)db_.objects<Shelf>().deadline(passed).size(), kith::DeadlineExceeded);
        EXPECT_THROW(db_.deadline(passed).atomic([] { ADD_FAILURE(); }), kith::DeadlineExceeded);
    }
    std::stop_source source;
    source.request_stop();
    EXPECT_THROW((void)db_.objects<Shelf>().stop(source.get_token()).size(), kith::Cancelled);
    EXPECT_EQ(log.size(), 0u);
    EXPECT_TRUE(log.transaction_control().empty());
    // Without a state a token never stops anything.
    expect_untouched(db_.stop({}));
    expect_untouched(db_.deadline(1h, {}));
}

TEST_F(Deadlines, AStopEndsWhatRuns) {
    const auto db = one_connection();
    const auto cancelled = [&](const char* what, const std::function<void(const std::stop_token&)>& work) {
        std::stop_source source;
        std::jthread other([&] {
            std::this_thread::sleep_for(30ms);
            source.request_stop();
        });
        return ends<kith::Cancelled>(db, what, [&] { work(source.get_token()); });
    };
    const auto message =
        cancelled("a QuerySet", [&](const std::stop_token& token) { (void)db.objects<Slow>().stop(token).size(); });
    expect_parts(message, {"evaluate Slow", "cancelled by its stop_token", "Nothing of it was kept"});
    cancelled("with a deadline",
              [&](const std::stop_token& token) { (void)db.objects<Slow>().deadline(1h, token).size(); });
    cancelled("a handle", [&](const std::stop_token& token) { (void)db.stop(token).objects<Slow>().size(); });
    cancelled("a block", [&](const std::stop_token& token) {
        db.atomic(
            [&] {
                db.objects<Shelf>().create({.name = "c"});
                (void)db.objects<Slow>().size();
            },
            {.stop = token});
    });
}

// ---- blocks

TEST_F(Deadlines, ABlockIsUndoneWhole) {
    const auto db = one_connection();
    ends(db, "in a statement", [&] {
        db.atomic(
            [&] {
                db.objects<Shelf>().create({.name = "c"});
                (void)db.objects<Slow>().size();
            },
            {.deadline = 60ms});
    });
    ends(db, "before COMMIT", [&] {
        db.atomic(
            [&] {
                db.objects<Shelf>().create({.name = "c"});
                std::this_thread::sleep_for(110ms);
            },
            {.deadline = 100ms});
    });
    ends(db, "in a nested block", [&] {
        db.atomic(
            [&] {
                db.objects<Shelf>().create({.name = "c"});
                db.atomic([&] { (void)db.objects<Slow>().size(); });
            },
            {.deadline = 60ms});
    });
}

TEST_F(Deadlines, ADeadlinePoisonsItsBlock) {
    const auto db = one_connection();
    const auto work = [&] {
        db.objects<Shelf>().create({.name = "c"});
        EXPECT_THROW((void)db.objects<Slow>().deadline(30ms).size(), kith::DeadlineExceeded);
        expect_parts(message_of<kith::OperationalError>([&] { (void)db.objects<Shelf>().count(); }),
                     {"No statement can run in this atomic block", "30 ms"});
    };
    EXPECT_THROW(db.atomic(work), kith::OperationalError);
    expect_untouched(db);
    // Its own deadline says more than what failed because of it.
    EXPECT_THROW(db.atomic(
                     [&] {
                         EXPECT_THROW((void)db.objects<Slow>().size(), kith::DeadlineExceeded);
                         EXPECT_THROW((void)db.objects<Shelf>().count(), kith::DeadlineExceeded);
                     },
                     {.deadline = 30ms}),
                 kith::DeadlineExceeded);
    expect_untouched(db);
    // A call that does not begin any more is a failed statement as well.
    EXPECT_THROW(db.atomic([&] {
        EXPECT_THROW((void)db.objects<Shelf>().deadline(0ms).size(), kith::DeadlineExceeded);
        EXPECT_THROW((void)db.objects<Shelf>().count(), kith::OperationalError);
    }),
                 kith::OperationalError);
    // In a nested block, only that one.
    const auto around = [&] {
        db.atomic([&] {
            db.objects<Shelf>().create({.name = "c"});
            EXPECT_THROW(db.atomic([&] { (void)db.objects<Slow>().deadline(30ms).size(); }), kith::DeadlineExceeded);
            EXPECT_EQ(db.objects<Shelf>().count(), 3);
            db.objects<Shelf>().filter("name"_f = "c").remove();
        });
    };
    unless_lost(around);
    expect_untouched(db);
}

TEST_F(Deadlines, ManyNewRowsAreSavedWholeOrNotAtAll) {
    const auto db = one_connection();
    const std::vector<Shelf> many(4000, {.name = std::string(200, 'x')});
    const auto count = [&] { return db.objects<Shelf>().count(); };
    for (const auto time : {1ms, 2ms, 4ms, 8ms, 16ms}) {
        const auto before = count();
        try {
            (void)db.deadline(time).objects<Shelf>().bulk_create(many);
            EXPECT_EQ(count(), before + 4000);
        } catch (const kith::DeadlineExceeded&) {
            EXPECT_EQ(count(), before);
        }
    }
}

// ---- what is waited for

TEST_F(Deadlines, TheWaitForAConnectionCounts) {
    const auto db = one_connection();
    db.atomic([&] {
        std::thread([&] {
            expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)db.objects<Shelf>().deadline(30ms).size(); }),
                         {"evaluate Shelf", "all connections of the pool were in use", "30 ms"});
            std::stop_source source;
            auto done = std::async(std::launch::async, [&] {
                EXPECT_THROW((void)db.objects<Shelf>().stop(source.get_token()).size(), kith::Cancelled);
            });
            source.request_stop();
            done.get();
        }).join();
    });
    expect_untouched(db);
}

TEST_F(Deadlines, TheWaitForAConnectionThatAnotherThreadUsesCounts) {
    const auto db = one_connection();
    db.atomic([&](kith::Database& tx) {
        std::atomic<bool> reading{false};
        std::atomic<bool> done{false};
        std::jthread reader([&] {
            tx.atomic([&](kith::Database& inner) {
                (void)inner.objects<Shelf>().count();
                reading = true;
                while (!done) std::this_thread::sleep_for(1ms);
            });
        });
        while (!reading) std::this_thread::sleep_for(1ms);
        expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)tx.objects<Shelf>().deadline(30ms).size(); }),
                     {"another thread used the connection"});
        done = true;
    });
    expect_untouched(db);
}

TEST_F(Deadlines, TheWaitForALockCounts) {
    const auto other = kith::connect(folder_.url());
    const auto db = one_connection();
    other.atomic([&] {
        other.objects<Shelf>().update("name"_f = "locked");
        std::thread([&] {
            expect_parts(
                message_of<kith::DeadlineExceeded>(
                    [&] { db.objects<Shelf>().deadline(40ms).update("name"_f = "changed"); }),
                {"update Shelf", "40 ms", by_backend("held the lock", "ran a statement", "ran a statement").c_str()});
            EXPECT_THROW(db.atomic([&] { db.objects<Shelf>().update("name"_f = "changed"); }, {.deadline = 40ms}),
                         kith::DeadlineExceeded);
        }).join();
        other.objects<Shelf>().filter("id"_f = 1).update("name"_f = "a");
        other.objects<Shelf>().filter("id"_f = 2).update("name"_f = "b");
    });
    expect_untouched(db);
}

TEST_F(Deadlines, AStreamEndsAsAWhole) {
    const auto db = one_connection();
    db.objects<Shelf>().bulk_create(std::vector<Shelf>(500));
    const auto shelves = db.objects<Shelf>().filter("id__gte"_f = 1);
    std::size_t rows = 0;
    EXPECT_THROW(
        {
            for (const Shelf& shelf : shelves.deadline(100ms).iterator({.chunk_size = 10})) {
                (void)shelf;
                ++rows;
                std::this_thread::sleep_for(1ms);
            }
        },
        kith::DeadlineExceeded);
    EXPECT_LT(rows, 500u);
    EXPECT_EQ(shelves.count(), 502);
    // A statement in its loop has bounds of its own, and the stream keeps its own.
    unless_lost([&] {
        rows = 0;
        for (const Shelf& shelf : shelves.deadline(1h).iterator({.chunk_size = 10})) {
            if (++rows != 15) continue;
            EXPECT_THROW((void)db.objects<Slow>().deadline(20ms).size(), kith::DeadlineExceeded) << shelf.id;
        }
        EXPECT_EQ(rows, 502u);
    });
}

/// The deadline comes about when the statement ends: sometimes it is cancelled, sometimes not, and sometimes the cancel
/// is under way when it ends. Whatever runs next on the connection is not hit.
TEST_F(Deadlines, WhatTheLoopOfAStreamWroteIsKept) {
    const auto db = one_connection();
    auto late = db.objects<Shelf>().deadline(60ms).iterator({.chunk_size = 1, .snapshot = true});
    for (const Shelf& shelf : late) {
        std::this_thread::sleep_for(100ms);
        db.objects<Shelf>().create({.name = "written after the deadline of the loop"});
        EXPECT_GT(shelf.id, 0);
        break;
    }
    { const auto ended = std::move(late); }
    EXPECT_EQ(db_.objects<Shelf>().filter("name__startswith"_f = "written").count(), 1);
}

TEST_F(Deadlines, ALateCancelHitsNothingElse) {
    const auto db = one_connection();
    const auto brief =
        by_backend("SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                   "LIMIT 5000) SELECT i FROM n)",
                   "SELECT count(*) FROM pg_sleep(0.003)", "SELECT sleep(0.003)");
    const auto next = by_backend("SELECT 7", "SELECT 7 FROM pg_sleep(0.004)", "SELECT 7 + sleep(0.004)");
    int ended = 0;
    for (int i = 0; i < 60; ++i) {
        try {
            (void)db.deadline(std::chrono::milliseconds(3 + i % 3)).raw<std::int64_t>(brief);
        } catch (const kith::DeadlineExceeded&) {
            ++ended;
        }
        EXPECT_EQ(db.raw<std::int64_t>(next), std::vector<std::int64_t>{7}) << i;
        if (i % 10 == 0) db.atomic([&] { EXPECT_EQ(db.raw<std::int64_t>(next).front(), 7) << i; });
    }
    std::cout << "    " << ended << " of 60 were cancelled" << std::endl;
}

TEST_F(Deadlines, ManyThreadsWithDeadlinesLeaveThePoolWhole) {
    const auto db = kith::connect(folder_.url("test.db", "pool_size=2"));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 8; ++i) {
                EXPECT_THROW((void)db.objects<Slow>().deadline(10ms).size(), kith::DeadlineExceeded);
                expect_untouched(db);
            }
        });
    }
    threads.clear();
    expect_untouched(db);
}

namespace {

using SqliteDeadlines = Deadlines;

} // namespace

TEST_F(SqliteDeadlines, ARegularExpressionEnds) {
    const auto db = one_connection();
    const std::string text(1000, 'a');
    const auto slow = db.objects<Shelf>().filter("name__regex"_f = "(a|b)*(a|b)*$");
    db.objects<Shelf>().create({.name = text + "!"});
    expect_parts(message_of<kith::DeadlineExceeded>([&] { (void)slow.deadline(30ms).size(); }),
                 {"evaluate Shelf", "30 ms"});
    expect_parts(message_of<kith::DatabaseError>([&] { (void)slow.size(); }), {"steps", "Simplify the pattern"});
    EXPECT_EQ(db.objects<Shelf>().filter("name__regex"_f = "^a").count(), 2);
}

// ---- servers that do not answer

namespace {

class ServerDeadlines : public Deadlines {
protected:
    kith::Database through_proxy(const std::string& options = {}) const {
        const std::string without_tls = by_backend("", "sslmode=disable&gssencmode=disable&", "");
        return kith::connect(
            folder_.url_at("127.0.0.1:" + std::to_string(proxy_.port()), without_tls + "pool_size=2" + options));
    }
    Proxy proxy_{server_socket(), backend() == Backend::postgresql};
};

} // namespace

/// A cancel may come before the server has begun the statement.
TEST_F(ServerDeadlines, NothingGoesOnAtTheServer) {
    const auto name = "late-" + std::to_string(std::random_device{}());
    const auto db = kith::connect(folder_.url("test.db", by_backend("", "application_name=" + name, "pool_size=8")));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&db] {
            for (int i = 0; i < 12; ++i) {
                const auto time = std::chrono::milliseconds(i % 4);
                EXPECT_THROW((void)db.objects<Slow>().deadline(time).size(), kith::DeadlineExceeded);
            }
        });
    }
    threads.clear();
    const auto running = by_backend(
        "", "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = '" + name + "'",
        "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND command = 'Execute'");
    const auto raw = folder_.raw();
    for (int waits = 0; raw.value(running) != "0" && waits < 1000; ++waits) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(raw.value(running), "0");
}

TEST_F(ServerDeadlines, ASilentServerIsLeft) {
    const auto db = through_proxy();
    for (const std::size_t heard : {0U, 1U, 2U}) {
        proxy_.silence_after(heard);
        // Sometimes all of it arrives before the silence.
        try {
            (void)db.objects<Shelf>().deadline(50ms).prefetch_related("slow_set").size();
        } catch (const kith::DeadlineExceeded& error) {
            expect_parts(error.what(), {"evaluate Shelf", "50 ms"});
        }
        expect_untouched(db_);
    }
    proxy_.cut_after(std::nullopt);
    expect_untouched(db);
    proxy_.silence_after(0);
    const auto message = ends(db, "a silent server", [&] { (void)db.objects<Shelf>().deadline(50ms).size(); });
    expect_parts(message, {"Nothing of it was kept"});
}

TEST_F(ServerDeadlines, AWriteThatASilentServerMayHaveDoneIsInDoubt) {
    const auto db = through_proxy();
    const auto change = [](const kith::Database& through) { through.objects<Shelf>().update("name"_f = "changed"); };
    change(db); // afterwards what it must know and prepare is there, and it takes one message
    proxy_.silence_after(0);
    try {
        change(db.deadline(50ms));
        ADD_FAILURE();
    } catch (const kith::DeadlineExceeded& error) {
        expect_parts(error.what(), {"update Shelf", "it is unknown whether"});
        EXPECT_EQ(error.sqlstate(), "08007");
        EXPECT_FALSE(error.is_transient());
    }
    EXPECT_EQ(db.objects<Shelf>().count(), 2);
}

TEST_F(ServerDeadlines, ABlockOnASilentServerIsUndone) {
    const auto db = through_proxy();
    ends(db, "a silent server in a block", [&] {
        db.atomic(
            [&] {
                db.objects<Shelf>().create({.name = "c"});
                proxy_.silence_after(0);
                db.objects<Shelf>().create({.name = "d"});
            },
            {.deadline = 80ms});
    });
}

TEST_F(ServerDeadlines, AConnectionThatDoesNotOpenCounts) {
    const auto db = through_proxy();
    db.atomic([&] {
        (void)db.objects<Shelf>().count();
        for (const std::size_t heard : {0U, 1U, 3U, 5U}) {
            proxy_.silence_after(heard);
            std::thread([&] {
                expect_parts(
                    message_of<kith::DeadlineExceeded>([&] { (void)db.objects<Shelf>().deadline(60ms).size(); }),
                    {"evaluate Shelf", "60 ms"});
            }).join();
        }
        std::thread([&] { expect_untouched(db); }).join();
    });
}

// ---- poolers

/// Two clients share the pooler's connections to the server: what one cancels must not hit the other.
TEST(ServerPoolerDeadlines, ACancelHitsNoOtherClient) {
    if (!PooledDatabase::available()) GTEST_SKIP() << "needs pgbouncer";
    const PooledDatabase pooled;
    for (const auto& url : {pooled.session("pool_size=1"), pooled.transaction("pool_size=1")}) {
        const auto db = kith::connect(url);
        const auto other = kith::connect(url);
        std::atomic<bool> done{false};
        std::jthread working([&] {
            while (!done) EXPECT_EQ(other.raw<std::int64_t>("SELECT 7 FROM pg_sleep(0.002)").front(), 7);
        });
        int ended = 0;
        for (int i = 0; i < 30; ++i) {
            try {
                (void)db.deadline(std::chrono::milliseconds(3 + i % 3))
                    .raw<std::int64_t>("SELECT count(*) FROM pg_sleep(0.003)");
            } catch (const kith::DeadlineExceeded&) {
                ++ended;
            }
            EXPECT_EQ(db.raw<std::int64_t>("SELECT 7 FROM pg_sleep(0.003)").front(), 7) << i;
        }
        std::cout << "    " << ended << " of 30 were cancelled" << std::endl;
        EXPECT_THROW((void)db.deadline(std::chrono::milliseconds(20)).raw<std::int64_t>("SELECT 1 FROM pg_sleep(30)"),
                     kith::DeadlineExceeded);
        EXPECT_THROW(db.atomic([&] { (void)db.raw<std::int64_t>("SELECT 1 FROM pg_sleep(30)"); },
                               {.deadline = std::chrono::milliseconds(20)}),
                     kith::DeadlineExceeded);
        EXPECT_EQ(db.raw<std::int64_t>("SELECT 7").front(), 7);
        // Nothing is left in a session of the server.
        EXPECT_EQ(db.raw<std::string>("SELECT current_setting('statement_timeout')").front(), "0");
        done = true;
    }
}

} // namespace deadline_test
