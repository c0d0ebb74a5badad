#include "inspect/schema.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::test {
namespace {

using inspect::Relation;

backend::CatalogTable table(const std::string& name, const std::vector<std::string>& columns,
                            const std::vector<std::pair<std::string, std::string>>& foreign_keys = {}) {
    backend::CatalogTable table{.name = name, .primary_key = {columns.front()}};
    for (const auto& column : columns) {
        table.columns.push_back({.name = column, .type = detail::ColumnType::int64, .certain = true});
    }
    for (const auto& [column, target] : foreign_keys) {
        table.foreign_keys.push_back({.columns = {column}, .target = target, .target_columns = {"id"}});
    }
    return table;
}

std::vector<std::string> relations(const inspect::Schema& schema, std::string_view name) {
    std::vector<std::string> names;
    for (const auto& relation : schema.table(name).relations) names.push_back(relation.name + ">" + relation.target);
    return names;
}

using Names = std::vector<std::string>;

TEST(RelationNames, OfForeignKeys) {
    const auto schema = inspect::name_relations(
        {.tables = {table("author", {"id"}), table("book", {"id", "author_id", "name"}, {{"author_id", "author"}}),
                    table("note", {"id", "author"}, {{"author", "author"}})}});
    EXPECT_EQ(relations(schema, "book"), Names{"author>author"});
    EXPECT_EQ(relations(schema, "note"), Names{"author>author"});
    EXPECT_EQ(relations(schema, "author"), (Names{"book_set>book", "note_set>note"}));
    EXPECT_EQ(schema.table("book").relations[0].inverse, "book_set");
}

TEST(RelationNames, OfOneToOnes) {
    auto by_key = table("profile", {"person_id", "bio"}, {{"person_id", "person"}});
    auto by_index = table("locker", {"id", "owner_id", "deputy_id"}, {{"owner_id", "person"}, {"deputy_id", "person"}});
    by_index.unique = {{"owner_id"}, {"deputy_id", "id"}};
    const auto taken = table("person", {"id", "profile"});
    const auto schema = inspect::name_relations({.tables = {by_index, taken, by_key}});
    EXPECT_EQ(relations(schema, "person"),
              (Names{"locker_by_owner_id>locker", "locker_set_by_deputy_id>locker", "profile_2>profile"}));
    EXPECT_TRUE(schema.table("profile").relations[0].is_one_to_one);
    EXPECT_TRUE(schema.table("person").find_relation("profile_2")->is_to_one());
    EXPECT_FALSE(schema.table("person").find_relation("locker_set_by_deputy_id")->is_to_one());
}

TEST(RelationNames, OfTablesWithTwoKeysOfWhichOneIsUnique) {
    auto link = table("b_things", {"a_id", "b_id"}, {{"a_id", "a"}, {"b_id", "b"}}); // the first is the primary key
    const auto schema = inspect::name_relations({.tables = {table("a", {"id"}), table("b", {"id"}), link}});
    EXPECT_FALSE(schema.table("b_things").is_link);
    EXPECT_EQ(relations(schema, "a"), Names{"b_things>b_things"});
    EXPECT_EQ(relations(schema, "b"), Names{"b_things_set>b_things"});
}

TEST(RelationNames, OfSeveralForeignKeysToOneTable) {
    const auto schema = inspect::name_relations(
        {.tables = {table("city", {"id"}), table("person", {"id", "hometown_id", "living_id", "x"},
                                                 {{"hometown_id", "city"}, {"living_id", "city"}})}});
    EXPECT_EQ(relations(schema, "person"), (Names{"hometown>city", "living>city"}));
    EXPECT_EQ(relations(schema, "city"), (Names{"person_set_by_hometown_id>person", "person_set_by_living_id>person"}));
}

TEST(RelationNames, OfManyToManys) {
    const auto link = [](const std::string& name, const std::vector<std::string>& columns) {
        auto pairs = table(name, columns, {{columns[columns.size() - 2], "a"}, {columns.back(), "c"}});
        if (columns.size() == 2) pairs.primary_key = columns;
        return inspect::name_relations(
            {.tables = {table("a", {"id"}), table("a_b", {"id"}), table("c", {"id"}), pairs}});
    };
    auto named = link("a_visits", {"id", "a_id", "c_id"});
    EXPECT_EQ(relations(named, "a"), (Names{"a_visits_set>a_visits", "visits>c"}));
    EXPECT_EQ(relations(named, "c"), (Names{"a_visits_set>a_visits", "a_set>a"}));
    EXPECT_TRUE(named.table("a_visits").is_link);
    auto from_second = link("c_things", {"a_id", "c_id"});
    EXPECT_EQ(relations(from_second, "c"), (Names{"c_things_set>c_things", "things>a"}));
    EXPECT_EQ(relations(from_second, "a"), (Names{"c_things_set>c_things", "c_set>c"}));
    auto unnamed = link("pairs", {"a_id", "c_id"});
    EXPECT_EQ(relations(unnamed, "a"), (Names{"pairs_set>pairs", "c>c"}));
    EXPECT_EQ(relations(unnamed, "c"), (Names{"pairs_set>pairs", "a_set>a"}));
    auto more = link("a_more", {"id", "since", "a_id", "c_id"});
    EXPECT_FALSE(more.table("a_more").is_link) << "a column of its own makes it a table like others";
}

TEST(RelationNames, ThatAreTaken) {
    const auto schema =
        inspect::name_relations({.tables = {table("author", {"id", "book_set"}),
                                            table("book", {"id", "author", "author_id"}, {{"author_id", "author"}})}});
    EXPECT_EQ(relations(schema, "book"), Names{"author_id>author"}) << "author is a column";
    EXPECT_EQ(relations(schema, "author"), Names{"book_set_2>book"});
}

TEST(RelationNames, OfForeignKeysOfSeveralColumns) {
    auto seat = table("seat", {"hall_id", "place"}, {{"hall_id", "hall"}});
    seat.primary_key = {"hall_id", "place"};
    auto ticket = table("ticket", {"id", "hall_id", "place"}, {{"hall_id", "hall"}});
    ticket.foreign_keys.push_back(
        {.columns = {"hall_id", "place"}, .target = "seat", .target_columns = {"hall_id", "place"}});
    auto swap = table("swap", {"id", "a", "b", "c", "d"});
    swap.foreign_keys = {{.columns = {"a", "b"}, .target = "seat", .target_columns = {"hall_id", "place"}},
                         {.columns = {"c", "d"}, .target = "seat", .target_columns = {"hall_id", "place"}}};
    const auto schema = inspect::name_relations({.tables = {table("hall", {"id"}), seat, swap, ticket}});
    EXPECT_EQ(relations(schema, "ticket"), (Names{"hall>hall", "seat>seat"}));
    EXPECT_EQ(relations(schema, "swap"), (Names{"seat_by_a_b>seat", "seat_by_c_d>seat"}));
    EXPECT_EQ(relations(schema, "seat"),
              (Names{"hall>hall", "swap_set_by_a_b>swap", "swap_set_by_c_d>swap", "ticket_set>ticket"}));
    const auto& back = *schema.table("seat").find_relation("ticket_set");
    EXPECT_EQ(back.columns, (Names{"hall_id", "place"}));
    EXPECT_EQ(back.inverse, "seat");
    EXPECT_FALSE(schema.table("ticket").is_link);
}

TEST(RelationNames, WhatCannotBeFollowed) {
    auto lines = table("line", {"id", "a", "b", "lost"}, {{"lost", "nowhere"}});
    lines.foreign_keys.push_back({.columns = {"a", "b"}, .target = "line", .target_columns = {"id"}});
    const auto schema = inspect::name_relations({.tables = {lines}});
    EXPECT_TRUE(schema.table("line").relations.empty());
    ASSERT_EQ(schema.table("line").notes.size(), 2u);
    EXPECT_NE(schema.table("line").notes[0].find("there is no table nowhere"), std::string::npos);
    EXPECT_NE(schema.table("line").notes[1].find("line has no primary key of 2 columns"), std::string::npos);
}

} // namespace
} // namespace kith::test
