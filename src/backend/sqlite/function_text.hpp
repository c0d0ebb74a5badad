#pragma once

#include "backend/sqlite/plain_digits.hpp"

#include <sqlite3.h>

#include <cmath>
#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <string_view>

/// What the functions that SQLite calls have in common.
namespace kith::backend::sqlite {

/// The text of an argument, which SQLite may have to convert.
inline std::string_view text_of(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value)); // first: it may convert
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    if (text == nullptr && size > 0) throw std::bad_alloc();
    return text != nullptr ? std::string_view(text, size) : std::string_view();
}

/// The digits of a decimal: a text, or a number in binary, which has more digits than SQLite's text of it.
inline std::string digits_of(sqlite3_value* value) {
    const double number = sqlite3_value_type(value) == SQLITE_FLOAT ? sqlite3_value_double(value) : 0;
    return number != 0 && std::isfinite(number) ? plain_digits(number) : std::string(text_of(value));
}

inline bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

inline void give_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Runs `work`; SQLite calls it from C, so no exception may leave it.
template <class Work>
void guarded(sqlite3_context* context, const Work& work) noexcept {
    try {
        work();
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& e) {
        sqlite3_result_error(context, e.what(), -1);
    }
}

} // namespace kith::backend::sqlite
