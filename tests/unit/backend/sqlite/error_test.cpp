#include "temp_folder.hpp"
#include "unit/backend/sqlite/one_connection.hpp"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>

namespace kith::test {
namespace {

using detail::Value;

TEST(SqliteErrors, ViolatedConstraintsAreIntegrityErrors) {
    const OneConnection db;
    db.execute("CREATE TABLE city(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE CHECK (name <> ''))");
    db.execute("CREATE TABLE person(city INTEGER REFERENCES city(id))");
    db.execute("INSERT INTO city VALUES (1, 'Wuhan')");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO city VALUES (2, 'Wuhan')"), IntegrityError, "choose another value");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO city VALUES (1, 'Xi''an')"), IntegrityError, "city.id");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO city VALUES (2, NULL)"), IntegrityError, "Give the member a value");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO city VALUES (2, '')"), IntegrityError, "CHECK");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO person VALUES (7)"), IntegrityError, "Save a row before the rows");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO city VALUES ('x', 'y')"), IntegrityError,
                      "has a type that the column does not accept");
}

TEST(SqliteErrors, KnowTheirStatementAndCodeButNoValue) {
    const OneConnection db;
    db.execute("CREATE TABLE t(x UNIQUE)");
    const std::string insert = "INSERT INTO t VALUES (?1)";
    db.execute(insert, {Value(std::string("secret"))});
    try {
        db.execute(insert, {Value(std::string("secret"))});
        FAIL();
    } catch (const IntegrityError& e) {
        EXPECT_EQ(e.sql(), insert);
        EXPECT_EQ(e.code(), SQLITE_CONSTRAINT_UNIQUE);
        EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos);
    }
}

TEST(SqliteErrors, MissingTablesAndColumnsAreOperationalErrors) {
    const OneConnection db;
    db.execute("CREATE TABLE t(x)");
    KITH_EXPECT_ERROR(db.query("SELECT * FROM city"), OperationalError, "create_tables");
    KITH_EXPECT_ERROR(db.query("SELECT y FROM t"), OperationalError, "kith::column");
    KITH_EXPECT_ERROR(db.execute("INSERT INTO t(y) VALUES (1)"), OperationalError, "kith::column");
    KITH_EXPECT_ERROR(db.query("SELEC 1"), DatabaseError, "syntax error");
}

TEST(SqliteErrors, SayHowLongALockWasWaitedFor) {
    const TempFolder folder;
    const OneConnection first(folder.file("a.db"), {.busy_timeout = std::chrono::milliseconds(30)});
    const OneConnection second(folder.file("a.db"), {.busy_timeout = std::chrono::milliseconds(30)});
    first.execute("CREATE TABLE t(x)");
    first.connection->control("BEGIN IMMEDIATE");
    const auto began = std::chrono::steady_clock::now();
    KITH_EXPECT_ERROR(second.execute("INSERT INTO t VALUES (1)"), OperationalError, " ms: keep transactions short");
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(30));
    KITH_EXPECT_ERROR(second.connection->control("BEGIN IMMEDIATE"), OperationalError, "raise busy_timeout");
    first.connection->control("COMMIT");
    EXPECT_EQ(second.execute("INSERT INTO t VALUES (1)"), 1);
}

TEST(SqliteErrors, ExplainAWriteBehindAStaleView) {
    const TempFolder folder;
    const OneConnection first(folder.file("a.db"));
    const OneConnection second(folder.file("a.db"));
    first.execute("CREATE TABLE t(x)");
    first.connection->control("BEGIN DEFERRED");
    EXPECT_EQ(first.integer("SELECT count(*) FROM t"), 0);
    second.execute("INSERT INTO t VALUES (1)");
    KITH_EXPECT_ERROR(first.execute("INSERT INTO t VALUES (2)"), OperationalError, "inside atomic");
}

TEST(SqliteErrors, AFullDiskLeavesWhatWasStored) {
    const TempFolder folder;
    const OneConnection db(folder.file("a.db"));
    db.execute("CREATE TABLE t(x)");
    db.execute("INSERT INTO t VALUES ('kept')");
    EXPECT_EQ(db.integer("PRAGMA max_page_count = 10"), 10);
    const Value big = std::string(200'000, 'x');
    KITH_EXPECT_ERROR(db.execute("INSERT INTO t VALUES (?1)", {big}), OperationalError, "Make room");
    EXPECT_EQ(db.integer("SELECT count(*) FROM t"), 1);
    EXPECT_EQ(db.value("PRAGMA integrity_check"), Value(std::string("ok")));
    EXPECT_TRUE(db.connection->usable());
    EXPECT_EQ(db.execute("INSERT INTO t VALUES ('small')"), 1);
}

TEST(SqliteErrors, WritingWhatMayOnlyBeRead) {
    const TempFolder folder;
    const auto path = folder.file("a.db");
    OneConnection(path).execute("CREATE TABLE t(x)");
    const OneConnection db(path, {.read_only = true});
    KITH_EXPECT_ERROR(db.execute("INSERT INTO t VALUES (1)"), OperationalError, "is read-only");
    const OneConnection writer(path);
    writer.connection->forbid_writes(true);
    KITH_EXPECT_ERROR(writer.execute("INSERT INTO t VALUES (1)"), OperationalError, "is read-only");
    writer.connection->forbid_writes(false);
    EXPECT_EQ(writer.execute("INSERT INTO t VALUES (1)"), 1);
}

TEST(SqliteErrors, ADamagedFileEndsTheConnection) {
    const TempFolder folder;
    const auto path = folder.file("a.db");
    {
        const OneConnection db(path);
        db.value("PRAGMA journal_mode = DELETE");
        db.execute("CREATE TABLE t(x)");
        for (int i = 0; i < 200; ++i) db.execute("INSERT INTO t VALUES (?1)", {Value(std::string(500, 'x'))});
    }
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4096);
        file << std::string(8192, '\xee');
    }
    const OneConnection db(path);
    KITH_EXPECT_ERROR(db.integer("SELECT count(*) FROM t"), OperationalError, "from a backup");
    EXPECT_FALSE(db.connection->usable());
}

TEST(SqliteErrors, ATableInUseIsNotDropped) {
    const OneConnection db;
    db.execute("CREATE TABLE t(x)");
    db.execute("INSERT INTO t VALUES (1), (2)");
    const auto cursor = db.query("SELECT x FROM t");
    ASSERT_TRUE(cursor->next());
    KITH_EXPECT_ERROR(db.execute("DROP TABLE t"), OperationalError, "still being read");
}

} // namespace
} // namespace kith::test
