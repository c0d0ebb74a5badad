#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// What Kith wrote it reads back equal, or it refused to write it: for all types of members, in columns of all kinds.

namespace stored_values_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono;
using Bytes = std::vector<std::byte>;

enum class Rank : std::int16_t { low = -3, high = 900 };
enum class Code : std::uint8_t { seven, thousand, word };

} // namespace

} // namespace stored_values_test

template <>
struct kith::EnumNames<stored_values_test::Code> {
    using enum stored_values_test::Code;
    static constexpr kith::EnumName<stored_values_test::Code> names[]{
        {seven, "007"}, {thousand, "1e3"}, {word, "word"}};
};

namespace stored_values_test {

namespace {

template <class T>
struct Kept {
    kith::PrimaryKey<> id{};
    T value{};

    static constexpr kith::Table table{.name = "kept", .ordering = {"id"}};
};

// ---- values of each type: the ends, what looks like something else, and chance

std::mt19937_64& chance() {
    static std::mt19937_64 numbers(20240229);
    return numbers;
}

template <class T>
std::vector<T> integers() {
    std::vector<T> values{0, 1, 7, std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest()};
    for (const int bits : {7, 15, 24, 31, 53, 62}) {
        if (bits >= std::numeric_limits<T>::digits) continue;
        const auto power = static_cast<T>(T{1} << bits);
        values.push_back(power);
        values.push_back(static_cast<T>(power - 1));
        values.push_back(static_cast<T>(power + 1));
    }
    return values;
}

template <class T>
std::vector<T> fractions() {
    std::vector<T> values{T(0),
                          T(-0.0),
                          T(1),
                          T(0.1),
                          T(-2.5),
                          T(1e10),
                          T(16777217),
                          std::numeric_limits<T>::max(),
                          std::numeric_limits<T>::min(),
                          std::numeric_limits<T>::denorm_min(),
                          T(1) / T(3)};
    for (int i = 0; i < 6; ++i) {
        const auto exponent = static_cast<int>(chance()() % 120) - 60;
        values.push_back(static_cast<T>(std::ldexp(static_cast<double>(chance()()), exponent)));
    }
    for (const double whole : {9007199254740991.0, 9007199254740992.0, 9223372036854775808.0, -9223372036854775808.0}) {
        values.push_back(static_cast<T>(whole));
    }
    return values;
}

std::vector<std::string> texts() {
    return {"",      "a",      "7",
            "007",   "1e5",    "1E+2",
            "-5",    "+5",     " 5",
            "5 ",    "5.",     ".5",
            "0x10",  "1e",     "e1",
            "1.50",  "inf",    "nan",
            "-",     "5 a",    "12 3",
            "NULL",  "true",   "2024-02-29",
            "1e999", "1e-999", "9223372036854775808",
            "0.1",   "-0",     "\t3\n",
            "a ",    "é",      std::string("5\0", 2)};
}

template <class T>
std::vector<T> samples();
template <>
std::vector<bool> samples() {
    return {false, true};
}
template <>
std::vector<std::int8_t> samples() {
    return integers<std::int8_t>();
}
template <>
std::vector<std::int16_t> samples() {
    return integers<std::int16_t>();
}
template <>
std::vector<std::int32_t> samples() {
    return integers<std::int32_t>();
}
template <>
std::vector<std::int64_t> samples() {
    return integers<std::int64_t>();
}
template <>
std::vector<std::uint8_t> samples() {
    return integers<std::uint8_t>();
}
template <>
std::vector<std::uint32_t> samples() {
    return integers<std::uint32_t>();
}
template <>
std::vector<std::uint64_t> samples() {
    return integers<std::uint64_t>();
}
template <>
std::vector<float> samples() {
    return fractions<float>();
}
template <>
std::vector<double> samples() {
    return fractions<double>();
}
template <>
std::vector<std::string> samples() {
    return texts();
}
template <>
std::vector<std::optional<std::string>> samples() {
    return {std::nullopt, "x", "12"};
}
template <>
std::vector<Bytes> samples() {
    return {{}, {std::byte{0}}, {std::byte{'5'}}, {std::byte{0xff}, std::byte{'a'}}, Bytes(16, std::byte{'7'})};
}
template <>
std::vector<kith::Date> samples() {
    return {kith::Date{}, kith::Date(2024y / 2 / 29), kith::Date(1y / 1 / 1), kith::Date(9999y / 12 / 31)};
}
template <>
std::vector<kith::Timestamp> samples() {
    const kith::Timestamp day = sys_days(2024y / 2 / 29);
    return {kith::Timestamp{},
            day,
            day + 12h + 30min,
            day + 12h + 30min + 1us,
            day + 500ms,
            day + 999999us,
            kith::Timestamp{} - 1us,
            kith::Timestamp{} - 1s,
            sys_days(1001y / 1 / 1),
            sys_days(9999y / 12 / 31) + 23h + 59min + 59s + 999999us,
            sys_days(2300y / 1 / 1) + 1us,
            sys_days(9000y / 7 / 1) + 1ms};
}
template <>
std::vector<kith::LocalTimestamp> samples() {
    std::vector<kith::LocalTimestamp> values;
    for (const auto time : samples<kith::Timestamp>()) values.emplace_back(time.time_since_epoch());
    return values;
}
template <>
std::vector<kith::Uuid> samples() {
    std::vector<kith::Uuid> values;
    for (const auto* digits :
         {"00000000000000000000000000000000", "00000000000000000000000000000042", "12345678901234567890123456789012",
          "0000000000000000000000000000001e", "000000000000000000000000000001e5", "1234567890123456789012345678e010",
          "0f0e0d0c0b0a09080706050403020100", "ffffffffffffffffffffffffffffffff"}) {
        values.push_back(kith::Uuid::parse(digits));
    }
    return values;
}
template <>
std::vector<kith::Decimal> samples() {
    std::vector<kith::Decimal> values;
    for (const auto* digits :
         {"0", "-1", "5", "1.50", "0.1", "110.99", "-0.005", "123456789012345", "99999999999.99", "9007199254740993",
          "9223372036854775807", "9223372036854775808", "0.30000000000000004", "1234567890.123456789012345",
          "0.1000000000000000055511151231257827", "1000000", "12345678901234567890123456789012345"}) {
        values.emplace_back(digits);
    }
    return values;
}
template <>
std::vector<kith::Json> samples() {
    std::vector<kith::Json> values;
    for (const auto* text : {"{}", "5", "1e5", "-0", "\"7\"", "null", "[1]", "2.50"}) values.push_back({text});
    return values;
}
template <>
std::vector<Rank> samples() {
    return {Rank::low, Rank::high};
}
template <>
std::vector<Code> samples() {
    return {Code::seven, Code::thousand, Code::word};
}

// ---- the rule

/// Whether `a` came back as `b`.
template <class T>
bool same(const T& a, const T& b) {
    return a == b;
}
/// A database may keep JSON as what it means.
bool same(const kith::Json& a, const kith::Json& b) { return a.text == b.text || !on_sqlite(); }

struct Tally {
    std::size_t kept{0};
    std::size_t refused{0};
};

void insert_key(const kith::Database& db, std::int64_t id) {
    db.raw("INSERT INTO kept (id) VALUES (" + std::to_string(id) + ")");
}

/// The ways of writing a value into the row `id`, which is not there yet.
template <class T>
struct Ways {
    static void create(const kith::Database& db, std::int64_t id, const T& value) {
        db.objects<Kept<T>>().create({.id = {id}, .value = value});
    }
    static void bulk(const kith::Database& db, std::int64_t id, const T& value) {
        db.objects<Kept<T>>().bulk_create(std::vector<Kept<T>>{{.id = {id}, .value = value}});
    }
    static void save(const kith::Database& db, std::int64_t id, const T& value) {
        insert_key(db, id);
        Kept<T> row{.id = {id}, .value = value};
        db.save(row);
    }
    static void update(const kith::Database& db, std::int64_t id, const T& value) {
        insert_key(db, id);
        db.objects<Kept<T>>().filter("id"_f = id).update("value"_f = value);
    }
};

/// What was written and not refused, as the row with this key.
template <class T>
struct Written {
    std::int64_t id{};
    T value{};
    std::string place{};
};

template <class T>
void expect_back(const kith::Database& db, const Written<T>& written) {
    try {
        const auto row = db.objects<Kept<T>>().get("id"_f = written.id);
        if (!same(T(row->value), written.value)) ADD_FAILURE() << written.place << ": another value came back";
    } catch (const kith::Error& error) {
        ADD_FAILURE() << written.place << ": written, but not read: " << error.what();
    }
}

/// Whether all came back equal, read at once.
template <class T>
bool are_back(const kith::Database& db, const std::vector<Written<T>>& written) try {
    const auto rows = db.objects<Kept<T>>();
    return std::ranges::equal(rows, written, [](const Kept<T>& row, const Written<T>& expected) {
        return std::int64_t(row.id) == expected.id && same(T(row.value), expected.value);
    });
} catch (const kith::Error&) {
    return false;
}

/// All values of a type in the table that there is, written in all ways.
template <class T>
Tally expect_kept_or_refused(const kith::Database& db, const std::string& place, bool own = false) {
    std::vector<std::pair<void (*)(const kith::Database&, std::int64_t, const T&), const char*>> ways{
        {&Ways<T>::create, "create"}, {&Ways<T>::bulk, "bulk_create"}};
    if (!own) { // NOT NULL
        ways.emplace_back(&Ways<T>::save, "save");
        ways.emplace_back(&Ways<T>::update, "update");
    }
    std::vector<Written<T>> written;
    std::string refused; // their keys, whose rows may be there without the value
    Tally tally;
    std::int64_t id = 0;
    for (const auto& [way, name] : ways) {
        std::size_t number = 0;
        for (const T& value : samples<T>()) {
            const auto at = place + ", value " + std::to_string(number++) + " (" + name + ")";
            try {
                way(db, ++id, value);
                written.push_back({.id = id, .value = value, .place = at});
            } catch (const kith::Error& error) {
                ++tally.refused;
                EXPECT_GT(std::string(error.what()).size(), 20u) << at;
                refused += (refused.empty() ? "" : ", ") + std::to_string(id);
            }
        }
    }
    tally.kept = written.size();
    if (!refused.empty()) db.raw("DELETE FROM kept WHERE id IN (" + refused + ")");
    if (!are_back(db, written)) {
        for (const auto& one : written) expect_back(db, one);
        ADD_FAILURE() << place << ": not all values came back in order";
    }
    db.raw("DELETE FROM kept");
    return tally;
}

/// Calls `work` with a name and an empty value of each type.
template <class Work>
void for_each_type(const Work& work) {
    work("bool", bool{});
    work("int8", std::int8_t{});
    work("int16", std::int16_t{});
    work("int32", std::int32_t{});
    work("int64", std::int64_t{});
    work("uint8", std::uint8_t{});
    work("uint32", std::uint32_t{});
    work("uint64", std::uint64_t{});
    work("float", float{});
    work("double", double{});
    work("text", std::string{});
    work("optional text", std::optional<std::string>{});
    work("bytes", Bytes{});
    work("date", kith::Date{});
    work("timestamp", kith::Timestamp{});
    work("local timestamp", kith::LocalTimestamp{});
    work("uuid", kith::Uuid{});
    work("decimal", kith::Decimal{});
    work("json", kith::Json{});
    work("enum", Rank{});
    work("named enum", Code{});
}

class SqliteStoredValues : public testing::Test {};
class ServerStoredValues : public FileTest {};

const std::string encodings[]{"", "?sqlite_timestamps=seconds&sqlite_uuids=hyphenated",
                              "?sqlite_timestamps=milliseconds&sqlite_uuids=bytes", "?sqlite_timestamps=microseconds"};

} // namespace

TEST_F(SqliteStoredValues, AreReadAsTheyWereWrittenOrRefused) {
    const std::string columns[]{"",        "INTEGER", "INT",    "BIGINT",      "REAL", "DOUBLE PRECISION",
                                "NUMERIC", "BOOLEAN", "DATE",   "DATETIME",    "JSON", "DECIMAL(10, 2)",
                                "TEXT",    "CLOB",    "STRING", "VARCHAR(40)", "BLOB", "ANY",
                                "INT *",   "REAL *",  "TEXT *", "BLOB *",      "ANY *"};
    for (const auto& options : encodings) {
        const auto db = kith::connect("sqlite::memory:" + options);
        for (auto declared : columns) {
            const bool strict = declared.ends_with('*'); // a mark of this test's
            if (strict) declared.resize(declared.size() - 2);
            db.raw("CREATE TABLE kept (id INTEGER PRIMARY KEY, value " + declared + ")" + (strict ? " STRICT" : ""));
            for_each_type([&]<class T>(const char* name, const T&) {
                constexpr bool encoded = std::is_same_v<T, kith::Timestamp> || std::is_same_v<T, kith::Uuid>;
                if (!encoded && !options.empty()) return;
                const auto place = std::string(name) + " in " + declared + (strict ? " STRICT " : " ") + options;
                (void)expect_kept_or_refused<T>(db, place);
            });
            db.raw("DROP TABLE kept");
        }
    }
}

TEST_F(SqliteStoredValues, InKithsOwnColumnsAreKept) {
    for (const auto& options : encodings) {
        const auto db = kith::connect("sqlite::memory:" + options);
        for_each_type([&]<class T>(const char* name, const T&) {
            db.create_tables<Kept<T>>();
            const auto tally = expect_kept_or_refused<T>(db, name + options, /*own=*/true);
            std::size_t expected = 0; // what SQLite has no place for, whatever the column
            if constexpr (std::is_same_v<T, std::uint64_t>) expected = 2 * 2;
            if constexpr (!std::is_same_v<T, kith::Timestamp>) {
                EXPECT_LE(tally.refused, expected) << name;
            }
            db.drop_tables<Kept<T>>();
        });
    }
}

TEST_F(SqliteStoredValues, AreRefusedWithTheMemberTheColumnAndARemedy) {
    const auto db = kith::connect("sqlite::memory:?sqlite_timestamps=seconds");
    db.raw("CREATE TABLE kept (id INTEGER PRIMARY KEY, value TEXT)");
    const kith::QueryLog log(db);
    expect_parts(message_of<kith::ValueError>([&] { db.objects<Kept<kith::Timestamp>>().create({}); }),
                 {".value cannot be stored", "declared TEXT", "Declare it INTEGER", "sqlite_timestamps=text"});
    expect_parts(message_of<kith::ValueError>([&] { db.objects<Kept<double>>().update("value"_f = 2.5); }),
                 {".value", "declared TEXT", "Declare it REAL"});
    EXPECT_EQ(log.size(), 0u) << "nothing was sent";
    db.objects<Kept<std::string>>().create({.value = "7"});
    EXPECT_EQ(log.size(), 1u) << "and looking costs no statement";
    db.raw("DROP TABLE kept");
    db.raw("CREATE TABLE kept (id INTEGER PRIMARY KEY, value NUMERIC)");
    expect_parts(message_of<kith::ValueError>([&] { db.objects<Kept<std::string>>().create({.value = "007"}); }),
                 {".value", "declared NUMERIC", "Declare it TEXT"});
    db.objects<Kept<std::string>>().create({.value = "0x7"});
    expect_parts(message_of<kith::ValueError>([&] {
                     const auto digits = kith::Uuid::parse("12345678901234567890123456789012");
                     db.objects<Kept<kith::Uuid>>().create({.value = digits});
                 }),
                 {".value", "declared NUMERIC", "sqlite_uuids=bytes"});
}

TEST_F(SqliteStoredValues, OfDecimalsThatSqliteAddsUpAreNoDecimals) {
    const auto db = kith::connect("sqlite::memory:");
    db.raw("CREATE TABLE kept (id INTEGER PRIMARY KEY, value TEXT)");
    for (const auto* value : {"99.99", "10.1", "0.9"})
        db.objects<Kept<kith::Decimal>>().create({.value = kith::Decimal(value)});
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db.raw<kith::Decimal>("SELECT SUM(value) FROM kept"); }),
                 {"Column 1", "110.99", "in binary", "kith::Sum"});
    const auto same = "SELECT id, value + 0.1 AS value FROM kept";
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db.objects<Kept<kith::Decimal>>().raw(same).size(); }),
                 {".value", "in binary"});
    EXPECT_EQ(db.objects<Kept<kith::Decimal>>().aggregate(kith::Sum("value"_f)), kith::Decimal("110.99"));
    EXPECT_EQ(db.raw<double>("SELECT SUM(value) FROM kept").size(), 1u);
    EXPECT_EQ(db.raw<kith::Decimal>("SELECT COUNT(*) FROM kept").front(), kith::Decimal(3)) << "whole numbers are";
    // What is stored in binary was written so, and its digits are exact.
    db.raw("DROP TABLE kept");
    db.raw("CREATE TABLE kept (id INTEGER PRIMARY KEY, value NUMERIC)");
    for (const auto* value : {"99.99", "10.1", "0.90"})
        db.objects<Kept<kith::Decimal>>().create({.value = kith::Decimal(value)});
    EXPECT_EQ(db.raw<kith::Decimal>("SELECT value FROM kept ORDER BY id").front(), kith::Decimal("99.99"));
    EXPECT_EQ(db.objects<Kept<kith::Decimal>>().aggregate(kith::Sum("value"_f)), kith::Decimal("110.99"));
    EXPECT_EQ(db.objects<Kept<kith::Decimal>>().aggregate(kith::Max("value"_f)), kith::Decimal("99.99"));
}

/// Writes values of every type into a column of each of these types, and reads them.
void expect_kept_or_refused_in(const kith::Database& server, const std::string& url,
                               const std::vector<std::string>& types) {
    for (const auto& declared : types) {
        const auto charset = declared.find("char") != std::string::npos || declared == "longtext";
        const auto text = charset ? by_backend("", "", " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin") : "";
        server.raw("CREATE TABLE kept (id bigint PRIMARY KEY, value " + declared + text + ")");
        // What a connection knows of the columns is of this table.
        const auto db = kith::connect(url);
        for_each_type([&]<class T>(const char* name, const T&) {
            (void)expect_kept_or_refused<T>(db, std::string(name) + " in " + declared);
        });
        server.raw("DROP TABLE kept");
    }
}

const std::vector<std::string>& by_server(const std::vector<std::string>& postgresql,
                                          const std::vector<std::string>& mariadb) {
    return backend() == Backend::postgresql ? postgresql : mariadb;
}

TEST_F(ServerStoredValues, InColumnsOfIntegersAreReadAsTheyWereWrittenOrRefused) {
    const std::vector<std::string> postgresql{"boolean", "smallint", "integer", "bigint"};
    const std::vector<std::string> mariadb{"boolean", "tinyint", "smallint", "bigint", "bigint unsigned", "bit(1)"};
    expect_kept_or_refused_in(db_, folder_.url(), by_server(postgresql, mariadb));
}

TEST_F(ServerStoredValues, InColumnsOfFractionsAreReadAsTheyWereWrittenOrRefused) {
    const std::vector<std::string> postgresql{"real",           "double precision", "numeric",
                                              "numeric(10, 2)", "numeric(3)",       "money"};
    const std::vector<std::string> mariadb{"float",          "double",     "double(12, 2)",
                                           "decimal(10, 2)", "decimal(3)", "decimal(65, 30)"};
    expect_kept_or_refused_in(db_, folder_.url(), by_server(postgresql, mariadb));
}

TEST_F(ServerStoredValues, InColumnsOfTextAreReadAsTheyWereWrittenOrRefused) {
    const std::vector<std::string> postgresql{"text",     "varchar(4)", "varchar(60)", "char(4)",
                                              "char(40)", "bytea",      "uuid",        "name"};
    const std::vector<std::string> mariadb{"longtext", "varchar(4)", "varchar(60)",   "char(4)",
                                           "char(40)", "blob",       "varbinary(40)", "binary(4)"};
    expect_kept_or_refused_in(db_, folder_.url(), by_server(postgresql, mariadb));
}

TEST_F(ServerStoredValues, InColumnsOfTimeAreReadAsTheyWereWrittenOrRefused) {
    const std::vector<std::string> postgresql{"date",        "timestamp",      "timestamp(0)", "timestamp(3)",
                                              "timestamptz", "timestamptz(0)", "time",         "interval"};
    const std::vector<std::string> mariadb{"date", "datetime", "datetime(3)", "datetime(6)", "timestamp(0) NULL",
                                           "year", "time"};
    expect_kept_or_refused_in(db_, folder_.url(), by_server(postgresql, mariadb));
}

TEST_F(ServerStoredValues, InKithsOwnColumnsAreKept) {
    for_each_type([&]<class T>(const char* name, const T&) {
        db_.create_tables<Kept<T>>();
        const auto db = kith::connect(folder_.url());
        const auto tally = expect_kept_or_refused<T>(db, name, /*own=*/true);
        // NUL in a text, infinite numbers of MariaDB, and more digits than it has
        EXPECT_LE(tally.refused, 8u) << name;
        db_.drop_tables<Kept<T>>();
    });
}

TEST_F(ServerStoredValues, AreRefusedWithTheMemberAndTheColumn) {
    db_.raw(by_backend("", "CREATE TABLE kept (id bigint PRIMARY KEY, value timestamp(0))",
                       "CREATE TABLE kept (id bigint PRIMARY KEY, value datetime)"));
    const auto whole = kith::Timestamp(sys_days(2024y / 2 / 29)) + 12h;
    const kith::QueryLog log(db_);
    const auto times = db_.objects<Kept<kith::Timestamp>>();
    times.create({.id = {1}, .value = whole});
    EXPECT_EQ(log.size(), 1u) << "looking at the columns is no statement of the program's";
    expect_parts(message_of<kith::ValueError>([&] { times.create({.id = {2}, .value = whole + 1us}); }),
                 {".value cannot be stored unchanged", "declared "});
    EXPECT_EQ(log.size(), 1u);
    // A column that was altered since is looked at again before a value is refused.
    db_.raw(by_backend("", "ALTER TABLE kept ALTER COLUMN value TYPE timestamp(6)",
                       "ALTER TABLE kept MODIFY value datetime(6)"));
    times.create({.id = {2}, .value = whole + 1us});
    EXPECT_EQ(times.count(), 2);
}

} // namespace stored_values_test
