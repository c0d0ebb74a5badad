#include "connection/atomic.hpp"

#include "connection/database_access.hpp"
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

using connection::ConnectionGuard;
using connection::PooledConnection;
using connection::Transaction;
using observe::OpenSpan;

/// An open block. It keeps its connection but takes its turn only to begin and to end, so that other threads can work
/// in the transaction meanwhile.
struct Database::Scope::State {
    std::shared_ptr<PooledConnection> pooled;
    std::shared_ptr<Transaction> transaction;
    std::shared_ptr<PooledConnection> bound_before;
    Database handle;
    std::shared_ptr<observe::OpenSpan> span; // null while nobody traces
    std::uint64_t block_before{0};
    bool open{true};

    State(const Database& db, const AtomicOptions& options, std::source_location where);
    std::shared_ptr<ConnectionGuard> guard();
    std::shared_ptr<ConnectionGuard> take(const Database& db);
    void close() noexcept;
    void abandon() noexcept;
    void works_for_block() { pooled->levels().works_for(span != nullptr ? span->id() : 0); }
};

Database::Scope::State::State(const Database& db, const AtomicOptions& options, std::source_location where)
    : handle(db) {
    const auto& observers = connection::Access::core(db)->shared_observers();
    span = observe::OpenSpan::open(observers, Span::Kind::transaction, connection::block_around(db),
                                   [&](observe::OpenSpan& opened) {
                                       opened.name("atomic");
                                       opened.set_source(where);
                                   });
    const auto guard = take(db);
    pooled = guard->shared_pooled();
    pooled->enter();
    transaction = std::make_shared<Transaction>(pooled);
    handle.transaction_ = transaction;
    pooled->lock().reserve(*transaction);
    try {
        bound_before = pooled->core().pool().bind(pooled);
        works_for_block();
        pooled->levels().open({.isolation = options.isolation, .read_only = options.read_only});
        block_before = pooled->block();
        if (span != nullptr) pooled->set_block(span->id());
    } catch (const std::exception& e) {
        if (span != nullptr) span->fail(e);
        close();
        throw;
    }
}

std::shared_ptr<ConnectionGuard> Database::Scope::State::take(const Database& db) {
    try {
        return ConnectionGuard::take(db);
    } catch (const std::exception& e) {
        if (span != nullptr) span->fail(e);
        throw;
    }
}

/// The turn to end the block. Throws OperationalError when another thread works in it for longer than pool_timeout.
std::shared_ptr<ConnectionGuard> Database::Scope::State::guard() {
    try {
        auto taken = ConnectionGuard::take(handle);
        pooled->enter();
        return taken;
    } catch (...) {
        abandon();
        throw;
    }
}

/// What is left to do whether the block was kept or undone.
void Database::Scope::State::close() noexcept {
    open = false;
    if (span != nullptr && pooled->block() == span->id()) pooled->set_block(block_before);
    span.reset();
    pooled->lock().end_reservation(*transaction);
    transaction->end();
    pooled->core().pool().bind(bound_before);
    bound_before.reset();
}

/// The other thread cannot be stopped: it is told at its next statement, and the connection rolled back when it lets
/// go.
void Database::Scope::State::abandon() noexcept {
    pooled->abandon();
    if (bound_before == pooled) bound_before.reset();
    close();
}

Database::Scope::Scope(const Database& db, const AtomicOptions& options, std::source_location where)
    : state_(std::make_unique<State>(db, options, where)) {}

Database& Database::Scope::handle() noexcept { return state_->handle; }

void Database::Scope::commit() {
    const auto guard = state_->guard();
    state_->works_for_block();
    try {
        guard->pooled().levels().commit();
    } catch (const std::exception& e) {
        if (state_->span != nullptr) state_->span->fail(e);
        state_->close();
        throw;
    }
    if (state_->span != nullptr) state_->span->set("kith.outcome", std::string("committed"));
    state_->close();
}

Database::Scope::~Scope() {
    if (!state_->open) return;
    try {
        const auto guard = state_->guard();
        state_->works_for_block();
        guard->pooled().levels().roll_back();
        if (state_->span != nullptr) state_->span->set("kith.outcome", std::string("rolled back"));
        state_->close();
    } catch (...) { // NOLINT(bugprone-empty-catch): guard() gave the block up; the exception under way tells more
    }
}

} // namespace kith
