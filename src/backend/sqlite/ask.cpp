#include "backend/sqlite/ask.hpp"

#include <utility>

namespace kith::backend::sqlite {

OwnStatement ask(Handle& handle, const char* sql, std::string_view text) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(handle.get(), sql, -1, &made, nullptr);
    OwnStatement statement(made);
    if (code != SQLITE_OK) return nullptr;
    handle.check(sqlite3_bind_text64(statement.get(), 1, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8), sql);
    return sqlite3_step(statement.get()) == SQLITE_ROW ? std::move(statement) : nullptr;
}

} // namespace kith::backend::sqlite
