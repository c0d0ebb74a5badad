#include "backend/sqlite/ask.hpp"

namespace kith::backend::sqlite {

OwnStatement ask(Handle& handle, const char* sql, std::initializer_list<std::string_view> texts) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(handle.get(), sql, -1, &made, nullptr);
    OwnStatement statement(made);
    if (code == SQLITE_ERROR) return nullptr; // this SQLite lacks what is asked
    handle.check(code, sql);
    int number = 0;
    for (const auto text : texts) {
        handle.check(
            sqlite3_bind_text64(statement.get(), ++number, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
            sql);
    }
    const int found = sqlite3_step(statement.get());
    if (found == SQLITE_ROW) return statement;
    if (found != SQLITE_DONE) handle.fail(found, sql);
    return nullptr;
}

} // namespace kith::backend::sqlite
