#include "connection/atomic.hpp"

#include "connection/database_core.hpp"
#include "connection/pooled_connection.hpp"
#include "connection/session.hpp"
#include "observe/span_builder.hpp"

#include <kith/database.hpp>

#include <cstdint>
#include <exception>
#include <source_location>
#include <string>
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
    bool open{true};

    State(const Database& db, const AtomicOptions& options, std::source_location where);
    std::shared_ptr<ConnectionGuard> acquire(const Database& db);
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

Database::Atomic::State::State(const Database& db, const AtomicOptions& options, std::source_location where)
    : handle(db) {
    const auto& observers = connection::DatabaseAccess::core(db)->shared_observers();
    span =
        SpanBuilder::open(observers, Span::Kind::transaction, connection::block_around(db), [&](SpanBuilder& opened) {
            opened.name("atomic");
            opened.set_source(where);
        });
    const auto guard = acquire(db);
    pooled = guard->shared();
    pooled->enter();
    block = std::make_shared<AtomicBlock>(pooled);
    handle.block_ = block;
    pooled->lock().reserve(*block);
    try {
        bound_before = pooled->core().pool().bind(pooled);
        set_parent_span();
        pooled->transactions().open({.isolation = options.isolation, .read_only = options.read_only});
        outer_span = pooled->block_span();
        if (span != nullptr) pooled->set_block_span(span->id());
    } catch (const std::exception& e) {
        fail(e);
        close();
        throw;
    }
}

std::shared_ptr<ConnectionGuard> Database::Atomic::State::acquire(const Database& db) {
    try {
        return ConnectionGuard::acquire(db);
    } catch (const std::exception& e) {
        fail(e);
        throw;
    }
}

/// Locks the connection to end the block; needs no memory. Throws OperationalError when another thread uses it for
/// longer than pool_timeout.
void Database::Atomic::State::lock_to_end(ConnectionGuard& guard) {
    try {
        guard.lock(block.get());
        pooled->enter();
    } catch (...) {
        abandon();
        throw;
    }
}

/// The common end of a commit and a rollback.
void Database::Atomic::State::close() noexcept {
    open = false;
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
    pooled->abandon();
    if (bound_before == pooled) bound_before.reset();
    close();
}

Database::Atomic::Atomic(const Database& db, const AtomicOptions& options, std::source_location where)
    : state_(std::make_unique<State>(db, options, where)) {}

Database& Database::Atomic::handle() noexcept { return state_->handle; }

void Database::Atomic::commit() {
    ConnectionGuard guard(state_->pooled);
    state_->lock_to_end(guard);
    state_->set_parent_span();
    try {
        guard.pooled().transactions().commit();
    } catch (const std::exception& e) {
        state_->fail(e);
        state_->close();
        throw;
    }
    state_->set_outcome("committed");
    state_->close();
}

Database::Atomic::~Atomic() {
    if (!state_->open) return;
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
