#include "temp_folder.hpp"
#include "unit/backend/sqlite/one_connection.hpp"

#include <kith/detail/core/relation_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>

namespace kith::test {
namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::ModelInfo;
using detail::RelationState;
using detail::Value;
using sql::ColumnSlot;

struct Keys : backend::KeyStore {
    std::vector<std::unique_ptr<Value>> kept;
    const Value* keep(Value key) override {
        kept.push_back(std::make_unique<Value>(std::move(key)));
        return kept.back().get();
    }
};

/// `City.population`, of any type, at the start of a row.
struct Member {
    ModelInfo model{};
    FieldInfo field{};

    explicit Member(ColumnType type, std::string name = "population") {
        model.name = "City";
        field.model = &model;
        field.name = std::move(name);
        field.type = type;
    }

    /// Reads the one column of `sql` into `member`.
    template <class T>
    void read(const std::string& sql, T& member, const detail::ColumnAccess* access = nullptr) const {
        const OneConnection db;
        const auto cursor = db.query(sql);
        ASSERT_TRUE(cursor->next());
        Keys keys;
        const std::array slots{ColumnSlot{.type = field.type, .access = access, .field = &field}};
        cursor->read(slots, 0, &member, keys);
    }
};

template <class T>
T read_as(ColumnType type, const std::string& sql) {
    T member{};
    Member(type).read(sql, member);
    return member;
}

template <class T>
T read_integer(ColumnType type, std::int64_t value) {
    return read_as<T>(type, "SELECT " + std::to_string(value));
}

template <class T>
void expect_range(ColumnType type) {
    using Limits = std::numeric_limits<T>;
    const auto lowest = static_cast<std::int64_t>(Limits::min());
    const auto highest = static_cast<std::int64_t>(Limits::max());
    EXPECT_EQ(read_integer<T>(type, lowest), Limits::min());
    EXPECT_EQ(read_integer<T>(type, highest), Limits::max());
    KITH_EXPECT_ERROR(read_integer<T>(type, lowest - 1), DatabaseError, "beyond the member's");
    KITH_EXPECT_ERROR(read_integer<T>(type, highest + 1), DatabaseError, "give the member a larger type");
}

TEST(SqliteDecode, KeepsIntegersWithinTheirMember) {
    expect_range<std::int8_t>(ColumnType::int8);
    expect_range<std::int16_t>(ColumnType::int16);
    expect_range<std::int32_t>(ColumnType::int32);
    expect_range<std::uint8_t>(ColumnType::uint8);
    expect_range<std::uint16_t>(ColumnType::uint16);
    expect_range<std::uint32_t>(ColumnType::uint32);
    EXPECT_EQ(read_as<std::int64_t>(ColumnType::int64, "SELECT 9223372036854775807"), INT64_MAX);
    EXPECT_EQ(read_as<std::uint64_t>(ColumnType::uint64, "SELECT 9223372036854775807"), INT64_MAX);
    KITH_EXPECT_ERROR(read_integer<std::uint64_t>(ColumnType::uint64, -1), DatabaseError, "the number -1");
}

TEST(SqliteDecode, TakesOnlyZeroAndOneForABool) {
    EXPECT_FALSE(read_integer<bool>(ColumnType::boolean, 0));
    EXPECT_TRUE(read_integer<bool>(ColumnType::boolean, 1));
    KITH_EXPECT_ERROR(read_integer<bool>(ColumnType::boolean, 2), DatabaseError, "instead of 0 or 1");
    KITH_EXPECT_ERROR(read_as<bool>(ColumnType::boolean, "SELECT 'true'"), DatabaseError, "instead of 0 or 1");
}

TEST(SqliteDecode, RefusesTextWhereANumberBelongs) {
    KITH_EXPECT_ERROR(read_as<std::int64_t>(ColumnType::int64, "SELECT 'abc'"), DatabaseError,
                      "City.population holds text 'abc' instead of a number (row 1 of the result)");
    KITH_EXPECT_ERROR(read_as<double>(ColumnType::float64, "SELECT '1.5'"), DatabaseError, "instead of a number");
    KITH_EXPECT_ERROR(read_as<std::int64_t>(ColumnType::int64, "SELECT 3.0"), DatabaseError, "a whole number");
    KITH_EXPECT_ERROR(read_as<std::int64_t>(ColumnType::int64, "SELECT x'00ff'"), DatabaseError,
                      "2 bytes of binary data");
}

TEST(SqliteDecode, ShortensWhatItQuotes) {
    try {
        read_as<std::int64_t>(ColumnType::int64, "SELECT printf('%.*c', 5000, 'x')");
        FAIL();
    } catch (const DatabaseError& e) {
        EXPECT_LT(std::string(e.what()).size(), 300U);
        EXPECT_EQ(e.model(), "City");
        EXPECT_FALSE(e.sql().empty());
    }
}

TEST(SqliteDecode, ReadsWholeNumbersAsDoubles) {
    EXPECT_EQ(read_as<double>(ColumnType::float64, "SELECT 3"), 3.0);
    EXPECT_EQ(read_as<double>(ColumnType::float64, "SELECT 9e999"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read_as<float>(ColumnType::float32, "SELECT 0.5"), 0.5F);
    KITH_EXPECT_ERROR(read_as<float>(ColumnType::float32, "SELECT 1e300"), DatabaseError, "larger type");
}

TEST(SqliteDecode, KeepsEveryByteOfTextAndBlobs) {
    EXPECT_EQ(read_as<std::string>(ColumnType::text, "SELECT 'a' || char(0) || 'b'"), std::string("a\0b", 3));
    EXPECT_EQ(read_as<std::string>(ColumnType::text, "SELECT ''"), "");
    EXPECT_EQ(read_as<std::vector<std::byte>>(ColumnType::bytes, "SELECT x''").size(), 0U);
    EXPECT_EQ(read_as<std::vector<std::byte>>(ColumnType::bytes, "SELECT x'0001'").size(), 2U);
    KITH_EXPECT_ERROR(read_as<std::string>(ColumnType::text, "SELECT 5"), DatabaseError, "instead of text");
    KITH_EXPECT_ERROR(read_as<std::string>(ColumnType::text, "SELECT x'00'"), DatabaseError, "instead of text");
    KITH_EXPECT_ERROR(read_as<std::vector<std::byte>>(ColumnType::bytes, "SELECT 'a'"), DatabaseError, "binary data");
}

TEST(SqliteDecode, ReadsDatesAndTimes) {
    EXPECT_EQ(read_as<Date>(ColumnType::date, "SELECT '1970-01-02'"), Date(std::chrono::days(1)));
    EXPECT_EQ(read_as<Timestamp>(ColumnType::timestamp, "SELECT '1970-01-01T00:00:01Z'"),
              Timestamp(std::chrono::seconds(1)));
    EXPECT_EQ(read_as<Timestamp>(ColumnType::timestamp, "SELECT CURRENT_TIMESTAMP") > Timestamp{}, true);
    KITH_EXPECT_ERROR(read_as<Date>(ColumnType::date, "SELECT '1970-02-30'"), DatabaseError, "a date such as");
    KITH_EXPECT_ERROR(read_as<Date>(ColumnType::date, "SELECT 5"), DatabaseError, "instead of a date");
    KITH_EXPECT_ERROR(read_as<Timestamp>(ColumnType::timestamp, "SELECT 'noon'"), DatabaseError, "a timestamp such as");
}

TEST(SqliteDecode, ReadsUuidsInTheirThreeForms) {
    const auto uuid = Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
    for (const char* sql :
         {"SELECT '0123456789abcdef0123456789abcdef'", "SELECT '01234567-89AB-CDEF-0123-456789abcdef'",
          "SELECT x'0123456789abcdef0123456789abcdef'"}) {
        EXPECT_EQ(read_as<Uuid>(ColumnType::uuid, sql), uuid) << sql;
    }
    KITH_EXPECT_ERROR(read_as<Uuid>(ColumnType::uuid, "SELECT 'junk'"), DatabaseError, "32 hexadecimal digits");
    KITH_EXPECT_ERROR(read_as<Uuid>(ColumnType::uuid, "SELECT x'01'"), DatabaseError, "16 bytes");
}

TEST(SqliteDecode, ReadsDecimalsFromTextAndNumbers) {
    EXPECT_EQ(read_as<Decimal>(ColumnType::decimal, "SELECT '1.50'").str(), "1.50");
    EXPECT_EQ(read_as<Decimal>(ColumnType::decimal, "SELECT -7").str(), "-7");
    KITH_EXPECT_ERROR(read_as<Decimal>(ColumnType::decimal, "SELECT '1e5'"), DatabaseError, "a decimal number such as");
    KITH_EXPECT_ERROR(read_as<Decimal>(ColumnType::decimal, "SELECT 9e999"), DatabaseError, "a decimal number");
}

TEST(SqliteDecode, ReadsDecimalsFromFloatsThatAColumnHolds) {
    const test::OneConnection db;
    db.execute("CREATE TABLE t (a REAL)");
    db.execute("INSERT INTO t VALUES (0.1), (1e20)");
    const auto cursor = db.query("SELECT a, a + 0.2 FROM t");
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(std::get<Decimal>(cursor->value(0, ColumnType::decimal, nullptr)).str(), "0.1");
    KITH_EXPECT_ERROR(cursor->value(1, ColumnType::decimal, nullptr), DatabaseError, "computed in binary");
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(std::get<Decimal>(cursor->value(0, ColumnType::decimal, nullptr)).str(), "100000000000000000000");
    KITH_EXPECT_ERROR(read_as<Decimal>(ColumnType::decimal, "SELECT 0.1"), DatabaseError, "computed in binary");
}

TEST(SqliteDecode, RefusesNullWhereTheMemberCannotHoldIt) {
    KITH_EXPECT_ERROR(read_as<std::int64_t>(ColumnType::int64, "SELECT NULL"), DatabaseError,
                      "City.population is NULL in the database, but the member is not a std::optional");
}

using Optional = std::optional<std::string>;
constexpr detail::ColumnAccess optional_text{
    .engage = [](void* m) -> void* { return &static_cast<Optional*>(m)->emplace(); },
    .reset = [](void* m) { static_cast<Optional*>(m)->reset(); },
    .peek = [](const void* m) -> const void* {
        const auto& member = *static_cast<const Optional*>(m);
        return member ? &*member : nullptr;
    },
};

TEST(SqliteDecode, FillsAndEmptiesOptionals) {
    const Member member(ColumnType::text, "motto");
    Optional motto = "old";
    member.read("SELECT NULL", motto, &optional_text);
    EXPECT_EQ(motto, std::nullopt);
    member.read("SELECT 'new'", motto, &optional_text);
    EXPECT_EQ(motto, "new");
}

// ---- relation members

struct KeyReader {
    Member member;
    RelationState state{};
    Keys keys{};

    explicit KeyReader(ColumnType type, bool nullable = true) : member(type, "province") {
        member.field.kind = detail::MemberKind::foreign_key;
        member.field.nullable = nullable;
    }
    ~KeyReader() { state.link.store(0); }

    void read(const std::string& sql) {
        const OneConnection db;
        const auto cursor = db.query(sql);
        ASSERT_TRUE(cursor->next());
        const std::array slots{ColumnSlot{.type = member.field.type, .to_one = true, .field = &member.field}};
        cursor->read(slots, 0, &state, keys);
    }
};

TEST(SqliteDecode, PutsIntegerKeysIntoTheRelationItself) {
    KeyReader reader(ColumnType::int64);
    reader.read("SELECT -5");
    EXPECT_EQ(static_cast<std::int64_t>(reader.state.key), -5);
    EXPECT_EQ(reader.state.link.load(), RelationState::resident_bit);
    EXPECT_TRUE(reader.keys.kept.empty());
    reader.read("SELECT NULL");
    EXPECT_EQ(reader.state.link.load(),
              RelationState::resident_bit | RelationState::loaded_bit | RelationState::null_key);
}

TEST(SqliteDecode, ChecksTheRangeOfKeys) {
    KeyReader reader(ColumnType::uint8);
    reader.read("SELECT 255");
    EXPECT_EQ(reader.state.key, 255U);
    KITH_EXPECT_ERROR(reader.read("SELECT 256"), DatabaseError, "City.province holds the number 256");
}

TEST(SqliteDecode, KeepsLargerKeysAside) {
    KeyReader reader(ColumnType::text);
    reader.read("SELECT 'hubei'");
    ASSERT_EQ(reader.keys.kept.size(), 1U);
    EXPECT_EQ(reinterpret_cast<const Value*>(reader.state.key), reader.keys.kept[0].get());
    EXPECT_EQ(*reader.keys.kept[0], Value(std::string("hubei")));
}

TEST(SqliteDecode, RefusesANullKeyThatTheModelForbids) {
    KeyReader reader(ColumnType::int64, /*nullable=*/false);
    KITH_EXPECT_ERROR(reader.read("SELECT NULL"), DatabaseError, "City.province is NULL");
}

TEST(SqliteDecode, ReadsAnyRunOfColumns) {
    struct Row {
        std::int32_t a{0};
        std::string b{};
    } row;
    const ModelInfo model{.name = "Row"};
    const FieldInfo field{.model = &model, .name = "x"};
    const OneConnection db;
    const auto cursor = db.query("SELECT 9, 1, 'one' UNION ALL SELECT 9, 2, 'two'");
    const std::array slots{
        ColumnSlot{.type = ColumnType::int32, .offset = offsetof(Row, a), .field = &field},
        ColumnSlot{.type = ColumnType::text, .offset = offsetof(Row, b), .field = &field},
    };
    Keys keys;
    for (const char* expected : {"one", "two"}) {
        ASSERT_TRUE(cursor->next());
        cursor->read(slots, 1, &row, keys);
        EXPECT_EQ(row.b, expected);
    }
    EXPECT_EQ(row.a, 2);
    KITH_EXPECT_ERROR(cursor->read(slots, 2, &row, keys), DatabaseError, "Column 4");
}

} // namespace
} // namespace kith::test
