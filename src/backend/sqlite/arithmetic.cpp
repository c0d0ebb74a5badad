#include "backend/sqlite/arithmetic.hpp"

#include "backend/sqlite/function_text.hpp"

#include <kith/error.hpp>
#include <kith/types.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace kith::backend::sqlite {
namespace {

enum class Operation : std::uint8_t { add, subtract, multiply, divide };

[[noreturn]] void refuse_size() { throw ValueError("the result of an expression is out of range"); }

std::optional<std::int64_t> compute(Operation operation, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    switch (operation) {
    case Operation::add:
        if (__builtin_add_overflow(a, b, &result)) refuse_size();
        return result;
    case Operation::subtract:
        if (__builtin_sub_overflow(a, b, &result)) refuse_size();
        return result;
    case Operation::multiply:
        if (__builtin_mul_overflow(a, b, &result)) refuse_size();
        return result;
    case Operation::divide: break;
    }
    if (b == 0) return std::nullopt;
    if (b == -1 && a == std::numeric_limits<std::int64_t>::min()) refuse_size();
    return a / b;
}

std::optional<double> compute(Operation operation, double a, double b) {
    if (operation == Operation::divide && b == 0) return std::nullopt;
    const double result = operation == Operation::add        ? a + b
                          : operation == Operation::subtract ? a - b
                          : operation == Operation::multiply ? a * b
                                                             : a / b;
    if (!std::isfinite(result)) refuse_size();
    return result;
}

void require_number(sqlite3_value* value) {
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) return;
    throw ValueError("an expression computes with a cell that holds no number");
}

std::int64_t integer_of(sqlite3_value* value) { return sqlite3_value_int64(value); }

template <Operation operation>
void arithmetic(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0]) || is_null(arguments[1])) return;
    guarded(context, [&] {
        require_number(arguments[0]);
        require_number(arguments[1]);
        if (sqlite3_value_type(arguments[0]) == SQLITE_INTEGER && sqlite3_value_type(arguments[1]) == SQLITE_INTEGER) {
            const auto whole = compute(operation, integer_of(arguments[0]), integer_of(arguments[1]));
            if (whole) sqlite3_result_int64(context, *whole);
            return;
        }
        const auto real = compute(operation, sqlite3_value_double(arguments[0]), sqlite3_value_double(arguments[1]));
        if (real) sqlite3_result_double(context, *real);
    });
}

template <Operation operation>
void decimal_arithmetic(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0]) || is_null(arguments[1])) return;
    guarded(context, [&] {
        Decimal result(digits_of(arguments[0]));
        const Decimal other(digits_of(arguments[1]));
        if constexpr (operation == Operation::add) result += other;
        if constexpr (operation == Operation::subtract) result -= other;
        if constexpr (operation == Operation::multiply) result *= other;
        give_text(context, result.str());
    });
}

/// A number in binary, as a function of its own: CAST would make 0 of a text.
void real(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0])) return;
    guarded(context, [&] {
        require_number(arguments[0]);
        sqlite3_result_double(context, sqlite3_value_double(arguments[0]));
    });
}

/// The digits of a decimal, whatever the cell holds: SQLite itself orders all numbers before all texts.
void decimal(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0])) return;
    guarded(context, [&] { give_text(context, digits_of(arguments[0])); });
}

std::int64_t characters_in(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

void length(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0])) return;
    guarded(context, [&] { sqlite3_result_int64(context, characters_in(text_of(arguments[0]))); });
}

/// `kith_within(value, least, most, column)`: of a number the value, of a text the number of characters.
void within(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0])) return;
    guarded(context, [&] {
        const bool is_text = sqlite3_value_type(arguments[0]) == SQLITE_TEXT;
        const auto size = is_text ? characters_in(text_of(arguments[0])) : sqlite3_value_int64(arguments[0]);
        if (size < sqlite3_value_int64(arguments[1]) || size > sqlite3_value_int64(arguments[2])) {
            throw ValueError(fmt::format("the value of an expression {} {}",
                                         is_text ? "is too long for"
                                                 : "is out of "
                                                   "range for",
                                         text_of(arguments[3])));
        }
        sqlite3_result_value(context, arguments[0]);
    });
}

struct Registered {
    const char* name;
    int arguments;
    void (*function)(sqlite3_context*, int, sqlite3_value**);
};

constexpr Registered functions[]{
    {"kith_add", 2, arithmetic<Operation::add>},
    {"kith_subtract", 2, arithmetic<Operation::subtract>},
    {"kith_multiply", 2, arithmetic<Operation::multiply>},
    {"kith_divide", 2, arithmetic<Operation::divide>},
    {"kith_decimal_add", 2, decimal_arithmetic<Operation::add>},
    {"kith_decimal_subtract", 2, decimal_arithmetic<Operation::subtract>},
    {"kith_decimal_multiply", 2, decimal_arithmetic<Operation::multiply>},
    {"kith_real", 1, real},
    {"kith_decimal", 1, decimal},
    {"kith_length", 1, length},
    {"kith_within", 4, within},
};

} // namespace

int register_arithmetic(sqlite3* db) noexcept {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY; // of no use to a schema
    for (const auto& [name, arguments, function] : functions) {
        const int code =
            sqlite3_create_function_v2(db, name, arguments, flags, nullptr, function, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

} // namespace kith::backend::sqlite
