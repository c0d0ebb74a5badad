#include "support/accounts.hpp"
#include "support/travel.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// Many threads move money between accounts while others load them with their histories. An evaluation takes several
/// statements, and whatever happens between these, it shows one state: nothing is lost, made, or half there.

namespace histories_test {

using namespace kith::literals;
using namespace travel;

namespace {

constexpr int writers = 3;
constexpr int transfers_of_each = 12;
constexpr int attempts = 200;

class Histories : public FileTest {
public:
    Histories() { accounts::create(db_); }

    /// Runs transfers until as many as wanted are committed, and gives up some of them amid the way.
    void write(std::uint64_t from_seed) {
        std::mt19937_64 random(from_seed);
        for (int done = 0, tried = 0; done < transfers_of_each; ++tried) {
            if (tried > transfers_of_each * attempts) throw std::runtime_error("no transfer gets through");
            const auto [payer, payee] = accounts::two_of(random());
            const auto amount = static_cast<std::int64_t>(random() % 50) + 1;
            const bool gives_up = random() % 8 == 0;
            try {
                db_.atomic(
                    [&, from = payer, to = payee](kith::Database& tx) {
                        accounts::transfer(tx, from, to, amount);
                        if (gives_up) throw std::domain_error("changed its mind");
                    },
                    {.isolation = kith::Isolation::serializable});
                ++done;
            } catch (const std::domain_error&) {
            } catch (const kith::OperationalError&) { // another was faster
                std::this_thread::sleep_for(std::chrono::milliseconds(random() % 5));
            }
        }
    }

    /// Loads all accounts with their transfers, in all ways, until the writers are done.
    void read(std::uint64_t from_seed) {
        std::mt19937_64 random(from_seed);
        do {
            const auto way = random() % accounts::ways;
            const auto fault = accounts::fault_in(db_, way);
            if (!fault.empty()) throw std::logic_error("way " + std::to_string(way) + ": " + fault);
            ++evaluations_;
        } while (!written_);
    }

    std::atomic<bool> written_{false};
    std::atomic<int> evaluations_{0};
};

class ServerHistories : public Histories {};

} // namespace

/// Two threads that certainly wait for each other.
TEST_F(ServerHistories, IsolationEndsWithADeadlock) {
    const auto db = kith::connect(folder_.url("test.db", "pool_size=2"));
    std::atomic<int> have_one{0};
    std::atomic<int> failed{0};
    const auto lock_both = [&](std::int64_t first, std::int64_t second) {
        try {
            db.atomic(
                [&](kith::Database& tx) {
                    (void)tx.objects<accounts::Account>().filter("id"_f = first).update("balance"_f = 1);
                    ++have_one;
                    for (int waits = 0; have_one < 2 && waits < 5000; ++waits) {
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    }
                    (void)tx.objects<accounts::Account>().filter("id"_f = second).update("balance"_f = 1);
                },
                {.isolation = kith::Isolation::serializable});
        } catch (const kith::OperationalError&) {
            ++failed;
        }
    };
    {
        const std::jthread one([&] { lock_both(1, 2); });
        const std::jthread other([&] { lock_both(2, 1); });
    }
    EXPECT_GE(failed, 1);
    // Neither connection takes locks for what an evaluation reads.
    db.atomic([&](kith::Database& one) {
        (void)one.objects<accounts::Account>().filter("id"_f = 1).update("balance"_f = 2);
        std::thread([&] {
            EXPECT_EQ(db.objects<accounts::Account>().prefetch_related("paid").size(),
                      static_cast<std::size_t>(accounts::count));
        }).join();
    });
    db.atomic([&](kith::Database& one) {
        EXPECT_EQ(one.objects<accounts::Account>().prefetch_related("paid").size(),
                  static_cast<std::size_t>(accounts::count));
        std::thread([&] {
            EXPECT_EQ(db.objects<accounts::Account>().filter("id"_f = 1).update("balance"_f = 3), 1);
        }).join();
    });
}

TEST_F(Histories, EveryEvaluationShowsOneState) {
    const auto first = seed();
    SCOPED_TRACE("KITH_TEST_SEED=" + std::to_string(first));
    std::array<std::exception_ptr, writers + 2> failures;
    {
        std::vector<std::jthread> reading;
        const auto guarded = [&](std::size_t number, auto work) {
            try {
                (this->*work)(first + number);
            } catch (...) {
                failures[number] = std::current_exception();
            }
        };
        for (std::size_t i = writers; i < failures.size(); ++i) {
            reading.emplace_back([&, i] { guarded(i, &Histories::read); });
        }
        {
            std::vector<std::jthread> writing;
            for (std::size_t i = 0; i < writers; ++i) writing.emplace_back([&, i] { guarded(i, &Histories::write); });
        }
        written_ = true;
    }
    for (const auto& failure : failures) {
        EXPECT_NO_THROW(if (failure) std::rethrow_exception(failure));
    }
    EXPECT_EQ(db_.objects<accounts::Transfer>().count(), writers * transfers_of_each);
    EXPECT_EQ(accounts::fault_in(db_, 0), "");
    EXPECT_GT(evaluations_, 0);
}

} // namespace histories_test
