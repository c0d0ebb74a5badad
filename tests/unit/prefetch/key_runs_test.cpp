#include "prefetch/key_runs.hpp"
#include "sql/statement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

using kith::prefetch::runs_of;
using kith::sql::KeyRun;

namespace {

using Keys = std::vector<std::int64_t>;

bool operator==(const KeyRun& a, const KeyRun& b) { return a.first == b.first && a.last == b.last; }

testing::AssertionResult are(const std::vector<KeyRun>& runs, const std::vector<KeyRun>& expected) {
    if (std::ranges::equal(runs, expected, [](const auto& a, const auto& b) { return a == b; })) {
        return testing::AssertionSuccess();
    }
    auto failure = testing::AssertionFailure();
    for (const auto& run : runs) failure << " " << run.first << ".." << run.last;
    return failure;
}

} // namespace

TEST(KeyRuns, AreConsecutiveIntegers) {
    EXPECT_TRUE(are(runs_of(Keys{5}, 1, 0), {{5, 5}}));
    EXPECT_TRUE(are(runs_of(Keys{-1, 0, 1, 2}, 1, 0), {{-1, 2}}));
    EXPECT_TRUE(are(runs_of(Keys{1, 2, 4, 5, 9}, 3, 0), {{1, 2}, {4, 5}, {9, 9}}));
    EXPECT_TRUE(are(runs_of(Keys{1, 2, 4, 5, 9}, 2, 0), {})) << "too many";
}

TEST(KeyRuns, WithoutHolesReplaceTheKeys) {
    const auto type = kith::detail::ColumnType::int64;
    kith::sql::KeySet keys(std::span(&type, 1));
    for (const auto key : {3, 4, 5, 9}) keys.add(kith::detail::Value(std::int64_t{key}));
    auto with_holes = keys;
    with_holes.send_as({{3, 9}});
    EXPECT_TRUE(with_holes.has_holes());
    EXPECT_EQ(with_holes.columns().front().integers, (Keys{3, 4, 5, 9}));
    keys.send_as({{3, 5}, {9, 9}});
    EXPECT_FALSE(keys.has_holes());
    EXPECT_EQ(keys.size(), 4U);
    EXPECT_EQ(keys.columns().front().integers.capacity(), 0U) << "and their memory is free";
}

TEST(KeyRuns, FillTheirNarrowestGaps) {
    EXPECT_TRUE(are(runs_of(Keys{1, 2, 4, 5, 9}, 2, 1), {{1, 5}, {9, 9}}));
    EXPECT_TRUE(are(runs_of(Keys{1, 2, 4, 5, 9}, 8, 4), {{1, 9}})) << "not more than necessary";
    EXPECT_TRUE(are(runs_of(Keys{1, 2, 4, 5, 9}, 1, 3), {}));
    EXPECT_TRUE(are(runs_of(Keys{1, 3, 5, 7}, 3, 2), {{1, 1}, {3, 7}})) << "of gaps that are equal, the first parts";
}

TEST(KeyRuns, ReachTheEndsOfTheIntegers) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(are(runs_of(Keys{least, least + 1, most - 1, most}, 2, 0), {{least, least + 1}, {most - 1, most}}));
    EXPECT_TRUE(are(runs_of(Keys{least, most}, 1, 1000), {}));
}

TEST(KeyRuns, OfRandomKeysContainEachAndNoMoreThanAllowed) {
    std::mt19937_64 random(20);
    for (int round = 0; round < 20'000; ++round) {
        Keys keys{static_cast<std::int64_t>(random() % 50) - 25};
        const auto count = 1 + random() % 40;
        while (keys.size() < count) {
            keys.push_back(keys.back() + 1 + static_cast<std::int64_t>(random() % 4 == 0 ? random() % 5 : 0));
        }
        const auto most = 1 + random() % 8;
        const auto holes = random() % 6;
        std::vector<std::int64_t> gaps;
        for (std::size_t i = 1; i < keys.size(); ++i) gaps.push_back(keys[i] - keys[i - 1] - 1);
        std::ranges::sort(gaps);
        std::size_t fewest =
            1 + static_cast<std::size_t>(gaps.size() - static_cast<std::size_t>(std::ranges::count(gaps, 0)));
        std::int64_t left = static_cast<std::int64_t>(holes);
        for (const auto gap : gaps) {
            left -= gap;
            if (gap != 0 && left >= 0) --fewest;
        }

        const auto runs = runs_of(keys, most, holes);
        ASSERT_EQ(runs.empty(), fewest > most);
        if (runs.empty()) continue;
        ASSERT_EQ(runs.size(), fewest);
        std::size_t numbers = 0;
        std::size_t found = 0;
        for (const auto& run : runs) {
            numbers += static_cast<std::size_t>(run.last - run.first + 1);
            found += static_cast<std::size_t>(
                std::ranges::count_if(keys, [&](auto key) { return run.first <= key && key <= run.last; }));
            ASSERT_TRUE(std::ranges::binary_search(keys, run.first));
            ASSERT_TRUE(std::ranges::binary_search(keys, run.last));
        }
        ASSERT_EQ(found, keys.size());
        ASSERT_LE(numbers - keys.size(), holes);
    }
}
