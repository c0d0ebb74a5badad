#include "rows/page_table.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace {

using kith::rows::PageTable;

constexpr std::uintptr_t page = 4096;

const void* at(std::uintptr_t address) { return reinterpret_cast<const void*>(address); }

/// No memory lies there: the table never looks at what an address leads to.
constexpr std::uintptr_t nowhere = 0x7abc'0000'0000;

} // namespace

TEST(PageTable, HoldsThePagesThatWereAdded) {
    PageTable::add(at(nowhere + page), 3);
    EXPECT_FALSE(PageTable::holds(at(nowhere)));
    EXPECT_FALSE(PageTable::holds(at(nowhere + page - 1)));
    EXPECT_TRUE(PageTable::holds(at(nowhere + page)));
    EXPECT_TRUE(PageTable::holds(at(nowhere + 4 * page - 1)));
    EXPECT_FALSE(PageTable::holds(at(nowhere + 4 * page)));
    PageTable::remove(at(nowhere + page), 3);
    EXPECT_FALSE(PageTable::holds(at(nowhere + page)));
    EXPECT_FALSE(PageTable::holds(at(nowhere + 3 * page)));
}

TEST(PageTable, OfAnySizeAndPlace) {
    // Across words of 64 pages, leaves of 32,768 and what leads to them.
    for (const auto first :
         {nowhere + 60 * page, nowhere + 32'700 * page, nowhere + (std::uintptr_t{1} << 37) - page}) {
        for (const std::size_t count : {1U, 4U, 5U, 64U, 68U, 512U}) {
            PageTable::add(at(first), count);
            EXPECT_FALSE(PageTable::holds(at(first - 1)));
            for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(PageTable::holds(at(first + i * page))) << i;
            EXPECT_FALSE(PageTable::holds(at(first + count * page)));
            PageTable::remove(at(first), count);
            for (std::size_t i = 0; i < count; ++i) EXPECT_FALSE(PageTable::holds(at(first + i * page))) << i;
        }
    }
}

TEST(PageTable, IsChangedByManyThreads) {
    std::vector<std::jthread> threads;
    for (std::uintptr_t i = 0; i < 8; ++i) {
        threads.emplace_back([i] {
            const auto* mine = at(nowhere + (std::uintptr_t{1} << 40) + i * page); // all in one word
            for (int round = 0; round < 1000; ++round) {
                PageTable::add(mine, 1);
                EXPECT_TRUE(PageTable::holds(mine));
                PageTable::remove(mine, 1);
                EXPECT_FALSE(PageTable::holds(mine));
            }
        });
    }
}
