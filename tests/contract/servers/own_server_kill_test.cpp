#include "support/own_server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

/// The server is killed again and again while calls write. What was acknowledged is there afterwards; of every other
/// call, all is there or nothing. KITH_KILL_ROUNDS makes a long run, KITH_TEST_SEED repeats one.

namespace own_server_kill_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

/// Calls with numbers, each of which writes a known number of rows that are named after it.
class Calls {
public:
    Calls(std::string name, std::int64_t rows, std::function<void(const std::string&, std::int64_t)> write)
        : name_(std::move(name)), rows_(rows), write_(std::move(write)) {}

    /// One after the other, until one fails.
    void run() {
        try {
            while (true) {
                const auto number = next_++;
                write_(name_ + std::to_string(number), number);
                acknowledged_.insert(number);
                any_.store(true);
            }
        } catch (const kith::OperationalError& error) {
            EXPECT_NE(std::string(error.what()).find("onnection"), std::string::npos) << error.what();
        }
    }
    void expect_all_or_nothing(std::map<std::string, std::int64_t>& found) const {
        for (std::int64_t number = 0; number < next_; ++number) {
            const auto name = name_ + std::to_string(number);
            const auto rows = found[name];
            EXPECT_TRUE(rows == rows_ || rows == 0) << name << " has " << rows << " rows of " << rows_;
            EXPECT_TRUE(rows == rows_ || !acknowledged_.contains(number)) << name << " was acknowledged";
        }
    }
    /// Whether a call has been acknowledged so far.
    bool any() const { return any_.load(); }

private:
    std::string name_;
    std::int64_t rows_;
    std::function<void(const std::string&, std::int64_t)> write_;
    std::int64_t next_{0};
    std::set<std::int64_t> acknowledged_{};
    std::atomic<bool> any_{false};
};

class OwnServerKilled : public OwnServerTest {
protected:
    /// How many rows of both tables have each name.
    std::map<std::string, std::int64_t> found() const {
        std::map<std::string, std::int64_t> counts;
        for (const auto& [name, count] : db_.raw<std::string, std::int64_t>(
                 "SELECT name, count(*) FROM (SELECT name FROM province UNION ALL SELECT name FROM city) both_tables "
                 "GROUP BY name")) {
            counts[name] = count;
        }
        return counts;
    }
    static std::vector<Province> provinces(const std::string& name, std::int64_t count, std::int64_t first_key) {
        std::vector<Province> rows(static_cast<std::size_t>(count));
        for (auto& row : rows) {
            row.name = name;
            if (first_key != 0) row.id = first_key++;
        }
        return rows;
    }
};

} // namespace

TEST_F(OwnServerKilled, KeepsWhatItAcknowledgedAndNoPartOfTheRest) {
    constexpr std::int64_t many = 1200; // more than one statement of bulk_create takes
    std::deque<Calls> calls;
    calls.emplace_back("bulk ", many, [&](const std::string& name, std::int64_t) {
        objects<Province>().bulk_create(provinces(name, many, 0));
    });
    calls.emplace_back("with keys ", many, [&](const std::string& name, std::int64_t number) {
        // PostgreSQL copies them. Negative keys, which the server itself never chooses.
        objects<Province>().bulk_create(provinces(name, many, -(number + 1) * many));
    });
    calls.emplace_back("block ", 4, [&](const std::string& name, std::int64_t) {
        db_.atomic([&] {
            const auto province = objects<Province>().create({.name = name});
            for (int i = 0; i < 3; ++i) objects<City>().create({.name = name, .province = province});
        });
    });
    const auto seed = travel::seed();
    const auto rounds = number("KITH_KILL_ROUNDS", 3);
    std::cout << "KITH_TEST_SEED=" << seed << "\n";
    std::mt19937_64 random(seed);
    for (std::uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
        {
            std::vector<std::jthread> threads;
            for (auto& one : calls) threads.emplace_back([&] { one.run(); });
            const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
            while (!std::ranges::all_of(calls, &Calls::any) && std::chrono::steady_clock::now() < until) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 150'000));
            restart();
        }
        auto rows = found();
        for (const auto& one : calls) one.expect_all_or_nothing(rows);
        EXPECT_FALSE(HasFailure()) << "KITH_TEST_SEED=" << seed << ", round " << round;
    }
    for (const auto& one : calls) EXPECT_TRUE(one.any());
}

} // namespace own_server_kill_test
