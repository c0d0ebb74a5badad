#include "prefetch/keys.hpp"
#include "unit/library.hpp"
#include "unit/prefetch/made_rows.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using prefetch::ParentKeys;
using rows::publish_row;

using Numbers = std::vector<std::int64_t>;

struct Collected {
    ParentKeys keys;
    std::vector<void*> without_key{};

    const Numbers& integers() const { return keys.keys()->columns()[0].integers; }
    const std::vector<Value>& values() const { return keys.keys()->columns()[0].values; }
    std::vector<void*> parents() const { return {keys.parents().begin(), keys.parents().end()}; }
    std::vector<std::uint32_t> ordinals() const {
        std::vector<std::uint32_t> ordinals;
        for (std::size_t i = 0; i < keys.parents().size(); ++i) ordinals.push_back(keys.ordinal(i));
        return ordinals;
    }
};

using Ordinals = std::vector<std::uint32_t>;

/// The keys by which `relation` leads from `parents` into `slot`.
template <class M>
Collected collect(std::string_view relation_name, const std::vector<void*>& parents, std::string_view slot = {}) {
    Collected found;
    found.keys = prefetch::collect_keys(relation<M>(relation_name), field<M>(slot.empty() ? relation_name : slot),
                                        parents, found.without_key);
    return found;
}

class CollectKeys : public testing::Test {
protected:
    MadeRows made_;
};

// ---- whole numbers

TEST_F(CollectKeys, InAscendingOrderAreTakenAsTheyCome) {
    const auto authors = made_.add<Author>("id", numbers({1, 2, 5}));
    const auto found = collect<Author>("books", authors);
    EXPECT_EQ(found.integers(), (Numbers{1, 2, 5}));
    EXPECT_TRUE(found.keys.one_to_one());
    EXPECT_EQ(found.parents(), authors);
    EXPECT_EQ(found.keys.parents().data(), authors.data()) << "nothing is copied";
}

TEST_F(CollectKeys, ThatAreEqualAreOneKey) {
    const auto books = made_.add<Book>("author", numbers({1, 1, 2, 2, 2, 3}));
    const auto found = collect<Book>("author", books);
    EXPECT_EQ(found.integers(), (Numbers{1, 2, 3}));
    EXPECT_EQ(found.ordinals(), (Ordinals{0, 0, 1, 1, 1, 2}));
    EXPECT_FALSE(found.keys.one_to_one());
}

TEST_F(CollectKeys, InAnyOrderAreSorted) {
    const auto books = made_.add<Book>("author", numbers({5, 2, 9, 2, 5, 1}));
    const auto found = collect<Book>("author", books);
    EXPECT_EQ(found.integers(), (Numbers{1, 2, 5, 9}));
    EXPECT_EQ(found.ordinals(), (Ordinals{2, 1, 3, 1, 2, 0}));
}

TEST_F(CollectKeys, InDescendingOrderKeepOneForEachParent) {
    const auto authors = made_.add<Author>("id", numbers({3, 2, 1}));
    const auto found = collect<Author>("books", authors);
    EXPECT_EQ(found.integers(), (Numbers{1, 2, 3}));
    EXPECT_EQ(found.ordinals(), (Ordinals{2, 1, 0}));
}

TEST_F(CollectKeys, MayBeNegativeOrZero) {
    const auto found = collect<Author>("books", made_.add<Author>("id", numbers({0, -1, 7})));
    EXPECT_EQ(found.integers(), (Numbers{-1, 0, 7}));
}

TEST_F(CollectKeys, OfManyParentsLeadBackToThem) {
    std::vector<Value> values;
    for (std::int64_t i = 0; i < 10'000; ++i) values.emplace_back(i * 7919 % 1000);
    const auto found = collect<Book>("author", made_.add<Book>("author", values));
    ASSERT_EQ(found.keys.size(), 1000U);
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(Value{found.integers()[found.keys.ordinal(i)]}, values[i]) << i;
    }
}

TEST_F(CollectKeys, OfNoParentsAreNone) {
    const auto found = collect<Book>("author", {});
    EXPECT_EQ(found.keys.size(), 0U);
    EXPECT_TRUE(found.parents().empty());
    EXPECT_TRUE(found.keys.are_all());
}

// ---- null keys

TEST_F(CollectKeys, ANullKeyIsLoadedAlready) {
    const auto authors = made_.add<Author>("mentor", {number(1), Value{}, number(2)});
    const auto found = collect<Author>("mentor", authors);
    EXPECT_EQ(found.parents(), (std::vector<void*>{authors[0], authors[2]}));
    EXPECT_TRUE(found.without_key.empty());
    EXPECT_TRUE(found.keys.are_all()) << "it leads to no row";
}

TEST_F(CollectKeys, ParentsWithANullKeyAreSetAsideForASlot) {
    const auto authors = made_.add<Author>("mentor", {Value{}, number(1), Value{}, number(2)});
    const auto found = collect<Author>("mentor", authors, "first_mentor");
    EXPECT_EQ(found.without_key, (std::vector<void*>{authors[0], authors[2]}));
    EXPECT_EQ(found.parents(), (std::vector<void*>{authors[1], authors[3]}));
    EXPECT_EQ(found.ordinals(), (Ordinals{0, 1}));
}

TEST_F(CollectKeys, ThatAreAllNullLeaveNoParent) {
    const auto authors = made_.add<Author>("mentor", {Value{}, Value{}});
    const auto found = collect<Author>("mentor", authors, "first_mentor");
    EXPECT_EQ(found.keys.size(), 0U);
    EXPECT_TRUE(found.parents().empty());
    EXPECT_EQ(found.without_key, authors);
}

// ---- members that are loaded

TEST_F(CollectKeys, PassesOverLoadedMembers) {
    const auto authors = made_.add<Author>("mentor", numbers({3, 4, 5}));
    publish_row(state<Author>(authors[1], "mentor"), authors[0]);
    const auto found = collect<Author>("mentor", authors);
    EXPECT_EQ(found.integers(), (Numbers{3, 5}));
    EXPECT_EQ(found.parents(), (std::vector<void*>{authors[0], authors[2]}));
    EXPECT_FALSE(found.keys.are_all()) << "lookups behind it must include the loaded row";
}

TEST_F(CollectKeys, PassesOverLoadedMembersAmongEqualKeys) {
    const auto authors = made_.add<Author>("mentor", numbers({3, 3, 4, 3}));
    publish_row(state<Author>(authors[0], "mentor"), authors[2]);
    const auto found = collect<Author>("mentor", authors);
    EXPECT_EQ(found.integers(), (Numbers{3, 4}));
    EXPECT_EQ(found.parents(), (std::vector<void*>{authors[1], authors[2], authors[3]}));
    EXPECT_EQ(found.ordinals(), (Ordinals{0, 1, 0}));
}

TEST_F(CollectKeys, DependOnTheSlotAndNotOnTheRelation) {
    const auto authors = made_.add<Author>("mentor", numbers({3, 4}));
    publish_row(state<Author>(authors[0], "mentor"), authors[1]);
    EXPECT_EQ(collect<Author>("mentor", authors, "first_mentor").parents(), authors);
}

// ---- other keys

TEST_F(CollectKeys, OfTextStayInTheOrderOfTheParents) {
    const auto countries = made_.add<Country>("code", texts({"no", "de", "no", "at"}));
    const auto found = collect<Country>("authors", countries);
    EXPECT_EQ(found.values(), texts({"no", "de", "at"}));
    EXPECT_EQ(found.ordinals(), (Ordinals{0, 1, 0, 2}));
}

TEST_F(CollectKeys, OfForeignKeysThatHoldText) {
    const auto authors = made_.add<Author>("country", {text("no"), Value{}, text("no")});
    const auto found = collect<Author>("country", authors);
    EXPECT_EQ(found.values(), texts({"no"}));
    EXPECT_EQ(found.parents(), (std::vector<void*>{authors[0], authors[2]}));
}

TEST_F(CollectKeys, OfSeveralColumnsAreTakenTogether) {
    const auto seats = made_.add<Seat>("row", numbers({1, 1, 2, 1}));
    for (std::size_t i = 0; i < seats.size(); ++i) {
        rows::write_value(seats[i], field<Seat>("number"), number(i == 3 ? 1 : static_cast<std::int64_t>(i) + 1));
    }
    const auto found = collect<Seat>("loans", seats); // (1, 1), (1, 2), (2, 3), (1, 1)
    EXPECT_EQ(found.keys.keys()->columns()[0].integers, (Numbers{1, 1, 2}));
    EXPECT_EQ(found.keys.keys()->columns()[1].integers, (Numbers{1, 2, 3}));
    EXPECT_EQ(found.ordinals(), (Ordinals{0, 1, 2, 0}));
}

TEST_F(CollectKeys, OfSeveralColumnsAreNullWhereOneIs) {
    const auto loans = made_.add<Loan>("seat_row", {number(1), number(2), Value{}});
    rows::write_value(loans[1], field<Loan>("seat_number"), number(7));
    const auto found = collect<Loan>("seat", loans);
    EXPECT_EQ(found.parents(), std::vector<void*>{loans[1]});
    EXPECT_EQ(found.without_key, (std::vector<void*>{loans[0], loans[2]}));
}

} // namespace
} // namespace kith::test
