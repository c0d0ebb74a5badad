#include "prefetch/schedule.hpp"
#include "query/lookups.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using prefetch::Schedule;
using query::LookupNode;

/// The schedule of one load. It never looks at rows, so none are fetched.
template <class M>
class Plan {
public:
    /// `fresh`: no other lookups lead to the rows.
    explicit Plan(const std::vector<detail::LookupSpec>& lookups, bool fresh = true) {
        for (const auto& lookup : lookups) {
            query::add_lookup(nodes_, model<M>(), lookup, query::LookupsFor::rows, nullptr);
        }
        schedule_.add(schedule_.end(), nodes_, parents_, nullptr, !fresh, nullptr);
    }

    /// The paths of the next round.
    Names next(bool together = true) {
        Names paths;
        for (const auto task : schedule_.next_round(together)) paths.push_back(task->node->path);
        return paths;
    }
    /// Loads `path`, so that the lookups behind it follow. `all_fetched`: nothing else leads to the rows behind it.
    void load(const std::string& path, bool all_fetched = true) {
        for (const auto task : schedule_.next_round(true)) {
            if (task->node->path != path) continue;
            const auto& node = *task->node;
            schedule_.add(task, node.children, parents_, nullptr, !all_fetched, &node);
            schedule_.remove(task);
            return;
        }
        ADD_FAILURE() << path << " has to wait";
    }
    bool is_done() const { return schedule_.empty(); }

private:
    int row_{0};
    std::vector<void*> parents_{&row_};
    std::vector<LookupNode> nodes_{};
    Schedule schedule_{};
};

std::shared_ptr<const Query> rows_with_authors() {
    const std::vector<std::string_view> paths{"author"};
    return query::with_selected(all<Book>(), paths);
}

// ---- one at a time

TEST(Schedule, OneAtATimeIsDepthFirst) {
    Plan<Author> plan({{.path = "books__genres"}, {.path = "country"}});
    EXPECT_EQ(plan.next(false), Names{"books"});
    plan.load("books");
    EXPECT_EQ(plan.next(false), Names{"books__genres"});
    plan.load("books__genres");
    EXPECT_EQ(plan.next(false), Names{"country"});
    plan.load("country");
    EXPECT_TRUE(plan.is_done());
}

TEST(Schedule, WithoutRowsThereIsNothingToLoad) {
    Schedule schedule;
    std::vector<LookupNode> nodes;
    query::add_lookup(nodes, model<Author>(), {.path = "books"}, query::LookupsFor::rows, nullptr);
    schedule.add(schedule.end(), nodes, {}, nullptr, false, nullptr);
    EXPECT_TRUE(schedule.empty());
}

// ---- together

TEST(Schedule, IndependentLookupsTravelTogether) {
    Plan<Author> plan({{.path = "books__genres"}, {.path = "country"}, {.path = "mentor"}});
    EXPECT_EQ(plan.next(), (Names{"books", "country", "mentor"}));
}

TEST(Schedule, ALevelDoesNotWaitForTheOthers) {
    Plan<Author> plan({{.path = "books__genres"}, {.path = "country"}});
    plan.load("books");
    EXPECT_EQ(plan.next(), (Names{"books__genres", "country"}));
}

TEST(Schedule, TheKeysOfAGenericForeignKeyTravelTogether) {
    EXPECT_EQ(Plan<Remark>({{.path = "about"}}).next(), (Names{"about", "about"}));
}

TEST(Schedule, ARelationAndItsSlotTravelTogether) {
    Plan<Author> plan({{.path = "books"}, {.path = "books", .to_attr = "early_books"}});
    EXPECT_EQ(plan.next(), (Names{"books", "early_books"}));
}

// ---- shared rows

TEST(Schedule, FreshRowsAreNotShared) {
    Plan<Author> plan({{.path = "mentor__books"}, {.path = "books"}});
    EXPECT_EQ(plan.next(), (Names{"mentor", "books"}));
}

TEST(Schedule, RowsOfTheCallerAreShared) {
    Plan<Author> plan({{.path = "mentor__books"}, {.path = "books"}}, /*fresh=*/false);
    EXPECT_EQ(plan.next(), Names{"mentor"}) << "a mentor may be one of the rows";
    plan.load("mentor", /*all_fetched=*/false);
    EXPECT_EQ(plan.next(), Names{"mentor__books"});
    plan.load("mentor__books");
    EXPECT_EQ(plan.next(), Names{"books"});
}

TEST(Schedule, TheFirstLookupDoesNotWait) {
    Plan<Author> plan({{.path = "books"}, {.path = "mentor__books"}}, /*fresh=*/false);
    EXPECT_EQ(plan.next(), (Names{"books", "mentor"}));
}

TEST(Schedule, LookupsIntoTheSameMemberOfSharedRowsGoOneByOne) {
    Plan<Author> plan({{.path = "mentor__books"}, {.path = "friends__books"}});
    plan.load("mentor", /*all_fetched=*/false);
    plan.load("friends", /*all_fetched=*/false);
    EXPECT_EQ(plan.next(), Names{"mentor__books"});
    plan.load("mentor__books");
    EXPECT_EQ(plan.next(), Names{"friends__books"});
}

TEST(Schedule, LookupsIntoRowsThatAreNotSharedTravelTogether) {
    Plan<Author> plan({{.path = "mentor__books"}, {.path = "friends__books"}});
    plan.load("mentor");
    plan.load("friends");
    EXPECT_EQ(plan.next(), (Names{"mentor__books", "friends__books"}));
}

// ---- rows that arrive with loaded members

TEST(Schedule, ALookupWaitsForChildrenThatLeadBack) {
    Plan<Author> plan({{.path = "books__author__country"}, {.path = "country"}});
    EXPECT_EQ(plan.next(), Names{"books"}) << "the authors of the books are the rows themselves";
}

TEST(Schedule, OtherLookupsDoNotWaitForChildrenThatLeadBack) {
    Plan<Author> plan({{.path = "books__author__country"}, {.path = "mentor"}});
    EXPECT_EQ(plan.next(), (Names{"books", "mentor"}));
}

TEST(Schedule, WhatAQuerysetJoinsMayLeadToSharedRows) {
    Plan<Genre> plan({{.path = "books", .queryset = rows_with_authors()},
                      {.path = "books__author__country"},
                      {.path = "books__author__mentor__country"}});
    plan.load("books");
    plan.load("books__author", /*all_fetched=*/false);
    EXPECT_EQ(plan.next(), (Names{"books__author__country", "books__author__mentor"}));
}

TEST(Schedule, RowsBehindAFilledSlotAreShared) {
    Plan<Author> plan({{.path = "early_books__author"}, {.path = "books"}});
    EXPECT_EQ(plan.next(), (Names{"early_books", "books"}));
    Plan<Author> same({{.path = "early_books__author__books"}, {.path = "books"}});
    EXPECT_EQ(same.next(), Names{"early_books"});
}

} // namespace
} // namespace kith::test
