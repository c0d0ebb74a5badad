#include "backend/postgresql/waiting_control.hpp"
#include "unit/query/queries.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::test {
namespace {

using backend::postgresql::WaitingControl;

/// Control inside a transaction, one text after the other.
class Waiting {
public:
    /// Whether it waits, or has no effect.
    bool accept(const std::string& text) { return waiting_.accept(text, true); }
    Names take() { return waiting_.take(); }

private:
    WaitingControl waiting_;
};

TEST(WaitingControl, BeginWaitsForAStatement) {
    WaitingControl waiting;
    EXPECT_FALSE(waiting.begins());
    EXPECT_TRUE(waiting.accept("BEGIN ISOLATION LEVEL REPEATABLE READ", false));
    EXPECT_TRUE(waiting.begins());
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_1", true));
    EXPECT_EQ(waiting.take(), (Names{"BEGIN ISOLATION LEVEL REPEATABLE READ", "SAVEPOINT kith_1"}));
    EXPECT_FALSE(waiting.begins());
    EXPECT_FALSE(waiting.accept("SET x TO y", false)) << "outside of a transaction nothing else waits";
    EXPECT_FALSE(waiting.accept("SAVEPOINT kith_1", false));
}

TEST(WaitingControl, ATransactionInWhichNothingRanIsNeverSent) {
    for (const auto* end : {"COMMIT", "ROLLBACK"}) {
        WaitingControl waiting;
        EXPECT_TRUE(waiting.accept("BEGIN", false));
        EXPECT_TRUE(waiting.accept("SAVEPOINT kith_1", true));
        EXPECT_TRUE(waiting.accept(end, true));
        EXPECT_EQ(waiting.take(), Names());
    }
}

TEST(WaitingControl, ASavepointInWhichNothingRanIsNeverSent) {
    Waiting waiting;
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_1"));
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_2"));
    EXPECT_TRUE(waiting.accept("RELEASE SAVEPOINT kith_2"));
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_2"));
    EXPECT_TRUE(waiting.accept("ROLLBACK TO SAVEPOINT kith_2")) << "there is nothing to undo";
    EXPECT_TRUE(waiting.accept("RELEASE SAVEPOINT kith_2"));
    EXPECT_EQ(waiting.take(), Names{"SAVEPOINT kith_1"});
}

TEST(WaitingControl, ReleaseTravelsWithWhatFollows) {
    Waiting waiting;
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_1"));
    (void)waiting.take();
    EXPECT_TRUE(waiting.accept("RELEASE SAVEPOINT kith_1"));
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_2"));
    EXPECT_EQ(waiting.take(), (Names{"RELEASE SAVEPOINT kith_1", "SAVEPOINT kith_2"}));
    EXPECT_TRUE(waiting.accept("RELEASE SAVEPOINT kith_2"));
    EXPECT_FALSE(waiting.accept("COMMIT")) << "which releases it too";
    EXPECT_EQ(waiting.take(), Names());
}

TEST(WaitingControl, ARollbackUndoesWhatWasSent) {
    Waiting waiting;
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_1"));
    EXPECT_TRUE(waiting.accept("SAVEPOINT kith_2"));
    (void)waiting.take();
    EXPECT_TRUE(waiting.accept("RELEASE SAVEPOINT kith_2"));
    EXPECT_FALSE(waiting.accept("ROLLBACK TO SAVEPOINT kith_1"));
    EXPECT_EQ(waiting.take(), Names()) << "the inner one is gone with it";
    EXPECT_FALSE(waiting.accept("ROLLBACK"));
    EXPECT_FALSE(waiting.accept("SET LOCAL transaction_read_only TO on"));
}

} // namespace
} // namespace kith::test
