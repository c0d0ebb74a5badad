#include "base/decimal_sum.hpp"

#include <kith/error.hpp>
#include <kith/types.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace kith {
namespace {

Decimal operator""_d(const char* text, std::size_t size) { return Decimal(std::string_view(text, size)); }

TEST(Decimal, ComparesByValue) {
    EXPECT_EQ(Decimal("1.50"), Decimal("1.5"));
    EXPECT_EQ(Decimal("001"), Decimal("1.000"));
    EXPECT_EQ(Decimal("-0"), Decimal("0"));
    EXPECT_EQ(Decimal("-0.00"), Decimal(std::int64_t{0}));
    EXPECT_LT(Decimal("9"), Decimal("10"));
    EXPECT_LT(Decimal("-10"), Decimal("-9"));
    EXPECT_LT(Decimal("-0.01"), Decimal("0"));
    EXPECT_LT(Decimal("0.09"), Decimal("0.1"));
    EXPECT_LT(Decimal("1.2"), Decimal("1.25"));
    EXPECT_GT(Decimal("-1.2"), Decimal("-1.25"));
}

TEST(Decimal, ComparesDigitsBeyondADouble) {
    EXPECT_LT(Decimal("0.10000000000000000000000000000001"), Decimal("0.10000000000000000000000000000002"));
    EXPECT_LT(Decimal("99999999999999999999999999999998"), Decimal("99999999999999999999999999999999"));
}

TEST(Decimal, KeepsItsDigits) {
    EXPECT_EQ(Decimal("1.50").str(), "1.50");
    EXPECT_EQ(Decimal(INT64_MIN).str(), "-9223372036854775808");
    EXPECT_DOUBLE_EQ(Decimal("-12.25").to_double(), -12.25);
}

TEST(Decimal, RefusesJunk) {
    for (const char* text : {"", "-", ".", "1.", ".5", "+1", "1e5", "1 ", " 1", "1.2.3", "--1", "NaN", "1,5", "0x1"}) {
        EXPECT_THROW(Decimal{std::string_view(text)}, ValueError) << text;
    }
    EXPECT_THROW(Decimal(std::string_view("1\0", 2)), ValueError);
}

TEST(Decimal, AddsAndSubtractsWithoutRounding) {
    EXPECT_EQ(("1.10"_d + "2.2"_d).str(), "3.30");
    EXPECT_EQ(("1.10"_d - "2.2"_d).str(), "-1.10");
    EXPECT_EQ(("-1.5"_d + "1.50"_d).str(), "0.00");
    EXPECT_EQ(("-1"_d - "-1"_d).str(), "0");
    EXPECT_EQ(("0099"_d + "001"_d).str(), "100");
    EXPECT_EQ(("99999999999999999999999999999999"_d + "0.00000000000000000001"_d).str(),
              "99999999999999999999999999999999.00000000000000000001");
    EXPECT_EQ(("0.05"_d - "0.1"_d).str(), "-0.05");
    EXPECT_EQ((-"1.50"_d).str(), "-1.50");
    EXPECT_EQ((-"-1.50"_d).str(), "1.50");
    EXPECT_EQ((-"0.00"_d).str(), "0.00");
    Decimal total;
    for (int i = 0; i < 10; ++i) total += "0.1"_d;
    EXPECT_EQ(total.str(), "1.0");
    total -= total;
    EXPECT_EQ(total.str(), "0.0");
    base::DecimalSum sum;
    for (const auto& one : {"1"_d, "-2.25"_d, "1000000000000000000000.5"_d, "0.125"_d}) sum.add(one);
    EXPECT_EQ(sum.get().str(), "999999999999999999999.375");
}

TEST(Decimal, MultipliesWithoutRounding) {
    EXPECT_EQ(("12.50"_d * "3"_d).str(), "37.50");
    EXPECT_EQ(("99999999999999999999"_d * "99999999999999999999"_d).str(), "9999999999999999999800000000000000000001");
    EXPECT_EQ(("0.001"_d * "0.001"_d).str(), "0.000001");
    EXPECT_EQ(("007"_d * "10"_d).str(), "70");
    EXPECT_EQ(("-1.5"_d * "2"_d).str(), "-3.0");
    EXPECT_EQ(("-1.5"_d * "-2"_d).str(), "3.0");
    EXPECT_EQ(("-1.5"_d * "0"_d).str(), "0.0");
    EXPECT_EQ(("010"_d * "011"_d).str(), "110");
}

/// For each rounding: 2.1, 2.5, 2.9, 3.5, and the same below zero.
TEST(Decimal, RoundsAsItIsTold) {
    struct Expected {
        Rounding rounding;
        const char* results[8];
    };
    const Expected all[]{{Rounding::half_even, {"2", "2", "3", "4", "-2", "-2", "-3", "-4"}},
                         {Rounding::half_up, {"2", "3", "3", "4", "-2", "-3", "-3", "-4"}},
                         {Rounding::half_down, {"2", "2", "3", "3", "-2", "-2", "-3", "-3"}},
                         {Rounding::up, {"3", "3", "3", "4", "-3", "-3", "-3", "-4"}},
                         {Rounding::down, {"2", "2", "2", "3", "-2", "-2", "-2", "-3"}},
                         {Rounding::floor, {"2", "2", "2", "3", "-3", "-3", "-3", "-4"}},
                         {Rounding::ceiling, {"3", "3", "3", "4", "-2", "-2", "-2", "-3"}}};
    const char* const numbers[]{"2.1", "2.5", "2.9", "3.5", "-2.1", "-2.5", "-2.9", "-3.5"};
    for (const auto& [rounding, results] : all) {
        for (std::size_t i = 0; i < std::size(numbers); ++i) {
            const Decimal number{std::string_view(numbers[i])};
            EXPECT_EQ(number.rounded(0, rounding).str(), results[i]) << numbers[i] << static_cast<int>(rounding);
            // A quotient is rounded alike, whichever of the two is negative.
            EXPECT_EQ((number * "3"_d).divided_by("3"_d, 0, rounding).str(), results[i]);
            EXPECT_EQ((number * "-3"_d).divided_by("-3"_d, 0, rounding).str(), results[i]);
        }
    }
}

TEST(Decimal, RoundsToAnyPlace) {
    EXPECT_EQ("1.5"_d.rounded(3).str(), "1.500");
    EXPECT_EQ("1.005"_d.rounded(2, Rounding::half_up).str(), "1.01");
    EXPECT_EQ("9.995"_d.rounded(2, Rounding::half_up).str(), "10.00");
    EXPECT_EQ("-0.004"_d.rounded(2).str(), "0.00");
    EXPECT_EQ("1250"_d.rounded(-2).str(), "1200");
    EXPECT_EQ("1250.01"_d.rounded(-2).str(), "1300");
    EXPECT_EQ("49"_d.rounded(-2).str(), "0");
    EXPECT_EQ("-1"_d.rounded(-3, Rounding::floor).str(), "-1000");
}

TEST(Decimal, DividesAndRoundsOnce) {
    EXPECT_EQ("1"_d.divided_by("3"_d, 5).str(), "0.33333");
    EXPECT_EQ("2"_d.divided_by("3"_d, 5).str(), "0.66667");
    EXPECT_EQ("-2"_d.divided_by("3"_d, 2, Rounding::down).str(), "-0.66");
    EXPECT_EQ("10.00"_d.divided_by("0.004"_d, 0).str(), "2500");
    EXPECT_EQ("0.0001"_d.divided_by("10000000"_d, 3, Rounding::up).str(), "0.001");
    EXPECT_EQ("123456"_d.divided_by("1.0"_d, -3).str(), "123000");
    EXPECT_EQ("0.45"_d.divided_by("1.000"_d, 1).str(), "0.4");
    EXPECT_EQ("0.4500000001"_d.divided_by("1"_d, 1).str(), "0.5");
    for (const auto& zero : {"0"_d, "-0.00"_d}) EXPECT_THROW((void)"1"_d.divided_by(zero, 2), ValueError);
}

TEST(Decimal, IsComputedWithinBounds) {
    const Decimal most(std::string(20'000, '9'));
    EXPECT_EQ((most - most).str(), "0");
    EXPECT_EQ((most * Decimal(-1)).str(), "-" + most.str());
    EXPECT_EQ(most.divided_by(most, 0).str(), "1");
    const Decimal longer(std::string(20'001, '9'));
    const Decimal small("0." + std::string(19'999, '0') + "1");
    EXPECT_THROW(most + Decimal(1), ValueError);
    EXPECT_THROW(most * Decimal(10), ValueError);
    EXPECT_THROW(most + small, ValueError);
    EXPECT_THROW(small * small, ValueError);
    EXPECT_THROW(longer - longer, ValueError);
    EXPECT_THROW((void)longer.rounded(0), ValueError);
    EXPECT_THROW((void)Decimal(1).rounded(20'000), ValueError);
    for (const int digits : {20'001, -20'001, INT32_MAX, INT32_MIN}) {
        EXPECT_THROW((void)Decimal(1).rounded(digits), ValueError) << digits;
        EXPECT_THROW((void)Decimal(1).divided_by(Decimal(3), digits), ValueError) << digits;
    }
    EXPECT_LT(most, longer); // comparing has no bound
}

} // namespace
} // namespace kith
