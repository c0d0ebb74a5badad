#include "backend/postgresql/numeric.hpp"
#include "backend/postgresql/wire.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

namespace kith::test {
namespace {

using backend::postgresql::append_numeric;
using backend::postgresql::numeric_digits;
namespace wire = backend::postgresql::wire;

std::string binary(std::int16_t weight, std::uint16_t sign, std::uint16_t shown,
                   std::initializer_list<std::int16_t> groups) {
    std::string out;
    wire::append(out, static_cast<std::int16_t>(groups.size()));
    wire::append(out, weight);
    wire::append(out, sign);
    wire::append(out, shown);
    for (const auto group : groups) wire::append(out, group);
    return out;
}

TEST(PostgresqlNumeric, IsWrittenAsItIsRead) {
    for (const auto* digits : {"0", "-1", "10000", "0.0001", "-12345678.90", "99999999999999999999.000001"}) {
        std::string out;
        append_numeric(out, digits);
        EXPECT_EQ(numeric_digits(out), digits);
    }
}

TEST(PostgresqlNumeric, ThatIsMalformedHasNoDigits) {
    EXPECT_EQ(numeric_digits(binary(0, 0, 0, {7})), "7");
    EXPECT_EQ(numeric_digits(binary(0, 0, 0, {-1})), std::nullopt) << "groups have four digits, and no sign";
    EXPECT_EQ(numeric_digits(binary(0, 0, 4, {1, 10000})), std::nullopt);
    EXPECT_EQ(numeric_digits(binary(-1, 0, 2, {1, -5})), std::nullopt) << "even where it is not shown";
    EXPECT_EQ(numeric_digits(binary(0, 0xc000, 0, {})), std::nullopt) << "NaN";
    EXPECT_EQ(numeric_digits(binary(0, 1, 0, {7})), std::nullopt) << "no such sign";
    EXPECT_EQ(numeric_digits(binary(0, 0, 0, {7}).substr(0, 9)), std::nullopt) << "cut";
    EXPECT_EQ(numeric_digits("\0\1"), std::nullopt);
}

} // namespace
} // namespace kith::test
