#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace kith::test {
namespace {

TEST(Nearest, AFewLettersApart) {
    const std::array<std::string_view, 4> names{"name", "hometown", "visitation", "id"};
    EXPECT_EQ(nearest("nme", names), "name");
    EXPECT_EQ(nearest("Name", names), "name");
    EXPECT_EQ(nearest("visitaiton", names), "visitation");
    EXPECT_EQ(nearest("hometwn", names), "hometown");
    EXPECT_EQ(nearest("price", names), "");
    EXPECT_EQ(nearest("", names), "");
}

} // namespace
} // namespace kith::test
