#include "base/bound.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

using namespace std::chrono_literals;
using kith::Limits;
using kith::base::Bound;
using kith::base::Bounds;

namespace {

std::shared_ptr<const Bounds> with(Bounds bounds) { return std::make_shared<const Bounds>(std::move(bounds)); }

std::string message_of(const Bound& bound) {
    try {
        bound.check("something was done");
    } catch (const kith::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST(Bounds, AddUp) {
    const auto day = with({.deadline = 24h, .limits = {.rows = 5, .bytes = 100}});
    const auto hour = with({.deadline = 1h, .limits = {.rows = 7, .statements = 3}});
    EXPECT_EQ(kith::base::both(day, nullptr), day);
    EXPECT_EQ(kith::base::both(nullptr, hour), hour);
    const auto both = kith::base::both(day, hour);
    EXPECT_EQ(both->deadline, 1h);
    EXPECT_EQ(both->limits, (Limits{.rows = 5, .bytes = 100, .statements = 3}));
    EXPECT_FALSE(Bounds{}.any());
    EXPECT_TRUE(both->any());
}

TEST(Bound, EndsAtItsDeadlineOrByAStop) {
    const Bound passed(with({.deadline = 0ms}), "count", "Person");
    EXPECT_TRUE(passed.over());
    EXPECT_EQ(passed.wait(1h), 0ms);
    EXPECT_NE(message_of(passed).find("count Person: the deadline of 0 ms passed while something was done"),
              std::string::npos)
        << message_of(passed);
    std::stop_source source;
    const Bound later(with({.deadline = 1h, .stops = {source.get_token()}}), "", "");
    EXPECT_FALSE(later.over());
    EXPECT_LE(later.wait(1h), 5ms); // a token cannot wake who waits
    source.request_stop();
    EXPECT_TRUE(later.over());
    EXPECT_TRUE(message_of(later).starts_with("cancelled by its stop_token")) << message_of(later);
    const Bound limited(with({.limits = {.rows = 1}}), "", "");
    EXPECT_FALSE(limited.can_end());
    EXPECT_FALSE(limited.over());
    // Beyond what a point in time can hold.
    EXPECT_FALSE(Bound(with({.deadline = std::chrono::milliseconds::max()}), "", "").over());
}

TEST(Bound, AnInnerCallKeepsTheEarlierEnd) {
    const auto bounds = with({.deadline = 0ms});
    const auto block = std::make_shared<Bound>(bounds, "atomic", "");
    const auto call = std::make_shared<Bound>(with({.deadline = 1h, .limits = {.rows = 1}}), "get", "City");
    const auto both = Bound::both(block, call);
    EXPECT_TRUE(both->over());
    EXPECT_TRUE(both->began_with(*bounds));
    EXPECT_EQ(both->most_rows(""), 1u);
    EXPECT_TRUE(message_of(*both).starts_with("atomic City: the deadline of 0 ms")) << message_of(*both);
    EXPECT_EQ(Bound::both(nullptr, call), call);
    EXPECT_EQ(Bound::both(block, nullptr), block);
}

TEST(Bound, TheLimitsOfBothHold) {
    const auto outer = std::make_shared<Bound>(with({.limits = {.related_rows = 3, .bytes = 100}}), "evaluate", "City");
    const auto inner = std::make_shared<Bound>(with({.limits = {.related_rows = 2, .statements = 1}}), "", "Person");
    const auto both = Bound::both(outer, inner);
    EXPECT_TRUE(both->counts_rows());
    EXPECT_TRUE(both->counts_bytes());
    EXPECT_EQ(both->most_rows("home"), 2u);
    EXPECT_EQ(both->most_rows(""), 0u);
    EXPECT_EQ(both->most_bytes(), 100u);
    both->add_statement("home");
    EXPECT_THROW(both->add_statement("home"), kith::LimitExceeded);
    outer->add_row("other", 0);
    both->add_row("home", 60);
    both->add_row("home", 40);
    EXPECT_THROW(outer->add_row("other", 0), kith::LimitExceeded) << "what the inner call loaded counts here";
    // Merged again, nothing is counted twice.
    const auto again = std::make_shared<Bound>(with({.limits = {.rows = 2}}), "", "");
    const auto merged = Bound::both(again, Bound::both(again, again));
    merged->add_row("", 0);
    merged->add_row("", 0);
    EXPECT_THROW(merged->add_row("", 0), kith::LimitExceeded);
}

TEST(Bound, WorkThatBeginsAgainIsCountedOnce) {
    Bound bound(with({.limits = {.rows = 2, .statements = 2}}), "", "");
    bound.add_statement("");
    auto counted = bound.counted();
    bound.add_statement("");
    bound.add_row("", 0);
    bound.add_row("", 0);
    bound.restore(std::move(counted));
    bound.add_statement("");
    bound.add_row("", 0);
    bound.add_row("", 0);
    EXPECT_THROW(bound.add_row("", 0), kith::LimitExceeded);
    EXPECT_THROW(bound.add_statement(""), kith::LimitExceeded);
}

TEST(Budget, CountsEachKindByItself) {
    kith::base::Budget budget({.rows = 1, .related_rows = 2, .bytes = 100, .statements = 2}, "Person");
    budget.add_statement({});
    budget.add_statement("home");
    EXPECT_THROW(budget.add_statement("home"), kith::LimitExceeded);
    budget.add_row({}, 10);
    EXPECT_THROW(budget.add_row({}, 0), kith::LimitExceeded);
    budget.add_row("home", 10);
    budget.add_row("home", 80);
    EXPECT_THROW(budget.add_row("home", 0), kith::LimitExceeded);
    kith::base::Budget bytes({.bytes = 10}, "");
    bytes.add_row("home", 10);
    EXPECT_THROW(bytes.add_row("home", 1), kith::LimitExceeded);
}
