#include "backend/sqlite/connection.hpp"

#include "backend/sqlite/affinity.hpp"
#include "backend/sqlite/cursor.hpp"
#include "backend/sqlite/encoding.hpp"
#include "backend/sqlite/functions.hpp"
#include "backend/sqlite/key_source.hpp"
#include "backend/sqlite/new_keys.hpp"
#include "backend/sqlite/untrusted.hpp"
#include "backend/sqlite/violation.hpp"
#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>

namespace kith::backend::sqlite {
namespace {

int open_flags(const ConnectionSettings& settings) {
    // A pooled connection has one user at a time, so SQLite need not lock around every call.
    int flags = SQLITE_OPEN_NOMUTEX;
    flags |= settings.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (settings.create && !settings.read_only) flags |= SQLITE_OPEN_CREATE;
    return flags;
}

/// Whether SQLite must copy bound values: yes if the statement runs longer than its parameters live.
enum class Lifetime : bool { statement_only, until_run };

struct ParameterSink {
    sqlite3_stmt* statement;
    int index;
    Lifetime lifetime;
    int code{SQLITE_OK};

    sqlite3_destructor_type owner(bool stays) const {
        return stays && lifetime == Lifetime::until_run ? SQLITE_STATIC : SQLITE_TRANSIENT;
    }
    void null() { code = sqlite3_bind_null(statement, index); }
    void integer(std::int64_t v) { code = sqlite3_bind_int64(statement, index, v); }
    void real(double v) { code = sqlite3_bind_double(statement, index, v); }
    void text(std::string_view v, bool stays) {
        code = sqlite3_bind_text64(statement, index, v.data(), v.size(), owner(stays), SQLITE_UTF8);
    }
    void blob(std::span<const std::byte> v) {
        // A null pointer would be bound as NULL.
        const void* data = v.empty() ? static_cast<const void*>("") : v.data();
        code = sqlite3_bind_blob64(statement, index, data, v.size(), owner(true));
    }
};

using KeySets = std::vector<std::shared_ptr<const sql::KeySet>>;

int bind_one(sqlite3_stmt* statement, int index, const sql::Bind& bind, Lifetime lifetime, const Encodings& encodings) {
    if (const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind)) {
        // The module restores the const: a bound pointer has none.
        return sqlite3_bind_pointer(statement, index, const_cast<sql::KeySet*>(keys->get()), key_source_pointer,
                                    nullptr);
    }
    ParameterSink sink{statement, index, lifetime};
    encode(std::get<Value>(bind), sink, encodings);
    return sink.code;
}

void bind_all(Handle& handle, sqlite3_stmt* statement, const sql::Statement& source, Lifetime lifetime,
              DeclaredColumns& columns) {
    const int wanted = sqlite3_bind_parameter_count(statement);
    if (std::cmp_not_equal(wanted, source.binds.size())) {
        throw ValueError(fmt::format("The statement has {} parameters but was given {}", wanted, source.binds.size()),
                         {.sql = source.text});
    }
    if (source.table.empty() || handle.take_alteration()) columns.forget(); // the caller may alter tables
    if (!source.stored.empty()) columns.require_kept(source);
    int index = 0;
    for (const sql::Bind& bind : source.binds) {
        handle.check(bind_one(statement, ++index, bind, lifetime, handle.encodings()), source.text);
    }
}

KeySets key_sets(const sql::Statement& statement) {
    KeySets sets;
    for (const sql::Bind& bind : statement.binds) {
        if (const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind)) sets.push_back(*keys);
    }
    return sets;
}

} // namespace

Connection::Connection(const ConnectionSettings& settings, const sql::Dialect& dialect, const base::Bound* bound)
    : handle_(settings.path, open_flags(settings), settings.name, settings.busy_timeout, settings.encodings),
      statements_(StatementMaker(handle_), settings.statement_cache),
      dialect_(&dialect) {
    watch(bound);
    configure(settings.untrusted);
}

void Connection::configure(bool untrusted) {
    sqlite3* db = handle_.get();
    if (untrusted) {
        distrust(handle_);
        json_.emplace(handle_);
    }
    int enforced = 0;
    handle_.check(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, &enforced));
    if (enforced == 0) throw OperationalError("This SQLite was built without foreign keys, which Kith requires");
    // Makes a misspelt column in double quotes an error rather than a string.
    handle_.check(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr));
    handle_.check(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr));
    handle_.check(register_functions(handle_));
    handle_.check(register_key_source(db, handle_.encodings()));
    // The file is opened by the first read: any fault in it shows here.
    ask("PRAGMA schema_version");
    begin_ = prepared("BEGIN DEFERRED");
    commit_ = prepared("COMMIT");
    rollback_ = prepared("ROLLBACK");
}

OwnStatement Connection::prepared(const char* sql) {
    sqlite3_stmt* made = nullptr;
    handle_.check(sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr), sql);
    return OwnStatement(made);
}

std::unique_ptr<backend::Cursor> Connection::query(const sql::Statement& statement) {
    handle_.restart_clock();
    auto loan = statements_.take(statement.text);
    bind_all(handle_, loan.get(), statement, Lifetime::statement_only, declared_);
    return std::make_unique<Cursor>(handle_, std::move(loan), key_sets(statement), statement.table.empty());
}

bool Connection::holds_integers(const sql::KeyColumn& column) { return sqlite::holds_integers(handle_, column); }

std::int64_t Connection::execute(const sql::Statement& statement) {
    handle_.restart_clock();
    const auto loan = statements_.take(statement.text);
    bind_all(handle_, loan.get(), statement, Lifetime::until_run, declared_);
    const auto before = sqlite3_total_changes64(handle_.get());
    run(loan.get(), statement.text);
    // A statement that changes no rows leaves the count of an earlier one behind.
    return sqlite3_total_changes64(handle_.get()) == before ? 0 : sqlite3_changes64(handle_.get());
}

bool Connection::returns_new_keys(const FieldInfo& key) { return is_rowid(handle_, key); }

std::vector<std::int64_t> Connection::insert(const sql::Statement& statement, std::size_t rows) {
    NewKeys keys(handle_, rows);
    execute(statement);
    return keys.take();
}

void Connection::describe_violation(const sql::Statement& statement, ErrorContext& violated) {
    if (violated.violation == Violation::unique)
        violated.constraint = unique_index(handle_, sql::schema_of(statement), violated);
    if (violated.violation == Violation::foreign_key) violated.columns = missing_target(statement, *this);
    if (violated.columns.empty() && is_referred_to(statement, violated)) find_reference(handle_, statement, violated);
}

void Connection::control(std::string_view text) {
    handle_.restart_clock();
    if (text == dialect_->snapshot()) return run_once(begin_.get(), text);
    if (text == "COMMIT") return run_once(commit_.get(), text);
    if (text == "ROLLBACK") return run_once(rollback_.get(), text);
    const std::string sql(text);
    const auto loan = statements_.take(sql);
    run(loan.get(), sql);
}

void Connection::run_once(sqlite3_stmt* statement, std::string_view sql) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) handle_.fail(code, sql);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

void Connection::forbid_writes(bool on) { control(on ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF"); }

std::string Connection::ask(const std::string& text) {
    const auto loan = statements_.take(text);
    const int code = sqlite3_step(loan.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) handle_.fail(code, text);
    if (code == SQLITE_DONE) return {};
    const auto* answer = reinterpret_cast<const char*>(sqlite3_column_text(loan.get(), 0));
    return answer != nullptr ? answer : "";
}

std::size_t Connection::max_parameters() const {
    return static_cast<std::size_t>(sqlite3_limit(handle_.get(), SQLITE_LIMIT_VARIABLE_NUMBER, -1));
}

std::size_t Connection::largest_value() const {
    return static_cast<std::size_t>(sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, -1));
}

void Connection::run(sqlite3_stmt* statement, std::string_view sql) {
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    if (code != SQLITE_DONE) handle_.fail(code, sql);
}

} // namespace kith::backend::sqlite
