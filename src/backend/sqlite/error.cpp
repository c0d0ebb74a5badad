#include "backend/sqlite/error.hpp"

#include "backend/error_kind.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

#include <string>

namespace kith::backend::sqlite {
namespace {

struct Advice {
    ErrorKind kind{ErrorKind::other};
    std::string remedy;
};

std::string constraint_remedy(int code) {
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return "A row with the same value exists: choose another value, or use get_or_create or update_or_create";
    case SQLITE_CONSTRAINT_NOTNULL: return "Give the member a value, or make its column nullable";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_TRIGGER:
        return "Save a row before the rows that refer to it, and remove those first or declare kith::on_delete";
    default: return "The value violates a rule of the table's schema";
    }
}

Violation violation_of(const Failure& failure) {
    switch (failure.code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return Violation::unique;
    case SQLITE_CONSTRAINT_NOTNULL: return Violation::not_null;
    case SQLITE_CONSTRAINT_CHECK: return Violation::check;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return Violation::foreign_key;
    case SQLITE_CONSTRAINT_TRIGGER: // of a RAISE, or RESTRICT
        return failure.text.starts_with("FOREIGN KEY") ? Violation::foreign_key : Violation::other;
    default: return Violation::other;
    }
}

/// Reads what SQLite's message names: `UNIQUE constraint failed: city.name, city.province_id`, `… failed: index 'x'`
/// for an index over expressions, `CHECK constraint failed: x`.
void read_names(std::string_view text, ErrorContext& context) {
    constexpr std::string_view introduction = "constraint failed: ";
    const auto begin = text.find(introduction);
    if (begin == std::string_view::npos) return;
    auto names = text.substr(begin + introduction.size());
    constexpr std::string_view index = "index '";
    if (context.violation == Violation::check) {
        context.constraint = names;
    } else if (names.starts_with(index) && names.ends_with('\'')) {
        context.constraint = names.substr(index.size(), names.size() - index.size() - 1);
    } else if (const auto dot = names.find('.'); dot != std::string_view::npos) {
        const auto prefix = names.substr(0, dot + 1);
        context.table = names.substr(0, dot);
        const auto separator = fmt::format(", {}", prefix);
        for (names.remove_prefix(prefix.size());;) {
            const auto end = names.find(separator);
            context.columns.emplace_back(names.substr(0, end));
            if (end == std::string_view::npos) break;
            names.remove_prefix(end + separator.size());
        }
    }
}

std::string busy_remedy(const Failure& failure) {
    if (failure.code == SQLITE_BUSY_SNAPSHOT) {
        return "The database has changed since this transaction or stream began to read, so it cannot write any more: "
               "read to the end before writing, or do both inside atomic, which takes the lock at its start";
    }
    return fmt::format("Another connection holds the lock; Kith waited for it for {} ms: keep transactions short, end "
                       "streams that are no longer read, or raise busy_timeout",
                       failure.waited.count());
}

bool names_missing_part(std::string_view text) {
    return text.find("no such table") != std::string_view::npos ||
           text.find("no such column") != std::string_view::npos ||
           text.find("has no column named") != std::string_view::npos;
}

Advice advise_by_text(const Failure& failure) {
    if (!names_missing_part(failure.text)) return {};
    if (failure.text.find("no such table") != std::string_view::npos) {
        return {ErrorKind::operational,
                "Create it with create_tables, or check the model's Table{.name} and the path of the "
                "database"};
    }
    return {ErrorKind::operational,
            "The table has other columns than the model: add the column to the table, or name the "
            "right one with kith::column"};
}

Advice advise(const Failure& failure) {
    if (failure.text.find("unsafe use of") != std::string_view::npos) { // also of a schema that cannot be read then
        return {ErrorKind::operational,
                "A view, trigger, CHECK, default, generated column or index in the file uses what a schema may not, or "
                "what a stranger's file may not: leave out untrusted if you know who made it"};
    }
    switch (failure.code & 0xff) {
    case SQLITE_CONSTRAINT: return {ErrorKind::integrity, constraint_remedy(failure.code)};
    case SQLITE_MISMATCH: return {ErrorKind::integrity, "The value has a type that the column does not accept"};
    case SQLITE_BUSY: return {ErrorKind::operational, busy_remedy(failure)};
    case SQLITE_LOCKED:
        return {ErrorKind::operational,
                "A statement that is still being read uses the table: read it to its end first"};
    case SQLITE_FULL:
        return {ErrorKind::operational, "Make room on the disk, or raise max_page_count; existing data are kept"};
    case SQLITE_READONLY:
        return {ErrorKind::operational,
                "The file, its folder, the connection (read_only) or the atomic block is read-only: "
                "permit writing there, or write elsewhere"};
    case SQLITE_CANTOPEN:
        return {ErrorKind::operational,
                "Check that the file and its folder exist, and the rights to read and write them"};
    case SQLITE_IOERR:
        return {ErrorKind::operational, "The disk failed, or the file was changed by other means: check both"};
    case SQLITE_NOTADB: return {ErrorKind::operational, "The file is not an SQLite database: check its path"};
    case SQLITE_CORRUPT: return {ErrorKind::operational, "The file is damaged: restore it from a backup"};
    case SQLITE_NOMEM:
        return {ErrorKind::operational,
                "Memory is exhausted: load fewer rows at once. If the file is open as untrusted, the statement "
                "may also lead through too many views of views"};
    case SQLITE_ABORT:
        return {ErrorKind::operational, "A rollback ended the statement: read to the end before rolling back"};
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
    case SQLITE_SCHEMA:
    case SQLITE_INTERRUPT: return {ErrorKind::operational, "Try again"};
    case SQLITE_TOOBIG:
        return {ErrorKind::other, "SQLite holds at most 1,000,000,000 bytes in a value, and 100,000,000 if the file is "
                                  "open as untrusted: split the value, or store it in a file of its own"};
    case SQLITE_ERROR: return advise_by_text(failure);
    default: return {};
    }
}

} // namespace

void raise(const Failure& failure) {
    const auto [kind, remedy] = advise(failure);
    std::string message = fmt::format("{}: {}", failure.database, failure.text);
    if (!remedy.empty()) message += ". " + remedy;
    const bool busy = (failure.code & 0xff) == SQLITE_BUSY;
    ErrorContext context{.sql = std::string(failure.sql), .code = failure.code, .transient = busy};
    if (kind == ErrorKind::integrity) {
        context.violation = violation_of(failure);
        read_names(failure.text, context);
    }
    raise_as(kind, message, std::move(context));
}

} // namespace kith::backend::sqlite
