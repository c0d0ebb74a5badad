#include "base/few.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace kith::test {
namespace {

template <class T>
std::vector<T> items(const base::Few<T>& few) {
    return {few.all().begin(), few.all().end()};
}

TEST(Few, OneAndSeveral) {
    base::Few<int> few;
    EXPECT_TRUE(few.all().empty());
    for (const int number : {1, 2, 3, 4, 5}) {
        EXPECT_EQ(few.add(number), number);
        few.last() += 10;
    }
    EXPECT_EQ(items(few), (std::vector{11, 12, 13, 14, 15}));
    const auto copy = few;
    few.all().front() = 0;
    EXPECT_EQ(items(copy), (std::vector{11, 12, 13, 14, 15}));
    EXPECT_FALSE(copy == few);
}

/// An item keeps its place while there is room, so that what is added after make_room() cannot fail.
TEST(Few, RoomForTheNextOne) {
    base::Few<std::unique_ptr<int>> few;
    for (int number = 0; number < 100; ++number) {
        few.make_room();
        if (number > 1) {
            const auto* first = few.all().data();
            few.add(std::make_unique<int>(number));
            EXPECT_EQ(few.all().data(), first);
        } else {
            few.add(std::make_unique<int>(number));
        }
    }
    EXPECT_EQ(few.all().size(), 100U);
    EXPECT_EQ(*few.last(), 99);
}

} // namespace
} // namespace kith::test
