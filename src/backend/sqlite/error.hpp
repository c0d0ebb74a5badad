#pragma once

#include <chrono>
#include <string_view>

namespace kith::backend::sqlite {

/// Everything known about a failure in SQLite.
struct Failure {
    std::string_view database{};        ///< its name in messages
    std::string_view text{};            ///< sqlite3_errmsg()
    std::string_view sql{};             ///< the statement; empty if there is none
    int code{0};                        ///< extended result code
    std::chrono::milliseconds waited{}; ///< for locks of other connections
};

/// Throws IntegrityError for a violated constraint; OperationalError for locks, a full disk, files that cannot be read
/// or written, missing tables and columns; DatabaseError for the rest. The message names the remedy.
[[noreturn]] void raise(const Failure& failure);

} // namespace kith::backend::sqlite
