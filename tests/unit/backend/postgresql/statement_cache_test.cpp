#include "backend/postgresql/statement_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::backend::postgresql {
namespace {

using Names = std::vector<std::string>;

/// The entry of a statement that runs for the second time, prepared.
StatementCache::Entry& prepared(StatementCache& cache, const sql::Statement& statement) {
    const Parameters parameters(statement);
    (void)cache.find(statement.text, parameters);
    auto& entry = *cache.find(statement.text, parameters);
    cache.name(entry);
    return entry;
}

/// Dropping them may be interrupted, and is tried again then.
TEST(PostgresqlStatements, AreToBeDroppedUntilTheyAre) {
    StatementCache cache("k", 2);
    const auto first = prepared(cache, {.text = "SELECT 1"}).name;
    const auto second = prepared(cache, {.text = "SELECT 2"}).name;
    EXPECT_EQ(cache.dropped(), Names{});
    prepared(cache, {.text = "SELECT 3"}); // the least recently used goes
    EXPECT_EQ(cache.dropped(), Names{first});
    EXPECT_EQ(cache.dropped(), Names{first}) << "asking forgets nothing";
    cache.forget_all();
    EXPECT_EQ(cache.dropped().size(), 3U);
    cache.was_not_prepared(second);
    EXPECT_EQ(cache.dropped().size(), 2U);
    cache.forget_dropped();
    EXPECT_EQ(cache.dropped(), Names{});
}

} // namespace
} // namespace kith::backend::postgresql
