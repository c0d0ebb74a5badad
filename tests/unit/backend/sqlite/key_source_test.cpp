#include "temp_folder.hpp"
#include "unit/backend/sqlite/one_connection.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using detail::ColumnType;
using detail::Value;
using sql::KeySet;

std::shared_ptr<KeySet> integers(std::vector<std::int64_t> values) {
    const ColumnType types[] = {ColumnType::int64};
    auto keys = std::make_shared<KeySet>(types);
    keys->column(0).integers = std::move(values);
    return keys;
}

std::shared_ptr<KeySet> values(ColumnType type, std::vector<Value> values) {
    const ColumnType types[] = {type};
    auto keys = std::make_shared<KeySet>(types);
    keys->column(0).values = std::move(values);
    return keys;
}

sql::Bind parameter(std::shared_ptr<const KeySet> keys) { return keys; }

std::string plan(const OneConnection& db, const std::string& sql, sql::Bind keys) {
    const auto cursor = db.query("EXPLAIN QUERY PLAN " + sql, {std::move(keys)});
    std::string text;
    while (cursor->next()) text += std::get<std::string>(cursor->value(3, ColumnType::text, nullptr)) + '\n';
    return text;
}

TEST(SqliteKeys, ComeInTheirOrderWithOrdinals) {
    const OneConnection db;
    const auto cursor = db.query("SELECT ordinal, key0, key1 FROM kith_keys(?1)", {parameter(integers({7, 7, -3}))});
    for (const std::int64_t expected : {7, 7, -3}) {
        ASSERT_TRUE(cursor->next());
        EXPECT_EQ(cursor->integer(1), expected);
        EXPECT_TRUE(cursor->is_null(2));
    }
    EXPECT_FALSE(cursor->next());
}

TEST(SqliteKeys, MayBeNoneAtAll) {
    const OneConnection db;
    EXPECT_EQ(db.integer("SELECT count(*) FROM kith_keys(?1)", {parameter(integers({}))}), 0);
}

TEST(SqliteKeys, OfSeveralColumnsTravelTogether) {
    const ColumnType types[] = {ColumnType::int64, ColumnType::text};
    auto keys = std::make_shared<KeySet>(types);
    keys->column(0).integers = {1, 2};
    keys->column(1).values = {std::string("a"), std::string("b")};
    const OneConnection db;
    EXPECT_EQ(db.value("SELECT group_concat(key0 || key1) FROM kith_keys(?1)", {parameter(keys)}),
              Value(std::string("1a,2b")));
}

TEST(SqliteKeys, AreEncodedAsColumnsAre) {
    const OneConnection db;
    db.execute("CREATE TABLE t(k)");
    const auto matches = [&](ColumnType type, const Value& value) {
        db.execute("DELETE FROM t");
        db.execute("INSERT INTO t VALUES (?1)", {value});
        return db.integer("SELECT count(*) FROM kith_keys(?1) k CROSS JOIN t ON t.k = k.key0",
                          {parameter(values(type, {value}))});
    };
    EXPECT_EQ(matches(ColumnType::text, std::string("a\0b", 3)), 1);
    EXPECT_EQ(matches(ColumnType::uuid, Uuid::random()), 1);
    EXPECT_EQ(matches(ColumnType::decimal, Decimal("1.50")), 1);
    EXPECT_EQ(matches(ColumnType::date, Date(std::chrono::days(5))), 1);
    EXPECT_EQ(matches(ColumnType::timestamp, Timestamp(std::chrono::microseconds(5))), 1);
    EXPECT_EQ(matches(ColumnType::bytes, std::vector<std::byte>(3, std::byte{7})), 1);
    EXPECT_EQ(matches(ColumnType::float64, 1.5), 1);
    EXPECT_EQ(matches(ColumnType::text, Value()), 0);
}

TEST(SqliteKeys, MatchByTheCollationOfTheColumnOnTheLeft) {
    const OneConnection db;
    db.execute("CREATE TABLE t(name TEXT COLLATE NOCASE PRIMARY KEY)");
    db.execute("INSERT INTO t VALUES ('WUHAN')");
    const auto keys = values(ColumnType::text, {std::string("beijing"), std::string("wuhan")});
    EXPECT_EQ(db.integer("SELECT ordinal FROM kith_keys(?1) k CROSS JOIN t ON t.name = k.key0", {parameter(keys)}), 2);
}

TEST(SqliteKeys, DriveTheJoinThroughTheIndex) {
    const OneConnection db;
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, parent INTEGER)");
    db.execute("CREATE INDEX t_parent ON t(parent)");
    const backend::sqlite::Dialect sqlite_dialect(false);
    const sql::KeyColumn types[] = {{.type = ColumnType::int64}};
    const sql::KeyMarks bound{.parts = {{.columns = {"?1"}}}};
    const std::string sql = "SELECT k.ordinal, t.id FROM " + sqlite_dialect.key_source(bound, "k", types) +
                            sqlite_dialect.key_join() + "t ON t.parent = k.key0 ORDER BY k.ordinal";
    const auto text = plan(db, sql, parameter(integers({1})));
    EXPECT_LT(text.find("SCAN k VIRTUAL TABLE"), text.find("SEARCH t USING")) << text;
    EXPECT_EQ(text.find("TEMP B-TREE"), text.npos) << text;
    EXPECT_NE(
        plan(db, "SELECT ordinal FROM kith_keys(?1) ORDER BY ordinal DESC", parameter(integers({}))).find("B-TREE"),
        std::string::npos);
    // Even where SQLite may choose the order, the keys come first.
    const auto free = plan(db, "SELECT t.id FROM t JOIN kith_keys(?1) k ON t.id = k.key0", parameter(integers({1})));
    EXPECT_LT(free.find("SCAN k"), free.find("SEARCH t")) << free;
}

TEST(SqliteKeys, MayBeAMillion) {
    std::vector<std::int64_t> many(1'000'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i);
    const OneConnection db;
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    db.execute("INSERT INTO t VALUES (0), (999999), (1000000)");
    EXPECT_EQ(
        db.integer("SELECT count(*) FROM kith_keys(?1) k CROSS JOIN t ON t.id = k.key0", {parameter(integers(many))}),
        2);
}

TEST(SqliteKeys, LiveAsLongAsTheirCursor) {
    const OneConnection db;
    auto cursor =
        db.query("SELECT key0 FROM kith_keys(?1)", {parameter(values(ColumnType::text, {std::string(100, 'x')}))});
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->value(0, ColumnType::text, nullptr), Value(std::string(100, 'x')));
    cursor.reset();
    // The statement is kept, the keys are not.
    KITH_EXPECT_ERROR(db.value("SELECT key0 FROM kith_keys(?1)", {Value(true)}), DatabaseError,
                      "a key set that was bound");
}

TEST(SqliteKeys, HaveToBeGiven) {
    const OneConnection db;
    KITH_EXPECT_ERROR(db.value("SELECT * FROM kith_keys"), DatabaseError, "takes one argument");
    KITH_EXPECT_ERROR(db.value("SELECT * FROM kith_keys('1,2')"), DatabaseError, "a key set that was bound");
    const sql::KeyColumn nine[9]{};
    const sql::KeyMarks bound{.parts = {{.columns = {"?1"}}}};
    EXPECT_THROW(db.connection->dialect().key_source(bound, "k", nine), ValueError);
}

TEST(SqliteKeys, ThatSqliteCannotHoldEndTheStatement) {
    const OneConnection db;
    KITH_EXPECT_ERROR(db.value("SELECT key0 FROM kith_keys(?1)",
                               {parameter(values(ColumnType::float64, {std::numeric_limits<double>::quiet_NaN()}))}),
                      DatabaseError, "NaN");
}

} // namespace
} // namespace kith::test
