#include "database/session.hpp"

#include "database/access.hpp"
#include "database/database_core.hpp"
#include "database/lease.hpp"
#include "database/report.hpp"
#include "database/session_cursor.hpp"

#include <kith/error.hpp>

#include <algorithm>

namespace kith::database {

Session::Session(const Database& db) : hold_(Hold::take(db)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const sql::Dialect& Session::dialect(const Database& db) { return Access::core(db)->driver().dialect(); }

const sql::Dialect& Session::dialect() const { return hold_->lease().connection().dialect(); }

/// The connection, on this thread and in a transaction that goes on.
Lease& Session::ready() const {
    Lease& lease = hold_->lease();
    lease.enter();
    lease.levels().require_sound();
    return lease;
}

template <class Start>
std::unique_ptr<backend::Cursor> Session::start(const sql::Statement& statement, std::string_view lookup,
                                                Start&& begin) {
    Lease& lease = ready();
    auto report = Report::begin(lease.core().observers(), statement, lookup);
    try {
        return std::make_unique<SessionCursor>(hold_, begin(lease.connection()), std::move(report));
    } catch (const DatabaseError& e) {
        lease.levels().note_failure(e);
        if (report) report->finish(0, true);
        throw;
    }
}

std::unique_ptr<backend::Cursor> Session::query(const sql::Statement& statement, std::string_view lookup) {
    return start(statement, lookup, [&](backend::Connection& connection) { return connection.query(statement); });
}

std::unique_ptr<backend::Cursor> Session::stream(const sql::Statement& statement, std::size_t batch) {
    return start(statement, {}, [&](backend::Connection& connection) { return connection.stream(statement, batch); });
}

std::int64_t Session::execute(const sql::Statement& statement, std::string_view lookup) {
    Lease& lease = ready();
    const auto report = Report::begin(lease.core().observers(), statement, lookup);
    try {
        const std::int64_t changed = lease.connection().execute(statement);
        if (report) report->finish(static_cast<std::size_t>(std::max<std::int64_t>(changed, 0)), false);
        return changed;
    } catch (const DatabaseError& e) {
        lease.levels().note_failure(e);
        if (report) report->finish(0, true);
        throw;
    }
}

backend::Catalog Session::catalog() { return ready().connection().catalog(); }

bool Session::in_transaction() const { return hold_->lease().connection().in_transaction(); }

} // namespace kith::database
