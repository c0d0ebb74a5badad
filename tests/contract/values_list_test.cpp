#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace values_list_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

class ValuesLists : public TravelTest {};

} // namespace

TEST_F(ValuesLists, OneNameGivesPlainValues) {
    EXPECT_EQ(objects<Person>().values_list<"firstname">(), (Texts{"San", "Si", "Wu", "Si"}));
    EXPECT_EQ(objects<Person>().values_list<"pk">(), (Keys{1, 2, 3, 4}));
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(ValuesLists, SeveralNamesGiveTuples) {
    const auto values =
        objects<Person>().filter("id__lte"_f = 2).values_list<"id", "lastname", "hometown__province__name">();
    static_assert(std::same_as<decltype(values)::value_type, std::tuple<std::int64_t, std::string, std::string>>);
    using Row = decltype(values)::value_type;
    EXPECT_EQ(values, (std::vector<Row>{{1, "Zhang", "Hubei Province"}, {2, "Li", "Guangdong Province"}}));
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(ValuesLists, WhatCanBeNullIsOptional) {
    const auto values = objects<Person>().values_list<"living_id", "living__name">();
    using Row = std::tuple<std::optional<std::int64_t>, std::optional<std::string>>;
    static_assert(std::same_as<decltype(values)::value_type, Row>);
    EXPECT_EQ(values[0], (Row{1, "Wuhan City"}));
    EXPECT_EQ(values[3], (Row{std::nullopt, std::nullopt}));
}

TEST_F(ValuesLists, RawKeysNeedNoJoin) {
    EXPECT_EQ(objects<Person>().values_list<"hometown_id">(), (Keys{3, 2, 1, 2}));
    EXPECT_EQ(objects<Person>().values_list<"hometown__id">(), (Keys{3, 2, 1, 2}));
    EXPECT_EQ(log_[0].sql.find("JOIN"), std::string::npos) << log_[0].sql;
    EXPECT_EQ(log_[1].sql.find("JOIN"), std::string::npos) << log_[1].sql;
}

TEST_F(ValuesLists, ValuesAcrossASetGiveOneRowForEachMember) {
    using Row = std::tuple<std::int64_t, std::optional<std::string>>;
    auto values = objects<Person>().values_list<"id", "visitation__name">();
    std::ranges::sort(values);
    EXPECT_EQ(values, (std::vector<Row>{{1, "Guangzhou City"},
                                        {1, "Shiyan City"},
                                        {1, "Wuhan City"},
                                        {2, "Wuhan City"},
                                        {3, "Guangzhou City"},
                                        {4, std::nullopt}}));
}

TEST_F(ValuesLists, ValuesLoadNoLookupsAndIgnoreTheCache) {
    const auto people = objects<Person>().prefetch_related("visitation");
    (void)people.size();
    log_.clear();
    EXPECT_EQ(people.values_list<"id">().size(), 4u);
    EXPECT_EQ(log_.size(), 1u);
}

} // namespace values_list_test
