#include "connection/session.hpp"

#include "connection/atomic.hpp"
#include "connection/database_access.hpp"
#include "connection/database_core.hpp"
#include "connection/pooled_connection.hpp"
#include "connection/session_cursor.hpp"
#include "observe/span_builder.hpp"
#include "observe/statement_report.hpp"

#include <kith/error.hpp>

#include <algorithm>

namespace kith::connection {

namespace {

void describe(observe::OpenSpan& span, const observe::Work& work) {
    std::string name(work.call);
    if (work.model != nullptr) {
        name += ' ' + work.model->name;
        span.set("kith.model", work.model->name);
    }
    if (!work.member.empty()) {
        name.append(".").append(work.member);
        span.set("kith.member", std::string(work.member));
    }
    span.name(std::move(name));
    span.set("kith.call", std::string(work.call));
    span.set_source(work.where);
}

void observe(const Database& db, observe::Work& work) {
    const auto& observers = Access::core(db)->shared_observers();
    if (observers->any_tracers()) {
        work.span = observe::OpenSpan::open(observers, Span::Kind::evaluation, block_around(db),
                                            [&](observe::OpenSpan& span) { describe(span, work); });
    }
    work.evaluation = work.span != nullptr ? work.span->id() : observers->next_span();
}

} // namespace

std::uint64_t block_around(const Database& db) {
    if (const auto& transaction = Access::transaction(db)) {
        if (const auto pooled = transaction->pooled()) return pooled->block();
    }
    const auto pooled = Access::core(db)->pool().bound_connection();
    return pooled != nullptr ? pooled->block() : 0;
}

observe::Work numbered(const Database& db, observe::Work work) {
    if (work.evaluation == 0 && !work.call.empty() && Access::core(db)->observers().any()) observe(db, work);
    return work;
}

Session::Session(const Database& db, const observe::Work& work) : work_(numbered(db, work)) {
    try {
        guard_ = ConnectionGuard::take(db);
    } catch (const Error& e) {
        if (work_.span) work_.span->fail(e);
        throw;
    }
}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const sql::Dialect& Session::dialect(const Database& db) { return Access::core(db)->driver().dialect(); }

const sql::Dialect& Session::dialect() const { return guard_->pooled().connection().dialect(); }

const std::shared_ptr<observe::Detectors>& Session::detectors() const { return guard_->pooled().core().detectors(); }

/// The connection, on this thread and in a transaction that goes on.
PooledConnection& Session::ready() const {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter();
    pooled.levels().require_sound();
    pooled.levels().works_for(work_.evaluation);
    return pooled;
}

template <class Start>
std::unique_ptr<backend::Cursor> Session::start(const sql::Statement& statement, std::string_view lookup,
                                                Start&& begin) {
    PooledConnection& pooled = ready();
    if (const auto& all = pooled.core().detectors(); all->any() && lookup.empty()) all->main_statement(statement.text);
    auto report = observe::Report::begin(pooled, statement, lookup, work_);
    try {
        return std::make_unique<SessionCursor>(guard_, begin(pooled.connection()), std::move(report));
    } catch (const DatabaseError& e) {
        pooled.levels().note_failure(e);
        if (report) report->fail(e);
        throw;
    }
}

std::unique_ptr<backend::Cursor> Session::query(const sql::Statement& statement, std::string_view lookup) {
    return start(statement, lookup, [&](backend::Connection& connection) { return connection.query(statement); });
}

bool Session::sends_together() const {
    auto& connection = guard_->pooled().connection();
    return connection.pipeline() != nullptr && connection.in_transaction();
}

std::vector<std::unique_ptr<backend::Cursor>> Session::query_all(std::span<const Asked> asked, Snapshot* last) {
    std::vector<std::unique_ptr<backend::Cursor>> cursors;
    cursors.reserve(asked.size());
    PooledConnection& pooled = ready();
    const bool together = sends_together();
    const bool commit = together && last != nullptr && last->guard_ != nullptr && pooled.levels().end_early();
    if (!together || (asked.size() <= 1 && !commit)) {
        for (const auto& one : asked) cursors.push_back(query(*one.statement, one.lookup));
        return cursors;
    }
    std::vector<const sql::Statement*> statements;
    std::vector<std::unique_ptr<observe::Report>> reports;
    for (const auto& [statement, lookup] : asked) {
        statements.push_back(statement);
        reports.push_back(observe::Report::begin(pooled, *statement, lookup, work_));
    }
    if (commit) last->commit_is_sent_ = true;
    auto inner = pooled.connection().pipeline()->query_all(statements, commit);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        cursors.push_back(std::make_unique<SessionCursor>(guard_, std::move(inner[i]), std::move(reports[i])));
    }
    return cursors;
}

std::unique_ptr<backend::Cursor> Session::stream(const sql::Statement& statement, std::size_t batch) {
    return start(statement, {}, [&](backend::Connection& connection) { return connection.stream(statement, batch); });
}

bool Session::streams_need_transaction() const { return guard_->pooled().connection().streams_need_transaction(); }

std::int64_t Session::execute(const sql::Statement& statement, std::string_view lookup) {
    PooledConnection& pooled = ready();
    const auto report = observe::Report::begin(pooled, statement, lookup, work_);
    try {
        const std::int64_t changed = pooled.connection().execute(statement);
        if (report) report->finish({.rows = static_cast<std::size_t>(std::max<std::int64_t>(changed, 0))});
        return changed;
    } catch (const DatabaseError& e) {
        pooled.levels().note_failure(e);
        if (report) report->fail(e);
        throw;
    }
}

backend::Catalog Session::catalog() { return ready().connection().catalog(); }

bool Session::is_inside_block() const { return guard_->pooled().levels().any(); }

bool Session::is_inside_block(const Database& db) {
    if (const auto& transaction = Access::transaction(db); transaction != nullptr && transaction->pooled() != nullptr) {
        return true;
    }
    const auto pooled = Access::core(db)->pool().bound_connection();
    return pooled != nullptr && pooled->levels().any();
}

bool Session::in_transaction() const { return guard_->pooled().connection().in_transaction(); }

} // namespace kith::connection
