#include "connection/atomic.hpp"

#include "base/bound.hpp"
#include "connection/database_core.hpp"
#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"
#include "observe/changes.hpp"
#include "observe/span_builder.hpp"

#include <kith/database.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <random>
#include <source_location>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace kith {

using connection::AtomicBlock;
using connection::ConnectionGuard;
using connection::PooledConnection;
using observe::SpanBuilder;

/// An open block. It keeps its connection but locks it only to begin and to end, so that other threads can use the
/// transaction meanwhile.
struct Database::Atomic::State {
    std::shared_ptr<PooledConnection> pooled;
    std::shared_ptr<AtomicBlock> block;
    std::shared_ptr<PooledConnection> bound_before;
    Database handle;
    std::shared_ptr<SpanBuilder> span; // null without a Tracer
    std::uint64_t outer_span{0};
    std::shared_ptr<base::Bound> bound;       // of this block and those around it; null for none
    std::shared_ptr<base::Bound> outer_bound; // of those around it
    bool abandoned{false};
    bool open{true};

    explicit State(const Plan& plan);
    std::shared_ptr<ConnectionGuard> acquire(const Plan& plan);
    void lock_to_end(ConnectionGuard& guard);
    void close() noexcept;
    void abandon() noexcept;
    void set_parent_span() { pooled->transactions().set_parent_span(span != nullptr ? span->id() : 0); }
    void fail(const std::exception& error) noexcept {
        if (span != nullptr) span->fail(error);
    }
    void set_outcome(const char* outcome) noexcept {
        try {
            if (span != nullptr) span->set("kith.outcome", std::string(outcome));
        } catch (...) { // NOLINT(bugprone-empty-catch): without memory, the span lacks its outcome
        }
    }
};

/// What a block was asked for, and how often it has been tried.
struct Database::Atomic::Plan {
    Database db;
    AtomicOptions options;
    std::source_location where;
    std::shared_ptr<base::Bound> bound; // of all attempts; null for none
    bool outermost;
    std::size_t retried{0};

    Plan(const Database& database, const AtomicOptions& given, std::source_location from);
    void wait() const;
};

Database::Atomic::Plan::Plan(const Database& database, const AtomicOptions& given, std::source_location from)
    : db(database),
      options(given),
      where(from),
      outermost(given.retries != 0 && !connection::Session::is_in_transaction(db)) {
    base::Bounds own{.deadline = given.deadline};
    if (given.stop.stop_possible()) own.stops.push_back(given.stop);
    auto bounds = connection::DatabaseAccess::bounds(db);
    if (own.any()) bounds = base::both(std::move(bounds), std::make_shared<const base::Bounds>(std::move(own)));
    if (bounds == nullptr) return;
    // Its limits are those of each call in it, not of all together.
    auto of_block = std::make_shared<base::Bounds>(*bounds);
    of_block->limits = {};
    if (of_block->any()) bound = std::make_shared<base::Bound>(std::move(of_block), "atomic", std::string_view());
}

/// Longer each time, and for a random part of that time, so that those that were in each other's way part.
void Database::Atomic::Plan::wait() const {
    using std::chrono::milliseconds;
    constexpr milliseconds first{4};
    constexpr std::size_t most_doublings = 7;
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto longest = first.count() << std::min(retried, most_doublings);
    std::uniform_int_distribution<milliseconds::rep> some(longest / 2, longest);
    const auto until = base::Bound::Clock::now() + milliseconds(some(random));
    while (true) {
        if (bound != nullptr) bound->check("it waited to run the block again after a conflict");
        const auto left = std::chrono::ceil<milliseconds>(until - base::Bound::Clock::now());
        if (left <= milliseconds(0)) return;
        std::this_thread::sleep_for(bound != nullptr ? bound->wait(left) : left);
    }
}

Database::Atomic::State::State(const Plan& plan) : handle(plan.db) {
    const auto& observers = connection::DatabaseAccess::core(plan.db)->shared_observers();
    span = SpanBuilder::open(observers, Span::Kind::transaction, connection::block_around(plan.db),
                             [&](SpanBuilder& opened) {
                                 opened.name("atomic");
                                 opened.set_source(plan.where);
                             });
    const auto guard = acquire(plan);
    pooled = guard->shared();
    outer_bound = pooled->block_bound();
    bound = base::Bound::both(outer_bound, plan.bound);
    pooled->enter(bound);
    block = std::make_shared<AtomicBlock>(pooled);
    handle.block_ = block;
    pooled->lock().reserve(*block);
    try {
        bound_before = pooled->core().pool().bind(pooled);
        set_parent_span();
        if (bound != nullptr) bound->check("its block was about to begin");
        pooled->transactions().open({.isolation = plan.options.isolation, .read_only = plan.options.read_only});
        pooled->set_block_bound(bound);
        outer_span = pooled->block_span();
        if (span != nullptr) pooled->set_block_span(span->id());
    } catch (const std::exception& e) {
        fail(e);
        close();
        throw;
    }
}

std::shared_ptr<ConnectionGuard> Database::Atomic::State::acquire(const Plan& plan) {
    try {
        return ConnectionGuard::acquire(plan.db, plan.bound.get());
    } catch (const std::exception& e) {
        fail(e);
        throw;
    }
}

/// Locks the connection to end the block; needs no memory. Throws OperationalError when another thread uses it for
/// longer than pool_timeout.
void Database::Atomic::State::lock_to_end(ConnectionGuard& guard) {
    try {
        // Without the bound: whoever ends a block must get hold of its connection.
        guard.lock(block.get(), nullptr);
        pooled->enter(bound);
    } catch (...) {
        abandon();
        throw;
    }
}

/// The common end of a commit and a rollback.
void Database::Atomic::State::close() noexcept {
    open = false;
    if (!abandoned) pooled->set_block_bound(std::move(outer_bound)); // otherwise another thread uses it
    if (span != nullptr && pooled->block_span() == span->id()) pooled->set_block_span(outer_span);
    span.reset();
    pooled->lock().end_reservation(*block);
    block->end();
    pooled->core().pool().unbind(bound_before);
    bound_before.reset();
}

/// The other thread cannot be stopped: its next statement throws, and the connection is rolled back when that thread
/// releases it.
void Database::Atomic::State::abandon() noexcept {
    abandoned = true;
    pooled->abandon();
    if (bound_before == pooled) bound_before.reset();
    close();
}

Database::Atomic::Atomic(const Database& db, const AtomicOptions& options, std::source_location where)
    : plan_(std::make_unique<Plan>(db, options, where)) {}

Database& Database::Atomic::handle() noexcept { return state_->handle; }

void Database::Atomic::begin() { state_ = std::make_unique<State>(*plan_); }

void Database::Atomic::commit() {
    const observe::ChangeDelivery delivery; // ends when the block has let go of the connection
    end_with_commit();
    state_.reset();
}

void Database::Atomic::end_with_commit() {
    ConnectionGuard guard(state_->pooled);
    state_->lock_to_end(guard);
    state_->set_parent_span();
    try {
        if (state_->bound != nullptr && state_->bound->over()) {
            guard.pooled().transactions().roll_back();
            state_->bound->raise("its block was about to commit");
        }
        guard.pooled().transactions().commit();
    } catch (const std::exception& e) {
        state_->fail(e);
        state_->close();
        throw;
    }
    state_->set_outcome("committed");
    state_->close();
}

bool Database::Atomic::retries_after(const Error& failure) {
    if (!failure.is_transient() || !plan_->outermost || plan_->retried >= plan_->options.retries) return false;
    roll_back();
    state_.reset();
    plan_->wait();
    ++plan_->retried;
    return true;
}

Database::Atomic::~Atomic() { roll_back(); }

void Database::Atomic::roll_back() noexcept {
    if (state_ == nullptr || !state_->open) return;
    try {
        ConnectionGuard guard(state_->pooled);
        state_->lock_to_end(guard);
        state_->set_parent_span();
        guard.pooled().transactions().roll_back();
        state_->set_outcome("rolled back");
        state_->close();
    } catch (...) { // NOLINT(bugprone-empty-catch): the block was abandoned; the exception in flight says more
    }
}

} // namespace kith
