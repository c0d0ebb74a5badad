#include "backend/postgresql/connection.hpp"

#include "backend/postgresql/cursor.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace kith::backend::postgresql {
namespace {

constexpr int binary_format = 1;
/// Beyond so many keys, planning for these very keys gains more than it costs.
constexpr std::size_t most_keys_of_named = 500;
/// Rows asked for at a time at most.
constexpr std::size_t largest_batch = 10'000;

std::string setup(const ConnectionSettings& settings) {
    // To PostgreSQL, zero means that a lock is waited for without end.
    const auto wait =
        std::clamp<std::int64_t>(settings.busy_timeout.count(), 1, std::numeric_limits<std::int32_t>::max());
    return fmt::format("SET TimeZone TO 'UTC'; SET standard_conforming_strings TO on; SET lock_timeout TO {}{}", wait,
                       settings.read_only ? "; SET default_transaction_read_only TO on" : "");
}

/// A table was altered, so that what was planned gives other columns now.
bool is_altered(const PGresult* result) { return sqlstate_of(result) == "0A000"; }
/// Another user of the same server connection, behind a pooler, has dropped it.
bool is_gone(const PGresult* result) { return sqlstate_of(result) == "26000"; }

} // namespace

Connection::Connection(const ConnectionSettings& settings, const sql::Dialect& dialect)
    : handle_(settings.libpq, settings.name), statements_(settings.statement_cache), dialect_(&dialect) {
    handle_.run(setup(settings));
}

std::unique_ptr<backend::Cursor> Connection::query(const sql::Statement& statement) {
    return std::make_unique<Cursor>(Rows(run(statement), statement.text));
}

std::unique_ptr<backend::Cursor> Connection::stream(const sql::Statement& statement, std::size_t batch) {
    tidy();
    const bool inside = in_transaction();
    auto name = fmt::format("kith_c{}", ++last_cursor_);
    const auto text =
        fmt::format("DECLARE {} NO SCROLL CURSOR {}FOR {}", name, inside ? "" : "WITH HOLD ", statement.text);
    handle_.check(run_unnamed(text, Parameters(statement)), statement.text);
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
        return;
    }
    const auto begin = std::exchange(begin_, {});
    // Nothing has happened in the transaction.
    if (!begin.empty() && (text == "COMMIT" || text == "ROLLBACK")) return;
    const std::string sql(text);
    const auto result = handle_.run(begin.empty() ? sql : begin + "; " + sql);
    // Cursors that were opened in what is rolled back are gone; all are at the end of a transaction.
    if (!in_transaction() || sql.starts_with("ROLLBACK")) {
        std::erase_if(cursors_, [](const ServerCursor& cursor) { return !cursor.held; });
    }
    if (sql == "COMMIT" && std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
        throw OperationalError(fmt::format("{}: the transaction was rolled back instead of committed, because a "
                                           "statement in it had failed",
                                           handle_.name()),
                               {.sql = sql});
    }
}

bool Connection::in_transaction() const {
    if (!begin_.empty()) return true;
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
    tidy();
    const Parameters parameters(statement);
    const bool keep = !statements_.off() && parameters.most_keys() <= most_keys_of_named;
    auto* entry = keep ? statements_.find(statement.text, parameters) : nullptr;
    if (entry == nullptr) return handle_.check(run_unnamed(statement.text, parameters), statement.text);
    const bool alone = !in_transaction();
    auto result = run_named(*entry, parameters);
    if (is_gone(result.get())) {
        statements_.clear();
    } else if (is_altered(result.get())) {
        statements_.forget(*entry);
    } else {
        return handle_.check(std::move(result), statement.text);
    }
    if (alone) return handle_.check(run_unnamed(statement.text, parameters), statement.text);
    try {
        handle_.fail(result.get(), statement.text);
    } catch (const Error& e) {
        throw StatementOutdated(e.what(), e.context());
    }
}

Result Connection::run_named(StatementCache::Entry& entry, const Parameters& parameters) {
    if (entry.name.empty()) prepare(entry);
    const auto* name = entry.name.c_str();
    if (!begin_.empty()) {
        return run_behind_begin(entry.sql, [&](PGconn* connection) {
            return PQsendQueryPrepared(connection, name, parameters.size(), parameters.values(), parameters.lengths(),
                                       parameters.formats(), binary_format);
        });
    }
    return Result(PQexecPrepared(handle_.get(), name, parameters.size(), parameters.values(), parameters.lengths(),
                                 parameters.formats(), binary_format));
}

Result Connection::run_unnamed(const std::string& sql, const Parameters& parameters) {
    if (!begin_.empty()) {
        return run_behind_begin(sql, [&](PGconn* connection) {
            return PQsendQueryParams(connection, sql.c_str(), parameters.size(), parameters.types().data(),
                                     parameters.values(), parameters.lengths(), parameters.formats(), binary_format);
        });
    }
    return Result(PQexecParams(handle_.get(), sql.c_str(), parameters.size(), parameters.types().data(),
                               parameters.values(), parameters.lengths(), parameters.formats(), binary_format));
}

/// Sends BEGIN and a statement in one round trip. The server answers BEGIN with a few bytes, so neither side can wait
/// for the other with its buffers full.
template <class Send>
Result Connection::run_behind_begin(std::string_view sql, Send&& send) {
    auto* connection = handle_.get();
    const auto begin = std::exchange(begin_, {});
    const bool sent =
        PQenterPipelineMode(connection) == 1 &&
        PQsendQueryParams(connection, begin.c_str(), 0, nullptr, nullptr, nullptr, nullptr, binary_format) == 1 &&
        send(connection) == 1 && PQpipelineSync(connection) == 1;
    if (!sent) handle_.fail(nullptr, sql);
    Result begun(PQgetResult(connection));
    Result(PQgetResult(connection)); // null: the end of the results of BEGIN
    Result result(PQgetResult(connection));
    // Up to the answer to the synchronisation; without a connection there is none.
    for (Result rest(PQgetResult(connection)); !handle_.lost(); rest.reset(PQgetResult(connection))) {
        if (PQresultStatus(rest.get()) == PGRES_PIPELINE_SYNC) break;
    }
    PQexitPipelineMode(connection);
    handle_.check(std::move(begun), begin);
    return result;
}

void Connection::prepare(StatementCache::Entry& entry) {
    statements_.name(entry);
    Result result(PQprepare(handle_.get(), entry.name.c_str(), entry.sql.c_str(), static_cast<int>(entry.types.size()),
                            entry.types.data()));
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return;
    entry.name.clear(); // there is nothing at the server to drop
    handle_.fail(result.get(), entry.sql);
}

/// Drops at the server what nobody asks for any more. In a failed transaction that has to wait.
void Connection::tidy() {
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

Result Connection::fetch(const std::string& cursor, int rows, std::string_view sql) {
    tidy();
    const auto text = fmt::format("FETCH FORWARD {} FROM {}", rows, cursor);
    return handle_.check(
        Result(PQexecParams(handle_.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, binary_format)), sql);
}

/// Closing waits for the next statement: now, an exception may be under way.
void Connection::close(const std::string& cursor) noexcept {
    const auto found = std::ranges::find(cursors_, cursor, &ServerCursor::name);
    if (found != cursors_.end()) found->left = true;
}

} // namespace kith::backend::postgresql
