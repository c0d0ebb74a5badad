#include "backend/mariadb/connection.hpp"

#include "backend/mariadb/cursor.hpp"
#include "backend/mariadb/parameters.hpp"
#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <mysqld_error.h>
#include <poll.h>

#include <algorithm>
#include <utility>

namespace kith::backend::mariadb {
namespace {

/// Maximum number of rows fetched at once.
constexpr std::size_t largest_batch = 10'000;

std::string setup(const ConnectionSettings& settings) {
    const auto seconds = std::clamp<std::int64_t>((settings.busy_timeout.count() + 999) / 1000, 0, 31'536'000);
    return fmt::format("SET time_zone = '+00:00', innodb_lock_wait_timeout = {0}, lock_wait_timeout = {0}, sql_mode = "
                       "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
                       "SIMULTANEOUS_ASSIGNMENT'", // UPDATE sets columns to what others held before it
                       seconds);
}

/// The server itself prepares a statement again after its table was altered, unless it gives up.
bool is_outdated(unsigned number) { return number == ER_NEED_REPREPARE || number == ER_UNKNOWN_STMT_HANDLER; }

bool only_reads(std::string_view sql) { return sql.starts_with("SELECT") || sql.starts_with("EXPLAIN"); }

} // namespace

Connection::Connection(const ConnectionSettings& settings, Dialect& dialect, const base::Bound* bound)
    : handle_(settings, bound), statements_(StatementMaker(handle_), settings.statement_cache), dialect_(&dialect) {
    const auto start = RoundTrip::Clock::now();
    handle_.run_at_opening(setup(settings), settings.connect_timeout);
    note_round_trip(start);
    if (settings.read_only) handle_.run("SET SESSION TRANSACTION READ ONLY");
    const auto server = query(
        {.text = fmt::format("SELECT @@tx_isolation, @@max_allowed_packet, ({})", server_identity), .table = "dual"});
    if (!server->next()) return;
    isolation_is_weak_ = std::get<std::string>(server->value(0, ColumnType::text, nullptr)).starts_with("READ-");
    dialect.set_largest_value(static_cast<std::size_t>(server->integer(1)));
    handle_.set_server(std::get<std::string>(server->value(2, ColumnType::text, nullptr)));
}

std::unique_ptr<backend::Cursor> Connection::query(const sql::Statement& statement) {
    auto loan = run(statement, Rows::read);
    const bool unread = loan.get()->cursor_exists == 0; // otherwise they were stored
    return std::make_unique<Cursor>(handle_, std::move(loan), statement.text, unread);
}

std::unique_ptr<backend::Cursor> Connection::stream(const sql::Statement& statement, std::size_t batch) {
    const auto rows = std::clamp<std::size_t>(batch, 1, largest_batch);
    return std::make_unique<Cursor>(handle_, run(statement, Rows::kept_at_server, rows), statement.text,
                                    /*unread=*/false);
}

std::int64_t Connection::execute(const sql::Statement& statement) {
    const auto loan = run(statement, Rows::dropped);
    return static_cast<std::int64_t>(mysql_stmt_affected_rows(loan.get()));
}

StatementCache::Loan Connection::run(const sql::Statement& statement, Rows rows, std::size_t batch) {
    require_allowed(statement);
    if (!statement.stored.empty()) stored_columns_.require_kept(statement);
    handle_.settle();
    handle_.set_doubt(Doubt::none);
    handle_.begin();
    leave_snapshot_mode();
    Parameters parameters(statement, dialect_->largest_value());
    auto loan = statements_.take(statement.text);
    auto* prepared = loan.get();
    const auto wanted = mysql_stmt_param_count(prepared);
    if (wanted != parameters.size()) {
        throw ValueError(fmt::format("The statement has {} parameters but was given {}", wanted, parameters.size()),
                         {.sql = statement.text});
    }
    const unsigned long cursor = rows == Rows::kept_at_server ? CURSOR_TYPE_READ_ONLY : CURSOR_TYPE_NO_CURSOR;
    const unsigned long at_a_time = batch;
    mysql_stmt_attr_set(prepared, STMT_ATTR_CURSOR_TYPE, &cursor);
    mysql_stmt_attr_set(prepared, STMT_ATTR_PREFETCH_ROWS, &at_a_time);
    bool good = wanted == 0 || mysql_stmt_bind_param(prepared, parameters.get()) == 0;
    good = good && parameters.send_large(handle_, prepared);
    note_sent(statement);
    const auto start = RoundTrip::Clock::now();
    good = good && handle_.execute(prepared) == 0;
    if (good) note_round_trip(start);
    // If the statement once had a cursor on the server, the library would continue to fetch rows from it.
    const bool store = rows == Rows::dropped || (rows == Rows::read && prepared->cursor_exists != 0);
    if (good && store && mysql_stmt_field_count(prepared) > 0) good = handle_.store_result(prepared) == 0;
    if (good) return loan;
    // Not used again: after a failure between rows, the library would wait for rows that never arrive.
    loan.discard();
    const bool outdated = is_outdated(mysql_stmt_errno(prepared));
    try {
        handle_.fail(prepared, statement.text);
    } catch (const Error& e) {
        if (outdated) throw StatementOutdated(e.what(), e.context());
        throw;
    }
}

void Connection::note_round_trip(RoundTrip::Clock::time_point start) noexcept {
    constexpr int trips_to_cancel = 8; // six for the connection that asks, one for the answer, and one to spare
    round_trip_.note(start);
    handle_.set_grace(brief_time(round_trip(), trips_to_cancel));
}

/// From here on, a lost connection may hide what the statement did.
void Connection::note_sent(const sql::Statement& statement) {
    const bool writes = may_write(statement);
    wrote_ = wrote_ || writes;
    handle_.set_at_stake(wrote_ && in_transaction());
    if (writes && !in_transaction()) handle_.set_doubt(Doubt::statement);
}

/// The server supports read-only transactions, but not read-only parts of one.
void Connection::require_allowed(const sql::Statement& statement) const {
    if (!writes_forbidden_ || only_reads(statement.text)) return;
    throw OperationalError(fmt::format("{}: this atomic block is read_only: write outside of it", handle_.name()),
                           {.sql = statement.text});
}

/// MariaDB keeps the isolation level of a transaction that it rolled back because of a deadlock, for those after it.
void Connection::end_rolled_back() {
    in_transaction_ = false;
    handle_.run("ROLLBACK");
    handle_.forget_rollback();
}

/// The message for a key that exists names the key, but neither its table nor its columns.
void Connection::describe_violation(const sql::Statement& statement, ErrorContext& violated) {
    if (violated.violation != Violation::unique || violated.constraint.empty() || statement.table.empty()) return;
    const auto text = [](std::string_view value) { return sql::Bind(Value(std::string(value))); };
    const auto columns =
        query({.text = "SELECT column_name FROM information_schema.statistics WHERE table_schema = "
                       "COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND index_name = ? "
                       "ORDER BY seq_in_index",
               .binds = {text(sql::schema_of(statement)), text(statement.table), text(violated.constraint)},
               .table = "statistics"});
    violated.table = statement.table;
    while (columns->next()) {
        violated.columns.push_back(std::get<std::string>(columns->value(0, ColumnType::text, nullptr)));
    }
}

void Connection::control(std::string_view text) {
    if (handle_.rolled_back()) end_rolled_back();
    handle_.set_doubt(wrote_ && text == "COMMIT" ? Doubt::commit : Doubt::none);
    if (text == snapshot_text) return open_snapshot();
    if (const auto end = text.find(';'); end == std::string_view::npos) {
        handle_.run(text);
    } else { // an isolation level, which waits for the BEGIN
        is_in_doubt_ = true;
        handle_.run_both(text.substr(0, end), text.substr(end + 1));
        is_in_doubt_ = false;
    }
    if (text == "COMMIT" || text == "ROLLBACK") in_transaction_ = false;
    if (text.ends_with("START TRANSACTION") || text.ends_with("READ ONLY")) {
        open_transaction();
    }
}

void Connection::open_transaction() {
    in_transaction_ = true;
    wrote_ = false;
    handle_.forget_rollback();
}

/// Without autocommit, the first SELECT opens a transaction and fixes its snapshot: that needs no round trip of its
/// own, and the connection stays in that mode until the next single statement.
void Connection::open_snapshot() {
    // Noted before it is set.
    if (std::exchange(autocommit_, false)) handle_.run(snapshot_text);
    if (isolation_is_weak_) handle_.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    open_transaction();
}

/// A statement outside of transactions is its own transaction.
void Connection::leave_snapshot_mode() {
    if (autocommit_ || in_transaction()) return;
    handle_.run("SET autocommit = 1");
    autocommit_ = true;
}

bool Connection::alive() {
    // No message from the server is expected now: if one arrives, the connection is ending.
    pollfd socket{.fd = mysql_get_socket(handle_.get()), .events = POLLIN, .revents = 0};
    return !handle_.lost() && !handle_.has_unasked() && poll(&socket, 1, 0) == 0;
}

} // namespace kith::backend::mariadb
