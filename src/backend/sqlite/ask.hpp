#pragma once

#include "backend/sqlite/handle.hpp"

#include <sqlite3.h>

#include <memory>
#include <string_view>

namespace kith::backend::sqlite {

struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using OwnStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// A small statement of Kith's, with `text` as its parameter, on its only row. Null if it returns none.
OwnStatement ask(Handle& handle, const char* sql, std::string_view text);

} // namespace kith::backend::sqlite
