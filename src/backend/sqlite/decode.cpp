#include "backend/sqlite/decode.hpp"

#include "calendar.hpp"

#include <kith/detail/row_block.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <type_traits>

namespace kith::backend::sqlite {
namespace {

constexpr std::size_t longest_shown = 40; // bytes of a stored text in a message

/// One cell. Taken as an sqlite3_value because that is looked up once, while the sqlite3_column functions look the
/// column up at each call. Such values are not safe with threads; a connection has one at a time.
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

// ---- messages

std::string label(const Cell& cell) {
    return cell.field != nullptr ? cell.field->label() : fmt::format("Column {}", cell.column + 1);
}

[[noreturn]] void refuse(const Cell& cell, const std::string& message) {
    ErrorContext context{.sql = sqlite3_sql(cell.row.statement)};
    if (cell.field != nullptr && cell.field->model != nullptr) context.model = cell.field->model->name;
    throw DatabaseError(message, std::move(context));
}

std::string what_it_holds(const Cell& cell) {
    switch (cell.kind) {
    case SQLITE_INTEGER: return fmt::format("the number {}", sqlite3_value_int64(cell.value));
    case SQLITE_FLOAT: return fmt::format("the number {}", sqlite3_value_double(cell.value));
    case SQLITE_BLOB: return fmt::format("{} bytes of binary data", sqlite3_value_bytes(cell.value));
    case SQLITE_NULL: return "NULL";
    default: break;
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(cell.value));
    const std::string value(text != nullptr ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(cell.value)));
    const bool shorten = value.size() > longest_shown;
    return "text " + detail::to_string(shorten ? value.substr(0, longest_shown) + "…" : value);
}

[[noreturn]] void refuse_type(const Cell& cell, std::string_view belongs) {
    refuse(cell,
           fmt::format("{} holds {} where {} belongs (row {} of the result): correct what is stored, or the type of "
                       "the member",
                       label(cell), what_it_holds(cell), belongs, cell.row.number));
}

[[noreturn]] void refuse_null(const Cell& cell) {
    refuse(cell, fmt::format("{} is NULL in the database, but the member is no std::optional (row {} of the result): "
                             "declare it std::optional (a relation kith::null), or fill the column",
                             label(cell), cell.row.number));
}

template <class T>
[[noreturn]] void refuse_range(const Cell& cell) {
    refuse(cell,
           fmt::format("{} holds {}, which is beyond the member's {} to {} (row {} of the result): give the member a "
                       "larger type, or correct what is stored",
                       label(cell), what_it_holds(cell), std::numeric_limits<T>::lowest(),
                       std::numeric_limits<T>::max(), cell.row.number));
}

// ---- cells, each checked against the type that the member needs

std::int64_t integer(const Cell& cell) {
    if (cell.kind != SQLITE_INTEGER) {
        refuse_type(cell, cell.kind == SQLITE_FLOAT ? "a whole number" : "a number");
    }
    return sqlite3_value_int64(cell.value);
}

template <class T>
T integer_as(const Cell& cell) {
    const std::int64_t value = integer(cell);
    if (!std::in_range<T>(value)) refuse_range<T>(cell);
    return static_cast<T>(value);
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

float short_number(const Cell& cell) {
    const double value = number(cell);
    if (std::isfinite(value) && std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
        refuse_range<float>(cell);
    }
    return static_cast<float>(value);
}

std::string_view text(const Cell& cell, std::string_view belongs = "text") {
    if (cell.kind != SQLITE_TEXT) refuse_type(cell, belongs);
    // Text before bytes: asking for it may convert, and the count is that of the last form.
    const auto* begin = reinterpret_cast<const char*>(sqlite3_value_text(cell.value));
    if (begin == nullptr) throw std::bad_alloc();
    return {begin, static_cast<std::size_t>(sqlite3_value_bytes(cell.value))};
}

std::span<const std::byte> blob(const Cell& cell) {
    const auto* begin = static_cast<const std::byte*>(sqlite3_value_blob(cell.value));
    return {begin, static_cast<std::size_t>(sqlite3_value_bytes(cell.value))};
}

std::span<const std::byte> bytes(const Cell& cell) {
    if (cell.kind != SQLITE_BLOB) refuse_type(cell, "binary data");
    return blob(cell);
}

Date date(const Cell& cell) {
    const auto value = calendar::parse_date(text(cell, "a date"));
    if (!value) refuse_type(cell, "a date such as 2024-02-29");
    return *value;
}

Timestamp timestamp(const Cell& cell) {
    const auto value = calendar::parse_timestamp(text(cell, "a time stamp"));
    if (!value) refuse_type(cell, "a time stamp such as 2024-02-29 12:30:00");
    return *value;
}

Uuid uuid(const Cell& cell) {
    if (cell.kind == SQLITE_BLOB) {
        Uuid value;
        const auto data = blob(cell);
        if (data.size() != value.bytes.size()) refuse_type(cell, "a Uuid of 16 bytes");
        std::memcpy(value.bytes.data(), data.data(), data.size());
        return value;
    }
    const auto digits = text(cell, "a Uuid");
    try {
        return Uuid::parse(digits);
    } catch (const ValueError&) {
        refuse_type(cell, "a Uuid of 32 hexadecimal digits");
    }
}

/// The shortest digits that read back as the same number.
std::string plain_digits(double value) {
    char digits[400];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed).ptr;
    return {std::begin(digits), end};
}

Decimal decimal(const Cell& cell) {
    switch (cell.kind) {
    case SQLITE_INTEGER: return Decimal(sqlite3_value_int64(cell.value));
    case SQLITE_FLOAT: {
        const double value = sqlite3_value_double(cell.value);
        if (!std::isfinite(value)) refuse_type(cell, "a decimal number");
        return Decimal(plain_digits(value));
    }
    default: break;
    }
    const auto digits = text(cell, "a decimal number");
    try {
        return Decimal(digits);
    } catch (const ValueError&) {
        refuse_type(cell, "a decimal number such as -12.50");
    }
}

// ---- members

/// Through memcpy, because the member may be an enum whose underlying type is `T`.
template <class T>
void store(void* at, T value) {
    std::memcpy(at, &value, sizeof value);
}

void store_value(const Cell& cell, void* at) {
    switch (cell.type) {
    case ColumnType::boolean: return store(at, boolean(cell));
    case ColumnType::int8: return store(at, integer_as<std::int8_t>(cell));
    case ColumnType::int16: return store(at, integer_as<std::int16_t>(cell));
    case ColumnType::int32: return store(at, integer_as<std::int32_t>(cell));
    case ColumnType::int64: return store(at, integer(cell));
    case ColumnType::uint8: return store(at, integer_as<std::uint8_t>(cell));
    case ColumnType::uint16: return store(at, integer_as<std::uint16_t>(cell));
    case ColumnType::uint32: return store(at, integer_as<std::uint32_t>(cell));
    case ColumnType::uint64: return store(at, integer_as<std::uint64_t>(cell));
    case ColumnType::float32: return store(at, short_number(cell));
    case ColumnType::float64: return store(at, number(cell));
    case ColumnType::text: static_cast<std::string*>(at)->assign(text(cell)); return;
    case ColumnType::bytes: {
        const auto data = bytes(cell);
        static_cast<std::vector<std::byte>*>(at)->assign(data.begin(), data.end());
        return;
    }
    case ColumnType::date: *static_cast<Date*>(at) = date(cell); return;
    case ColumnType::timestamp: *static_cast<Timestamp*>(at) = timestamp(cell); return;
    case ColumnType::uuid: *static_cast<Uuid*>(at) = uuid(cell); return;
    case ColumnType::decimal: *static_cast<Decimal*>(at) = decimal(cell); return;
    case ColumnType::json: static_cast<Json*>(at)->text.assign(text(cell)); return;
    }
}

std::int64_t key_in_range(const Cell& cell) {
    switch (cell.type) {
    case ColumnType::int8: return integer_as<std::int8_t>(cell);
    case ColumnType::int16: return integer_as<std::int16_t>(cell);
    case ColumnType::int32: return integer_as<std::int32_t>(cell);
    case ColumnType::uint8: return integer_as<std::uint8_t>(cell);
    case ColumnType::uint16: return integer_as<std::uint16_t>(cell);
    case ColumnType::uint32: return integer_as<std::uint32_t>(cell);
    case ColumnType::uint64: return static_cast<std::int64_t>(integer_as<std::uint64_t>(cell));
    default: return integer(cell);
    }
}

Value to_value(const Cell& cell) {
    if (cell.kind == SQLITE_NULL) return {};
    switch (cell.type) {
    case ColumnType::boolean: return boolean(cell);
    case ColumnType::uint64: return integer_as<std::uint64_t>(cell);
    case ColumnType::int8:
    case ColumnType::int16:
    case ColumnType::int32:
    case ColumnType::int64:
    case ColumnType::uint8:
    case ColumnType::uint16:
    case ColumnType::uint32: return key_in_range(cell);
    case ColumnType::float32: return static_cast<double>(short_number(cell));
    case ColumnType::float64: return number(cell);
    case ColumnType::text: return std::string(text(cell));
    case ColumnType::bytes: {
        const auto data = bytes(cell);
        return std::vector<std::byte>(data.begin(), data.end());
    }
    case ColumnType::date: return date(cell);
    case ColumnType::timestamp: return timestamp(cell);
    case ColumnType::uuid: return uuid(cell);
    case ColumnType::decimal: return decimal(cell);
    case ColumnType::json: return Json{std::string(text(cell))};
    }
    throw DatabaseError("A column type that SQLite does not know");
}

using detail::RelationState;

/// The row is not published yet, or its user writes it alone: no ordering is needed.
void store_key(const Cell& cell, RelationState& state, KeyStore& keys) {
    if (detail::is_integer(cell.type)) {
        state.key = static_cast<std::uint64_t>(key_in_range(cell));
    } else {
        state.key = reinterpret_cast<std::uintptr_t>(keys.keep(to_value(cell)));
    }
    state.link.store(RelationState::resident_bit, std::memory_order_relaxed);
}

void store_null(const Cell& cell, const ColumnSlot& slot, void* at) {
    if (!slot.takes_null()) refuse_null(cell);
    if (slot.access != nullptr) return slot.access->reset(at);
    auto& state = *static_cast<RelationState*>(at);
    state.key = 0;
    state.link.store(RelationState::resident_bit | RelationState::loaded_bit | RelationState::null_key,
                     std::memory_order_relaxed);
}

void decode_member(const Cell& cell, const ColumnSlot& slot, void* at, KeyStore& keys) {
    if (cell.kind == SQLITE_NULL) return store_null(cell, slot, at);
    if (slot.to_one) return store_key(cell, *static_cast<RelationState*>(at), keys);
    if (slot.access != nullptr) at = slot.access->engage(at);
    store_value(cell, at);
}

/// Numbers of 64 bits and texts, that are what they should be, are most of what there is: they get by without a Cell and
/// its questions. False, and nothing done, for all else.
bool decode_common(sqlite3_value* value, const ColumnSlot& slot, void* at) {
    if (slot.access != nullptr) return false;
    const int kind = sqlite3_value_type(value);
    if (kind == SQLITE_INTEGER && slot.type == ColumnType::int64) {
        const auto number = sqlite3_value_int64(value);
        if (!slot.to_one) {
            store<std::int64_t>(at, number);
        } else {
            auto& state = *static_cast<RelationState*>(at);
            state.key = static_cast<std::uint64_t>(number);
            state.link.store(RelationState::resident_bit, std::memory_order_relaxed);
        }
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
