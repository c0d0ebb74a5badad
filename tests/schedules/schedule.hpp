#pragma once

#include "base/scheduler.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace schedules {

/// Threads of which one runs at a time. A seed decides at each lock of Kith which one continues: at random, at random
/// but seldom another, or by priorities that change at a few places, so that a fault which needs few switches is found
/// soon (Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs", 2010).
class Schedule final : public kith::base::Scheduler {
public:
    explicit Schedule(std::uint64_t seed);
    ~Schedule() override;

    void add(std::function<void()> work);
    /// Runs all threads to their ends, and throws what one of them threw. If none of them can continue, prints where
    /// each waits, and aborts.
    void run();
    std::uint64_t random() { return random_(); }
    /// How often a thread could have been switched.
    std::size_t points() const noexcept { return points_; }

    void point() noexcept override;
    void begin_wait(const void* object, bool can_end) noexcept override;
    bool wait() noexcept override;
    void missed() noexcept override;
    void start(std::function<void()> work) override;

private:
    enum class State : unsigned char { ready, waiting, waiting_for_some_time, ended };
    enum class Way : unsigned char { any, seldom, priorities };
    struct Thread {
        std::function<void()> work;
        std::uint64_t priority;
        State state{State::ready};
        const void* object{nullptr};
        bool timed_out{false};
        std::condition_variable turn{};
        std::jthread thread{};
    };

    void woken(const void* object, bool all) noexcept override;
    void begin(std::size_t number);
    void run_thread(Thread& self, std::size_t number);
    void switch_from(std::unique_lock<std::mutex>& lock, std::size_t number);
    void await_turn(std::unique_lock<std::mutex>& lock, std::size_t number);
    std::vector<std::size_t> in_state(State state) const;
    std::size_t choose(const std::vector<std::size_t>& ready);
    bool time_out();
    void give_turn();
    [[noreturn]] void give_up(const char* why) const noexcept;

    std::uint64_t seed_;
    std::mt19937_64 random_;
    Way way_;
    std::vector<std::size_t> changes_; // the points at which the running thread gets the lowest priority
    std::uint64_t lowest_{1'000'000};
    std::mutex mutex_;
    std::condition_variable all_ended_;
    std::vector<std::unique_ptr<Thread>> threads_;
    std::size_t running_{none};
    std::size_t points_{0};
    std::exception_ptr failure_;

    static constexpr std::size_t none = ~std::size_t{0};
};

/// One run of a scenario: adds threads to the schedule, and returns what must hold after them.
using Scenario = std::function<std::function<void()>(Schedule& schedule)>;

/// Runs the scenario with many seeds: KITH_SCHEDULES, from KITH_TEST_SEED on. A failure names the seed.
void explore(const Scenario& scenario);

} // namespace schedules
