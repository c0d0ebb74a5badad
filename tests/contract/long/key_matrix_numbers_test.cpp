#include "support/key_matrix.hpp"

/// Whole numbers of all widths and signs, decimals, floating-point numbers and truth values as keys.

namespace key_matrix_numbers_test {

using namespace matrix;

namespace {

const std::vector<std::string> small{"1", "2", "100"};
const std::vector<std::string> small_refers{"1", "1", "100", "99"};

/// The same small numbers in each of `types`.
std::vector<Case> small_numbers(const std::vector<std::string>& types) {
    std::vector<Case> cases;
    for (const auto& type : types) {
        cases.push_back({.title = "small", .parent = type, .codes = small, .refers_to = small_refers});
    }
    return cases;
}

std::vector<Case> with(std::vector<Case> cases, std::vector<Case> more) {
    cases.insert(cases.end(), more.begin(), more.end());
    return cases;
}

const std::string largest = "9223372036854775807";
const std::string smallest = "-9223372036854775808";

} // namespace

TEST(KeyMatrix, SignedNumbers) {
    const Case ends{.title = "the ends",
                    .parent = "bigint",
                    .codes = {largest, smallest, "-1", "0"},
                    .refers_to = {largest, smallest, "-1", "0", "1"}};
    check<std::int64_t>(
        with(small_numbers({"integer", "bigint", "INT", "NUMERIC", "", "BLOB", "unsigned big int"}),
             {ends,
              {.title = "STRICT",
               .parent = "INTEGER",
               .codes = small,
               .refers_to = small_refers,
               .table_options = " STRICT"},
              {.title = "without rowid",
               .parent = "integer",
               .codes = small,
               .refers_to = small_refers,
               .table_options = " WITHOUT ROWID"},
              {.title = "texts where numbers belong",
               .parent = "integer",
               .child = "text",
               .codes = small,
               .refers_to = small_refers,
               .refused = true},
              {.title = "REAL", .parent = "REAL", .codes = small, .refers_to = small_refers, .refused = true}}),
        with(small_numbers({"smallint", "integer", "bigint", "numeric(20)", "numeric", "oid"}),
             {ends,
              {.title = "a domain",
               .parent = "amount",
               .codes = small,
               .refers_to = small_refers,
               .setup = "CREATE DOMAIN amount AS integer CHECK (VALUE > 0)"},
              {.title = "another width",
               .parent = "bigint",
               .child = "smallint",
               .codes = {"1", "2", largest},
               .refers_to = small_refers},
              {.title = "floating point",
               .parent = "real",
               .codes = small,
               .refers_to = small_refers,
               .refused = true}}),
        with(small_numbers({"tinyint", "tinyint unsigned", "smallint", "smallint unsigned", "mediumint", "int",
                            "int unsigned", "bigint", "bigint unsigned", "decimal(20,0)"}),
             {ends,
              {.title = "year",
               .parent = "year",
               .codes = {"1999", "2024"},
               .refers_to = {"2024", "2024", "1999", "2000"}},
              {.title = "bits", .parent = "bit(8)", .codes = small, .refers_to = small_refers, .refused = true},
              {.title = "floating point",
               .parent = "double",
               .codes = small,
               .refers_to = small_refers,
               .refused = true}}));
}

TEST(KeyMatrix, UnsignedNumbers) {
    const auto beyond = [](const std::string& type) {
        return Case{.title = "beyond 2^63",
                    .parent = type,
                    .codes = {"9223372036854775808", "18446744073709551615", "5", largest},
                    .refers_to = {"18446744073709551615", "9223372036854775808", "5", "9223372036854775809", largest}};
    };
    check<std::uint64_t>(
        small_numbers({"integer", "bigint unsigned"}),
        with(small_numbers({"bigint", "integer", "numeric(20)"}), {beyond("numeric(20)"), beyond("numeric")}),
        with(small_numbers({"int unsigned", "bigint"}), {beyond("bigint unsigned"), beyond("decimal(20,0)")}));
}

TEST(KeyMatrix, FloatingPoint) {
    const std::vector<std::string> codes{"0.1", "-2.5", "1e300", "3"};
    const std::vector<std::string> refers_to{"0.1", "3", "1e300", "0.2"};
    const Case single{
        .title = "single precision", .parent = "real", .codes = {"0.1", "2.5"}, .refers_to = {"0.1", "2.5"}};
    check<double>({{.title = "real", .parent = "real", .codes = codes, .refers_to = refers_to},
                   {.title = "NUMERIC", .parent = "NUMERIC", .codes = codes, .refers_to = refers_to},
                   {.title = "no type", .parent = "", .codes = codes, .refers_to = refers_to}},
                  {{.title = "double", .parent = "double precision", .codes = codes, .refers_to = refers_to},
                   single,
                   {.title = "infinities and what is no number",
                    .parent = "double precision",
                    .codes = {"'Infinity'", "'-Infinity'", "1.5"},
                    .refers_to = {"1.5", "'NaN'", "'Infinity'", "'NaN'", "'-Infinity'"}}},
                  {{.title = "double", .parent = "double", .codes = codes, .refers_to = refers_to},
                   {.title = "float", .parent = "float", .codes = {"0.1", "2.5"}, .refers_to = {"0.1", "2.5"}}});
}

TEST(KeyMatrix, Decimals) {
    const std::vector<std::string> codes{"1.5", "2", "-0.01"};
    const std::vector<std::string> refers_to{"1.50", "2.00", "-0.01", "7"};
    const Case texts{.title = "digits as text, which SQLite tells apart",
                     .parent = "text",
                     .codes = {"'1.5'", "'1.50'", "'2'"},
                     .refers_to = {"'1.50'", "'1.5'", "'1.5'", "'2.0'"},
                     .conditions = false}; // these compare decimals by value
    const Case wide{.title = "many digits",
                    .parent = "numeric(40,10)",
                    .codes = {"123456789012345678901234567890.0000000001", "123456789012345678901234567890.0000000002"},
                    .refers_to = {"123456789012345678901234567890.0000000002", "1"}};
    check<kith::Decimal>(
        {texts,
         {.title = "NUMERIC", .parent = "decimal(10,2)", .codes = codes, .refers_to = refers_to},
         {.title = "numbers in a column without type",
          .parent = "",
          .codes = codes,
          .refers_to = refers_to,
          .refused = true}},
        {{.title = "numeric", .parent = "numeric", .codes = codes, .refers_to = refers_to},
         {.title = "places", .parent = "numeric(10,2)", .codes = codes, .refers_to = refers_to},
         wide},
        {{.title = "places", .parent = "decimal(10,2)", .codes = codes, .refers_to = refers_to}, wide});
}

TEST(KeyMatrix, TruthValues) {
    const std::vector<std::string> refers_to{"true", "true", "false"};
    const Case boolean{.title = "boolean", .parent = "boolean", .codes = {"true", "false"}, .refers_to = refers_to};
    check<bool>({boolean, {.title = "integer", .parent = "integer", .codes = {"1", "0"}, .refers_to = {"1", "1", "0"}}},
                {boolean},
                {boolean, {.title = "a bit", .parent = "bit(1)", .codes = {"1", "0"}, .refers_to = {"1", "1", "0"}}});
}

} // namespace key_matrix_numbers_test
