#include "support/travel.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

/// Many threads move money between accounts while others load them with their histories. An evaluation takes several
/// statements, and whatever happens between these, it shows one state: nothing is lost, made, or half there.

namespace histories_test {

using namespace kith::literals;
using namespace travel;

namespace {

struct Transfer;

struct Account {
    kith::PrimaryKey<> id{};
    std::int64_t balance{};
    std::int64_t version{}; // how many transfers changed it
    kith::ReverseSet<Transfer, "payer"> paid{};
    kith::ReverseSet<Transfer, "payee"> received{};
};

struct Transfer {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Account> payer{};
    kith::ForeignKey<Account> payee{};
    std::int64_t amount{};
};

constexpr std::int64_t accounts = 5;
constexpr std::int64_t at_first = 1000;
constexpr int writers = 3;
constexpr int transfers_of_each = 12;
constexpr int attempts = 200;

/// The seed of this run: KITH_TEST_SEED, or another each time.
std::uint64_t seed() {
    const auto given = variable("KITH_TEST_SEED");
    return given.empty() ? std::random_device{}() : std::strtoull(given.c_str(), nullptr, 10);
}

/// What is wrong with the accounts as they were loaded; empty if they are one state.
template <class Rows>
std::string fault_of(Rows&& rows) {
    std::int64_t total = 0;
    std::size_t paid = 0;
    std::size_t received = 0;
    std::int64_t changes = 0;
    for (const Account& account : rows) {
        std::int64_t expected = at_first;
        for (const auto& transfer : account.paid.all()) expected -= transfer.amount;
        for (const auto& transfer : account.received.all()) expected += transfer.amount;
        const auto name = "account " + std::to_string(std::int64_t(account.id));
        if (account.balance != expected) {
            return name + " has " + std::to_string(account.balance) + ", its transfers say " + std::to_string(expected);
        }
        const auto touched = account.paid.all().size() + account.received.all().size();
        if (static_cast<std::size_t>(account.version) != touched) return name + " lost a change";
        total += account.balance;
        paid += account.paid.all().size();
        received += account.received.all().size();
        changes += account.version;
    }
    if (total != accounts * at_first) return "there are " + std::to_string(total) + " in all";
    if (paid != received) return "a transfer has one side";
    if (static_cast<std::size_t>(changes) != paid + received) return "a transfer is half there";
    return {};
}

class Histories : public FileTest {
public:
    Histories() {
        db_.create_tables<Account, Transfer>();
        for (std::int64_t i = 0; i < accounts; ++i) db_.objects<Account>().create({.balance = at_first});
    }

    /// Reads both accounts, writes both back, and notes the transfer: serializable, or money gets lost.
    static void transfer(kith::Database& tx, std::int64_t from, std::int64_t to, std::int64_t amount) {
        const auto payer = tx.objects<Account>().get("id"_f = from);
        const auto payee = tx.objects<Account>().get("id"_f = to);
        payer->balance -= amount;
        payee->balance += amount;
        ++payer->version;
        ++payee->version;
        tx.save(*payer);
        tx.objects<Transfer>().create({.payer = payer, .payee = payee, .amount = amount});
        tx.save(*payee);
    }

    /// Runs transfers until as many as wanted are committed, and gives up some of them amid the way.
    void write(std::uint64_t from_seed) {
        std::mt19937_64 random(from_seed);
        for (int done = 0, tried = 0; done < transfers_of_each; ++tried) {
            if (tried > transfers_of_each * attempts) throw std::runtime_error("no transfer gets through");
            const auto from = static_cast<std::int64_t>(random() % accounts) + 1;
            const auto to = (from + static_cast<std::int64_t>(random() % (accounts - 1))) % accounts + 1;
            const bool gives_up = random() % 8 == 0;
            try {
                db_.atomic(
                    [&](kith::Database& tx) {
                        transfer(tx, from, to, static_cast<std::int64_t>(random() % 50) + 1);
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
            const auto way = random() % 5;
            const auto loaded = db_.objects<Account>().prefetch_related("paid", "received");
            std::string fault;
            if (way == 0) {
                fault = fault_of(loaded);
            } else if (way == 1) {
                const auto [rows, payments] = std::tuple(loaded, db_.objects<Transfer>().all());
                kith::evaluate_together(rows, payments);
                std::size_t paid = 0;
                for (const auto& account : rows) paid += account.paid.all().size();
                fault = paid == payments.size() ? fault_of(rows) : "the QuerySets are of two states";
            } else if (way == 2) {
                db_.atomic(
                    [&](kith::Database& tx) {
                        const auto lazily = tx.objects<Account>().all();
                        (void)lazily.size();
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                        fault = fault_of(lazily); // one more statement for each set that is read
                    },
                    {.read_only = true});
            } else if (way == 3) {
                fault = fault_of(loaded.iterator({.chunk_size = 2, .snapshot = true}));
            } else {
                const auto backwards = db_.objects<Account>().order_by("-id").prefetch_related("received", "paid");
                fault = fault_of(backwards);
            }
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
                    (void)tx.objects<Account>().filter("id"_f = first).update("balance"_f = 1);
                    ++have_one;
                    for (int waits = 0; have_one < 2 && waits < 5000; ++waits) {
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    }
                    (void)tx.objects<Account>().filter("id"_f = second).update("balance"_f = 1);
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
        (void)one.objects<Account>().filter("id"_f = 1).update("balance"_f = 2);
        std::thread([&] {
            EXPECT_EQ(db.objects<Account>().prefetch_related("paid").size(), static_cast<std::size_t>(accounts));
        }).join();
    });
    db.atomic([&](kith::Database& one) {
        EXPECT_EQ(one.objects<Account>().prefetch_related("paid").size(), static_cast<std::size_t>(accounts));
        std::thread([&] { EXPECT_EQ(db.objects<Account>().filter("id"_f = 1).update("balance"_f = 3), 1); }).join();
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
    EXPECT_EQ(db_.objects<Transfer>().count(), writers * transfers_of_each);
    EXPECT_EQ(fault_of(db_.objects<Account>().prefetch_related("paid", "received")), "");
    EXPECT_GT(evaluations_, 0);
}

} // namespace histories_test
