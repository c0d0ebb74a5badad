#include "support/travel.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

/// Observers of changes, while several threads write.
namespace changes_threads_test {

using namespace kith::literals;
using namespace travel;

namespace {

constexpr int threads = 4;
constexpr int rows = 10;

class ChangesThreads : public FileTest {
protected:
    ChangesThreads() { db_.create_tables<Province, City>(); }

    template <class Work>
    static void on_each_thread(const Work& work) {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) running.emplace_back([&work, i] { work(i); });
    }
};

/// Each change comes once, one at a time, and the observer may use the database although all connections are wanted.
TEST_F(ChangesThreads, ReceiveEachChangeOnce) {
    std::multiset<std::string> seen;
    std::atomic<int> running{0};
    const auto token = db_.on_change([&](const kith::Change& change) {
        EXPECT_EQ(++running, 1);
        EXPECT_TRUE(db_.objects<Province>().filter("id"_f = std::stoi(std::string(change.key))).exists());
        seen.emplace(change.key);
        --running;
    });
    on_each_thread([&](int thread) {
        for (int i = 0; i < rows; ++i) {
            db_.atomic([&] { db_.objects<Province>().create({.name = std::to_string(thread)}); }, {.retries = 20});
        }
    });
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(threads * rows));
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
}

/// No call is made once the token is gone.
TEST_F(ChangesThreads, EndWithTheirToken) {
    std::atomic<bool> ended{false};
    auto calls = std::make_unique<int>(0);
    auto token = db_.on_change([&](const kith::Change&) {
        EXPECT_FALSE(ended);
        ++*calls;
    });
    const std::jthread writer([&] {
        for (int i = 0; i < rows; ++i) db_.objects<Province>().create({.name = std::to_string(i)});
    });
    std::this_thread::yield();
    token.reset();
    ended = true;
    calls.reset();
}

} // namespace
} // namespace changes_threads_test
