#include "backend/sqlite/new_keys.hpp"

#include "backend/sqlite/ask.hpp"

#include <utility>

namespace kith::backend::sqlite {
namespace {

/// A key with an index of its own is not the rowid: INTEGER PRIMARY KEY DESC, a key of several columns, a table WITHOUT
/// ROWID. A table of that name in a second schema would make it unclear whose triggers count.
constexpr const char* plain_table_sql = R"(SELECT 1 FROM pragma_table_list(?1)
    WHERE type = 'table' AND schema = 'main'
    AND NOT EXISTS (SELECT 1 FROM pragma_table_list(?1) WHERE schema <> 'main')
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
    AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE)
    AND NOT EXISTS (SELECT 1 FROM temp.sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE))";

} // namespace

bool is_rowid(Handle& handle, const detail::FieldInfo& key) {
    const auto& model = *key.model;
    // First, because it reads the schema again if another connection has changed it.
    if (!model.schema.empty() || ask(handle, plain_table_sql, model.table) == nullptr) return false;
    const char* declared = nullptr;
    int is_key = 0;
    const int code = sqlite3_table_column_metadata(handle.get(), "main", model.table.c_str(), key.column.c_str(),
                                                   &declared, nullptr, nullptr, &is_key, nullptr);
    if (code != SQLITE_ERROR) handle.check(code);
    return code == SQLITE_OK && is_key != 0 && sqlite3_stricmp(declared, "INTEGER") == 0;
}

NewKeys::NewKeys(Handle& handle, std::size_t rows) : handle_(handle), expected_(rows) {
    keys_.reserve(rows);
    sqlite3_update_hook(handle_.get(), &NewKeys::note, this);
}

NewKeys::~NewKeys() { sqlite3_update_hook(handle_.get(), nullptr, nullptr); }

std::vector<std::int64_t> NewKeys::take() {
    if (seen_ != keys_.size()) keys_.clear();
    return std::move(keys_);
}

/// SQLite calls this from C: nothing may be thrown, so nothing is allocated.
void NewKeys::note(void* self, int operation, const char*, const char*, sqlite3_int64 rowid) noexcept {
    auto& keys = *static_cast<NewKeys*>(self);
    if (operation != SQLITE_INSERT) return;
    ++keys.seen_;
    if (keys.keys_.size() < keys.expected_) keys.keys_.push_back(rowid);
}

} // namespace kith::backend::sqlite
