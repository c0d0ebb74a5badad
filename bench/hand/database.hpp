#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The C API of SQLite with only what every program adds: errors become exceptions, statements finalize themselves.
namespace bench::hand {

/// A file opened in the same way as by Kith: no mutex, foreign keys enforced, its schema read.
class Database {
public:
    explicit Database(const std::string& path);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    sqlite3* get() const noexcept { return db_; }
    /// BEGIN and COMMIT, which are not counted.
    void control(const char* sql) const;
    /// The number of statements run so far.
    std::size_t statements{0};

private:
    sqlite3* db_{nullptr};
};

/// BEGIN to COMMIT: one snapshot of the database.
class Snapshot {
public:
    explicit Snapshot(const Database& db) : db_(db) { db_.control("BEGIN"); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { db_.control("COMMIT"); }

private:
    const Database& db_;
};

using Keys = std::span<const std::int64_t>;

class Statement {
public:
    Statement(Database& db, std::string_view sql);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    void bind(int parameter, std::int64_t value) { require(sqlite3_bind_int64(statement_, parameter, value)); }
    /// 0 means no key.
    void bind_key(int parameter, std::int64_t key) {
        require(key == 0 ? sqlite3_bind_null(statement_, parameter) : sqlite3_bind_int64(statement_, parameter, key));
    }
    /// `text` must live until the statement has run.
    void bind(int parameter, const std::string& text) {
        require(sqlite3_bind_text64(statement_, parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
    }
    /// For `FROM keys(?)`, whose column is `key`. The span must live until the statement has run.
    void bind(int parameter, const Keys& keys);

    /// Starts the statement, from the beginning; rows come with next().
    void start() {
        sqlite3_reset(statement_);
        ++db_.statements;
    }
    bool next() {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) fail();
        sqlite3_reset(statement_);
        return false;
    }

    std::int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }
    bool is_null(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    void text(int column, std::string& into) {
        auto* value = sqlite3_column_value(statement_, column); // looked up once, not for text and again for bytes
        const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
        into.assign(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }

private:
    void require(int code) {
        if (code != SQLITE_OK) fail();
    }
    [[noreturn]] void fail();

    Database& db_;
    sqlite3_stmt* statement_{nullptr};
};

} // namespace bench::hand
