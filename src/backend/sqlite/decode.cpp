#include "backend/sqlite/decode.hpp"

#include "backend/decode_members.hpp"
#include "backend/sqlite/affinity.hpp"
#include "backend/sqlite/encoding.hpp"
#include "backend/sqlite/plain_digits.hpp"
#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <type_traits>

namespace kith::backend::sqlite {
namespace {

/// One cell. It holds an sqlite3_value because that is looked up once, while the sqlite3_column functions look up the
/// column at each call. Such values are not thread-safe; a connection has one user at a time.
struct Cell {
    const CurrentRow& row;
    int column;
    ColumnType type;
    const FieldInfo* field; // may be null
    sqlite3_value* value;
    int kind; // SQLite's type

    Cell(const CurrentRow& of, int number, ColumnType wanted, const FieldInfo* named)
        : Cell(of, number, wanted, named, sqlite3_column_value(of.statement, number)) {}
    Cell(const CurrentRow& of, int number, ColumnType wanted, const FieldInfo* named, sqlite3_value* there)
        : row(of), column(number), type(wanted), field(named), value(there), kind(sqlite3_value_type(there)) {}
};

bool is_null(const Cell& cell) { return cell.kind == SQLITE_NULL; }

// ---- messages

CellLabel place(const Cell& cell) {
    return {.field = cell.field, .column = cell.column, .row = cell.row.number, .sql = sqlite3_sql(cell.row.statement)};
}

std::string holds(const Cell& cell) {
    switch (cell.kind) {
    case SQLITE_INTEGER: return fmt::format("the number {}", sqlite3_value_int64(cell.value));
    case SQLITE_FLOAT: return fmt::format("the number {}", sqlite3_value_double(cell.value));
    case SQLITE_BLOB: return fmt::format("{} bytes of binary data", sqlite3_value_bytes(cell.value));
    case SQLITE_NULL: return "NULL";
    default: break;
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(cell.value));
    if (text == nullptr) throw std::bad_alloc();
    return shown_text({text, static_cast<std::size_t>(sqlite3_value_bytes(cell.value))});
}

[[noreturn]] void refuse_type(const Cell& cell, std::string_view belongs) {
    backend::refuse_type(place(cell), holds(cell), belongs);
}

// ---- cells, each checked against the type that the member needs

std::int64_t integer(const Cell& cell) {
    if (cell.kind != SQLITE_INTEGER) {
        refuse_type(cell, cell.kind == SQLITE_FLOAT ? "a whole number" : "a number");
    }
    return sqlite3_value_int64(cell.value);
}

std::uint64_t unsigned_integer(const Cell& cell) {
    const std::int64_t value = integer(cell);
    if (value < 0) refuse_beyond<std::uint64_t>(place(cell), holds(cell));
    return static_cast<std::uint64_t>(value);
}

bool boolean(const Cell& cell) {
    if (cell.kind == SQLITE_INTEGER) {
        const auto value = sqlite3_value_int64(cell.value);
        if (value == 0 || value == 1) return value == 1;
    }
    refuse_type(cell, "0 or 1");
}

double number(const Cell& cell) {
    if (cell.kind != SQLITE_FLOAT && cell.kind != SQLITE_INTEGER) refuse_type(cell, "a number");
    return sqlite3_value_double(cell.value);
}

std::string_view text_where(const Cell& cell, std::string_view belongs) {
    if (cell.kind != SQLITE_TEXT) refuse_type(cell, belongs);
    // Text before bytes: the text may be converted, and the count is that of the last form.
    const auto* begin = reinterpret_cast<const char*>(sqlite3_value_text(cell.value));
    if (begin == nullptr) throw std::bad_alloc();
    return {begin, static_cast<std::size_t>(sqlite3_value_bytes(cell.value))};
}

std::string_view text(const Cell& cell) { return text_where(cell, "text"); }
std::string_view document(const Cell& cell) { return text_where(cell, "text"); }

std::span<const std::byte> blob(const Cell& cell) {
    const auto* begin = static_cast<const std::byte*>(sqlite3_value_blob(cell.value));
    if (begin == nullptr && sqlite3_value_bytes(cell.value) > 0) throw std::bad_alloc();
    return {begin, static_cast<std::size_t>(sqlite3_value_bytes(cell.value))};
}

std::span<const std::byte> bytes(const Cell& cell) {
    if (cell.kind != SQLITE_BLOB) refuse_type(cell, "binary data");
    return blob(cell);
}

/// Receives the stored form of a value, and compares it with a cell.
struct Comparison {
    const Cell& cell;
    bool equal{false};

    void null() { equal = false; }
    void integer(std::int64_t v) { equal = cell.kind == SQLITE_INTEGER && sqlite3_value_int64(cell.value) == v; }
    void real(double v) { equal = cell.kind == SQLITE_FLOAT && sqlite3_value_double(cell.value) == v; }
    void text(std::string_view v, bool) { equal = cell.kind == SQLITE_TEXT && text_where(cell, "text") == v; }
    void blob(std::span<const std::byte> v) {
        const auto data = cell.kind == SQLITE_BLOB ? sqlite::blob(cell) : std::span<const std::byte>{};
        equal = cell.kind == SQLITE_BLOB && std::ranges::equal(data, v);
    }
};

/// Returns `value`, which was read from `cell`. Reading is tolerant, but SQLite compares stored forms: a key in another
/// form than the one that Kith sends would find no row.
template <class T>
T as_key(const Cell& cell, T value) {
    if (cell.field == nullptr || !cell.field->is_key) return value;
    const Value sent(std::move(value));
    Comparison stored{.cell = cell};
    encode(sent, stored, *cell.row.encodings);
    if (!stored.equal) {
        backend::refuse_key_form(place(cell), holds(cell), detail::to_string(sent) + " as Kith stores it",
                                 "store the keys in that form, or open the file with the options sqlite_uuids and "
                                 "sqlite_timestamps that fit it");
    }
    return std::get<T>(sent);
}

Date date(const Cell& cell) {
    const auto value = calendar::parse_date(text_where(cell, "a date"));
    if (!value) refuse_type(cell, "a date such as 2024-02-29");
    return as_key(cell, *value);
}

/// A number of units since 1970, in a database that stores timestamps so.
Timestamp counted_timestamp(const Cell& cell) {
    const auto unit = microseconds_in(cell.row.encodings->timestamps);
    constexpr std::int64_t most = 253402300800'000'000; // the year 10000
    if (cell.kind == SQLITE_INTEGER) {
        const auto count = sqlite3_value_int64(cell.value);
        if (count <= -most / unit || count >= most / unit) refuse_type(cell, "a time between the years 0 and 9999");
        return Timestamp(std::chrono::microseconds(count * unit));
    }
    const double about = sqlite3_value_double(cell.value) * static_cast<double>(unit);
    constexpr auto end = static_cast<double>(most);
    if (about <= -end || about >= end || std::isnan(about)) refuse_type(cell, "a time between the years 0 and 9999");
    return Timestamp(std::chrono::microseconds(std::llround(about)));
}

Timestamp timestamp(const Cell& cell) {
    const bool counts = cell.row.encodings->timestamps != SqliteTimestamps::text;
    if (counts && (cell.kind == SQLITE_INTEGER || cell.kind == SQLITE_FLOAT)) {
        return as_key(cell, counted_timestamp(cell));
    }
    const auto value = calendar::parse_timestamp(text_where(cell, "a timestamp"));
    if (!value) refuse_type(cell, "a timestamp such as 2024-02-29 12:30:00");
    return as_key(cell, *value);
}

LocalTimestamp local_timestamp(const Cell& cell) {
    const auto value = calendar::parse_local(text_where(cell, "a time without a zone"));
    if (!value) refuse_type(cell, "a time without a zone such as 2024-02-29 12:30:00");
    return as_key(cell, *value);
}

Uuid uuid(const Cell& cell) {
    if (cell.kind == SQLITE_BLOB) {
        Uuid value;
        const auto data = blob(cell);
        if (data.size() != value.bytes.size()) refuse_type(cell, "a Uuid of 16 bytes");
        std::memcpy(value.bytes.data(), data.data(), data.size());
        return as_key(cell, value);
    }
    const auto digits = text_where(cell, "a Uuid");
    Uuid value;
    try {
        value = Uuid::parse(digits);
    } catch (const ValueError&) {
        refuse_type(cell, "a Uuid of 32 hexadecimal digits");
    }
    return as_key(cell, value);
}

/// A binary number from a column was stored as such, so its shortest digits are the value that was given. A binary
/// number that a raw statement computed need not be the right decimal.
Decimal binary_decimal(const Cell& cell) {
    const double value = sqlite3_value_double(cell.value);
    if (!std::isfinite(value)) refuse_type(cell, "a decimal number");
    if (cell.row.own && sqlite3_column_decltype(cell.row.statement, cell.column) == nullptr) {
        refuse_inexact(place(cell), holds(cell));
    }
    return Decimal(plain_digits(value));
}

/// Whether SQLite converts texts to numbers when it compares them with the column.
bool compares_numbers(const Cell& cell) {
    const char* declared = sqlite3_column_decltype(cell.row.statement, cell.column);
    if (declared == nullptr) return false;
    const auto affinity = affinity_of(declared);
    return affinity != Affinity::none && affinity != Affinity::text;
}

Decimal decimal(const Cell& cell) {
    const bool is_number = cell.kind == SQLITE_INTEGER || cell.kind == SQLITE_FLOAT;
    if (is_number && cell.field != nullptr && cell.field->is_key && !compares_numbers(cell)) {
        backend::refuse_key_form(place(cell), holds(cell), "the digits as text",
                                 "store the keys as text, or declare the column numeric");
    }
    switch (cell.kind) {
    case SQLITE_INTEGER: return Decimal(sqlite3_value_int64(cell.value));
    case SQLITE_FLOAT: return binary_decimal(cell);
    default: break;
    }
    const auto digits = text_where(cell, "a decimal number");
    try {
        return Decimal(digits);
    } catch (const ValueError&) {
        refuse_type(cell, "a decimal number such as -12.50");
    }
}

Value as_it_is(const Cell& cell) {
    switch (cell.kind) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_value_int64(cell.value)};
    case SQLITE_FLOAT: return sqlite3_value_double(cell.value);
    case SQLITE_TEXT: return std::string(text(cell));
    default: break;
    }
    const auto data = blob(cell);
    return std::vector<std::byte>(data.begin(), data.end());
}

/// Most cells are 64-bit integers and texts without surprises: these need no Cell and no checks. Returns false, and
/// does nothing, for all others.
bool decode_common(sqlite3_value* value, const ColumnSlot& slot, void* at) {
    if (slot.access != nullptr) return false;
    const int kind = sqlite3_value_type(value);
    if (kind == SQLITE_INTEGER && slot.type == ColumnType::int64) {
        store_number(sqlite3_value_int64(value), slot, at);
        return true;
    }
    if (kind == SQLITE_TEXT && slot.type == ColumnType::text && !slot.to_one) {
        const auto* begin = reinterpret_cast<const char*>(sqlite3_value_text(value));
        if (begin == nullptr) throw std::bad_alloc();
        static_cast<std::string*>(at)->assign(begin, static_cast<std::size_t>(sqlite3_value_bytes(value)));
        return true;
    }
    return false;
}

} // namespace

void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys) {
    int column = first;
    for (const ColumnSlot& slot : slots) {
        auto* const value = sqlite3_column_value(row.statement, column);
        auto* const member = static_cast<std::byte*>(at) + slot.offset;
        if (!decode_common(value, slot, member)) {
            decode_member(Cell(row, column, slot.type, slot.field, value), slot, member, keys);
        }
        ++column;
    }
}

Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field) {
    return to_value(Cell(row, column, type, field));
}

} // namespace kith::backend::sqlite
