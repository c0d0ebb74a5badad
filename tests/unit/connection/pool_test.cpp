#include "unit/database_support.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace kith::test {
namespace {

using connection::Session;

const std::string three_rows = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";

/// The identity of the connection that the thread's statements go to: temporary tables belong to one.
bool has_mark(const Database& db) {
    return integer(db, "SELECT count(*) FROM sqlite_temp_schema WHERE name = 'mark'") == 1;
}

TEST(Pool, GivesAThreadTheConnectionItHas) {
    const WithTable t;
    const Session session(t.db);
    execute(t.db, "CREATE TEMP TABLE mark(x)");
    EXPECT_TRUE(has_mark(t.db));
    std::thread([&] { EXPECT_FALSE(has_mark(t.db)); }).join();
    t.db.atomic([&] { EXPECT_TRUE(has_mark(t.db)); });
}

TEST(Pool, LetsAThreadWriteInsideItsOwnStream) {
    const WithTable t;
    t.add(1);
    t.add(2);
    Session session(t.db);
    const auto cursor = session.query({.text = "SELECT x FROM t WHERE x < 10"});
    while (cursor->next()) {
        execute(t.db, "INSERT INTO t VALUES (?1)", {detail::Value(cursor->integer(0) + 10)});
    }
    EXPECT_EQ(t.rows_seen_from_outside(), 4);
}

TEST(Pool, ReusesConnections) {
    const WithTable t;
    execute(t.db, "CREATE TEMP TABLE mark(x)");
    std::thread([&] { EXPECT_TRUE(has_mark(t.db)); }).join();
}

TEST(Pool, SaysWhenAllConnectionsAreInUse) {
    const WithTable t("pool_size=1&pool_timeout=30");
    const Session session(t.db);
    std::thread([&] {
        const auto began = std::chrono::steady_clock::now();
        KITH_EXPECT_ERROR(t.rows(), OperationalError, "all 1 connections are in use");
        EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(30));
    }).join();
    EXPECT_EQ(t.rows(), 0);
}

TEST(Pool, HandsAConnectionToWhoWaits) {
    const WithTable t("pool_size=1&pool_timeout=10000");
    auto session = std::make_unique<Session>(t.db);
    std::thread waiting([&] { EXPECT_EQ(t.rows(), 0); });
    session.reset();
    waiting.join();
}

TEST(Pool, OfNoneIsRefused) { EXPECT_THROW(connect("sqlite:/tmp/kith-none.db?pool_size=0"), ValueError); }

TEST(Pool, RollsBackWhatWasLeftOpen) {
    const WithTable t("pool_size=1");
    {
        Session session(t.db);
        session.execute({.text = "BEGIN"});
        t.add(1);
    }
    EXPECT_EQ(t.rows(), 0);
    t.add(2);
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

TEST(Pool, InMemoryHasOneConnectionForAllThreads) {
    const Database db = connect("sqlite::memory:?pool_size=8");
    execute(db, "CREATE TABLE t(x)");
    std::thread([&] { EXPECT_EQ(integer(db, "SELECT count(*) FROM t"), 0); }).join();
    EXPECT_NE(connect("sqlite::memory:"), db);
}

// ---- streams that go to another thread

TEST(HandedOn, AStreamIsReadOnAnotherThread) {
    const WithTable t;
    auto session = std::make_unique<Session>(t.db);
    auto cursor = session->query({.text = three_rows});
    ASSERT_TRUE(cursor->next());
    std::thread([&] {
        EXPECT_TRUE(cursor->next());
        execute(t.db, "CREATE TEMP TABLE mark(x)"); // through the connection that came along
        EXPECT_TRUE(cursor->next());
        EXPECT_FALSE(cursor->next());
        EXPECT_TRUE(has_mark(t.db));
        session.reset();
        cursor.reset();
    }).join();
    EXPECT_TRUE(has_mark(t.db)); // back in the pool
}

TEST(HandedOn, TheFirstThreadGetsAConnectionOfItsOwn) {
    const WithTable t;
    Session session(t.db);
    const auto cursor = session.query({.text = three_rows});
    execute(t.db, "CREATE TEMP TABLE mark(x)");
    std::thread([&] { EXPECT_TRUE(cursor->next()); }).join();
    EXPECT_FALSE(has_mark(t.db));
}

TEST(HandedOn, AStreamWaitsForTheFirstThreadToLetGo) {
    const WithTable t;
    Session session(t.db);
    const auto cursor = session.query({.text = three_rows});
    auto also = std::make_unique<Session>(t.db);
    std::thread([&] { KITH_EXPECT_ERROR(cursor->next(), OperationalError, "in use on another thread"); }).join();
    also.reset();
    std::thread([&] { EXPECT_TRUE(cursor->next()); }).join();
}

TEST(HandedOn, AStreamMayEndWhileTheFirstThreadGoesOn) {
    const WithTable t;
    auto session = std::make_unique<Session>(t.db);
    auto cursor = session->query({.text = "SELECT x FROM t"});
    t.db.atomic([&] {
        t.add(1);
        ASSERT_TRUE(cursor->next());
        const Session also(t.db);
        std::thread([&] {
            cursor.reset();
            session.reset();
        }).join();
        EXPECT_EQ(t.rows(), 1);
    });
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
    execute(t.db, "DROP TABLE t"); // nothing reads it any more
}

TEST(HandedOn, ACursorMayOutliveItsSessionAndItsDatabase) {
    std::unique_ptr<backend::Cursor> cursor;
    {
        const Database db = connect("sqlite::memory:");
        cursor = Session(db).query({.text = three_rows});
    }
    EXPECT_TRUE(cursor->next());
    EXPECT_EQ(cursor->integer(0), 1);
}

TEST(HandedOn, AStreamOfATransactionHoldsItUpElsewhere) {
    const WithTable t;
    t.db.atomic([&] {
        t.add(1);
        auto session = std::make_unique<Session>(t.db);
        auto cursor = session->query({.text = "SELECT x FROM t"});
        std::thread([&] {
            EXPECT_TRUE(cursor->next());
            EXPECT_EQ(t.rows(), 0); // this thread is not in the transaction
        }).join();
        KITH_EXPECT_ERROR(t.rows(), OperationalError, "in use on another thread");
        std::thread([&] {
            cursor.reset();
            session.reset();
        }).join();
        EXPECT_EQ(t.rows(), 1);
    });
    EXPECT_EQ(t.rows_seen_from_outside(), 1);
}

} // namespace
} // namespace kith::test
