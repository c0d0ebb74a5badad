#include "temp_folder.hpp"
#include "unit/backend/sqlite/one_connection.hpp"

#include <string>
#include <vector>

namespace kith::test {
namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::FieldLookup;
using detail::Value;

const backend::sqlite::Dialect dialect(/*read_only=*/false);

TEST(SqliteDialect, QuotesNames) {
    EXPECT_EQ(dialect.quote("order"), "\"order\"");
    EXPECT_EQ(dialect.quote("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(dialect.quote(""), "\"\"");
    EXPECT_THROW(dialect.quote(std::string_view("a\0b", 3)), ValueError);
}

TEST(SqliteDialect, LimitsRows) {
    EXPECT_EQ(dialect.limit(0, std::string::npos), "");
    EXPECT_EQ(dialect.limit(0, 5), " LIMIT 5");
    EXPECT_EQ(dialect.limit(3, 5), " LIMIT 5 OFFSET 3");
    EXPECT_EQ(dialect.limit(3, std::string::npos), " LIMIT -1 OFFSET 3");
}

TEST(SqliteDialect, OpensTransactions) {
    EXPECT_EQ(dialect.begin(true, Isolation::standard), "BEGIN IMMEDIATE");
    EXPECT_EQ(dialect.begin(false, Isolation::serializable), "BEGIN DEFERRED");
    EXPECT_EQ(backend::sqlite::Dialect(true).begin(true, Isolation::standard), "BEGIN DEFERRED");
    EXPECT_EQ(dialect.begin(true, Isolation::read_committed), "BEGIN IMMEDIATE");
}

/// Stores `value` in a column of the dialect's type and tells what SQLite made of it.
std::string stored_as(ColumnType type, const Value& value) {
    FieldInfo field;
    field.type = type;
    const OneConnection db;
    db.execute("CREATE TABLE t(x " + dialect.column_type(field) + ")");
    db.execute("INSERT INTO t VALUES (?1)", {value});
    return std::get<std::string>(db.value("SELECT typeof(x) FROM t"));
}

TEST(SqliteDialect, ColumnTypesKeepTheEncoding) {
    EXPECT_EQ(stored_as(ColumnType::boolean, true), "integer");
    EXPECT_EQ(stored_as(ColumnType::uint64, std::uint64_t{5}), "integer");
    EXPECT_EQ(stored_as(ColumnType::float64, 3.0), "real");
    EXPECT_EQ(stored_as(ColumnType::text, std::string("007")), "text");
    EXPECT_EQ(stored_as(ColumnType::bytes, std::vector<std::byte>(2)), "blob");
    EXPECT_EQ(stored_as(ColumnType::date, Date{}), "text");
    EXPECT_EQ(stored_as(ColumnType::timestamp, Timestamp{}), "text");
    EXPECT_EQ(stored_as(ColumnType::uuid, Uuid::parse("00000000000000000000000000000001")), "text");
    EXPECT_EQ(stored_as(ColumnType::decimal, Decimal("1.50")), "text");
    EXPECT_EQ(stored_as(ColumnType::json, Json{"5"}), "text");
}

TEST(SqliteDialect, NamesColumnTypesAsDjangoDoes) {
    FieldInfo field;
    field.type = ColumnType::text;
    field.max_length = 50;
    EXPECT_EQ(dialect.column_type(field), "varchar(50)");
    field.type = ColumnType::timestamp;
    EXPECT_EQ(dialect.column_type(field), "datetime");
    EXPECT_EQ(dialect.automatic_key("\"id\"", {}), "\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT");
}

TEST(SqliteDialect, IgnoresRowsThatExistButNotWrongOnes) {
    const OneConnection db;
    db.execute("CREATE TABLE t(x INTEGER PRIMARY KEY, y NOT NULL)");
    const auto insert = [&](const std::string& row) {
        return db.execute("INSERT INTO t VALUES " + row + dialect.insert_ignore_suffix("t", "x"));
    };
    EXPECT_EQ(insert("(1, 1)"), 1);
    EXPECT_EQ(insert("(1, 2)"), 0);
    KITH_EXPECT_ERROR(insert("(2, NULL)"), IntegrityError, "NOT NULL");
}

// ---- lookups, on rows

class SqliteLookup : public testing::Test {
protected:
    OneConnection db;

    /// Which of `names` the lookup finds, in order.
    std::vector<std::string> find(const std::vector<std::string>& names, FieldLookup lookup, const std::string& value) {
        std::vector<std::string> found;
        for (const auto& name : names) {
            const auto condition = dialect.lookup(lookup, "?1", "?2", ColumnType::text);
            const Value pattern = dialect.lookup_value(lookup, value);
            if (db.integer("SELECT " + condition, {Value(name), pattern}) == 1) found.push_back(name);
        }
        return found;
    }

    bool matches(FieldLookup part, const Value& stored, std::int64_t number, ColumnType type) {
        FieldInfo field;
        field.type = type;
        db.execute("DROP TABLE IF EXISTS times");
        db.execute("CREATE TABLE times(x " + dialect.column_type(field) + ")");
        db.execute("INSERT INTO times VALUES (?1)", {stored});
        return db.integer("SELECT count(*) FROM times WHERE " + dialect.lookup(part, "x", "?1", type),
                          {Value(number)}) == 1;
    }
};

using Texts = std::vector<std::string>;

TEST_F(SqliteLookup, ContainsMindsCaseAndIContainsDoesNot) {
    const Texts names{"Wuhan City", "wu", "Suzhou", "U"};
    EXPECT_EQ(find(names, FieldLookup::contains, "u"), (Texts{"Wuhan City", "wu", "Suzhou"}));
    EXPECT_EQ(find(names, FieldLookup::icontains, "WU"), (Texts{"Wuhan City", "wu"}));
    EXPECT_EQ(find(names, FieldLookup::startswith, "W"), (Texts{"Wuhan City"}));
    EXPECT_EQ(find(names, FieldLookup::istartswith, "w"), (Texts{"Wuhan City", "wu"}));
    EXPECT_EQ(find(names, FieldLookup::endswith, "u"), (Texts{"wu", "Suzhou"}));
    EXPECT_EQ(find(names, FieldLookup::iendswith, "u"), (Texts{"wu", "Suzhou", "U"}));
    EXPECT_EQ(find(names, FieldLookup::iexact, "WU"), (Texts{"wu"}));
    EXPECT_EQ(find(names, FieldLookup::exact, "wu"), (Texts{"wu"}));
}

TEST_F(SqliteLookup, PatternsTakeSpecialCharactersAsTheyAre) {
    const std::string special = "100%_*?[a-z]^\\'\"";
    const Texts names{special, "100x_*?[a-z]^\\'\"", "a" + special + "b"};
    for (const auto lookup : {FieldLookup::contains, FieldLookup::icontains}) {
        EXPECT_EQ(find(names, lookup, special), (Texts{special, "a" + special + "b"}));
    }
    for (const auto lookup : {FieldLookup::startswith, FieldLookup::istartswith, FieldLookup::endswith,
                              FieldLookup::iendswith, FieldLookup::iexact}) {
        EXPECT_EQ(find(names, lookup, special), (Texts{special}));
    }
    for (const char* part : {"%", "_", "*", "?", "[", "]", "\\", "^"}) {
        EXPECT_EQ(find({"plain"}, FieldLookup::contains, part), Texts{}) << part;
        EXPECT_EQ(find({"plain"}, FieldLookup::icontains, part), Texts{}) << part;
    }
}

TEST_F(SqliteLookup, RegexSearchesAndKnowsUnicode) {
    const Texts names{"Wuhan", "武汉", "straße", "ÄRGER"};
    EXPECT_EQ(find(names, FieldLookup::regex, "^W.*n$"), (Texts{"Wuhan"}));
    EXPECT_EQ(find(names, FieldLookup::regex, "^.{2}$"), (Texts{"武汉"}));
    EXPECT_EQ(find(names, FieldLookup::regex, "wu"), Texts{});
    EXPECT_EQ(find(names, FieldLookup::iregex, "WU|ärger"), (Texts{"Wuhan", "ÄRGER"}));
    EXPECT_EQ(find(names, FieldLookup::regex, "\\w+"), names);
    EXPECT_EQ(find({std::string("a\xff")}, FieldLookup::regex, "a"), (Texts{"a\xff"}));
}

TEST_F(SqliteLookup, AWrongRegexIsRefusedBeforeItRuns) {
    KITH_EXPECT_ERROR(dialect.lookup_value(FieldLookup::regex, std::string("a(b")), ValueError, "at position 3");
    KITH_EXPECT_ERROR(db.integer("SELECT 'a' REGEXP '('"), DatabaseError, "is invalid");
    EXPECT_TRUE(db.query("SELECT NULL REGEXP 'a'")->next());
}

TEST_F(SqliteLookup, ARegexThatWouldTakeForEverIsGivenUp) {
    KITH_EXPECT_ERROR(
        db.integer("SELECT ?1 REGEXP ?2", {Value(std::string(5000, 'a')), Value(std::string("^(a+)+\\d$"))}),
        DatabaseError, "Simplify the pattern");
}

/// The limit is one for all positions and all rows of a statement, and the next statement has its own.
TEST_F(SqliteLookup, TheStepsOfARegexAreCountedForTheWholeStatement) {
    const std::string everywhere = "(a|b)*(a|b)*$"; // from each position anew
    KITH_EXPECT_ERROR(db.integer("SELECT ?1 REGEXP ?2", {Value(std::string(1000, 'a') + "!"), Value(everywhere)}),
                      DatabaseError, "the statement has used its 20000000 steps up");
    db.execute("CREATE TABLE t(x)");
    db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) "
               "INSERT INTO t SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaa!' FROM n");
    // A second or less for a row, but not for two thousand.
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE x REGEXP ?1", {Value(std::string("^(a|aa)+!$"))}), 2000);
    KITH_EXPECT_ERROR(db.integer("SELECT count(*) FROM t WHERE x REGEXP ?1", {Value(std::string("^(a|aa)+[bc]"))}),
                      DatabaseError, "Simplify the pattern");
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE x REGEXP ?1", {Value(std::string("a!"))}), 2000);
}

TEST_F(SqliteLookup, ARegexIsReadOnceForAllRows) {
    db.execute("CREATE TABLE t(x)");
    db.execute("INSERT INTO t VALUES ('a1'), ('b2'), (NULL), ('a3')");
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE x REGEXP ?1", {Value(std::string("^a\\d$"))}), 2);
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE x REGEXP ?1", {Value(std::string("^b"))}), 1);
}

TEST_F(SqliteLookup, PartsOfDates) {
    const Value day = Date(std::chrono::sys_days{std::chrono::year{2024} / 2 / 29});
    EXPECT_TRUE(matches(FieldLookup::year, day, 2024, ColumnType::date));
    EXPECT_FALSE(matches(FieldLookup::year, day, 2023, ColumnType::date));
    EXPECT_FALSE(matches(FieldLookup::year, day, 2025, ColumnType::date));
    EXPECT_TRUE(matches(FieldLookup::month, day, 2, ColumnType::date));
    EXPECT_TRUE(matches(FieldLookup::day, day, 29, ColumnType::date));
    EXPECT_FALSE(matches(FieldLookup::day, day, 28, ColumnType::date));
}

TEST_F(SqliteLookup, PartsOfTimeStampsInAnyForm) {
    for (const char* text : {"2024-12-31 23:59:59.999999", "2024-12-31T23:59:59Z", "2024-12-31"}) {
        const Value stored = std::string(text);
        EXPECT_TRUE(matches(FieldLookup::year, stored, 2024, ColumnType::timestamp)) << text;
        EXPECT_FALSE(matches(FieldLookup::year, stored, 2025, ColumnType::timestamp)) << text;
        EXPECT_TRUE(matches(FieldLookup::month, stored, 12, ColumnType::timestamp)) << text;
        EXPECT_TRUE(matches(FieldLookup::day, stored, 31, ColumnType::timestamp)) << text;
    }
}

TEST_F(SqliteLookup, AYearUsesAnIndex) {
    db.execute("CREATE TABLE t(x datetime)");
    db.execute("CREATE INDEX t_x ON t(x)");
    const auto cursor = db.query("EXPLAIN QUERY PLAN SELECT 1 FROM t WHERE " +
                                     dialect.lookup(FieldLookup::year, "x", "?1", ColumnType::timestamp),
                                 {Value(std::int64_t{2024})});
    ASSERT_TRUE(cursor->next());
    const auto text = std::get<std::string>(cursor->value(dialect.explain_column(), ColumnType::text, nullptr));
    EXPECT_NE(text.find("SEARCH t USING COVERING INDEX t_x (x>? AND x<?)"), text.npos) << text;
}

TEST_F(SqliteLookup, DecimalsCompareAndSortByValue) {
    db.execute("CREATE TABLE t(x text)");
    db.execute("INSERT INTO t VALUES ('10'), ('9.5'), ('-1'), ('9.50'), ('junk'), ('-0')");
    const std::string x = dialect.comparable("x", ColumnType::decimal);
    const auto equal = dialect.lookup(FieldLookup::exact, x, "?1", ColumnType::decimal);
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE " + equal, {Value(Decimal("9.500"))}), 2);
    const auto less = dialect.lookup(FieldLookup::lt, x, "?1", ColumnType::decimal);
    EXPECT_EQ(db.integer("SELECT count(*) FROM t WHERE " + less, {Value(Decimal("9"))}), 2);
    EXPECT_EQ(db.value("SELECT group_concat(x) FROM (SELECT x FROM t ORDER BY " + x + ", rowid)"),
              Value(std::string("-1,-0,9.5,9.50,10,junk")));
}

} // namespace
} // namespace kith::test
