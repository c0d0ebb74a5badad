#include "backend/sqlite/json_functions.hpp"

#include "backend/sqlite/ask.hpp"
#include "backend/sqlite/handle.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>

namespace kith::backend::sqlite {
namespace {

/// SQLite's mark of a value that is JSON, rather than a text.
constexpr unsigned json_subtype = 'J';

/// Those that a column can be checked or computed with, and the number of their arguments.
struct Named {
    const char* name;
    int arguments; // -1 for any number
};
constexpr Named names[]{{"json", 1},       {"json_array", -1}, {"json_array_length", -1}, {"json_extract", -1},
                        {"->", 2},         {"->>", 2},         {"json_insert", -1},       {"json_object", -1},
                        {"json_patch", 2}, {"json_quote", 1},  {"json_remove", -1},       {"json_replace", -1},
                        {"json_set", -1},  {"json_type", -1},  {"json_valid", 1}};

std::string call_of(const std::string& name, int count, sqlite3_value** arguments) {
    const bool is_operator = name.starts_with('-');
    std::string text = is_operator ? "SELECT " : fmt::format("SELECT {}(", name);
    for (int i = 0; i < count; ++i) {
        if (i > 0) text += is_operator ? name : ", ";
        const bool is_json = sqlite3_value_subtype(arguments[i]) == json_subtype;
        text += fmt::format(fmt::runtime(is_json ? "json(?{})" : "?{}"), i + 1);
    }
    return is_operator ? text : text + ")";
}

// SQLite calls this from C, so no exception may leave it.
void run(sqlite3_context* context, int count, sqlite3_value** arguments) {
    const auto& function = *static_cast<const JsonFunctions::Function*>(sqlite3_user_data(context));
    try {
        sqlite3_stmt* made = nullptr;
        const auto text = call_of(function.name, count, arguments);
        int code = sqlite3_prepare_v2(function.db, text.c_str(), -1, &made, nullptr);
        const OwnStatement statement(made);
        for (int i = 0; i < count && code == SQLITE_OK; ++i) {
            code = sqlite3_bind_value(statement.get(), i + 1, arguments[i]);
        }
        if (code == SQLITE_OK) code = sqlite3_step(statement.get());
        if (code == SQLITE_ROW) return sqlite3_result_value(context, sqlite3_column_value(statement.get(), 0));
        sqlite3_result_error(context, sqlite3_errmsg(function.db), -1);
    } catch (const std::exception&) {
        sqlite3_result_error_nomem(context);
    }
}

} // namespace

JsonFunctions::JsonFunctions(Handle& handle) {
    if (!are_needed()) return;
    sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, sqlite3_limit(handle.get(), SQLITE_LIMIT_LENGTH, -1));
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS | SQLITE_SUBTYPE;
    for (const auto& [name, arguments] : names) {
        auto& function = functions_.emplace_back(Function{db_.get(), name});
        handle.check(sqlite3_create_function_v2(handle.get(), name, arguments, flags, &function, run, nullptr, nullptr,
                                                nullptr));
    }
}

/// Whether a view may call them where the schema is not trusted. Opens the connection that they need.
bool JsonFunctions::are_needed() {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(opened);
    if (code != SQLITE_OK) throw std::bad_alloc();
    const auto runs = [&](const char* sql) {
        return sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    };
    const bool exist = runs("SELECT json_valid('1')");
    return exist && runs("CREATE VIEW called AS SELECT json_valid('1')") && runs("PRAGMA trusted_schema = OFF") &&
           !runs("SELECT * FROM called");
}

} // namespace kith::backend::sqlite
