#pragma once

#include <sqlite3.h>

#include <list>
#include <memory>
#include <string>

namespace kith::backend::sqlite {

class Handle;

/// SQLite's own JSON functions, for files that are not trusted. SQLite before 3.41 does not count them as innocuous: a
/// file with json_valid() in a CHECK, as Django makes it, could not even be opened. Here they are, for one connection,
/// under the same names, and work by a connection of their own to an empty database. Newer versions need none of it.
class JsonFunctions {
public:
    /// Registers them at `handle` if they are needed there.
    explicit JsonFunctions(Handle& handle);

    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    /// One of them, with the connection that runs it.
    struct Function {
        sqlite3* db{nullptr};
        std::string name{};
    };

private:
    bool are_needed();

    std::unique_ptr<sqlite3, Close> db_{};
    std::list<Function> functions_{}; // at fixed addresses, which SQLite knows
};

} // namespace kith::backend::sqlite
