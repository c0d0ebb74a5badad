#include "backend/postgresql/error.hpp"

#include "backend/error_kind.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {
namespace {

/// The advice for a state, or for all states with that prefix. The first match is used.
struct Advice {
    std::string_view state;
    ErrorKind kind;
    std::string_view remedy;
};

constexpr std::string_view foreign_remedy =
    "Save a row before the rows that refer to it (FOREIGN KEY), and remove those first or declare kith::on_delete";

constexpr std::string_view too_many_connections = "53300";
constexpr std::string_view connections_remedy = "The server, or what it allows this user or database, has no room for "
                                                "another connection: lower pool_size, or raise "
                                                "max_connections or the CONNECTION LIMIT";

constexpr std::array advice{
    Advice{"08", ErrorKind::operational,
           "The server, one behind it or a pooler in front of it is not available at the moment: try again later"},
    Advice{"23505", ErrorKind::integrity,
           "A row with the same value exists (UNIQUE): choose another value, or use get_or_create or update_or_create"},
    Advice{"23502", ErrorKind::integrity, "Give the member a value, or make its column nullable (NOT NULL)"},
    Advice{"23503", ErrorKind::integrity, foreign_remedy},
    Advice{"23001", ErrorKind::integrity, foreign_remedy}, // of RESTRICT, since PostgreSQL 18
    Advice{"23", ErrorKind::integrity, "The value violates a rule of the table's schema"},
    Advice{"40001", ErrorKind::operational,
           "Another transaction changed the same rows: run the whole atomic block again, or use another isolation"},
    Advice{"40P01", ErrorKind::operational,
           "Two transactions waited for each other, and this one was ended: run the whole atomic block again, and lock "
           "rows in the same order everywhere"},
    Advice{"55P03", ErrorKind::operational,
           "Another connection holds the lock: keep transactions short, end streams that are no longer read, or raise "
           "busy_timeout"},
    Advice{"57014", ErrorKind::operational,
           "The statement took longer than statement_timeout, or was cancelled: load less at once, or raise the limit"},
    Advice{"57", ErrorKind::operational, "The server is stopping or ended the connection: try again"},
    Advice{too_many_connections, ErrorKind::operational, connections_remedy},
    Advice{"53", ErrorKind::operational,
           "The server ran out of disk space, memory or other resources: free some there"},
    Advice{"25006", ErrorKind::operational,
           "The connection (read_only), the atomic block or the server is read-only: write elsewhere"},
    Advice{"25P02", ErrorKind::operational, "A statement failed in this transaction before: roll it back first"},
    Advice{"25", ErrorKind::operational, ""},
    Advice{"42P01", ErrorKind::operational,
           "Create it with create_tables, or check the model's Table{.name}, its schema and the name of the database"},
    Advice{"42703", ErrorKind::operational,
           "The table has other columns than the model: add the column to the table, or name the right one with "
           "kith::column"},
    Advice{"42883", ErrorKind::other,
           "A member has a type that cannot be compared with its column's: give the member the type of the column"},
    Advice{"42501", ErrorKind::operational, "The user of the connection lacks the right to do this: GRANT it"},
    Advice{"3F000", ErrorKind::operational, "Create the schema, or check the model's Table{.schema}"},
    Advice{"28", ErrorKind::operational, "Check user, password and the server's pg_hba.conf"},
    Advice{"3D000", ErrorKind::operational, "Create the database with CREATE DATABASE, or check the URL"},
    Advice{"26000", ErrorKind::operational,
           "The server does not know a statement that was prepared on this connection: behind a pooler that shares "
           "connections between transactions, set pooling=transaction"},
    Advice{"34000", ErrorKind::operational,
           "The server does not know a cursor of this connection: behind a pooler that shares connections between "
           "transactions, set pooling=transaction"},
    Advice{"42P03", ErrorKind::operational,
           "The name of a cursor is in use: behind a pooler that shares connections between transactions, set "
           "pooling=transaction"},
    Advice{"42P05", ErrorKind::operational,
           "The name of a prepared statement is in use: behind a pooler that shares connections between transactions, "
           "set pooling=transaction"},
    Advice{"58", ErrorKind::operational, "The server's machine failed: check its log"},
    Advice{"XX", ErrorKind::operational, "The server found damage in its files or in itself: check its log"},
    Advice{"2201B", ErrorKind::other, "The regular expression is invalid: PostgreSQL uses its own syntax"},
    Advice{"22021", ErrorKind::other, "The text is not valid UTF-8: use std::vector<std::byte> for binary data"},
    Advice{"22003", ErrorKind::other, "The number is beyond the column's range: give the column a larger type"},
    Advice{"22001", ErrorKind::other, "The text is longer than the column: give the column a larger type"},
    Advice{"22P02", ErrorKind::other, "The text does not have the form that the column requires"},
};

constexpr const char* pooler_advice =
    "a pooler such as pgbouncer lets clients wait while all its connections to the server are in use: lower pool_size "
    "to their number, give it more, or raise connect_timeout";

Advice advise(const Failure& failure) {
    if (failure.lost || failure.sqlstate.empty()) return {"", ErrorKind::operational, lost_remedy(failure.doubt)};
    const auto found =
        std::ranges::find_if(advice, [&](const Advice& a) { return failure.sqlstate.starts_with(a.state); });
    return found != advice.end() ? *found : Advice{"", ErrorKind::other, ""};
}

/// Whether the same work may succeed if it is run again: see Error::is_transient.
bool is_transient(const Failure& failure) {
    if (failure.lost) return failure.doubt == Doubt::none;
    return failure.sqlstate == "40001" || failure.sqlstate == "40P01" || failure.sqlstate == "55P03";
}

Violation violation_of(std::string_view sqlstate) {
    if (sqlstate == "23505") return Violation::unique;
    if (sqlstate == "23503" || sqlstate == "23001") return Violation::foreign_key;
    if (sqlstate == "23502") return Violation::not_null;
    if (sqlstate == "23514") return Violation::check;
    return sqlstate == "23P01" ? Violation::exclusion : Violation::other;
}

/// The columns in `Key (name, "Order")=(…) …`, which is translated but for this form. None if it has expressions.
std::vector<std::string> key_columns(std::string_view detail) {
    std::vector<std::string> columns;
    const auto begin = detail.find('(');
    const auto end = detail.find(")=(");
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
    std::string name;
    bool quoted = false;
    const auto names = detail.substr(begin + 1, end - begin - 1);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const char c = names[i];
        if (c == '"') {
            const bool doubled = quoted && i + 1 < names.size() && names[i + 1] == '"';
            if (doubled)
                name += names[++i];
            else
                quoted = !quoted;
        } else if (!quoted && c == ',') {
            columns.push_back(std::exchange(name, {}));
        } else if (!quoted && (c == '(' || c == ':')) {
            return {};
        } else if (quoted || c != ' ') {
            name += c;
        }
    }
    columns.push_back(std::move(name));
    return columns;
}

/// libpq does not tell the SQLSTATE of a connection that was refused.
bool is_without_room(std::string_view message) {
    constexpr std::array texts{"too many clients", "too many connections", "connection slots are reserved"};
    return std::ranges::any_of(texts, [&](const char* text) { return message.find(text) != std::string_view::npos; });
}

} // namespace

void raise(const Failure& failure) {
    const auto [state, kind, remedy] = advise(failure);
    std::string message = fmt::format("{}: {}", failure.database, failure.text);
    if (!remedy.empty()) message += fmt::format(". {}", remedy);
    const bool in_doubt = failure.lost && failure.doubt != Doubt::none;
    ErrorContext context{.sql = std::string(failure.sql),
                         .sqlstate = std::string(in_doubt ? outcome_unknown : failure.sqlstate),
                         .transient = is_transient(failure)};
    if (kind == ErrorKind::integrity) {
        context.violation = violation_of(failure.sqlstate);
        context.constraint = failure.constraint;
        context.table = failure.table;
        context.columns = key_columns(failure.detail);
        if (!failure.column.empty()) context.columns = {std::string(failure.column)};
    }
    raise_as(kind, message, std::move(context));
}

void raise_unanswered(const std::string& database, long seconds) {
    throw OperationalError(fmt::format("{} accepted a connection, but did not answer within the {} s of "
                                       "connect_timeout. Check that the server works; {}",
                                       database, seconds, pooler_advice));
}

void raise_unconnected(const std::string& database, const std::string& message) {
    if (is_without_room(message)) {
        throw OperationalError(fmt::format("{} cannot be reached: {}. {}", database, message, connections_remedy),
                               {.sqlstate = std::string(too_many_connections)});
    }
    if (message.find("timeout expired") != std::string::npos) {
        throw OperationalError(fmt::format("{} cannot be reached: {}. Check that the server runs and accepts "
                                           "connections there; {}",
                                           database, message, pooler_advice));
    }
    throw OperationalError(fmt::format("{} cannot be reached: {}. Check that the server runs and accepts connections "
                                       "there, and the user, password and database of the URL",
                                       database, message));
}

} // namespace kith::backend::postgresql
