#include "support/rows.hpp"
#include "support/travel.hpp"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <thread>

/// How long the pool keeps connections that nobody uses.

namespace pool_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

class Pool : public TravelTest {
protected:
    /// The number of the connection that a statement of this thread went to.
    static std::uint32_t connection_of(const kith::Database& db) {
        const kith::QueryLog log(db);
        EXPECT_EQ(db.objects<Province>().count(), 2);
        return log[0].connection;
    }
    static std::ptrdiff_t open_files() {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    }
    /// Keeps `count` connections open at the same time, by streams on as many threads, and gives all of them back.
    /// Gives how many files were open meanwhile.
    static std::ptrdiff_t use(const kith::Database& db, int count) {
        auto stream = db.objects<Province>().iterator({.chunk_size = 1});
        EXPECT_NE(stream.begin(), stream.end());
        std::ptrdiff_t files = open_files();
        if (count > 1) std::thread([&] { files = use(db, count - 1); }).join();
        return files;
    }
};

} // namespace

TEST_F(Pool, KeepsConnectionsThatAreUsedAgain) {
    const auto db = kith::connect(folder_.url());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(connection_of(db), 1u);
}

TEST_F(Pool, ClosesWhatWasIdleTooLong) {
    const auto db = kith::connect(folder_.url("test.db", "max_idle=50"));
    const auto before = connection_of(db);
    std::this_thread::sleep_for(60ms);
    EXPECT_GT(connection_of(db), before);
}

TEST_F(Pool, ClosesTheIdleOnesOfOtherThreadsToo) {
    const auto db = kith::connect(folder_.url("test.db", "pool_size=4&max_idle=50"));
    const auto files = use(db, 4);
    std::this_thread::sleep_for(60ms);
    EXPECT_GE(connection_of(db), 5u) << "the four were closed, and one opened";
    EXPECT_LE(open_files() + 3, files);
}

TEST_F(Pool, ClosesWhatIsOpenTooLong) {
    const auto db = kith::connect(folder_.url("test.db", "max_lifetime=60&max_idle=0"));
    const auto first = connection_of(db);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (connection_of(db) == first && std::chrono::steady_clock::now() < end) {}
    EXPECT_GT(connection_of(db), first) << "although it was never idle";
}

TEST_F(Pool, ClosesNoConnectionThatIsInUse) {
    const auto db = kith::connect(folder_.url("test.db", "max_lifetime=1&max_idle=1"));
    std::uint32_t inside = 0;
    db.atomic([&] {
        inside = connection_of(db);
        std::this_thread::sleep_for(5ms);
        EXPECT_EQ(connection_of(db), inside);
    });
    EXPECT_NE(connection_of(db), inside);
}

TEST_F(Pool, KeepsAllWhereTheTimesAreNone) {
    const auto db = kith::connect(folder_.url("test.db", "max_lifetime=0&max_idle=0"));
    EXPECT_EQ(connection_of(db), 1u);
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(connection_of(db), 1u);
}

TEST(PoolOfSqlite, NeverClosesADatabaseInMemory) {
    const auto db = kith::connect("sqlite::memory:?max_lifetime=1&max_idle=1");
    db.create_tables<Province, City, Person>();
    db.objects<Province>().create({.name = "kept"});
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(db.objects<Province>().count(), 1);
}

TEST_F(Pool, OptionsOfItAreRead) {
    const auto db = kith::connect(folder_.url("test.db", "max_lifetime=123&max_idle=45"));
    EXPECT_EQ(db.options().max_lifetime, 123ms);
    EXPECT_EQ(db.options().max_idle, 45ms);
    EXPECT_EQ(kith::connect(folder_.url(), {.max_idle = -1ms}).options().max_idle, 0ms);
    EXPECT_THROW((void)kith::connect(folder_.url("test.db", "max_idle=-1")), kith::ValueError);
}

TEST_F(Pool, OnlyPostgresqlHasPoolersThatShare) {
    if (backend() == Backend::postgresql) GTEST_SKIP() << "tested with a pooler";
    const auto message =
        message_of<kith::ValueError>([&] { (void)kith::connect(folder_.url("test.db", "pooling=transaction")); });
    expect_parts(message, {"pooling=transaction", "PostgreSQL"});
    EXPECT_EQ(kith::connect(folder_.url("test.db", "pooling=session")).options().pooling, kith::Pooling::session);
}

} // namespace pool_test
