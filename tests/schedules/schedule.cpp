#include "schedules/schedule.hpp"

#include "support/test_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace schedules {

namespace {

constexpr std::uint64_t usual_runs = 100;
constexpr std::size_t usual_points = 150; // the order of magnitude in a scenario
constexpr auto longest_standstill = std::chrono::seconds(10);

thread_local std::size_t own_number = 0;

} // namespace

Schedule::Schedule(std::uint64_t seed) : seed_(seed), random_(seed), way_(static_cast<Way>(random_() % 3)) {
    for (int i = 0; i < 3; ++i) changes_.push_back(random_() % usual_points);
    current().store(this);
}

Schedule::~Schedule() { current().store(nullptr); }

void Schedule::add(std::function<void()> work) {
    auto thread = std::make_unique<Thread>();
    thread->work = std::move(work);
    thread->priority = lowest_ + random_() % lowest_;
    threads_.push_back(std::move(thread));
}

void Schedule::begin(std::size_t number) {
    auto& self = *threads_[number];
    self.thread = std::jthread([this, &self, number] { run_thread(self, number); });
}

void Schedule::start(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    add(std::move(work));
    begin(threads_.size() - 1);
    switch_from(lock, own_number);
}

void Schedule::run() {
    {
        std::unique_lock lock(mutex_);
        for (std::size_t i = 0; i < threads_.size(); ++i) begin(i);
        give_turn();
        std::size_t before = 0;
        const auto ended = [&] { return in_state(State::ended).size() == threads_.size(); };
        while (!all_ended_.wait_for(lock, longest_standstill, ended)) {
            if (points_ == before) give_up("no thread gets any further");
            before = points_;
        }
    }
    std::exchange(threads_, {}).clear(); // what goes with them may wake others
    if (failure_) std::rethrow_exception(failure_);
}

void Schedule::run_thread(Thread& self, std::size_t number) {
    {
        std::unique_lock lock(mutex_);
        await_turn(lock, number);
    }
    own() = this;
    own_number = number;
    std::exception_ptr failure;
    try {
        self.work();
    } catch (...) {
        failure = std::current_exception();
    }
    own() = nullptr;
    const std::lock_guard lock(mutex_);
    if (failure) failure_ = failure;
    self.state = State::ended;
    give_turn();
    all_ended_.notify_all();
}

std::vector<std::size_t> Schedule::in_state(State state) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        if (threads_[i]->state == state) found.push_back(i);
    }
    return found;
}

/// The thread that runs next.
std::size_t Schedule::choose(const std::vector<std::size_t>& ready) {
    const bool can_stay = std::ranges::find(ready, running_) != ready.end();
    if (way_ == Way::seldom && can_stay && random_() % 8 != 0) return running_;
    if (way_ != Way::priorities) return ready[random_() % ready.size()];
    if (can_stay && std::ranges::find(changes_, points_) != changes_.end()) threads_[running_]->priority = --lowest_;
    return *std::ranges::max_element(ready, {}, [&](std::size_t i) { return threads_[i]->priority; });
}

/// Ends the wait of one thread that waits for some time only. False if there is none.
bool Schedule::time_out() {
    const auto waiting = in_state(State::waiting_for_some_time);
    if (waiting.empty()) return false;
    auto& thread = *threads_[waiting[random_() % waiting.size()]];
    thread.timed_out = true;
    thread.state = State::ready;
    return true;
}

/// Names the thread that runs; none if all have ended, or if all wait for a thread that is not of this schedule.
void Schedule::give_turn() {
    auto ready = in_state(State::ready);
    if (ready.empty() && time_out()) ready = in_state(State::ready);
    running_ = ready.empty() ? none : choose(ready);
    if (running_ != none) threads_[running_]->turn.notify_one();
}

void Schedule::await_turn(std::unique_lock<std::mutex>& lock, std::size_t number) {
    threads_[number]->turn.wait(lock, [&] { return running_ == number; });
}

void Schedule::switch_from(std::unique_lock<std::mutex>& lock, std::size_t number) {
    ++points_;
    give_turn();
    await_turn(lock, number);
}

void Schedule::point() noexcept {
    std::unique_lock lock(mutex_);
    switch_from(lock, own_number);
}

void Schedule::begin_wait(const void* object, bool can_end) noexcept {
    const std::lock_guard lock(mutex_);
    auto& self = *threads_[own_number];
    self.object = object;
    self.state = can_end ? State::waiting_for_some_time : State::waiting;
    self.timed_out = false;
}

bool Schedule::wait() noexcept {
    std::unique_lock lock(mutex_);
    switch_from(lock, own_number);
    return !threads_[own_number]->timed_out;
}

void Schedule::missed() noexcept {
    const std::lock_guard lock(mutex_);
    failure_ = std::make_exception_ptr(std::logic_error("a thread was not woken, and waited until its time was over"));
}

void Schedule::woken(const void* object, bool all) noexcept {
    const std::lock_guard lock(mutex_);
    std::vector<Thread*> waiting;
    for (const auto& thread : threads_) {
        const bool waits = thread->state == State::waiting || thread->state == State::waiting_for_some_time;
        if (waits && thread->object == object) waiting.push_back(thread.get());
    }
    if (waiting.empty()) return;
    if (!all) waiting = {waiting[random_() % waiting.size()]};
    for (auto* thread : waiting) thread->state = State::ready;
    if (running_ == none) give_turn(); // from a thread that is not of this schedule
}

void Schedule::give_up(const char* why) const noexcept {
    fmt::print(stderr, "KITH_TEST_SEED={}: {}:", seed_, why);
    for (const auto& thread : threads_) {
        static constexpr const char* names[]{"can run", "waits for a lock", "waits for some time", "has ended"};
        fmt::print(stderr, " {};", names[static_cast<std::size_t>(thread->state)]);
    }
    fmt::print(stderr, " thread {} has its turn\n", running_);
    std::abort();
}

void explore(const Scenario& scenario) {
    const auto first = travel::seed();
    const auto runs = travel::number("KITH_SCHEDULES", usual_runs);
    std::size_t points = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
        const auto seed = first + run;
        try {
            Schedule schedule(seed);
            const auto check = scenario(schedule);
            schedule.run();
            points += schedule.points();
            check();
        } catch (const std::exception& e) {
            ADD_FAILURE() << e.what();
        }
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << "KITH_TEST_SEED=" << seed << " KITH_SCHEDULES=1 repeats it";
            return;
        }
    }
    std::cout << "    " << runs << " schedules from KITH_TEST_SEED=" << first << ", " << points << " points"
              << std::endl;
}

} // namespace schedules
