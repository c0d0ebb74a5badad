#include "connection/database_core.hpp"
#include "support/connections.hpp"
#include "support/rows.hpp"
#include "support/visits.hpp"

#include <atomic>
#include <barrier>
#include <latch>
#include <memory>
#include <thread>

using namespace kith::literals;
using namespace travel;

/// One Database that many threads use, with fewer connections than threads.
namespace {

constexpr int threads = 6;
constexpr int rounds = 15;

class SharedDatabase : public TravelTest {
protected:
    kith::Database with_places(const std::string& options) const {
        return kith::connect(folder_.url("test.db", options));
    }
    /// Runs `work(number)` on all threads.
    template <class F>
    static void together(const F& work) {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) running.emplace_back(work, i);
    }
};

} // namespace

TEST_F(SharedDatabase, ThreadsWaitForAConnection) {
    const auto db = with_places("pool_size=2");
    together([&](int thread) {
        for (int i = 0; i < rounds; ++i) {
            if ((thread + i) % 3 == 0) {
                db.atomic([&] { EXPECT_EQ(visits(people_with_visits(db)), 5u); }, {.read_only = true});
            } else if ((thread + i) % 3 == 1) {
                std::size_t read = 0;
                for (const Person& person :
                     people_with_visits(db).iterator({.chunk_size = 1, .snapshot = i % 2 == 0})) {
                    read += person.visitation.all().size();
                }
                EXPECT_EQ(read, 5u);
            } else {
                EXPECT_EQ(visits(people_with_visits(db)), 5u);
            }
        }
    });
    take_connections<Person>(db, 2);
}

TEST_F(SharedDatabase, AnExhaustedPoolRefusesAndRecovers) {
    const auto db = with_places("pool_size=2&pool_timeout=20");
    std::barrier all(threads);
    std::atomic<int> refused{0};
    together([&](int thread) {
        for (int i = 0; i < rounds; ++i) {
            const bool holds = (thread + i) % threads < 2;
            auto stream = db.objects<Person>().iterator({.chunk_size = 1});
            if (holds) {
                EXPECT_NE(stream.begin(), stream.end());
            }
            all.arrive_and_wait();
            if (!holds) {
                expect_parts(message_of<kith::OperationalError>([&] { (void)db.objects<City>().count(); }),
                             {"all 2 connections are in use"});
                ++refused;
            }
            all.arrive_and_wait();
            { const auto ended = std::move(stream); }
            all.arrive_and_wait();
        }
    });
    EXPECT_EQ(refused, (threads - 2) * rounds);
    take_connections<Person>(db, 2);
}

/// Whoever lets go last closes the connections, on whatever thread.
TEST_F(SharedDatabase, TheLastUserClosesIt) {
    for (int round = 0; round < rounds; ++round) {
        auto db = std::make_unique<kith::Database>(with_places("pool_size=" + std::to_string(threads)));
        const std::weak_ptr<kith::connection::DatabaseCore> core = kith::connection::DatabaseAccess::core(*db);
        std::latch have_begun(threads);
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&have_begun, i, all = people_with_visits(*db)]() mutable {
                auto stream = all.iterator({.chunk_size = 1});
                if (i % 2 == 0) {
                    EXPECT_NE(stream.begin(), stream.end());
                }
                have_begun.count_down();
                all = all.all();
                EXPECT_EQ(visits(all), 5u);
                all = {};
            });
        }
        have_begun.wait();
        db.reset();
        running.clear();
        EXPECT_TRUE(core.expired());
    }
}

TEST_F(SharedDatabase, LogsComeAndGoWhileStatementsRun) {
    const auto db = with_places("pool_size=3");
    const kith::QueryLog all(db);
    std::atomic<bool> done{false};
    std::jthread watcher([&] {
        while (!done) {
            kith::QueryLog log(db, {.parameter_values = kith::ParameterValues::redacted});
            const auto token = db.on_trace({.ended = [](const kith::Span&) {}});
            std::this_thread::yield();
            const auto size = log.size();
            EXPECT_GE(log.entries().size(), size);
            if (size > 0) {
                EXPECT_FALSE(log[size - 1].sql.empty());
            }
            log.clear();
            for (const auto& text : log.transaction_control()) EXPECT_FALSE(text.empty());
        }
    });
    together([&](int) {
        for (int i = 0; i < rounds; ++i) EXPECT_EQ(visits(people_with_visits(db)), 5u);
    });
    done = true;
    EXPECT_EQ(all.size(), 3u * threads * rounds);
}

TEST_F(SharedDatabase, SpansBeginAndEndInPairs) {
    const auto db = with_places("pool_size=3");
    std::atomic<int> started{0};
    std::atomic<int> ended{0};
    const auto token =
        db.on_trace({.ended = [&](const kith::Span&) { ++ended; }, .started = [&](const kith::Span&) { ++started; }});
    together([&](int) {
        for (int i = 0; i < rounds; ++i) db.atomic([&] { EXPECT_EQ(visits(people_with_visits(db)), 5u); });
    });
    EXPECT_EQ(started, ended);
    EXPECT_GE(ended, 5 * threads * rounds) << "a block, an evaluation and three statements each";
}

TEST_F(SharedDatabase, CallsAreCancelledFromAnotherThread) {
    const auto db = with_places("pool_size=2");
    for (int round = 0; round < rounds; ++round) {
        std::stop_source source;
        const auto stoppable = db.stop(source.get_token());
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&] {
                try {
                    while (true) EXPECT_EQ(visits(people_with_visits(stoppable)), 5u);
                } catch (const kith::Cancelled&) {}
            });
        }
        std::this_thread::yield();
        source.request_stop();
        running.clear();
        take_connections<Person>(db, 2);
    }
}
