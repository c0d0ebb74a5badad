#include "backend/sqlite/untrusted.hpp"

#include "backend/sqlite/handle.hpp"

#include <sqlite3.h>

namespace kith::backend::sqlite {
namespace {

struct Setting {
    int option;
    int value;
};

constexpr Setting settings[]{
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_DEFENSIVE, 1}, // tables that belong to virtual tables are read-only, the schema is no table
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0}, // some builds allow SQL to name an address in memory
};

/// Limits of what a statement over such a schema may take. Those of the depth of expressions and of triggers and of the
/// number of SELECTs in a UNION stay as they are in SQLite (1000, 1000, 500): with lower ones a file that has more
/// could not be opened at all, and rows could not be deleted down a long chain of foreign keys.
constexpr Setting limits[]{
    {SQLITE_LIMIT_LENGTH, 100'000'000},        // bytes of a value: a view can make one out of nothing
    {SQLITE_LIMIT_SQL_LENGTH, 1'000'000},      // bytes, also of a statement in the schema
    {SQLITE_LIMIT_VDBE_OP, 50'000},            // views of views double; 500 new rows of 64 columns take 35,000
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1'000}, // LIKE takes time in proportion to text and pattern, uninterrupted
    {SQLITE_LIMIT_ATTACHED, 0},                // Kith attaches no other file
};

void run(Handle& handle, const char* sql) {
    handle.check(sqlite3_exec(handle.get(), sql, nullptr, nullptr, nullptr), sql);
}

} // namespace

void distrust(Handle& handle) {
    for (const auto& [option, value] : settings) {
        handle.check(sqlite3_db_config(handle.get(), option, value, nullptr));
    }
    for (const auto& [limit, value] : limits) sqlite3_limit(handle.get(), limit, value);
    run(handle, "PRAGMA cell_size_check = ON");
    run(handle, "PRAGMA mmap_size = 0"); // another process may cut the file short while it is mapped
}

} // namespace kith::backend::sqlite
