#include "backend/sqlite/functions.hpp"

#include "backend/regex.hpp"
#include "backend/sqlite/arithmetic.hpp"
#include "backend/sqlite/function_text.hpp"
#include "backend/sqlite/handle.hpp"
#include "base/decimal_sum.hpp"

#include <kith/types.hpp>

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <new>
#include <string_view>

namespace kith::backend::sqlite {
namespace {

using base::DecimalSum;

// SQLite calls these functions from C, so no exception may leave them.

void delete_regex(void* regex) { delete static_cast<Regex*>(regex); }

template <bool ignore_case>
void regexp(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL) return;
    auto& handle = *static_cast<Handle*>(sqlite3_user_data(context));
    const auto search = [&](Regex& regex) {
        const bool found = regex.search(text_of(arguments[1]), handle.match_steps(), handle.bound());
        sqlite3_result_int(context, found ? 1 : 0);
    };
    try {
        // SQLite keeps the data of an argument that is the same for all rows, and otherwise drops it at once.
        auto* regex = static_cast<Regex*>(sqlite3_get_auxdata(context, 0));
        if (regex != nullptr) return search(*regex);
        auto made = std::make_unique<Regex>(text_of(arguments[0]), ignore_case);
        search(*made);
        sqlite3_set_auxdata(context, 0, made.release(), delete_regex);
    } catch (const MatchEnded&) {
        sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& e) {
        sqlite3_result_error(context, e.what(), -1);
    }
}

/// Whether Decimal::compare can order it; other values of a column sort after the decimals, by their bytes.
bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos && text != "." &&
           text.find('.') == text.rfind('.');
}

int sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

int compare_decimals(void*, int left_size, const void* left, int right_size, const void* right) {
    const std::string_view a(static_cast<const char*>(left), static_cast<std::size_t>(left_size));
    const std::string_view b(static_cast<const char*>(right), static_cast<std::size_t>(right_size));
    const bool a_good = is_decimal(a);
    const bool b_good = is_decimal(b);
    if (a_good && b_good) return sign(Decimal::compare(a, b));
    if (a_good != b_good) return a_good ? -1 : 1;
    return sign(a <=> b);
}

/// The place of the sum of one group in SQLite's memory: null before the first value.
DecimalSum** sum_of(sqlite3_context* context, bool make) {
    const int size = make ? static_cast<int>(sizeof(DecimalSum*)) : 0;
    return static_cast<DecimalSum**>(sqlite3_aggregate_context(context, size));
}

void add_decimal(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
    guarded(context, [&] {
        auto** sum = sum_of(context, true);
        if (sum == nullptr) throw std::bad_alloc();
        if (*sum == nullptr) *sum = std::make_unique<DecimalSum>().release();
        (*sum)->add(Decimal(digits_of(arguments[0])));
    });
}

void finish_decimals(sqlite3_context* context) {
    auto** sum = sum_of(context, false);
    if (sum == nullptr || *sum == nullptr) return; // the sum of nothing is NULL
    const std::unique_ptr<DecimalSum> owned(*sum);
    guarded(context, [&] { give_text(context, owned->get().str()); });
}

} // namespace

int register_functions(Handle& handle) noexcept {
    sqlite3* const db = handle.get();
    constexpr int pure = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    // Innocuous: it computes within bounds, and a file that a CHECK with it made unreadable would be of no use.
    int code = sqlite3_create_function_v2(db, "regexp", 2, pure | SQLITE_INNOCUOUS, &handle, regexp<false>, nullptr,
                                          nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    // Of these no schema has any use.
    constexpr int direct = pure | SQLITE_DIRECTONLY;
    code = sqlite3_create_function_v2(db, "kith_iregexp", 2, direct, &handle, regexp<true>, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    code = sqlite3_create_function_v2(db, "kith_decimal_sum", 1, direct, nullptr, nullptr, add_decimal, finish_decimals,
                                      nullptr);
    if (code != SQLITE_OK) return code;
    code = register_arithmetic(db);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_collation_v2(db, "kith_decimal", SQLITE_UTF8, nullptr, compare_decimals, nullptr);
}

} // namespace kith::backend::sqlite
