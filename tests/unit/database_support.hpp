#pragma once

#include "connection/session.hpp"
#include "temp_folder.hpp"

#include <kith/database.hpp>
#include <kith/query_log.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::test {

inline std::int64_t execute(const Database& db, std::string text, std::vector<sql::Bind> binds = {}) {
    return connection::Session(db).execute({.text = std::move(text), .binds = std::move(binds)});
}

/// The first column of the first row.
inline std::int64_t integer(const Database& db, std::string text) {
    connection::Session session(db);
    const auto cursor = session.query({.text = std::move(text)});
    return cursor->next() ? cursor->integer(0) : -1;
}

/// A database in a file of its own with an empty table `t(x)`, which takes each number once.
struct WithTable {
    TempFolder folder{};
    Database db;

    explicit WithTable(std::string_view options = "busy_timeout=50&pool_timeout=50")
        : db(connect("sqlite:" + folder.file("a.db") + '?' + std::string(options))) {
        execute(db, "CREATE TABLE t(x INTEGER UNIQUE)");
    }

    void add(int x) const { add(db, x); }
    static void add(const Database& to, int x) { execute(to, "INSERT INTO t VALUES (" + std::to_string(x) + ')'); }
    std::int64_t rows() const { return integer(db, "SELECT count(*) FROM t"); }
    /// The same from a pool of its own, which sees only what was committed.
    std::int64_t rows_seen_from_outside() const {
        return integer(connect("sqlite:" + folder.file("a.db")), "SELECT count(*) FROM t");
    }
};

} // namespace kith::test
