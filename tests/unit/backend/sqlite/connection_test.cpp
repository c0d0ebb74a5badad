#include "temp_folder.hpp"
#include "unit/backend/sqlite/one_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace kith::test {
namespace {

namespace fs = std::filesystem;
using detail::Value;

std::string journal(const OneConnection& db) { return std::get<std::string>(db.value("PRAGMA journal_mode")); }

// ---- opening

TEST(SqliteOpen, MakesAFileInWalMode) {
    const TempFolder folder;
    EXPECT_EQ(journal(OneConnection(folder.file("new.db"))), "wal");
    EXPECT_EQ(journal(OneConnection(folder.write("empty.db", ""))), "wal");
}

TEST(SqliteOpen, LeavesTheJournalOfAnExistingFileAlone) {
    const TempFolder folder;
    const auto path = folder.file("old.db");
    {
        const OneConnection made(path);
        made.value("PRAGMA journal_mode = DELETE");
        made.execute("CREATE TABLE t(x)");
    }
    EXPECT_EQ(journal(OneConnection(path)), "delete");
    EXPECT_EQ(journal(OneConnection(path, {.read_only = true})), "delete");
    EXPECT_EQ(journal(OneConnection(path, {.wal = true})), "wal");
    EXPECT_EQ(journal(OneConnection(path)), "wal");
}

TEST(SqliteOpen, ExplainsWhatCannotBeOpened) {
    const TempFolder folder;
    const auto junk = folder.write("junk.db", std::string(5000, 'j'));
    KITH_EXPECT_ERROR(OneConnection(folder.file("")), OperationalError, "it is a folder");
    KITH_EXPECT_ERROR(OneConnection(folder.file("none/a.db")), OperationalError, "create it first");
    KITH_EXPECT_ERROR(OneConnection(folder.file("a.db"), {.read_only = true}), OperationalError,
                      "there is no such file");
    KITH_EXPECT_ERROR(OneConnection{junk}, OperationalError, "not an SQLite database");
    KITH_EXPECT_ERROR(OneConnection{junk}, OperationalError, junk);
    EXPECT_FALSE(fs::exists(folder.file("a.db")));
}

TEST(SqliteOpen, ExplainsPathsAndOptionsThatMakeNoSense) {
    const TempFolder folder;
    KITH_EXPECT_ERROR(OneConnection(""), ValueError, "path of its file");
    KITH_EXPECT_ERROR(OneConnection("//host/a.db"), ValueError, "path of its file");
    KITH_EXPECT_ERROR(OneConnection(folder.file("a.db"), {.wal = true, .read_only = true}), ValueError,
                      "leave out one");
    KITH_EXPECT_ERROR(OneConnection(":memory:", {.read_only = true}), ValueError, "starts empty");
}

TEST(SqliteOpen, TakesAPathAsItIsWritten) {
    const TempFolder folder;
    const auto before = fs::current_path();
    fs::current_path(folder.file(""));
    {
        const OneConnection db("file:a.db?mode=memory");
        db.execute("CREATE TABLE t(x)");
    }
    fs::current_path(before);
    EXPECT_TRUE(fs::exists(folder.file("file:a.db?mode=memory")));
}

TEST(SqliteOpen, LaterConnectionsDoNotBringALostFileBack) {
    const TempFolder folder;
    OneConnection db(folder.file("a.db"));
    fs::remove(folder.file("a.db"));
    KITH_EXPECT_ERROR(db.driver.open(nullptr), OperationalError, "unable to open database file");
    EXPECT_FALSE(fs::exists(folder.file("a.db")));
}

TEST(SqliteOpen, EnforcesForeignKeysAndRefusesStringsInDoubleQuotes) {
    const OneConnection db;
    EXPECT_EQ(db.integer("PRAGMA foreign_keys"), 1);
    KITH_EXPECT_ERROR(db.value(R"(SELECT "no_column")"), OperationalError, "no such column");
}

// ---- values

void expect_round_trip(const OneConnection& db, const Value& value, detail::ColumnType type) {
    EXPECT_EQ(db.value("SELECT ?1", {value}, type), value) << detail::to_string(value);
}

TEST(SqliteValues, ComeBackAsTheyWent) {
    using detail::ColumnType;
    const OneConnection db;
    for (const std::int64_t n : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        expect_round_trip(db, n, ColumnType::int64);
    }
    EXPECT_EQ(db.value("SELECT ?1", {static_cast<std::uint64_t>(INT64_MAX)}, ColumnType::uint64), Value{INT64_MAX});
    expect_round_trip(db, {}, ColumnType::text);
    expect_round_trip(db, true, ColumnType::boolean);
    expect_round_trip(db, -0.1, ColumnType::float64);
    expect_round_trip(db, std::numeric_limits<double>::infinity(), ColumnType::float64);
    expect_round_trip(db, std::string(), ColumnType::text);
    expect_round_trip(db, std::string("a\0b\xff", 4), ColumnType::text);
    expect_round_trip(db, std::vector<std::byte>{}, ColumnType::bytes);
    expect_round_trip(db, std::vector<std::byte>(3, std::byte{0}), ColumnType::bytes);
    expect_round_trip(db, Date(std::chrono::days(19782)), ColumnType::date);
    expect_round_trip(db, Timestamp(std::chrono::microseconds(-1)), ColumnType::timestamp);
    expect_round_trip(db, Uuid::random(), ColumnType::uuid);
    expect_round_trip(db, Decimal("-12.50"), ColumnType::decimal);
    expect_round_trip(db, Json{R"({"a": 1})"}, ColumnType::json);
}

TEST(SqliteValues, AreStoredAsDjangoStoresThem) {
    const OneConnection db;
    const auto stored = [&](const Value& v) { return std::get<std::string>(db.value("SELECT quote(?1)", {v})); };
    EXPECT_EQ(stored(true), "1");
    EXPECT_EQ(stored(Date(std::chrono::days(0))), "'1970-01-01'");
    EXPECT_EQ(stored(Timestamp(std::chrono::microseconds(1))), "'1970-01-01 00:00:00.000001'");
    EXPECT_EQ(stored(Timestamp(std::chrono::seconds(1))), "'1970-01-01 00:00:01'");
    EXPECT_EQ(stored(Uuid::parse("01234567-89ab-cdef-0123-456789abcdef")), "'0123456789abcdef0123456789abcdef'");
    EXPECT_EQ(stored(Decimal("1.50")), "'1.50'");
}

TEST(SqliteValues, ThatSqliteCannotHoldAreRefused) {
    const OneConnection db;
    KITH_EXPECT_ERROR(db.value("SELECT ?1", {Value(UINT64_MAX)}), ValueError, "signed");
    KITH_EXPECT_ERROR(db.value("SELECT ?1", {Value(std::nan(""))}), ValueError, "NaN");
    KITH_EXPECT_ERROR(db.value("SELECT ?1", {Value(Date::max())}), ValueError, "years 0 to 9999");
}

// ---- statements

TEST(SqliteStatements, GiveTheNumberOfRowsTheyChanged) {
    const OneConnection db;
    EXPECT_EQ(db.execute("CREATE TABLE t(x)"), 0);
    EXPECT_EQ(db.execute("INSERT INTO t VALUES (1), (2), (3)"), 3);
    EXPECT_EQ(db.execute("CREATE INDEX i ON t(x)"), 0);
    EXPECT_EQ(db.execute("UPDATE t SET x = 0 WHERE x > ?1", {Value(std::int64_t{1})}), 2);
    EXPECT_EQ(db.execute("DELETE FROM t WHERE x > 5"), 0);
    EXPECT_EQ(db.execute("SELECT 1"), 0);
}

TEST(SqliteStatements, CountWithoutRowsDeletedInTheirWake) {
    const OneConnection db;
    db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY)");
    db.execute("CREATE TABLE b(a REFERENCES a(id) ON DELETE CASCADE)");
    db.execute("INSERT INTO a VALUES (1)");
    db.execute("INSERT INTO b VALUES (1), (1)");
    EXPECT_EQ(db.execute("DELETE FROM a"), 1);
    EXPECT_EQ(db.integer("SELECT count(*) FROM b"), 0);
}

TEST(SqliteStatements, MustGetAsManyParametersAsTheyHave) {
    const OneConnection db;
    KITH_EXPECT_ERROR(db.value("SELECT ?1, ?2", {Value(true)}), ValueError, "2 parameters but was given 1");
    KITH_EXPECT_ERROR(db.value("SELECT 1", {Value(true)}), ValueError, "0 parameters but was given 1");
}

TEST(SqliteStatements, ComeOneAtATime) {
    const OneConnection db;
    KITH_EXPECT_ERROR(db.execute("SELECT 1; SELECT 2"), ValueError, "one by one");
    KITH_EXPECT_ERROR(db.execute("SELECT 1; nonsense"), ValueError, "one by one");
    KITH_EXPECT_ERROR(db.execute(" -- nothing"), ValueError, "empty");
    EXPECT_EQ(db.integer("SELECT 1; -- done"), 1);
}

TEST(SqliteStatements, WithTheSameTextRunSideBySide) {
    const OneConnection db(":memory:", {.statement_cache = 1});
    const std::string numbers =
        "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n";
    const auto outer = db.query(numbers, {Value(std::int64_t{1})});
    int pairs = 0;
    while (outer->next()) {
        const auto inner = db.query(numbers, {Value(outer->integer(0))});
        while (inner->next()) ++pairs;
    }
    EXPECT_EQ(pairs, 6);
}

TEST(SqliteStatements, AreKeptUpToTheCapacityOfTheCache) {
    backend::sqlite::Handle handle(":memory:", SQLITE_OPEN_READWRITE, "memory", std::chrono::milliseconds(0));
    backend::sqlite::StatementCache cache(backend::sqlite::StatementMaker(handle), 2);
    const auto* first = cache.take("SELECT 1").get();
    EXPECT_EQ(cache.take("SELECT 1").get(), first);
    {
        const auto a = cache.take("SELECT 1");
        const auto again = cache.take("SELECT 1");
        EXPECT_NE(again.get(), a.get());
        const auto b = cache.take("SELECT 2");
        const auto c = cache.take("SELECT 3");
        EXPECT_EQ(cache.size(), 3U); // all in use
    }
    EXPECT_EQ(cache.size(), 2U);
    EXPECT_THROW(cache.take("nonsense"), DatabaseError);
    EXPECT_EQ(cache.size(), 2U);
}

TEST(SqliteStatements, DoNotSeeTheParametersOfAnEarlierRun) {
    const OneConnection db;
    const std::string big(100'000, 'x');
    EXPECT_EQ(db.value("SELECT ?1", {Value(big)}), Value(big));
    EXPECT_EQ(db.value("SELECT ?1", {Value()}), Value());
}

TEST(SqliteStatements, FollowTheSchema) {
    const OneConnection db;
    db.execute("CREATE TABLE t(x)");
    db.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(db.integer("SELECT * FROM t"), 1);
    db.execute("DROP TABLE t");
    db.execute("CREATE TABLE t(y, x)");
    db.execute("INSERT INTO t VALUES (2, 1)");
    EXPECT_EQ(db.integer("SELECT * FROM t"), 2);
}

TEST(SqliteStatements, MayLoseTheirParametersOnceStarted) {
    const OneConnection db;
    std::unique_ptr<backend::Cursor> cursor;
    {
        const auto source = statement("SELECT ?1 UNION ALL SELECT ?1", {Value(std::string(1000, 'x'))});
        cursor = db.connection->query(source);
    }
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->value(0, detail::ColumnType::text, nullptr), Value(std::string(1000, 'x')));
}

TEST(SqliteCursor, StaysAtItsEnd) {
    const OneConnection db;
    const auto cursor = db.query("SELECT 1");
    EXPECT_TRUE(cursor->next());
    EXPECT_FALSE(cursor->is_null(0));
    EXPECT_FALSE(cursor->next());
    EXPECT_FALSE(cursor->next());
    KITH_EXPECT_ERROR(cursor->integer(0), DatabaseError, "the current row has 0");
}

TEST(SqliteCursor, DoesNotTakeAFailureForTheEnd) {
    const OneConnection db;
    const auto cursor = db.query("SELECT 1 UNION ALL SELECT abs(-9223372036854775807 - 1)");
    EXPECT_TRUE(cursor->next());
    KITH_EXPECT_ERROR(cursor->next(), DatabaseError, "integer overflow");
    KITH_EXPECT_ERROR(cursor->next(), DatabaseError, "after it had failed");
}

TEST(SqliteCursor, KnowsItsColumns) {
    const OneConnection db;
    const auto cursor = db.query("SELECT 1, 'a'");
    KITH_EXPECT_ERROR(cursor->integer(0), DatabaseError, "current row");
    ASSERT_TRUE(cursor->next());
    KITH_EXPECT_ERROR(cursor->integer(2), DatabaseError, "Column 3");
    KITH_EXPECT_ERROR(cursor->is_null(-1), DatabaseError, "Column 0");
    KITH_EXPECT_ERROR(cursor->integer(1), DatabaseError, "no whole number");
}

TEST(SqliteCursor, ReadsManyIntegersAndChecksEach) {
    const OneConnection db;
    std::array<std::int64_t, 5> cells{}; // room for two rows
    std::size_t count = 0;
    const auto pairs = db.query("VALUES (1, 10), (2, 20), (3, 30)");
    EXPECT_TRUE(pairs->row_loop()->read_integers(2, cells, count));
    EXPECT_EQ(count, 2U);
    EXPECT_EQ(cells[3], 20);
    EXPECT_FALSE(pairs->row_loop()->read_integers(2, cells, count));
    EXPECT_EQ(count, 1U);
    EXPECT_EQ(cells[1], 30);

    for (const auto* wrong : {"'2'", "2.5", "NULL", "x'02'"}) {
        SCOPED_TRACE(wrong);
        const auto second = db.query(fmt::format("VALUES (1, 10), (2, {})", wrong));
        KITH_EXPECT_ERROR(second->row_loop()->read_integers(2, cells, count), DatabaseError, "Column 2");
        const auto first = db.query(fmt::format("VALUES (1, 10), ({}, 20), (3, 30)", wrong));
        first->keep_integers(0); // passes over other keys
        EXPECT_TRUE(first->row_loop()->read_integers(2, cells, count));
        EXPECT_EQ(count, 2U);
        EXPECT_EQ(cells[2], 3);
        const auto both = db.query(fmt::format("VALUES (1, 10), ({0}, {0}), (3, {0})", wrong));
        both->keep_integers(0);
        KITH_EXPECT_ERROR(both->row_loop()->read_integers(2, cells, count), DatabaseError, "Column 2");
    }
    const auto few = db.query("VALUES (1)");
    KITH_EXPECT_ERROR(few->row_loop()->read_integers(2, cells, count), DatabaseError, "the current row has 1");
}

} // namespace
} // namespace kith::test
