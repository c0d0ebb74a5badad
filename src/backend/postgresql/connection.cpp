#include "backend/postgresql/connection.hpp"

#include "backend/postgresql/cursor.hpp"
#include "backend/postgresql/names.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace kith::backend::postgresql {
namespace {

/// Rows asked for at a time at most.
constexpr std::size_t largest_batch = 10'000;

/// A table was altered, so that what was planned gives other columns now.
constexpr std::string_view statement_is_altered = "0A000";
/// A column was altered to another type than that of the keys that are compared with it.
constexpr std::string_view keys_are_altered = "42804";
/// Another user of the same server connection, behind a pooler, has dropped it.
constexpr std::string_view statement_is_gone = "26000";

} // namespace

Connection::Connection(const ConnectionSettings& settings, const sql::Dialect& dialect)
    : handle_(settings.libpq, settings.name),
      prefix_(unique_prefix()),
      local_settings_(settings.pooling == Pooling::transaction
                          ? set_for_transaction(settings.server, settings.read_only)
                          : std::string()),
      statements_(prefix_, settings.statement_cache),
      pipeline_(handle_, statements_),
      dialect_(&dialect) {
    if (local_settings_.empty()) handle_.run_at_opening(set_for_session(settings.server, settings.read_only));
}

std::unique_ptr<backend::Cursor> Connection::query(const sql::Statement& statement) {
    auto result = run(statement);
    return std::make_unique<Cursor>(Rows(std::move(result), statement.text, &type_names_));
}

std::unique_ptr<backend::Cursor> Connection::stream(const sql::Statement& statement, std::size_t batch) {
    const bool inside = in_transaction();
    if (!inside && streams_need_transaction()) return query(statement); // no cursor may be left at the server
    auto name = fmt::format("{}_c{}", prefix_, ++last_cursor_);
    const auto text =
        fmt::format("DECLARE {} NO SCROLL CURSOR {}FOR {}", name, inside ? "" : "WITH HOLD ", statement.text);
    doubt_ = Doubt::none;
    run_unkept({.text = text, .binds = statement.binds}, statement.text);
    cursors_.push_back({.name = name, .held = !inside});
    const auto rows = static_cast<int>(std::clamp<std::size_t>(batch, 1, largest_batch));
    return std::make_unique<StreamCursor>(*this, std::move(name), statement.text, rows);
}

std::int64_t Connection::execute(const sql::Statement& statement) {
    const auto result = run(statement);
    const std::string_view count = PQcmdTuples(result.get());
    std::int64_t changed = 0;
    for (const char digit : count) changed = changed * 10 + (digit - '0');
    return changed;
}

void Connection::control(std::string_view text) {
    if (text.starts_with("BEGIN") && !in_transaction()) {
        begin_ = text;
        wrote_ = false;
        return;
    }
    auto begin = std::exchange(begin_, {});
    // Nothing has happened in the transaction.
    if (!begin.empty() && (text == "COMMIT" || text == "ROLLBACK")) return;
    const std::string sql(text);
    pipeline_.settle();
    if (!begin.empty() && !local_settings_.empty()) begin += "; " + local_settings_;
    const auto doubt = wrote_ && sql == "COMMIT" ? Doubt::commit : Doubt::none;
    const auto result = handle_.run(begin.empty() ? sql : begin + "; " + sql, doubt);
    // Cursors that were opened in what is rolled back are gone; all are at the end of a transaction.
    if (!in_transaction() || sql.starts_with("ROLLBACK")) forget_cursors();
    if (sql == "COMMIT") require_committed(result.get());
}

void Connection::forget_cursors() {
    std::erase_if(cursors_, [](const ServerCursor& cursor) { return !cursor.held; });
}

/// The server answers COMMIT in a transaction that has failed with success, and the word ROLLBACK.
void Connection::require_committed(const PGresult* result) const {
    if (std::string_view(PQcmdStatus(const_cast<PGresult*>(result))) == "COMMIT") return;
    throw OperationalError(fmt::format("{}: the transaction was rolled back instead of committed, because a "
                                       "statement in it had failed",
                                       handle_.name()),
                           {.sql = "COMMIT"});
}

bool Connection::in_transaction() const {
    if (!begin_.empty()) return true;
    if (pipeline_.active() && commit_ != nullptr) return false; // for what comes next
    switch (PQtransactionStatus(handle_.get())) {
    case PQTRANS_ACTIVE:
    case PQTRANS_INTRANS:
    case PQTRANS_INERROR: return true;
    default: return false;
    }
}

// The setting ends with the transaction, or with a rollback to the savepoint; the server cannot be told otherwise.
void Connection::forbid_writes(bool on) {
    if (on) control("SET LOCAL transaction_read_only TO on");
}

bool Connection::alive() {
    // Nothing is expected from the server now but notices, or that it takes its leave: a last message, then the end.
    pollfd socket{.fd = PQsocket(handle_.get()), .events = POLLIN, .revents = 0};
    while (!handle_.lost() && socket.fd >= 0 && poll(&socket, 1, 0) == 1) {
        if (PQconsumeInput(handle_.get()) == 0) return false;
    }
    return !handle_.lost() && socket.fd >= 0;
}

Result Connection::run(const sql::Statement& statement) {
    if (!statement.stored.empty()) stored_columns_.require_kept(statement);
    const bool alone = !in_transaction();
    const bool writes = may_write(statement);
    wrote_ = wrote_ || writes;
    doubt_ = alone && writes ? Doubt::statement : Doubt::none;
    if (alone && !local_settings_.empty()) return run_as_transaction(statement);
    const auto step = start(statement, /*keep=*/true);
    pipeline_.wait_for(*step);
    return alone && forget_outdated(*step) ? run_unkept(statement, statement.text) : take(*step);
}

/// In one round trip. The settings hold for this statement alone.
Result Connection::run_as_transaction(const sql::Statement& statement) {
    pipeline_.settle();
    begin_ = "BEGIN";
    const auto opening = add_begin();
    const auto step = pipeline_.add(statement, /*keep=*/false);
    commit_ = pipeline_.add("COMMIT");
    commit_->sql = statement.text;
    pipeline_.send();
    try {
        auto result = take(*step);
        finish_commit();
        return result;
    } catch (...) {
        commit_ = nullptr;
        roll_back();
        throw;
    }
}

/// What failed before its COMMIT left a transaction open. Where this fails, the connection is lost.
void Connection::roll_back() noexcept {
    pipeline_.settle();
    if (in_transaction()) Result(PQexec(handle_.get(), "ROLLBACK"));
}

/// `sql` is what messages show.
Result Connection::run_unkept(const sql::Statement& statement, const std::string& sql) {
    const auto step = start(statement, /*keep=*/false);
    step->sql = sql;
    return take(*step);
}

/// Sends a statement, and what has to precede it.
std::shared_ptr<Connection::Step> Connection::start(const sql::Statement& statement, bool keep) {
    tidy();
    const auto opening = add_begin();
    auto step = pipeline_.add(statement, keep);
    pipeline_.send();
    return step;
}

/// BEGIN, where it waits for a statement, and the settings that the transaction needs.
Connection::Opening Connection::add_begin() {
    Opening opening;
    if (begin_.empty()) return opening;
    opening[0] = pipeline_.add(std::exchange(begin_, {}));
    if (!local_settings_.empty()) opening[1] = pipeline_.add(local_settings_);
    return opening;
}

std::vector<std::unique_ptr<backend::Cursor>> Connection::query_all(std::span<const sql::Statement* const> statements,
                                                                    bool commit) {
    tidy();
    const auto opening = add_begin();
    std::vector<std::unique_ptr<backend::Cursor>> cursors;
    for (const auto* statement : statements) {
        cursors.push_back(std::make_unique<PipelineCursor>(*this, pipeline_.add(*statement, /*keep=*/true)));
    }
    if (commit) commit_ = pipeline_.add("COMMIT");
    doubt_ = commit && wrote_ ? Doubt::commit : Doubt::none;
    pipeline_.send();
    return cursors;
}

void Connection::finish_commit() {
    const auto commit = std::exchange(commit_, nullptr);
    if (commit == nullptr) return; // it was not sent
    pipeline_.wait_for(*commit);
    if (commit->cause != nullptr) return;
    forget_cursors();
    require_committed(take(*commit).get());
}

Result Connection::take(Step& step) {
    pipeline_.wait_for(step);
    if (step.error != nullptr) std::rethrow_exception(step.error);
    if (step.result == nullptr || is_failure(step.result.get())) fail(step);
    auto result = std::move(step.result);
    learn_types(*result);
    return result;
}

/// A type that is seen for the first time is looked up once what is under way has come to its end.
void Connection::learn_types(const PGresult& result) {
    const auto types = type_names_.unknown(&result);
    if (types.empty()) return;
    pipeline_.settle();
    const auto status = PQtransactionStatus(handle_.get());
    if (status == PQTRANS_IDLE || status == PQTRANS_INTRANS) type_names_.ask(handle_, types);
}

void Connection::fail(const Step& step) {
    pipeline_.settle(); // what comes after a failure tells whether the connection is lost
    const auto& failed = step.cause != nullptr ? *step.cause : step;
    const bool outdated = forget_outdated(failed);
    try {
        handle_.fail(failed.result.get(), failed.sql, doubt_);
    } catch (const Error& e) {
        if (outdated) throw StatementOutdated(e.what(), e.context());
        throw;
    }
}

/// Whether a statement failed because what was prepared is not as it was. It is prepared anew when it comes again.
bool Connection::forget_outdated(const Step& step) {
    if (!step.named) return false;
    const auto state = sqlstate_of(step.result.get());
    if (state == statement_is_gone) {
        statements_.clear();
    } else if (state == statement_is_altered || state == keys_are_altered) {
        statements_.forget_all(); // others may speak of the same table, and there is one new start
    } else {
        return false;
    }
    return true;
}

/// Drops at the server what nobody asks for any more. In a failed transaction that has to wait.
void Connection::tidy() {
    pipeline_.settle();
    const auto status = PQtransactionStatus(handle_.get());
    if (status != PQTRANS_IDLE && status != PQTRANS_INTRANS) return;
    std::string text;
    for (const auto& cursor : cursors_) {
        if (cursor.left) text += fmt::format("CLOSE {};", cursor.name);
    }
    std::erase_if(cursors_, &ServerCursor::left);
    // Where a statement is gone already, the error would spoil a transaction; outside of one it does no harm.
    if (status == PQTRANS_IDLE && statements_.any_dropped()) {
        for (const auto& name : statements_.take_dropped()) text += fmt::format("DEALLOCATE {};", name);
    }
    if (!text.empty()) Result(PQexec(handle_.get(), text.c_str()));
}

Result Connection::fetch(const std::string& cursor, int rows, const std::string& sql) {
    doubt_ = Doubt::none;
    return run_unkept({.text = fmt::format("FETCH FORWARD {} FROM {}", rows, cursor)}, sql);
}

/// Closing waits for the next statement: now, an exception may be under way.
void Connection::close(const std::string& cursor) noexcept {
    const auto found = std::ranges::find(cursors_, cursor, &ServerCursor::name);
    if (found != cursors_.end()) found->left = true;
}

} // namespace kith::backend::postgresql
