#include "connection/session.hpp"

#include "backend/doubt.hpp"
#include "backend/round_trip.hpp"
#include "base/bound.hpp"
#include "connection/atomic.hpp"
#include "connection/cursors.hpp"
#include "connection/database_core.hpp"
#include "connection/pooled_connection.hpp"
#include "connection/violation.hpp"
#include "observe/span_builder.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace kith::connection {

namespace {

void describe(observe::SpanBuilder& span, const observe::CallInfo& call) {
    std::string name(call.name);
    if (call.model != nullptr) {
        name += ' ' + call.model->name;
        span.set("kith.model", call.model->name);
    }
    if (!call.member.empty()) {
        name.append(".").append(call.member);
        span.set("kith.member", std::string(call.member));
    }
    span.name(std::move(name));
    span.set("kith.call", std::string(call.name));
    span.set_source(call.where);
}

/// Throws, and poisons the innermost block as a failed statement does.
[[noreturn]] void end_call(PooledConnection& pooled, const base::Bound& bound) {
    try {
        bound.raise("a statement was about to be sent");
    } catch (const DatabaseError& e) {
        pooled.transactions().note_failure(e);
        throw;
    }
}

/// Tells the LoadingDetectors of a statement that no lookup caused.
void note_main_statement(const PooledConnection& pooled, const sql::Statement& statement, std::string_view lookup) {
    if (const auto& all = pooled.core().detectors(); all->any() && lookup.empty()) all->main_statement(statement.text);
}

/// The rows of a statement of Kith's own that changes the database must be read to their end.
SessionCursor::Effect effect_of(const sql::Statement& statement) {
    if (statement.belongs_to_write) return SessionCursor::Effect::writes;
    if (!backend::returns_what_it_wrote(statement)) return SessionCursor::Effect::none;
    return statement.table.empty() ? SessionCursor::Effect::writes : SessionCursor::Effect::whole;
}

SessionCursor::Task task_of(const sql::Statement& statement, const observe::CallInfo& call) {
    return {.effect = effect_of(statement), .statement = &statement, .model = call.model};
}

void begin_span(const Database& db, observe::CallInfo& call) {
    const auto& observers = DatabaseAccess::core(db)->shared_observers();
    if (observers->any_tracers()) {
        call.span = observe::SpanBuilder::open(observers, Span::Kind::evaluation, block_around(db),
                                               [&](observe::SpanBuilder& span) { describe(span, call); });
    }
    call.evaluation = call.span != nullptr ? call.span->id() : observers->next_span();
}

/// Begins the time of what bounds `db`, unless `call` is part of a call for which it has begun.
void begin_bound(const Database& db, observe::CallInfo& call) {
    const auto& bounds = DatabaseAccess::bounds(db);
    if (bounds == nullptr || (call.bound != nullptr && call.bound->began_with(*bounds))) return;
    const auto model = call.model != nullptr ? std::string_view(call.model->name) : std::string_view();
    call.bound = base::Bound::both(call.bound, std::make_shared<base::Bound>(bounds, call.name, model));
}

} // namespace

std::uint64_t block_around(const Database& db) {
    if (const auto& block = DatabaseAccess::block(db)) {
        if (const auto pooled = block->connection()) return pooled->block_span();
    }
    const auto pooled = DatabaseAccess::core(db)->pool().bound_connection();
    return pooled != nullptr ? pooled->block_span() : 0;
}

observe::CallInfo numbered(const Database& db, observe::CallInfo call) {
    begin_bound(db, call);
    if (call.evaluation == 0 && !call.name.empty() && DatabaseAccess::core(db)->observers().any()) begin_span(db, call);
    return call;
}

Session::Session(const Database& db, const observe::CallInfo& call) : call_(numbered(db, call)) {
    try {
        guard_ = ConnectionGuard::acquire(db, call_.bound.get());
        bound_ = base::Bound::both(guard_->pooled().block_bound(), call_.bound);
    } catch (const Error& e) {
        if (call_.span) call_.span->fail(e);
        throw;
    }
}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const sql::Dialect& Session::dialect(const Database& db) { return DatabaseAccess::core(db)->driver().dialect(); }

const sql::Dialect& Session::dialect() const { return guard_->pooled().connection().dialect(); }

sql::Statement Session::update_row(const detail::ModelInfo& model, std::span<const detail::FieldInfo* const> fields,
                                   std::vector<detail::Value> values, std::vector<detail::Value> key) const {
    return guard_->pooled().connection().updates.row(model, fields, std::move(values), std::move(key), dialect());
}

sql::Select Session::select_rows(const detail::Query& query) const {
    return guard_->pooled().connection().selects.rows(query, dialect());
}

sql::Select Session::select_related_rows(const detail::RelationInfo& relation, const sql::KeyOrigin& from,
                                         const detail::Query* queryset) const {
    return guard_->pooled().connection().selects.related_rows(relation, from, queryset, dialect());
}

const std::shared_ptr<observe::Detectors>& Session::detectors() const { return guard_->pooled().core().detectors(); }

/// The connection, moved to this thread, for a call that is not over, in a transaction that is not poisoned.
PooledConnection& Session::ready() const {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter(bound_);
    if (bound_ != nullptr && bound_->over()) end_call(pooled, *bound_);
    pooled.transactions().require_sound();
    pooled.transactions().set_parent_span(call_.evaluation);
    return pooled;
}

std::unique_ptr<observe::StatementReport> Session::report(PooledConnection& pooled, const sql::Statement& statement,
                                                          std::string_view lookup) const {
    const DatabaseCore& core = pooled.core();
    return observe::StatementReport::begin({.observers = core.shared_observers(),
                                            .driver = core.driver(),
                                            .number = pooled.connection().number,
                                            .parameter_values = core.options().parameter_values},
                                           statement, lookup, call_);
}

void Session::count_statement(std::string_view lookup) const {
    if (bound_ != nullptr) bound_->add_statement(lookup);
}

template <class Start>
std::unique_ptr<backend::Cursor> Session::start(const sql::Statement& statement, std::string_view lookup,
                                                Start&& begin) {
    PooledConnection& pooled = ready();
    std::unique_ptr<observe::StatementReport> reported;
    try {
        count_statement(lookup);
        note_main_statement(pooled, statement, lookup);
        reported = report(pooled, statement, lookup);
        return std::make_unique<SessionCursor>(guard_, bound_, begin(pooled.connection()), std::move(reported), lookup,
                                               task_of(statement, call_));
    } catch (std::exception& e) {
        describe_violation(e, pooled.connection(), statement, call_.model);
        note_interruption(pooled, e, reported.get());
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

std::chrono::nanoseconds Session::round_trip() const { return guard_->pooled().connection().round_trip(); }

std::vector<std::unique_ptr<backend::Cursor>> Session::query_all(std::span<const LabelledStatement> statements,
                                                                 Snapshot* last) {
    std::vector<std::unique_ptr<backend::Cursor>> cursors;
    cursors.reserve(statements.size());
    PooledConnection& pooled = ready();
    const bool together = sends_together();
    const bool ends = together && last != nullptr && last->guard_ != nullptr && pooled.transactions().can_end_early();
    if (!together || (statements.size() <= 1 && !ends)) {
        for (const auto& [statement, lookup] : statements) cursors.push_back(query(*statement, lookup));
        return cursors;
    }
    try {
        std::vector<const sql::Statement*> sent;
        std::vector<std::unique_ptr<observe::StatementReport>> reports;
        sent.reserve(statements.size());
        reports.reserve(statements.size());
        for (const auto& labelled : statements) count_statement(labelled.lookup);
        for (const auto& [statement, lookup] : statements) {
            note_main_statement(pooled, *statement, lookup);
            sent.push_back(statement);
            reports.push_back(report(pooled, *statement, lookup));
        }
        // From here on the snapshot waits for the COMMIT, whether or not it can be sent.
        if (ends) last->commit_is_sent_ = pooled.transactions().end_early();
        auto inner = pooled.connection().pipeline()->query_all(sent, ends);
        for (std::size_t i = 0; i < inner.size(); ++i) {
            cursors.push_back(std::make_unique<SessionCursor>(guard_, bound_, std::move(inner[i]),
                                                              std::move(reports[i]), statements[i].lookup,
                                                              task_of(*sent[i], call_)));
        }
    } catch (const std::exception& e) {
        note_interruption(pooled, e, nullptr);
        throw;
    }
    return cursors;
}

std::unique_ptr<backend::Cursor> Session::stream(const sql::Statement& statement, std::size_t batch) {
    return start(statement, {}, [&](backend::Connection& connection) { return connection.stream(statement, batch); });
}

bool Session::streams_need_transaction() const { return guard_->pooled().connection().streams_need_transaction(); }

/// Runs a statement to its end and reports the number of rows that it changed, which `run` returns first.
template <class Run>
auto Session::finish_at_once(const sql::Statement& statement, std::string_view lookup, Run&& run) {
    PooledConnection& pooled = ready();
    std::unique_ptr<observe::StatementReport> reported;
    try {
        count_statement(lookup);
        reported = report(pooled, statement, lookup);
        auto [changed, result] = run(pooled.connection());
        if (reported) reported->finish({.rows = changed});
        return result;
    } catch (std::exception& e) {
        describe_violation(e, pooled.connection(), statement, call_.model);
        note_interruption(pooled, e, reported.get());
        throw;
    }
}

std::int64_t Session::execute(const sql::Statement& statement, std::string_view lookup) {
    return finish_at_once(statement, lookup, [&](backend::Connection& connection) {
        const auto changed = connection.execute(statement);
        return std::pair(static_cast<std::size_t>(std::max<std::int64_t>(changed, 0)), changed);
    });
}

std::vector<std::int64_t> Session::insert(const sql::Statement& statement, std::size_t rows) {
    return finish_at_once(statement, {}, [&](backend::Connection& connection) {
        auto keys = connection.insert(statement, rows);
        return std::pair(keys.size(), std::move(keys));
    });
}

/// `question` may query the database.
template <class Ask>
auto Session::ask(Ask&& question) const {
    PooledConnection& pooled = ready();
    try {
        return question(pooled.connection());
    } catch (const std::exception& e) {
        note_interruption(pooled, e, nullptr);
        throw;
    }
}

bool Session::holds_integers(const sql::KeyColumn& column) const {
    return ask([&](backend::Connection& connection) { return connection.holds_integers(column); });
}

bool Session::returns_new_keys(const detail::FieldInfo& key) const {
    return ask([&](backend::Connection& connection) { return connection.returns_new_keys(key); });
}

bool Session::inserts_every_row(const sql::KeyColumn& key) const {
    return ask([&](backend::Connection& connection) { return connection.inserts_every_row(key); });
}

std::vector<backend::UniqueKey> Session::unique_keys(const detail::ModelInfo& model) const {
    return ask([&](backend::Connection& connection) { return connection.unique_keys(model); });
}

bool Session::copies(std::span<const detail::FieldInfo* const> columns) const {
    return ask([&](backend::Connection& connection) { return connection.copies(columns); });
}

void Session::copy(const sql::Statement& statement) {
    finish_at_once(statement, {}, [&](backend::Connection& connection) {
        const auto rows = connection.copy(statement);
        return std::pair(static_cast<std::size_t>(rows), rows);
    });
}

backend::Catalog Session::catalog() { return ready().connection().catalog(); }

void Session::note_half_done(const std::exception& cause) const noexcept {
    guard_->pooled().transactions().note_failure(cause);
}

bool Session::observes_changes() const noexcept { return guard_->pooled().core().observers().any_of_changes(); }

void Session::note_change(observe::PendingChange change) const {
    guard_->pooled().transactions().note_change(std::move(change));
}

bool Session::is_inside_block() const { return guard_->pooled().transactions().any(); }

bool Session::is_inside_block(const Database& db) {
    if (const auto& block = DatabaseAccess::block(db); block != nullptr && block->connection() != nullptr) return true;
    const auto pooled = DatabaseAccess::core(db)->pool().bound_connection();
    return pooled != nullptr && pooled->transactions().any();
}

bool Session::is_in_transaction(const Database& db) {
    if (is_inside_block(db)) return true;
    const auto pooled = DatabaseAccess::core(db)->pool().bound_connection();
    return pooled != nullptr && pooled->transactions().is_open();
}

bool Session::in_transaction() const { return guard_->pooled().connection().in_transaction(); }

Snapshot::Snapshot(Session& session) {
    if (!session.ready().transactions().share_snapshot()) return;
    guard_ = session.guard_;
    ++guard_->snapshots;
    bound_ = session.bound_;
    evaluation_ = session.call().evaluation;
}

void Snapshot::commit() {
    const auto guard = std::exchange(guard_, nullptr);
    if (!guard) return;
    --guard->snapshots;
    PooledConnection& pooled = guard->pooled();
    try {
        // From another thread without the bound: a share that stayed would keep its writes from being committed.
        if (!pooled.lock().is_mine()) pooled.enter(nullptr);
        // After its time too: what the thread wrote meanwhile is in the same transaction.
        const bool is_late = bound_ != nullptr && bound_->over();
        const auto brief = [&] { return backend::brief_time(pooled.connection().round_trip(), trips_to_end); };
        pooled.enter(is_late ? std::make_shared<base::Bound>(base::Bound::for_undo(brief())) : bound_);
    } catch (...) {
        pooled.abandon(); // an error for the other thread rather than a rollback that nobody is told of
        throw;
    }
    TransactionStack& transactions = pooled.transactions();
    transactions.set_parent_span(evaluation_);
    if (std::exchange(commit_is_sent_, false)) {
        transactions.finish_early_end();
    } else {
        transactions.end_snapshot();
    }
}

Snapshot::~Snapshot() {
    try {
        commit();
    } catch (...) { // NOLINT(bugprone-empty-catch): the snapshot has ended; commit() would report the failure
    }
}

WriteTransaction::WriteTransaction(Session& session) : evaluation_(session.call().evaluation) {
    session.ready().transactions().open({});
    guard_ = session.guard_;
    bound_ = session.bound_;
}

void WriteTransaction::expect_last() noexcept { guard_->pooled().transactions().expect_last(); }

void WriteTransaction::commit() {
    const auto guard = std::exchange(guard_, nullptr);
    guard->pooled().enter(bound_);
    guard->pooled().transactions().set_parent_span(evaluation_);
    guard->pooled().transactions().commit();
}

WriteTransaction::~WriteTransaction() {
    if (!guard_) return;
    guard_->pooled().transactions().set_parent_span(evaluation_);
    guard_->pooled().transactions().roll_back();
}

} // namespace kith::connection
