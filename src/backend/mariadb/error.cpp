#include "backend/mariadb/error.hpp"

#include "backend/error_kind.hpp"

#include <kith/error.hpp>

#include <errmsg.h>
#include <fmt/format.h>
#include <mysqld_error.h>

#include <algorithm>
#include <array>
#include <string>

namespace kith::backend::mariadb {
namespace {

struct Advice {
    unsigned number;
    ErrorKind kind;
    std::string_view remedy;
};

constexpr std::string_view unique_remedy =
    "A row with the same value exists (UNIQUE): choose another value, or use get_or_create or update_or_create";
constexpr std::string_view foreign_remedy =
    "Save a row before the rows that refer to it (FOREIGN KEY), and remove those first or declare kith::on_delete";
constexpr std::string_view space_remedy =
    "The server ran out of disk space, memory or other resources: free some there";
constexpr std::string_view connections_remedy =
    "The server has as many connections as it allows: lower pool_size, or raise max_connections";
constexpr std::string_view connections_of_user_remedy =
    "The user has as many connections, or has used as much, as the server allows: lower pool_size, or raise the limits "
    "of the user";
constexpr std::string_view rights_remedy = "The user of the connection lacks the right to do this: GRANT it";
constexpr std::string_view read_only_remedy =
    "The connection (read_only), the atomic block or the server is read-only: write elsewhere";
constexpr std::string_view characters_remedy =
    "A text holds a character that the column's character set lacks, or two columns have different collations: convert "
    "the column to utf8mb4, or give both the same collation";
constexpr std::string_view packet_remedy =
    "A value or a statement is larger than the server's max_allowed_packet: raise it there, or send less at once";

constexpr std::array advice{
    Advice{ER_DUP_ENTRY, ErrorKind::integrity, unique_remedy},
    Advice{ER_DUP_ENTRY_WITH_KEY_NAME, ErrorKind::integrity, unique_remedy},
    Advice{ER_NO_REFERENCED_ROW, ErrorKind::integrity, foreign_remedy},
    Advice{ER_NO_REFERENCED_ROW_2, ErrorKind::integrity, foreign_remedy},
    Advice{ER_ROW_IS_REFERENCED, ErrorKind::integrity, foreign_remedy},
    Advice{ER_ROW_IS_REFERENCED_2, ErrorKind::integrity, foreign_remedy},
    Advice{ER_BAD_NULL_ERROR, ErrorKind::integrity, "Give the member a value, or make its column nullable (NOT NULL)"},
    Advice{ER_NO_DEFAULT_FOR_FIELD, ErrorKind::integrity, "Give the column a value, or a default (NOT NULL)"},
    Advice{ER_CONSTRAINT_FAILED, ErrorKind::integrity, "The value violates a rule of the table's schema"},
    Advice{
        ER_LOCK_DEADLOCK, ErrorKind::operational,
        "Two transactions waited for each other, and this one was rolled back: run the whole atomic block again, and "
        "lock rows in the same order everywhere"},
    Advice{ER_CHECKREAD, ErrorKind::operational,
           "Another transaction changed the same rows: run the whole atomic block again, or use another isolation"},
    Advice{ER_LOCK_WAIT_TIMEOUT, ErrorKind::operational,
           "Another connection holds the lock: keep transactions short, end streams that are no longer read, or raise "
           "busy_timeout"},
    Advice{ER_STATEMENT_TIMEOUT, ErrorKind::operational,
           "The statement took longer than max_statement_time: load less at once, or raise the limit"},
    Advice{ER_QUERY_INTERRUPTED, ErrorKind::operational, "The statement was cancelled: try again"},
    Advice{ER_NO_SUCH_TABLE, ErrorKind::operational,
           "Create it with create_tables, or check the model's Table{.name}, its schema and the name of the database"},
    Advice{ER_BAD_TABLE_ERROR, ErrorKind::operational, ""},
    Advice{ER_BAD_FIELD_ERROR, ErrorKind::operational,
           "The table has other columns than the model: add the column to the table, or name the right one with "
           "kith::column"},
    Advice{ER_CANT_AGGREGATE_2COLLATIONS, ErrorKind::other, characters_remedy},
    Advice{ER_CANNOT_CONVERT_CHARACTER, ErrorKind::other, characters_remedy},
    Advice{ER_NO_DB_ERROR, ErrorKind::operational, "Name the database in the URL"},
    Advice{ER_BAD_DB_ERROR, ErrorKind::operational, "Create the database with CREATE DATABASE, or check the URL"},
    Advice{ER_DBACCESS_DENIED_ERROR, ErrorKind::operational, rights_remedy},
    Advice{ER_ACCESS_DENIED_ERROR, ErrorKind::operational, "Check user and password, and the rights of the user"},
    Advice{ER_TABLEACCESS_DENIED_ERROR, ErrorKind::operational, rights_remedy},
    Advice{ER_COLUMNACCESS_DENIED_ERROR, ErrorKind::operational, rights_remedy},
    Advice{ER_OPTION_PREVENTS_STATEMENT, ErrorKind::operational, read_only_remedy},
    Advice{ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ErrorKind::operational, read_only_remedy},
    Advice{ER_CON_COUNT_ERROR, ErrorKind::operational, connections_remedy},
    Advice{ER_TOO_MANY_USER_CONNECTIONS, ErrorKind::operational, connections_of_user_remedy},
    Advice{ER_USER_LIMIT_REACHED, ErrorKind::operational, connections_of_user_remedy},
    Advice{ER_UNKNOWN_COM_ERROR, ErrorKind::operational,
           "A cluster node that has lost the others, or is not ready yet, answers this: try again later, or on another "
           "node"},
    Advice{ER_ERROR_DURING_COMMIT, ErrorKind::operational,
           "The server could not commit, as in a cluster without a majority: check whether the changes exist before "
           "you run the whole atomic block again"},
    Advice{ER_CHECK_NOT_IMPLEMENTED, ErrorKind::operational,
           "The storage engine of the table cannot do this. Spider has no SAVEPOINT, which nested atomic blocks need: "
           "use one block, or another engine"},
    Advice{ER_NET_PACKET_TOO_LARGE, ErrorKind::operational, packet_remedy},
    Advice{CR_NET_PACKET_TOO_LARGE, ErrorKind::operational, packet_remedy},
    Advice{ER_DISK_FULL, ErrorKind::operational, space_remedy},
    Advice{ER_RECORD_FILE_FULL, ErrorKind::operational, space_remedy},
    Advice{ER_OUT_OF_RESOURCES, ErrorKind::operational, space_remedy},
    Advice{ER_OUTOFMEMORY, ErrorKind::operational, space_remedy},
    Advice{ER_WARN_DATA_OUT_OF_RANGE, ErrorKind::other,
           "The number is beyond the column's range: give the column a larger type"},
    Advice{ER_DATA_OUT_OF_RANGE, ErrorKind::other, "The result of an expression is beyond the range of its type"},
    Advice{ER_DATA_TOO_LONG, ErrorKind::other, "The text is longer than the column: give the column a larger type"},
    Advice{ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ErrorKind::other,
           "The value does not have the form that the column requires; for binary data use std::vector<std::byte>"},
};

constexpr Advice conflict_of_nodes{ER_LOCK_DEADLOCK, ErrorKind::operational,
                                   "Another node's transaction changed the same rows first, and this one was rolled "
                                   "back: run the whole atomic block again"};

/// Galera reports a deadlock to the loser of a conflict between nodes: with a text of its own, or at COMMIT, where no
/// transaction waits for locks.
bool is_conflict_of_nodes(const Failure& failure) {
    if (failure.number != ER_LOCK_DEADLOCK) return false;
    return failure.sql == "COMMIT" || failure.text.find("wsrep") != std::string_view::npos ||
           failure.text.find("WSREP") != std::string_view::npos;
}

Advice advise(const Failure& failure) {
    if (failure.lost) return {0, ErrorKind::operational, lost_remedy(failure.doubt)};
    if (is_conflict_of_nodes(failure)) return conflict_of_nodes;
    const auto found = std::ranges::find(advice, failure.number, &Advice::number);
    if (found != advice.end()) return *found;
    // Numbers of the client library: no answer from the server.
    return {
        0, failure.number >= CR_MIN_ERROR && failure.number <= CR_MAX_ERROR ? ErrorKind::operational : ErrorKind::other,
        ""};
}

/// The server's messages quote the value that it refused: `Duplicate entry 'x' for key 'name'`.
std::string without_value(std::string_view message) {
    std::string text(message);
    constexpr std::array before{std::string_view("Duplicate entry '"), std::string_view("value: '"),
                                std::string_view("value '")};
    constexpr std::array behind{std::string_view("' for key"), std::string_view("' for column"),
                                std::string_view("' at row")};
    for (const auto opening : before) {
        const auto begin = text.find(opening);
        if (begin == std::string::npos) continue;
        const auto quote = begin + opening.size() - 1;
        auto end = text.size();
        for (const auto closing : behind) end = std::min(end, text.find(closing, quote));
        text.replace(quote, end + 1 > text.size() ? std::string::npos : end + 1 - quote, "…");
        break;
    }
    return text;
}

Violation violation_of(unsigned number) {
    switch (number) {
    case ER_DUP_ENTRY:
    case ER_DUP_ENTRY_WITH_KEY_NAME: return Violation::unique;
    case ER_NO_REFERENCED_ROW:
    case ER_NO_REFERENCED_ROW_2:
    case ER_ROW_IS_REFERENCED:
    case ER_ROW_IS_REFERENCED_2: return Violation::foreign_key;
    case ER_BAD_NULL_ERROR:
    case ER_NO_DEFAULT_FOR_FIELD: return Violation::not_null;
    case ER_CONSTRAINT_FAILED: return Violation::check;
    default: return Violation::other;
    }
}

/// Takes the next name in `quote`s out of `text`; empty if there is none. Quotes in names are doubled.
std::string take_name(std::string_view& text, char quote) {
    std::string name;
    text.remove_prefix(std::min(text.find(quote), text.size()));
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto end = std::min(text.find(quote), text.size());
        name += text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!text.starts_with(quote)) break;
        name += quote;
    }
    return name;
}

/// Reads `… (`db`.`post`, CONSTRAINT `name` FOREIGN KEY (`author_id`, `tag`) REFERENCES …`.
void read_foreign_key(std::string_view text, ErrorContext& context) {
    (void)take_name(text, '`');
    context.table = take_name(text, '`');
    context.constraint = take_name(text, '`');
    auto columns = text.substr(0, text.find(") REFERENCES"));
    while (columns.find('`') != std::string_view::npos) context.columns.push_back(take_name(columns, '`'));
}

/// Reads what the server's message names. Of a unique key that is its name alone.
void read_names(std::string_view text, ErrorContext& context) {
    constexpr std::string_view before_key = "' for key ";
    switch (context.violation) {
    case Violation::unique:
        if (const auto key = text.rfind(before_key); key != std::string_view::npos) {
            text.remove_prefix(key + before_key.size());
            context.constraint = take_name(text, '\'');
        }
        return;
    case Violation::foreign_key: return read_foreign_key(text, context);
    case Violation::not_null: context.columns = {take_name(text, '\'')}; return;
    case Violation::check:
        context.constraint = take_name(text, '`');
        (void)take_name(text, '`');
        context.table = take_name(text, '`');
        return;
    default: return;
    }
}

/// Whether the same work may succeed if it is run again: see Error::is_transient.
bool is_transient(const Failure& failure) {
    if (failure.lost) return failure.doubt == Doubt::none;
    return failure.number == ER_LOCK_DEADLOCK || failure.number == ER_LOCK_WAIT_TIMEOUT ||
           failure.number == ER_CHECKREAD;
}

} // namespace

void raise(const Failure& failure) {
    const auto [number, kind, remedy] = advise(failure);
    const auto text = is_conflict_of_nodes(failure) ? "The transaction conflicts with one on another node"
                                                    : without_value(failure.text);
    std::string message = fmt::format("{}: {}", failure.database, text);
    if (!remedy.empty()) message += fmt::format(". {}", remedy);
    const bool in_doubt = failure.lost && failure.doubt != Doubt::none;
    ErrorContext context{.sql = std::string(failure.sql),
                         .code = static_cast<int>(failure.number),
                         .sqlstate = std::string(in_doubt ? outcome_unknown : failure.sqlstate),
                         .transient = is_transient(failure)};
    if (kind == ErrorKind::integrity) {
        context.violation = violation_of(failure.number);
        read_names(failure.text, context);
    }
    raise_as(kind, message, std::move(context));
}

void raise_unanswered(const std::string& database, unsigned seconds) {
    throw OperationalError(
        fmt::format("{} accepted a connection, but did not answer within the {} s of connect_timeout. Check that the "
                    "server works; a proxy in front of it may have no free connection to the server: lower pool_size "
                    "to the number of its connections, give it more, or raise connect_timeout",
                    database, seconds));
}

void raise_unconnected(const std::string& database, const std::string& message, unsigned number) {
    const auto found = std::ranges::find(advice, number, &Advice::number);
    const std::string_view remedy = found != advice.end()
                                        ? found->remedy
                                        : "Check that the server runs and accepts connections there, and the user, "
                                          "password and database of the URL";
    throw OperationalError(fmt::format("{} cannot be reached: {}. {}", database, message, remedy),
                           {.code = static_cast<int>(number)});
}

} // namespace kith::backend::mariadb
