#include "connection/session.hpp"
#include "support/test_database.hpp"

#include <kith/database.hpp>
#include <kith/query_log.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace kith::test {
namespace {

using connection::Session;

constexpr int threads = 6;
constexpr int rounds = 40;

void execute(const Database& db, std::string text) { Session(db).execute({.text = std::move(text)}); }

std::int64_t integer(const Database& db, std::string text) {
    Session session(db);
    const auto cursor = session.query({.text = std::move(text)});
    return cursor->next() ? cursor->integer(0) : -1;
}

/// Runs `work(thread)` on all threads at once.
void together(const std::function<void(int)>& work) {
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back(work, i);
    for (auto& thread : running) thread.join();
}

struct Counter {
    travel::TemporaryFolder folder{};
    Database db;

    explicit Counter(const std::string& url) : db(connect(url)) { create(); }
    Counter() : db(connect(folder.url("test.db", "pool_size=3"))) { create(); }

    void create() const {
        execute(db, "CREATE TABLE counter(n INTEGER)");
        execute(db, "INSERT INTO counter VALUES (0)");
    }
    std::int64_t value() const { return integer(db, "SELECT n FROM counter"); }
    /// Reads, then writes what it read plus one: loses counts where two overlap.
    void raise() const {
        db.atomic([&] {
            const auto before =
                integer(db, travel::on_sqlite() ? "SELECT n FROM counter" : "SELECT n FROM counter FOR UPDATE");
            execute(db, "UPDATE counter SET n = " + std::to_string(before + 1));
        });
    }
};

TEST(Pool, TransactionsOfManyThreadsDoNotOverlap) {
    const Counter counter;
    together([&](int) {
        for (int i = 0; i < rounds; ++i) counter.raise();
    });
    EXPECT_EQ(counter.value(), threads * rounds);
}

TEST(SqlitePool, OneConnectionInMemoryServesAllThreads) {
    const Counter counter("sqlite::memory:");
    together([&](int) {
        for (int i = 0; i < rounds; ++i) counter.raise();
    });
    EXPECT_EQ(counter.value(), threads * rounds);
}

TEST(Pool, AHandleServesAllThreadsInOneTransaction) {
    const Counter counter;
    counter.db.atomic([&](Database& tx) {
        together([&](int thread) {
            for (int i = 0; i < rounds; ++i) {
                if (thread % 2 == 0) {
                    execute(tx, "UPDATE counter SET n = n + 1");
                } else {
                    tx.atomic([&](Database& inner) { execute(inner, "UPDATE counter SET n = n + 1"); });
                }
            }
        });
    });
    EXPECT_EQ(counter.value(), threads * rounds);
}

TEST(Pool, AHandleMayOutliveItsTransactionOnOtherThreads) {
    const Counter counter;
    for (int i = 0; i < rounds; ++i) {
        std::atomic<bool> begun{false};
        std::thread other;
        counter.db.atomic([&](Database& tx) {
            other = std::thread([&begun, tx, i] {
                begun = true;
                begun.notify_one();
                std::int64_t before = i;
                for (int n = 0; n < 5; ++n) {
                    const auto now = integer(tx, "SELECT n FROM counter");
                    EXPECT_TRUE(now == before || now == i + 1) << now << " after " << before;
                    before = now;
                }
            });
            begun.wait(false);
            execute(tx, "UPDATE counter SET n = n + 1");
        });
        other.join();
    }
    EXPECT_EQ(counter.value(), rounds);
}

/// A stream that is begun on one thread, read on others and ended on yet another.
struct Stream {
    explicit Stream(const Database& db) : session(std::make_unique<Session>(db)) {
        cursor =
            session->query({.text = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
                                    "SELECT i FROM n"});
    }
    std::unique_ptr<Session> session;
    std::unique_ptr<backend::Cursor> cursor;
};

TEST(Pool, StreamsGoFromThreadToThread) {
    const travel::TemporaryFolder folder;
    const Database db = connect(folder.url("test.db", "pool_size=" + std::to_string(threads + 1)));
    std::mutex mutex;
    std::vector<std::unique_ptr<Stream>> waiting;
    // One that another thread has put down, or a new one. Its connection comes along with the first row that is read,
    // so that no thread has two streams on one.
    const auto pick_up = [&] {
        const std::lock_guard lock(mutex);
        if (waiting.empty()) return std::make_unique<Stream>(db);
        auto stream = std::move(waiting.back());
        waiting.pop_back();
        EXPECT_TRUE(stream->cursor->next());
        return stream;
    };
    std::atomic<int> finished{0};
    together([&](int) {
        for (int i = 0; i < rounds; ++i) {
            auto stream = pick_up();
            bool more = true;
            for (int n = 0; more && n < 29; ++n) more = stream->cursor->next();
            if (!more) {
                ++finished;
            } else if (i % 7 != 0) {
                const std::lock_guard lock(mutex);
                waiting.push_back(std::move(stream));
            }
        }
    });
    EXPECT_GT(finished, 0);
    waiting.clear();
    EXPECT_EQ(integer(db, "SELECT 1"), 1);
}

/// Calls to one observer do not overlap, and none comes after its end.
TEST(Pool, ObserversComeAndGoWhileStatementsRun) {
    const Counter counter;
    const std::string text = "SELECT n FROM counter";
    std::atomic<bool> done{false};
    std::thread watcher([&] {
        while (!done) {
            bool is_inside = false; // neither is atomic: each call comes behind the one before
            bool has_ended = false;
            auto token = counter.db.on_query([&](const QueryEvent& event) {
                EXPECT_FALSE(std::exchange(is_inside, true));
                EXPECT_FALSE(has_ended);
                EXPECT_EQ(event.sql, text);
                is_inside = false;
            });
            const QueryLog log(counter.db);
            std::this_thread::yield();
            token.reset();
            has_ended = true;
            for (const auto& entry : log.entries()) EXPECT_EQ(entry.sql, text);
        }
    });
    together([&](int) {
        for (int i = 0; i < rounds; ++i) EXPECT_EQ(integer(counter.db, text), 0);
    });
    done = true;
    watcher.join();
}

} // namespace
} // namespace kith::test
