#include "backend/sqlite/key_source.hpp"

#include "backend/sqlite/encoding.hpp"
#include "sql/statement.hpp"

#include <sqlite3.h>

#include <new>

namespace kith::backend::sqlite {
namespace {

constexpr int source_column = 1 + static_cast<int>(key_source_columns);

// SQLite calls these functions from C, so no exception may leave them.

struct KeyTable : sqlite3_vtab {
    const Encodings* encodings{nullptr};
};

struct KeyCursor : sqlite3_vtab_cursor {
    const sql::KeySet* keys{nullptr};
    std::size_t row{0};
};

struct ResultSink {
    sqlite3_context* context;

    void null() { sqlite3_result_null(context); }
    void integer(std::int64_t v) { sqlite3_result_int64(context, v); }
    void real(double v) { sqlite3_result_double(context, v); }
    void text(std::string_view v, bool stays) {
        sqlite3_result_text64(context, v.data(), v.size(), stays ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    void blob(std::span<const std::byte> v) {
        sqlite3_result_blob64(context, v.empty() ? static_cast<const void*>("") : v.data(), v.size(), SQLITE_STATIC);
    }
};

int report(sqlite3_vtab* table, const char* message) {
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", message);
    return SQLITE_ERROR;
}

int connect(sqlite3* db, void* encodings, int, const char* const*, sqlite3_vtab** table, char**) {
    int code = sqlite3_declare_vtab(
        db, "CREATE TABLE x(ordinal, key0, key1, key2, key3, key4, key5, key6, key7, source HIDDEN)");
    if (code == SQLITE_OK) code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    if (code != SQLITE_OK) return code;
    auto* made = new (std::nothrow) KeyTable{};
    if (made == nullptr) return SQLITE_NOMEM;
    made->encodings = static_cast<const Encodings*>(encodings);
    *table = made;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
    delete static_cast<KeyTable*>(table);
    return SQLITE_OK;
}

int best_index(sqlite3_vtab* table, sqlite3_index_info* info) {
    bool given = false;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != source_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        given = true;
    }
    if (!given) return report(table, "kith_keys takes one argument: its key set");
    const auto* order = info->aOrderBy;
    info->orderByConsumed = info->nOrderBy == 1 && order[0].iColumn == 0 && order[0].desc == 0 ? 1 : 0;
    // A guess that makes the keys drive the join; the other side is then searched by index.
    info->estimatedRows = 100;
    info->estimatedCost = 100;
    return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) KeyCursor{};
    return *cursor != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<KeyCursor*>(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
    auto& keys = *static_cast<KeyCursor*>(cursor);
    keys.keys = static_cast<const sql::KeySet*>(sqlite3_value_pointer(arguments[0], key_source_pointer));
    keys.row = 0;
    if (keys.keys == nullptr) return report(cursor->pVtab, "kith_keys takes a key set that was bound to its parameter");
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
    ++static_cast<KeyCursor*>(cursor)->row;
    return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* cursor) {
    const auto& keys = *static_cast<KeyCursor*>(cursor);
    return keys.row >= keys.keys->size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
    const auto& keys = *static_cast<KeyCursor*>(cursor);
    if (index == 0) {
        sqlite3_result_int64(context, static_cast<sqlite3_int64>(keys.row) + 1);
        return SQLITE_OK;
    }
    const auto columns = keys.keys->columns();
    const auto part = static_cast<std::size_t>(index - 1);
    if (part >= columns.size()) return SQLITE_OK; // NULL
    if (detail::is_integer(columns[part].type)) {
        const auto number = columns[part].integers[keys.row];
        // Beyond 2^63 - 1 no integer of SQLite can be equal: NULL equals nothing.
        if (columns[part].type == detail::ColumnType::uint64 && number < 0) return SQLITE_OK;
        sqlite3_result_int64(context, number);
        return SQLITE_OK;
    }
    try {
        ResultSink sink{context};
        encode(columns[part].values[keys.row], sink, *static_cast<const KeyTable*>(cursor->pVtab)->encodings);
        return SQLITE_OK;
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (const std::exception& e) {
        return report(cursor->pVtab, e.what());
    }
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = static_cast<sqlite3_int64>(static_cast<KeyCursor*>(cursor)->row);
    return SQLITE_OK;
}

// Without xCreate the table exists by its name alone, on every connection, and never in a schema.
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

int register_key_source(sqlite3* db, const Encodings& encodings) noexcept {
    // SQLite passes a non-const pointer to connect().
    return sqlite3_create_module_v2(db, key_source_name, &module, const_cast<Encodings*>(&encodings), nullptr);
}

} // namespace kith::backend::sqlite
