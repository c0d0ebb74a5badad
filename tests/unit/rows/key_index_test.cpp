#include "rows/key_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <unordered_map>
#include <vector>

using kith::rows::IntegerIndex;

namespace {

using Keys = std::vector<std::int64_t>;

/// Inserts `keys` and compares each number with what a map says. Gives the distinct keys by their numbers.
Keys insert_all(IntegerIndex& index, const Keys& keys) {
    std::unordered_map<std::int64_t, std::uint32_t> expected;
    Keys distinct;
    for (const auto key : keys) {
        const auto [entry, is_new] = expected.try_emplace(key, static_cast<std::uint32_t>(expected.size()));
        if (is_new) distinct.push_back(key);
        EXPECT_EQ(index.insert(key), entry->second) << key;
    }
    EXPECT_EQ(index.size(), expected.size());
    for (const auto& [key, number] : expected) EXPECT_EQ(index.find(key), number) << key;
    return distinct;
}

/// Sorts, and checks that the new numbers lead to the same keys.
void expect_sorted(IntegerIndex& index, Keys distinct) {
    const auto before = distinct;
    const auto ranks = index.sort(distinct);
    ASSERT_EQ(ranks.size(), before.size());
    EXPECT_TRUE(std::ranges::is_sorted(distinct));
    for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_EQ(distinct[ranks[i]], before[i]);
        ASSERT_EQ(index.find(before[i]), ranks[i]);
        ASSERT_EQ(index.insert(before[i]), ranks[i]);
    }
}

Keys random_keys(std::size_t count, std::int64_t last, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Keys keys(count);
    for (auto& key : keys) key = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last)) + 1;
    return keys;
}

} // namespace

TEST(IntegerIndex, NumbersKeysInOrderOfAppearance) {
    IntegerIndex index;
    EXPECT_EQ(index.find(7), IntegerIndex::none);
    EXPECT_EQ(index.insert(7), 0U);
    EXPECT_EQ(index.insert(3), 1U);
    EXPECT_EQ(index.insert(7), 0U);
    EXPECT_EQ(index.find(3), 1U);
    EXPECT_EQ(index.find(4), IntegerIndex::none);
    EXPECT_EQ(index.find(-3), IntegerIndex::none);
    EXPECT_EQ(index.size(), 2U);
}

TEST(IntegerIndex, CloseKeys) {
    IntegerIndex index;
    expect_sorted(index, insert_all(index, random_keys(50'000, 20'000, 1)));
}

TEST(IntegerIndex, KeysThatAreFarFromEachOther) {
    const Keys extremes{std::numeric_limits<std::int64_t>::min(), -1, 0, 1, std::numeric_limits<std::int64_t>::max()};
    IntegerIndex index;
    auto keys = random_keys(20'000, std::numeric_limits<std::int64_t>::max(), 2);
    keys.insert(keys.end(), extremes.begin(), extremes.end());
    expect_sorted(index, insert_all(index, keys));
}

/// Keys are hashed while they are too few for the array to reach them, and taken over when it does.
TEST(IntegerIndex, KeysThatTheArrayReachesLater) {
    IntegerIndex index;
    Keys keys{90'000, 4'000, 89'999};
    for (std::int64_t key = 1; key <= 20'000; ++key) keys.push_back(key * 4);
    keys.push_back(90'000);
    expect_sorted(index, insert_all(index, keys));
}

/// One key far away keeps the others in the array, and does not make the index large.
TEST(IntegerIndex, AnOutlierAmongCloseKeys) {
    IntegerIndex index;
    Keys keys(100'000);
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::int64_t>(i * 7919 % keys.size());
    keys.push_back(std::int64_t{1} << 50);
    keys.push_back(-5);
    keys.push_back(std::int64_t{1} << 50);
    expect_sorted(index, insert_all(index, keys));
}

TEST(IntegerIndex, FewKeysThatBecomeMany) {
    for (const std::int64_t distance : {1, 1'000'000'000}) {
        IntegerIndex index;
        expect_sorted(index, insert_all(index, {90'000, -4, 7, 90'000, 3, -4}));
        for (std::uint32_t number = 4; number < 100; ++number) {
            EXPECT_EQ(index.insert(100'000 + number * distance), number);
            EXPECT_EQ(index.find(-4), 0U);
            EXPECT_EQ(index.insert(90'000), 3U);
        }
    }
}

TEST(IntegerIndex, NothingToSort) {
    IntegerIndex index;
    Keys none;
    EXPECT_TRUE(index.sort(none).empty());
    EXPECT_TRUE(none.empty());
}
