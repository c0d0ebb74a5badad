#pragma once

#include "backend/sqlite/handle.hpp"

#include <sqlite3.h>

#include <initializer_list>
#include <memory>
#include <string_view>

namespace kith::backend::sqlite {

struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using OwnStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// A small statement of Kith's, with `texts` as its parameters, on its first row. Null if it returns none.
OwnStatement ask(Handle& handle, const char* sql, std::initializer_list<std::string_view> texts);
inline OwnStatement ask(Handle& handle, const char* sql, std::string_view text) { return ask(handle, sql, {text}); }

} // namespace kith::backend::sqlite
