#include "unit/database_support.hpp"

#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kith::test {
namespace {

using connection::Session;
using detail::ColumnType;
using detail::Value;

TEST(QueryLog, RecordsStatementsWithParametersAndRows) {
    const WithTable t;
    const QueryLog log(t.db);
    execute(t.db, "INSERT INTO t VALUES (?1), (?2)", {Value(std::int64_t{1}), Value()});
    {
        Session session(t.db);
        const auto cursor =
            session.query({.text = "SELECT x FROM t WHERE x IS NOT ?1", .binds = {Value(std::string("zhang"))}},
                          "visitation__province");
        EXPECT_EQ(log.size(), 1U); // told at their ends
        while (cursor->next()) {}
    }
    ASSERT_EQ(log.size(), 2U);
    EXPECT_EQ(log[0].sql, "INSERT INTO t VALUES (?1), (?2)");
    EXPECT_EQ(log[0].parameters, (std::vector<std::string>{"1", "NULL"}));
    EXPECT_EQ(log[0].rows, 2U);
    EXPECT_EQ(log[0].lookup, "");
    EXPECT_EQ(log[1].parameters, (std::vector<std::string>{"'zhang'"}));
    EXPECT_EQ(log[1].rows, 2U);
    EXPECT_EQ(log[1].lookup, "visitation__province");
    EXPECT_GT(log[1].duration.count(), 0);
    KITH_EXPECT_ERROR(log[2], ValueError, "the log has 2");
}

TEST(QueryLog, ShowsKeySetsShortened) {
    const Database db = connect("sqlite::memory:");
    const QueryLog log(db);
    const auto ask = [&](std::size_t count) {
        const ColumnType types[] = {ColumnType::int64, ColumnType::text};
        auto keys = std::make_shared<sql::KeySet>(std::span(types).first(count == 2 ? 2 : 1));
        keys->column(0).integers.resize(count);
        std::iota(keys->column(0).integers.begin(), keys->column(0).integers.end(), 1);
        if (count == 2) keys->column(1).values.assign(2, std::string("a"));
        Session session(db);
        const auto cursor = session.query(
            {.text = "SELECT * FROM kith_keys(?1)", .binds = {std::shared_ptr<const sql::KeySet>(std::move(keys))}});
        EXPECT_EQ(cursor->next(), count > 0);
    };
    for (const std::size_t count : {0U, 1U, 2U, 3U, 9U}) ask(count);
    std::vector<std::string> shown;
    for (const auto& entry : log.entries()) shown.push_back(entry.parameters.at(0));
    EXPECT_EQ(shown, (std::vector<std::string>{"<0 keys>", "<1 key: 1>", "<2 keys: (1, 'a'), (2, 'a')>",
                                               "<3 keys: 1, 2, 3>", "<9 keys: 1, 2, 3, 4, 5, 6, 7, 8, …>"}));
}

TEST(QueryLog, RecordsFailuresAndStreamsThatWereNotReadToTheirEnd) {
    const WithTable t;
    std::vector<bool> failed;
    const auto token = t.db.on_query([&](const QueryEvent& event) { failed.push_back(event.failed); });
    const QueryLog log(t.db);
    EXPECT_THROW(execute(t.db, "nonsense"), DatabaseError);
    EXPECT_THROW(integer(t.db, "nonsense"), DatabaseError);
    EXPECT_THROW(integer(t.db, "SELECT abs(-9223372036854775807 - 1)"), DatabaseError);
    EXPECT_EQ(integer(t.db, "SELECT 1 UNION ALL SELECT 2"), 1);
    EXPECT_EQ(failed, (std::vector<bool>{true, true, true, false}));
    EXPECT_EQ(log.size(), 4U);
    EXPECT_EQ(log[3].rows, 1U);
}

TEST(QueryLog, KeepsTransactionControlApart) {
    const WithTable t;
    QueryLog log(t.db);
    t.db.atomic([&] { t.add(1); });
    EXPECT_EQ(log.size(), 1U);
    EXPECT_EQ(log.transaction_control(), (std::vector<std::string>{"BEGIN IMMEDIATE", "COMMIT"}));
    log.clear();
    EXPECT_EQ(log.size(), 0U);
    EXPECT_TRUE(log.transaction_control().empty());
}

TEST(QueryLog, RecordsWhileItLives) {
    const WithTable t;
    std::optional<QueryLog> first(std::in_place, t.db);
    const QueryLog second(t.db);
    t.add(1);
    EXPECT_EQ(first->size(), 1U);
    first.reset();
    t.add(2);
    EXPECT_EQ(second.size(), 2U);
}

TEST(QueryLog, MayOutliveItsDatabase) {
    std::optional<WithTable> t(std::in_place);
    const QueryLog log(t->db);
    t->add(1);
    t.reset();
    EXPECT_EQ(log.size(), 1U);
}

TEST(OnQuery, RunsOnTheThreadOfTheStatement) {
    const WithTable t;
    std::thread::id seen;
    const auto token = t.db.on_query([&](const QueryEvent&) { seen = std::this_thread::get_id(); });
    std::thread other([&] { t.add(1); });
    const auto id = other.get_id();
    other.join();
    EXPECT_EQ(seen, id);
}

TEST(OnQuery, MayAskTheDatabaseAndThrow) {
    const WithTable t;
    int calls = 0;
    const auto token = t.db.on_query([&](const QueryEvent&) {
        ++calls;
        EXPECT_EQ(t.rows(), 1);
        throw std::runtime_error("an observer's own trouble");
    });
    t.add(1);
    EXPECT_EQ(calls, 1);
}

TEST(OnQuery, MayEndItself) {
    const WithTable t;
    std::shared_ptr<void> token;
    int calls = 0;
    token = t.db.on_query([&](const QueryEvent&) {
        ++calls;
        token.reset();
    });
    t.add(1);
    t.add(2);
    EXPECT_EQ(calls, 1);
    EXPECT_THROW(static_cast<void>(t.db.on_query(nullptr)), ValueError);
}

} // namespace
} // namespace kith::test
