#include "query/coerce.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kith::test {
namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::ModelInfo;
using query::Right;

const ModelInfo owner{.name = "Owner"};

FieldInfo column_of(ColumnType type) { return {.model = &owner, .name = "column", .type = type}; }

Date day() { return Date(std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}); }

/// The bound value of a comparison of a column of `type` with `value`; empty if it is refused.
std::optional<Value> compared(ColumnType type, Value value, FieldLookup lookup = FieldLookup::exact) {
    try {
        return std::get<Value>(query::coerce(lookup, column_of(type), {.operand = std::move(value)}));
    } catch (const ValueError&) {
        return std::nullopt;
    }
}

TEST(Coerce, WholeNumbersBecomeWhatTheColumnHolds) {
    for (const auto type : {ColumnType::int8, ColumnType::int64, ColumnType::uint8, ColumnType::uint64}) {
        EXPECT_EQ(compared(type, number(7)), number(7));
    }
    EXPECT_EQ(compared(ColumnType::float64, number(7)), Value{7.0});
    EXPECT_EQ(compared(ColumnType::float32, number(7)), Value{7.0});
    EXPECT_EQ(compared(ColumnType::decimal, number(7)), Value{Decimal(7)});
}

TEST(Coerce, TextsBecomeWhatTheySpell) {
    EXPECT_EQ(compared(ColumnType::text, text("x")), text("x"));
    EXPECT_EQ(compared(ColumnType::enumeration, text("calm")), text("calm"));
    EXPECT_EQ(compared(ColumnType::decimal, text("1.50")), Value{Decimal("1.50")});
    EXPECT_EQ(compared(ColumnType::json, text("[1]")), Value{Json{"[1]"}});
    const auto* uuid = "00000000-0000-0000-0000-000000000001";
    EXPECT_EQ(compared(ColumnType::uuid, text(uuid)), Value{Uuid::parse(uuid)});
}

TEST(Coerce, MalformedTextsAreRefused) {
    EXPECT_THROW((void)query::coerce(FieldLookup::exact, column_of(ColumnType::uuid), {.operand = text("x")}), Error);
    EXPECT_THROW((void)query::coerce(FieldLookup::exact, column_of(ColumnType::decimal), {.operand = text("x")}),
                 Error);
}

TEST(Coerce, DatesBecomeTheBeginningOfTheDay) {
    EXPECT_EQ(compared(ColumnType::date, day()), Value{day()});
    EXPECT_EQ(compared(ColumnType::timestamp, day()), Value{Timestamp(day())});
    EXPECT_EQ(compared(ColumnType::local_timestamp, day()), Value{LocalTimestamp(Timestamp(day()).time_since_epoch())});
}

TEST(Coerce, FractionsCompareWithWholeNumbersAsTheyAre) {
    EXPECT_EQ(compared(ColumnType::int32, Value{2.5}, FieldLookup::gt), Value{2.5});
    EXPECT_EQ(compared(ColumnType::float64, Value{2.5}), Value{2.5});
}

TEST(Coerce, LargeNumbersNeedAnUnsignedColumn) {
    constexpr auto large = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(compared(ColumnType::uint64, Value{large}), Value{large});
    EXPECT_EQ(compared(ColumnType::int64, Value{large}), std::nullopt);
}

TEST(Coerce, ValuesOfOtherTypesAreRefused) {
    EXPECT_EQ(compared(ColumnType::int32, text("7")), std::nullopt);
    EXPECT_EQ(compared(ColumnType::text, number(7)), std::nullopt);
    EXPECT_EQ(compared(ColumnType::boolean, number(1)), std::nullopt);
    EXPECT_EQ(compared(ColumnType::int32, Value{true}), std::nullopt);
    EXPECT_EQ(compared(ColumnType::date, Value{Timestamp(day())}), std::nullopt);
    EXPECT_EQ(compared(ColumnType::decimal, Value{2.5}), std::nullopt);
    EXPECT_EQ(compared(ColumnType::bytes, text("x")), std::nullopt);
    EXPECT_EQ(compared(ColumnType::text, Value{Json{"1"}}), std::nullopt);
}

TEST(Coerce, NamesTheColumnAndTheValue) {
    KITH_EXPECT_ERROR(
        (void)query::coerce(FieldLookup::exact, column_of(ColumnType::text), {.path = "column", .operand = number(7)}),
        ValueError, "Owner.column cannot be compared with 7: the types differ");
}

TEST(Coerce, DynamicColumnsTakeEverything) {
    auto column = column_of(ColumnType::text);
    column.dynamic = true;
    EXPECT_EQ(std::get<Value>(query::coerce(FieldLookup::exact, column, {.operand = number(7)})), number(7));
}

// ---- lookups

TEST(Coerce, NullNeedsExact) {
    EXPECT_EQ(compared(ColumnType::int32, Value{}), Value{});
    for (const auto lookup : {FieldLookup::gt, FieldLookup::icontains, FieldLookup::year}) {
        EXPECT_EQ(compared(ColumnType::text, Value{}, lookup), std::nullopt);
    }
}

TEST(Coerce, IsnullTakesTrueOrFalse) {
    EXPECT_EQ(compared(ColumnType::int32, Value{true}, FieldLookup::isnull), Value{true});
    EXPECT_EQ(compared(ColumnType::int32, number(1), FieldLookup::isnull), std::nullopt);
}

TEST(Coerce, LookupsOfTextTakeText) {
    for (const auto lookup : {FieldLookup::iexact, FieldLookup::contains, FieldLookup::iendswith, FieldLookup::regex,
                              FieldLookup::iregex}) {
        EXPECT_EQ(compared(ColumnType::text, text("x"), lookup), text("x"));
        EXPECT_EQ(compared(ColumnType::text, number(7), lookup), std::nullopt);
    }
}

TEST(Coerce, PartsOfDatesNeedWholeNumbersAndDateColumns) {
    for (const auto lookup : {FieldLookup::year, FieldLookup::month, FieldLookup::day}) {
        for (const auto type : {ColumnType::date, ColumnType::timestamp, ColumnType::local_timestamp}) {
            EXPECT_EQ(compared(type, number(2), lookup), number(2));
            EXPECT_EQ(compared(type, Value{2.5}, lookup), std::nullopt);
        }
        EXPECT_EQ(compared(ColumnType::text, number(2), lookup), std::nullopt);
    }
}

Right right(FieldLookup lookup, Operand operand) {
    return query::coerce(lookup, column_of(ColumnType::decimal), {.path = "column", .operand = std::move(operand)});
}

TEST(Coerce, InTakesAList) {
    const auto list = right(FieldLookup::in, std::vector<Value>{number(1), text("2.5")});
    EXPECT_EQ(std::get<std::vector<Value>>(list), (std::vector<Value>{Decimal(1), Decimal("2.5")}));
    KITH_EXPECT_ERROR(right(FieldLookup::in, number(1)), ValueError, "in takes a range of values or a QuerySet");
    KITH_EXPECT_ERROR(right(FieldLookup::exact, std::vector<Value>{number(1)}), ValueError, "only in takes a range");
}

TEST(Coerce, NullsAreLeftOutOfAList) {
    EXPECT_EQ(std::get<std::vector<Value>>(right(FieldLookup::in, std::vector<Value>{Value{}, number(1)})).size(), 1U);
}

TEST(Coerce, RangeTakesTwoEnds) {
    const auto ends = right(FieldLookup::range, std::pair(number(1), number(2)));
    EXPECT_EQ((std::get<std::pair<Value, Value>>(ends)), (std::pair<Value, Value>{Decimal(1), Decimal(2)}));
    KITH_EXPECT_ERROR(right(FieldLookup::range, number(1)), ValueError, "range takes a std::pair");
    KITH_EXPECT_ERROR(right(FieldLookup::gt, std::pair(number(1), number(2))), ValueError, "only range takes");
    KITH_EXPECT_ERROR(right(FieldLookup::range, std::pair(number(1), Value{})), ValueError,
                      "the ends of a range cannot be NULL");
}

TEST(Coerce, AQuerySetNeedsIn) {
    const auto books = std::make_shared<const Query>(all<library::Book>());
    EXPECT_EQ(std::get<std::shared_ptr<const Query>>(right(FieldLookup::in, books)), books);
    KITH_EXPECT_ERROR(right(FieldLookup::exact, books), ValueError,
                      "\"column\" cannot be compared with a QuerySet: use __in");
}

// ---- assignments

TEST(CoerceValue, NullNeedsANullableColumn) {
    auto column = column_of(ColumnType::int32);
    KITH_EXPECT_ERROR(query::coerce_value(column, Value{}), ValueError, "Owner.column cannot be NULL");
    column.nullable = true;
    EXPECT_EQ(query::coerce_value(column, Value{}), Value{});
}

TEST(CoerceValue, WholeNumbersMustFit) {
    EXPECT_EQ(query::coerce_value(column_of(ColumnType::int8), number(-128)), number(-128));
    KITH_EXPECT_ERROR(query::coerce_value(column_of(ColumnType::int8), number(128)), ValueError,
                      "128 does not fit into Owner.column");
    KITH_EXPECT_ERROR(query::coerce_value(column_of(ColumnType::uint64), number(-1)), ValueError, "does not fit");
    KITH_EXPECT_ERROR(query::coerce_value(column_of(ColumnType::uint16), number(65536)), ValueError, "does not fit");
    EXPECT_EQ(query::coerce_value(column_of(ColumnType::uint32), number(4294967295)), number(4294967295));
}

TEST(CoerceValue, FractionsAreNotStoredAsWholeNumbers) {
    KITH_EXPECT_ERROR(query::coerce_value(column_of(ColumnType::int32), Value{2.5}), ValueError, "does not fit");
}

TEST(CoerceValue, NamesOfEnumsMustBeKnown) {
    const detail::EnumTable::Entry entries[]{{.value = 0, .name = "calm"}};
    const detail::EnumTable names{.entries = entries, .count = 1, .size = 1};
    auto column = column_of(ColumnType::enumeration);
    column.names = &names;
    EXPECT_EQ(query::coerce_value(column, text("calm")), text("calm"));
    KITH_EXPECT_ERROR(query::coerce_value(column, text("wild")), ValueError, "does not fit into Owner.column");
}

} // namespace
} // namespace kith::test
