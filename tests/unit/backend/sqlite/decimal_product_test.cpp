#include "backend/sqlite/decimal_product.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

namespace kith::backend::sqlite {
namespace {

TEST(DecimalProduct, HasAllDigits) {
    EXPECT_EQ(decimal_product("12.50", "3"), "37.50");
    EXPECT_EQ(decimal_product("99999999999999999999", "99999999999999999999"),
              "9999999999999999999800000000000000000001");
    EXPECT_EQ(decimal_product("0.001", "0.001"), "0.000001");
    EXPECT_EQ(decimal_product("007", "10"), "70");
}

TEST(DecimalProduct, HasTheSignOfBoth) {
    EXPECT_EQ(decimal_product("-1.5", "2"), "-3.0");
    EXPECT_EQ(decimal_product("-1.5", "-2"), "3.0");
    EXPECT_EQ(decimal_product("-1.5", "0"), "0.0");
    EXPECT_EQ(decimal_product("0", "0"), "0");
}

TEST(DecimalProduct, RefusesWhatIsNoDecimal) {
    EXPECT_THROW(decimal_product("x", "1"), ValueError);
    EXPECT_THROW(decimal_product("1", "1e5"), ValueError);
}

} // namespace
} // namespace kith::backend::sqlite
