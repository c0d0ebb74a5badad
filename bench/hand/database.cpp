#include "hand/database.hpp"

#include <stdexcept>

namespace bench::hand {

namespace {

// keys(?): a bound array of integers as a table, the known way to pass many keys to SQLite at once. The array drives
// the join, so it need not be searched.

constexpr const char* keys_type = "bench::hand::Keys";

struct KeyCursor : sqlite3_vtab_cursor {
    const std::int64_t* at{nullptr};
    const std::int64_t* end{nullptr};
};

int connect(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
    *table = new sqlite3_vtab{};
    return sqlite3_declare_vtab(db, "CREATE TABLE x(key INTEGER, source HIDDEN)");
}
int disconnect(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}
int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
    for (int i = 0; i < info->nConstraint; ++i) {
        if (info->aConstraint[i].iColumn != 1 || info->aConstraint[i].usable == 0) continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 100;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}
int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new KeyCursor{};
    return SQLITE_OK;
}
int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<KeyCursor*>(cursor);
    return SQLITE_OK;
}
int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
    const auto& keys = *static_cast<const Keys*>(sqlite3_value_pointer(arguments[0], keys_type));
    static_cast<KeyCursor*>(cursor)->at = keys.data();
    static_cast<KeyCursor*>(cursor)->end = keys.data() + keys.size();
    return SQLITE_OK;
}
int next(sqlite3_vtab_cursor* cursor) {
    ++static_cast<KeyCursor*>(cursor)->at;
    return SQLITE_OK;
}
int at_end(sqlite3_vtab_cursor* cursor) {
    return static_cast<KeyCursor*>(cursor)->at == static_cast<KeyCursor*>(cursor)->end ? 1 : 0;
}
int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int) {
    sqlite3_result_int64(context, *static_cast<KeyCursor*>(cursor)->at);
    return SQLITE_OK;
}
int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = *static_cast<KeyCursor*>(cursor)->at;
    return SQLITE_OK;
}

const sqlite3_module module = [] {
    sqlite3_module m{};
    m.xConnect = connect;
    m.xBestIndex = best_index;
    m.xDisconnect = disconnect;
    m.xOpen = open;
    m.xClose = close;
    m.xFilter = filter;
    m.xNext = next;
    m.xEof = at_end;
    m.xColumn = column;
    m.xRowid = row_id;
    return m;
}();

} // namespace

Database::Database(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK ||
        sqlite3_create_module_v2(db_, "keys", &module, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(db_));
    }
    control("PRAGMA foreign_keys = ON");
    control("SELECT count(*) FROM sqlite_schema");
}

Database::~Database() { sqlite3_close(db_); }

void Database::control(const char* sql) const {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
}

Statement::Statement(Database& db, std::string_view sql) : db_(db) {
    require(sqlite3_prepare_v3(db.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &statement_, nullptr));
}

void Statement::bind(int parameter, const Keys& keys) {
    require(sqlite3_bind_pointer(statement_, parameter, const_cast<Keys*>(&keys), keys_type, nullptr));
}

void Statement::fail() { throw std::runtime_error(sqlite3_errmsg(db_.get())); }

} // namespace bench::hand
