#include "sql/dialect.hpp"
#include "temp_folder.hpp"
#include "unit/sql/dialects.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace kith::test {
namespace {

using detail::ColumnType;

void expect_lookup(FieldLookup lookup, const Texts& texts, ColumnType type = ColumnType::text) {
    for_each_dialect(texts, [&](const sql::Dialect& dialect, std::string_view text) {
        EXPECT_EQ(dialect.lookup(lookup, "c", "v", type), text);
    });
}

void expect_value(FieldLookup lookup, const std::string& given, const Texts& bound) {
    for_each_dialect(bound, [&](const sql::Dialect& dialect, std::string_view value) {
        EXPECT_EQ(std::get<std::string>(dialect.lookup_value(lookup, given)), value);
    });
}

TEST(Lookups, ThatCompareAreTheSameEverywhere) {
    expect_lookup(FieldLookup::exact, {"c = v", "c = v", "c = v"});
    expect_lookup(FieldLookup::gt, {"c > v", "c > v", "c > v"});
    expect_lookup(FieldLookup::gte, {"c >= v", "c >= v", "c >= v"});
    expect_lookup(FieldLookup::lt, {"c < v", "c < v", "c < v"});
    expect_lookup(FieldLookup::lte, {"c <= v", "c <= v", "c <= v"});
}

TEST(Lookups, ThatAreCaseSensitive) {
    for (const auto lookup : {FieldLookup::contains, FieldLookup::startswith, FieldLookup::endswith}) {
        expect_lookup(lookup, {"c GLOB v", "c::text LIKE v",
                               "CONVERT(c USING utf8mb4) COLLATE utf8mb4_nopad_bin LIKE v ESCAPE '!'"});
    }
}

TEST(Lookups, ThatIgnoreCase) {
    for (const auto lookup : {FieldLookup::icontains, FieldLookup::istartswith, FieldLookup::iendswith}) {
        expect_lookup(lookup, {"c LIKE v ESCAPE '\\'", "UPPER(c::text) LIKE UPPER(v)",
                               "UPPER(CONVERT(c USING utf8mb4)) COLLATE utf8mb4_nopad_bin LIKE UPPER(v) ESCAPE '!'"});
    }
    expect_lookup(FieldLookup::iexact, {"c LIKE v ESCAPE '\\'", "UPPER(c::text) = UPPER(v)",
                                        "UPPER(CONVERT(c USING utf8mb4)) COLLATE utf8mb4_nopad_bin = UPPER(v)"});
}

TEST(Lookups, OfRegularExpressions) {
    expect_lookup(FieldLookup::regex,
                  {"c REGEXP v", "c::text ~ v", "CONVERT(c USING utf8mb4) COLLATE utf8mb4_nopad_bin REGEXP v"});
    expect_lookup(FieldLookup::iregex, {"kith_iregexp(v, c)", "c::text ~* v",
                                        "CONVERT(c USING utf8mb4) COLLATE utf8mb4_nopad_bin REGEXP v"});
}

TEST(Lookups, OfPartsOfDates) {
    expect_lookup(FieldLookup::year,
                  {"c BETWEEN printf('%04d-', v) AND printf('%04d-~', v)", "EXTRACT(YEAR FROM c) = v", "YEAR(c) = v"},
                  ColumnType::date);
    expect_lookup(
        FieldLookup::month,
        {"CAST(strftime('%m', c) AS INTEGER) = v", "EXTRACT(MONTH FROM c AT TIME ZONE 'UTC') = v", "MONTH(c) = v"},
        ColumnType::timestamp);
    expect_lookup(FieldLookup::day,
                  {"CAST(strftime('%d', c) AS INTEGER) = v", "EXTRACT(DAY FROM c) = v", "DAYOFMONTH(c) = v"},
                  ColumnType::local_timestamp);
}

TEST(Lookups, OfSeveralValuesAreRefused) {
    for (const auto lookup : {FieldLookup::in, FieldLookup::range, FieldLookup::isnull}) {
        for_each_dialect("", [&](const sql::Dialect& dialect, std::string_view) {
            EXPECT_THROW((void)dialect.lookup(lookup, "c", "v", ColumnType::text), ValueError);
        });
    }
}

TEST(LookupValues, AreUnchangedWithoutAPattern) {
    expect_value(FieldLookup::exact, "50%_", {"50%_", "50%_", "50%_"});
    expect_value(FieldLookup::regex, "^a", {"^a", "^a", "^a"});
}

TEST(LookupValues, EscapeSpecialCharacters) {
    expect_value(FieldLookup::contains, "a*[%_\\!", {"*a[*][[]%_\\!*", "%a*[\\%\\_\\\\!%", "%a*[!%!_\\!!%"});
    expect_value(FieldLookup::istartswith, "50%", {"50\\%%", "50\\%%", "50!%%"});
    expect_value(FieldLookup::iendswith, "_x", {"%\\_x", "%\\_x", "%!_x"});
}

TEST(LookupValues, OfIexactAreEscapedForLike) { expect_value(FieldLookup::iexact, "50%", {"50\\%", "50%", "50%"}); }

TEST(Quote, DoublesQuotesWithin) {
    for_each_dialect(
        {R"("a""b`c")", R"("a""b`c")", "`a\"b``c`"}, [](const sql::Dialect& dialect, std::string_view text) {
            EXPECT_EQ(dialect.quote("a\"b`c"), text);
            KITH_EXPECT_ERROR((void)dialect.quote(std::string_view("a\0b", 3)), ValueError, "NUL character");
        });
}

TEST(OrderTerm, NullComesFirstOrLastWhereTheOrderDescends) {
    for_each_dialect({"c ASC", "c ASC NULLS FIRST", "c ASC"}, [](const sql::Dialect& dialect, std::string_view text) {
        EXPECT_EQ(dialect.order_term("c", ColumnType::int64, false, true), text);
        EXPECT_EQ(dialect.order_term("c", ColumnType::int64, false, false), "c ASC");
    });
    for_each_dialect({"c DESC", "c DESC NULLS LAST", "c DESC"}, [](const sql::Dialect& dialect, std::string_view text) {
        EXPECT_EQ(dialect.order_term("c", ColumnType::int64, true, true), text);
    });
}

TEST(Limit, OfEachDatabase) {
    constexpr auto end = std::string::npos;
    for_each_dialect({" LIMIT -1 OFFSET 3", " OFFSET 3", " LIMIT 18446744073709551615 OFFSET 3"},
                     [](const sql::Dialect& dialect, std::string_view text) {
                         EXPECT_EQ(dialect.limit(3, end), text);
                         EXPECT_EQ(dialect.limit(0, end), "");
                         EXPECT_EQ(dialect.limit(0, 5), " LIMIT 5");
                         EXPECT_EQ(dialect.limit(3, 5), " LIMIT 5 OFFSET 3");
                     });
}

TEST(Begin, HasTheSameMeaningEverywhere) {
    for_each_dialect({"BEGIN IMMEDIATE", "BEGIN", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;START TRANSACTION"},
                     [](const sql::Dialect& dialect, std::string_view text) {
                         EXPECT_EQ(dialect.begin(true, Isolation::standard), text);
                     });
    for_each_dialect({"BEGIN DEFERRED", "BEGIN ISOLATION LEVEL REPEATABLE READ",
                      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;START TRANSACTION READ ONLY"},
                     [](const sql::Dialect& dialect, std::string_view text) {
                         EXPECT_EQ(dialect.begin(false, Isolation::standard), text);
                     });
}

} // namespace
} // namespace kith::test
