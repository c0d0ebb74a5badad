#include "support/proxy.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <barrier>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

/// Blocks that run again after conflicts, which are real ones: of two transactions of the database under test.

namespace retries_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

class Retries : public TravelTest {
protected:
    static void rename(const kith::Database& db, std::int64_t id, const std::string& name) {
        db.objects<Province>().filter("id"_f = id).update("name"_f = name);
    }
    std::string name_of(std::int64_t id) const { return objects<Province>().get("id"_f = id)->name; }
    /// Does not wait for locks.
    kith::Database impatient() const { return kith::connect(folder_.url("test.db", "busy_timeout=0")); }
};

/// Whether the error that `work` throws is transient.
template <class Work>
bool is_transient(const Work& work) {
    try {
        work();
    } catch (const kith::Error& error) {
        return error.is_transient();
    }
    ADD_FAILURE() << "nothing was thrown";
    return false;
}

} // namespace

/// On SQLite the second waits for the first; on servers they lock each other out.
TEST_F(Retries, TwoBlocksThatLockEachOtherOutBothSucceed) {
    std::barrier both(2);
    std::atomic<int> runs{0};
    const auto work = [&](std::int64_t first, std::int64_t second, const std::string& name) {
        bool met = on_sqlite();
        db_.atomic(
            [&] {
                ++runs;
                if (backend() == Backend::postgresql) db_.raw("SET LOCAL deadlock_timeout = '10ms'");
                rename(db_, first, name);
                if (!std::exchange(met, true)) both.arrive_and_wait();
                rename(db_, second, name);
            },
            {.retries = 5});
    };
    std::jthread other([&] { work(2, 1, "other"); });
    work(1, 2, "mine");
    other.join();
    EXPECT_EQ(name_of(1), name_of(2));
    EXPECT_GE(runs, on_sqlite() ? 2 : 3);
}

TEST_F(Retries, ABlockThatReadWhatAnotherChangedRunsAgain) {
    if (backend() == Backend::mariadb) GTEST_SKIP() << "MariaDB 10.11 lets the later change win";
    const auto other = kith::connect(folder_.url());
    int runs = 0;
    const auto changed = [&] {
        const auto name = db_.objects<Province>().get("id"_f = 1)->name;
        if (++runs <= 2 && !on_sqlite()) rename(other, 1, "theirs " + std::to_string(runs));
        rename(db_, 1, name + "!");
        return runs;
    };
    const kith::AtomicOptions options{.isolation = kith::Isolation::repeatable_read, .retries = 3};
    EXPECT_EQ(db_.atomic(changed, options), on_sqlite() ? 1 : 3);
    EXPECT_EQ(name_of(1), on_sqlite() ? "Hubei Province!" : "theirs 2!");
}

/// Its statements see the snapshot of the stream: running it again would fail again.
TEST_F(Retries, ABlockInTheSnapshotOfAStreamRunsOnce) {
    if (backend() == Backend::mariadb) GTEST_SKIP() << "MariaDB 10.11 lets the later change win";
    const auto other = kith::connect(folder_.url());
    int runs = 0;
    for (const Province& province : objects<Province>().order_by("id").iterator({.chunk_size = 1, .snapshot = true})) {
        if (province.id != 1) continue;
        rename(other, 1, "theirs");
        const auto work = [&] {
            ++runs;
            rename(db_, 1, "mine");
        };
        EXPECT_TRUE(is_transient([&] { db_.atomic(work, {.retries = 3}); }));
        break;
    }
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(name_of(1), "theirs");
    // And a block after it runs again as before.
    EXPECT_EQ(db_.atomic([&] { return ++runs; }, {.retries = 3}), 2);
}

TEST_F(Retries, ALockThatBecomesFreeIsWaitedFor) {
    const auto db = impatient();
    std::atomic<int> runs{0};
    std::jthread other;
    db_.atomic([&] {
        rename(db_, 1, "theirs");
        other = std::jthread([&] {
            db.atomic(
                [&] {
                    ++runs;
                    rename(db, 1, "mine");
                },
                {.retries = 1000});
        });
        // SQLite does not even begin a block while the file is locked.
        if (on_sqlite()) std::this_thread::sleep_for(30ms);
        while (!on_sqlite() && runs < 2) std::this_thread::sleep_for(1ms);
    });
    other.join();
    EXPECT_EQ(name_of(1), "mine");
}

TEST_F(Retries, TheyEndWithTheLastErrorOrWithTheDeadline) {
    const auto db = impatient();
    db_.atomic([&] {
        rename(db_, 1, "theirs");
        std::thread([&] {
            int runs = 0;
            const auto work = [&] {
                ++runs;
                rename(db, 1, "mine");
            };
            EXPECT_TRUE(is_transient([&] { db.atomic(work); }));
            runs = 0;
            EXPECT_TRUE(is_transient([&] { db.atomic(work, {.retries = 2}); }));
            EXPECT_EQ(runs, on_sqlite() ? 0 : 3);
            EXPECT_THROW(db.atomic(work, {.deadline = 40ms, .retries = 1'000'000}), kith::DeadlineExceeded);
            std::stop_source source;
            std::jthread stops([&] {
                std::this_thread::sleep_for(20ms);
                source.request_stop();
            });
            EXPECT_THROW(db.atomic(work, {.stop = source.get_token(), .retries = 1'000'000}), kith::Cancelled);
        }).join();
    });
    EXPECT_EQ(name_of(1), "theirs");
    EXPECT_EQ(db.atomic([&] { return db.objects<Province>().count(); }), 2);
}

TEST_F(Retries, OnlyTheOutermostBlockRetries) {
    const auto db = impatient();
    db_.atomic([&] {
        rename(db_, 1, "theirs");
        std::thread([&] {
            int outer = 0;
            int inner = 0;
            const auto work = [&] {
                ++outer;
                db.atomic(
                    [&] {
                        ++inner;
                        rename(db, 1, "mine");
                    },
                    {.retries = 100});
            };
            EXPECT_TRUE(is_transient([&] { db.atomic(work, {.retries = 2}); }));
            EXPECT_EQ(outer, on_sqlite() ? 0 : 3);
            EXPECT_EQ(inner, outer);
        }).join();
    });
}

TEST_F(Retries, OtherErrorsAreNotRetried) {
    int runs = 0;
    const auto taken = [&] {
        ++runs;
        db_.objects<Province>().create({.id = 1, .name = "taken"});
    };
    EXPECT_FALSE(is_transient([&] { db_.atomic(taken, {.retries = 5}); }));
    EXPECT_EQ(runs, 1);
    EXPECT_THROW(db_.atomic(
                     [&] {
                         ++runs;
                         throw std::logic_error("mine");
                     },
                     {.retries = 5}),
                 std::logic_error);
    EXPECT_EQ(runs, 2);
    EXPECT_FALSE(is_transient([&] { (void)objects<Province>().deadline(0ms).size(); }));
    EXPECT_FALSE(is_transient([&] { (void)objects<Province>().get("id"_f = 99); }));
    EXPECT_EQ(objects<Province>().count(), 2);
}

// ---- lost connections

namespace {

class ServerRetries : public Retries {
protected:
    kith::Database through_proxy() const {
        const std::string without_tls = by_backend("", "sslmode=disable&gssencmode=disable&", "");
        return kith::connect(folder_.url_at("127.0.0.1:" + std::to_string(proxy_.port()), without_tls + "pool_size=1"));
    }
    Proxy proxy_{server_socket(), backend() == Backend::postgresql};
};

} // namespace

TEST_F(ServerRetries, ABlockWhoseConnectionIsLostRunsAgain) {
    const auto db = through_proxy();
    int runs = 0;
    db.atomic(
        [&] {
            rename(db, 1, "mine");
            if (++runs == 1) proxy_.cut_after(0);
            rename(db, 2, "mine");
        },
        {.retries = 2});
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(name_of(1), "mine");
    EXPECT_EQ(name_of(2), "mine");
}

/// The loss is met by the rollback of an inner block, or caught: neither hides that the block may run again.
TEST_F(ServerRetries, ALossThatTheBlockDoesNotSeeLetsItRunAgain) {
    const auto db = through_proxy();
    int runs = 0;
    db.atomic(
        [&] {
            rename(db, 1, "mine");
            const auto inner = [&] {
                rename(db, 2, "undone");
                if (++runs == 1) proxy_.cut_after(0);
                throw std::domain_error("changed its mind");
            };
            EXPECT_THROW(db.atomic(inner), std::domain_error);
            rename(db, 2, "mine");
        },
        {.retries = 2});
    EXPECT_EQ(runs, 2);
    db.atomic(
        [&] {
            if (++runs == 3) proxy_.cut_after(0);
            try {
                rename(db, 1, "again");
            } catch (const kith::OperationalError&) {}
        },
        {.retries = 2});
    EXPECT_EQ(runs, 4);
    EXPECT_EQ(name_of(1), "again");
    EXPECT_EQ(name_of(2), "mine");
}

TEST_F(ServerRetries, WhatIsInDoubtIsNotTransient) {
    const auto db = through_proxy();
    rename(db, 1, "mine");
    proxy_.cut_after(0);
    EXPECT_TRUE(is_transient([&] { (void)db.objects<Province>().count(); }));
    rename(db, 1, "mine");
    proxy_.cut_after(0);
    EXPECT_FALSE(is_transient([&] { rename(db, 1, "mine"); }));
    // Neither is the outcome of a COMMIT: the block does not run again.
    int runs = 0;
    EXPECT_FALSE(is_transient([&] {
        db.atomic(
            [&] {
                ++runs;
                rename(db, 1, "mine");
                proxy_.cut_after(0);
            },
            {.retries = 5});
    }));
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(db.objects<Province>().count(), 2);
}

} // namespace retries_test
