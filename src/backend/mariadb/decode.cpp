#include "backend/mariadb/decode.hpp"

#include "backend/decode_members.hpp"
#include "backend/mariadb/limits.hpp"
#include "backend/uuid_text.hpp"
#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>

namespace kith::backend::mariadb {
namespace {

constexpr unsigned binary_charset = 63;

/// A number, the least significant byte first.
template <class T>
T read(const char* at) {
    T value;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&value, at, sizeof value);
    } else {
        char bytes[sizeof value];
        std::reverse_copy(at, at + sizeof value, bytes);
        std::memcpy(&value, bytes, sizeof value);
    }
    return value;
}

/// The length prefix of a cell of variable size.
std::size_t take_length(unsigned char*& row) {
    const unsigned char first = *row++;
    if (first < 251) return first;
    const unsigned bytes = first == 252 ? 2 : first == 253 ? 3 : 8;
    std::size_t length = 0;
    for (unsigned i = 0; i < bytes; ++i) length |= static_cast<std::size_t>(*row++) << (8 * i);
    return length;
}

/// One cell, with the type that the server reports and the one that the member needs.
struct Cell {
    const CurrentRow& row;
    int column;
    ColumnType type;
    const FieldInfo* field; // may be null
    const MYSQL_FIELD& stored;
    RawCell raw;

    Cell(const CurrentRow& of, int number, ColumnType wanted, const FieldInfo* named)
        : row(of),
          column(number),
          type(wanted),
          field(named),
          stored(of.fields[number]),
          raw(of.cells[static_cast<std::size_t>(number)]) {}

    std::string_view view() const { return {raw.data, raw.size}; }
};

bool is_null(const Cell& cell) { return cell.raw.data == nullptr; }

CellLabel place(const Cell& cell) {
    return {.field = cell.field, .column = cell.column, .row = cell.row.number, .sql = cell.row.sql};
}

bool is_whole_number(const Cell& cell) {
    switch (cell.stored.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG: return true;
    default: return false;
    }
}

bool is_unsigned(const Cell& cell) { return (cell.stored.flags & UNSIGNED_FLAG) != 0; }

template <class Signed, class Unsigned>
std::uint64_t widened(const Cell& cell) {
    if (is_unsigned(cell)) return read<Unsigned>(cell.raw.data);
    return static_cast<std::uint64_t>(std::int64_t{read<Signed>(cell.raw.data)});
}

/// All 64 bits; whether they are signed depends on the column.
std::uint64_t whole_number(const Cell& cell) {
    switch (cell.stored.type) {
    case MYSQL_TYPE_TINY: return widened<std::int8_t, std::uint8_t>(cell);
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR: return widened<std::int16_t, std::uint16_t>(cell);
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG: return widened<std::int32_t, std::uint32_t>(cell);
    default: return widened<std::int64_t, std::uint64_t>(cell);
    }
}

bool is_floating(const Cell& cell) {
    return cell.stored.type == MYSQL_TYPE_FLOAT || cell.stored.type == MYSQL_TYPE_DOUBLE;
}

double floating(const Cell& cell) {
    if (cell.stored.type == MYSQL_TYPE_DOUBLE) return std::bit_cast<double>(read<std::int64_t>(cell.raw.data));
    return static_cast<double>(std::bit_cast<float>(read<std::int32_t>(cell.raw.data)));
}

bool is_decimal(const Cell& cell) {
    return cell.stored.type == MYSQL_TYPE_NEWDECIMAL || cell.stored.type == MYSQL_TYPE_DECIMAL;
}

bool is_string(enum_field_types type) {
    switch (type) {
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_ENUM:
    case MYSQL_TYPE_SET:
    case MYSQL_TYPE_JSON: return true;
    default: return false;
    }
}

bool is_string(const Cell& cell) { return is_string(cell.stored.type); }

bool is_binary(const Cell& cell) { return is_string(cell) && cell.stored.charsetnr == binary_charset; }

bool is_time(const Cell& cell) {
    return cell.stored.type == MYSQL_TYPE_DATE || cell.stored.type == MYSQL_TYPE_NEWDATE ||
           cell.stored.type == MYSQL_TYPE_DATETIME || cell.stored.type == MYSQL_TYPE_TIMESTAMP;
}

std::string holds(const Cell& cell) {
    if (is_null(cell)) return "NULL";
    if (is_whole_number(cell)) {
        const auto bits = whole_number(cell);
        return is_unsigned(cell) ? fmt::format("the number {}", bits)
                                 : fmt::format("the number {}", static_cast<std::int64_t>(bits));
    }
    if (is_floating(cell)) return fmt::format("the number {}", floating(cell));
    if (is_decimal(cell)) return fmt::format("the number {}", cell.view());
    if (is_binary(cell)) return fmt::format("{} bytes of binary data", cell.raw.size);
    if (is_string(cell)) return shown_text(cell.view());
    return is_time(cell) ? "a date or time" : fmt::format("a value of the type number {}", int(cell.stored.type));
}

[[noreturn]] void refuse_type(const Cell& cell, std::string_view belongs) {
    backend::refuse_type(place(cell), holds(cell), belongs);
}

/// The number in a `decimal` without a fraction.
template <class T>
T whole_decimal(const Cell& cell) {
    auto digits = cell.view();
    if (const auto point = digits.find('.'); point != std::string_view::npos) {
        if (digits.find_first_not_of('0', point + 1) != std::string_view::npos) refuse_type(cell, "a whole number");
        digits = digits.substr(0, point);
    }
    T value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size()) {
        refuse_beyond<T>(place(cell), holds(cell));
    }
    return value;
}

std::int64_t integer(const Cell& cell) {
    if (is_decimal(cell)) return whole_decimal<std::int64_t>(cell);
    if (!is_whole_number(cell)) refuse_type(cell, is_floating(cell) ? "a whole number" : "a number");
    const auto value = static_cast<std::int64_t>(whole_number(cell));
    if (is_unsigned(cell) && value < 0) refuse_beyond<std::int64_t>(place(cell), holds(cell));
    return value;
}

std::uint64_t unsigned_integer(const Cell& cell) {
    if (is_decimal(cell)) return whole_decimal<std::uint64_t>(cell);
    if (is_whole_number(cell) && is_unsigned(cell)) return whole_number(cell);
    const auto value = integer(cell);
    if (value < 0) refuse_beyond<std::uint64_t>(place(cell), holds(cell));
    return static_cast<std::uint64_t>(value);
}

bool boolean(const Cell& cell) {
    if (is_whole_number(cell)) {
        const auto value = whole_number(cell);
        if (value == 0 || value == 1) return value == 1;
    }
    // bit(1)
    if (cell.stored.type == MYSQL_TYPE_BIT && cell.raw.size == 1) return *cell.raw.data != 0;
    refuse_type(cell, "0 or 1");
}

double number(const Cell& cell) {
    if (is_floating(cell)) return floating(cell);
    if (is_decimal(cell)) return Decimal(cell.view()).to_double();
    if (!is_whole_number(cell)) refuse_type(cell, "a number");
    const auto bits = whole_number(cell);
    return is_unsigned(cell) ? static_cast<double>(bits) : static_cast<double>(static_cast<std::int64_t>(bits));
}

std::string_view text(const Cell& cell) {
    if (!is_string(cell) || is_binary(cell)) refuse_type(cell, "text");
    return cell.view();
}

std::string_view document(const Cell& cell) { return text(cell); }

std::span<const std::byte> bytes(const Cell& cell) {
    if (!is_binary(cell)) refuse_type(cell, "binary data");
    return {reinterpret_cast<const std::byte*>(cell.raw.data), cell.raw.size};
}

/// Year, month and day, then the time, then microseconds: trailing zero parts are omitted.
Timestamp moment(const Cell& cell) {
    using namespace std::chrono;
    const auto* at = cell.raw.data;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(at[i])); };
    if (cell.raw.size < 4) refuse_type(cell, "a valid date");
    const year_month_day day{year(read<std::uint16_t>(at)), month(byte(2)), std::chrono::day(byte(3))};
    if (!day.ok()) refuse_type(cell, "a valid date");
    Timestamp time = sys_days(day);
    if (cell.raw.size >= 7) time += hours(byte(4)) + minutes(byte(5)) + seconds(byte(6));
    if (cell.raw.size >= 11) time += microseconds(read<std::uint32_t>(at + 7));
    return time;
}

Date date(const Cell& cell) {
    if (is_time(cell)) {
        const auto time = moment(cell);
        const auto day = std::chrono::floor<std::chrono::days>(time);
        if (time == day) return day;
    } else if (is_string(cell)) {
        if (const auto value = calendar::parse_date(cell.view())) return *value;
    }
    refuse_type(cell, "a date such as 2024-02-29");
}

Timestamp timestamp(const Cell& cell) {
    if (is_time(cell)) return moment(cell);
    if (is_string(cell)) {
        if (const auto value = calendar::parse_timestamp(cell.view())) return *value;
    }
    refuse_type(cell, "a timestamp such as 2024-02-29 12:30:00");
}

LocalTimestamp local_timestamp(const Cell& cell) {
    if (is_time(cell)) return LocalTimestamp(moment(cell).time_since_epoch());
    if (is_string(cell)) {
        if (const auto value = calendar::parse_local(cell.view())) return *value;
    }
    refuse_type(cell, "a time without a zone such as 2024-02-29 12:30:00");
}

/// Whether the column has MariaDB's own type, which accepts all forms.
bool is_native_uuid(const Cell& cell) {
    MARIADB_CONST_STRING name{};
    return mariadb_field_attr(&name, &cell.stored, MARIADB_FIELD_ATTR_DATA_TYPE_NAME) == 0 &&
           std::string_view(name.str, name.length) == "uuid";
}

/// Reading is tolerant, but a key in another form than the one that Kith sends would find no row.
Uuid as_key(const Cell& cell, const Uuid& value) {
    const bool is_key = cell.field != nullptr && cell.field->is_key;
    if (is_key && cell.view() != hex_digits(value) && !is_native_uuid(cell)) {
        backend::refuse_key_form(place(cell), holds(cell), "32 hexadecimal digits in lower case",
                                 "store the keys in that form, in char(32), or give the columns the type uuid");
    }
    return value;
}

Uuid uuid(const Cell& cell) {
    Uuid value;
    if (is_binary(cell) && cell.raw.size == value.bytes.size()) {
        std::memcpy(value.bytes.data(), cell.raw.data, cell.raw.size);
        return as_key(cell, value);
    }
    if (!is_string(cell)) refuse_type(cell, "a Uuid of 32 hexadecimal digits");
    try {
        value = Uuid::parse(cell.view());
    } catch (const ValueError&) {
        refuse_type(cell, "a Uuid of 32 hexadecimal digits");
    }
    return as_key(cell, value);
}

/// A column with the maximum scale says nothing about the scale of its values: trailing zeros are padding.
std::string_view without_padding(std::string_view digits, unsigned places) {
    if (places != decimal_scale) return digits;
    while (digits.ends_with('0')) digits.remove_suffix(1);
    if (digits.ends_with('.')) digits.remove_suffix(1);
    return digits;
}

Decimal decimal(const Cell& cell) {
    if (is_whole_number(cell)) {
        const auto bits = whole_number(cell);
        if (is_unsigned(cell)) return Decimal(fmt::format("{}", bits));
        return Decimal(static_cast<std::int64_t>(bits));
    }
    if (is_decimal(cell)) return Decimal(without_padding(cell.view(), cell.stored.decimals));
    if (is_string(cell)) {
        try {
            return Decimal(cell.view());
        } catch (const ValueError&) { // NOLINT(bugprone-empty-catch): refused below
        }
    }
    refuse_type(cell, "a decimal number such as -12.50");
}

/// A date or timestamp as text, which may also be `0000-00-00` or a day such as the 31st of June.
std::string moment_text(const Cell& cell) {
    const auto* at = cell.raw.data;
    const auto byte = [&](std::size_t i) {
        return i < cell.raw.size ? static_cast<unsigned>(static_cast<unsigned char>(at[i])) : 0U;
    };
    const auto year = cell.raw.size >= 2 ? read<std::uint16_t>(at) : std::uint16_t{0};
    auto text = fmt::format("{:04}-{:02}-{:02}", year, byte(2), byte(3));
    if (cell.stored.type == MYSQL_TYPE_DATE || cell.stored.type == MYSQL_TYPE_NEWDATE) return text;
    text += fmt::format(" {:02}:{:02}:{:02}", byte(4), byte(5), byte(6));
    if (cell.raw.size >= 11) text += fmt::format(".{:06}", read<std::uint32_t>(at + 7));
    return text;
}

/// `-838:59:59.000001`: a duration as well as a time of day.
std::string time_text(const Cell& cell) {
    if (cell.raw.size < 8) return "00:00:00";
    const auto* at = cell.raw.data;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(at[i])); };
    auto text = fmt::format("{}{:02}:{:02}:{:02}", byte(0) != 0 ? "-" : "", read<std::uint32_t>(at + 1) * 24 + byte(5),
                            byte(6), byte(7));
    if (cell.raw.size >= 12) text += fmt::format(".{:06}", read<std::uint32_t>(at + 8));
    return text;
}

std::uint64_t bits(const Cell& cell) {
    std::uint64_t value = 0;
    for (const char byte : cell.view()) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

Value as_it_is(const Cell& cell) {
    if (is_whole_number(cell)) {
        const auto number = whole_number(cell);
        return detail::integer_value(is_unsigned(cell) ? ColumnType::uint64 : ColumnType::int64,
                                     static_cast<std::int64_t>(number));
    }
    if (is_floating(cell)) return floating(cell);
    if (is_decimal(cell)) return Decimal(cell.view());
    if (is_time(cell)) return moment_text(cell);
    if (cell.stored.type == MYSQL_TYPE_TIME) return time_text(cell);
    if (cell.stored.type == MYSQL_TYPE_BIT) {
        return detail::integer_value(ColumnType::uint64, static_cast<std::int64_t>(bits(cell)));
    }
    if (is_string(cell) && !is_binary(cell)) return std::string(cell.view());
    const auto* data = reinterpret_cast<const std::byte*>(cell.raw.data);
    return std::vector<std::byte>(data, data + cell.raw.size);
}

/// The common cells without surprises. Returns false, and does nothing, for all others.
bool decode_common(const CurrentRow& row, std::size_t column, const ColumnSlot& slot, void* at) {
    const auto& cell = row.cells[column];
    if (slot.access != nullptr || cell.data == nullptr) return false;
    switch (row.forms[column].kind) {
    case ColumnForm::Kind::int64:
        if (slot.type != ColumnType::int64) return false;
        store_number(read<std::int64_t>(cell.data), slot, at);
        return true;
    case ColumnForm::Kind::text:
        if (slot.type != ColumnType::text || slot.to_one) return false;
        static_cast<std::string*>(at)->assign(cell.data, cell.size);
        return true;
    default: return false;
    }
}

std::uint8_t width_of(enum_field_types type) {
    switch (type) {
    case MYSQL_TYPE_TINY: return 1;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR: return 2;
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_FLOAT: return 4;
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_DOUBLE: return 8;
    default: return 0;
    }
}

} // namespace

ColumnForm::ColumnForm(const MYSQL_FIELD& field) : width(width_of(field.type)) {
    if (field.type == MYSQL_TYPE_LONGLONG && (field.flags & UNSIGNED_FLAG) == 0) kind = Kind::int64;
    if (is_string(field.type) && field.charsetnr != binary_charset) kind = Kind::text;
}

RawCell take_cell(ColumnForm form, unsigned char*& row) {
    const std::size_t size = form.width != 0 ? form.width : take_length(row);
    const RawCell cell{.data = reinterpret_cast<const char*>(row), .size = size};
    row += size;
    return cell;
}

void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys) {
    int column = first;
    for (const ColumnSlot& slot : slots) {
        auto* const member = static_cast<std::byte*>(at) + slot.offset;
        if (!decode_common(row, static_cast<std::size_t>(column), slot, member)) {
            decode_member(Cell(row, column, slot.type, slot.field), slot, member, keys);
        }
        ++column;
    }
}

Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field) {
    return to_value(Cell(row, column, type, field));
}

std::int64_t decode_integer(const CurrentRow& row, int column) {
    const auto at = static_cast<std::size_t>(column);
    if (row.forms[at].kind == ColumnForm::Kind::int64 && row.cells[at].data != nullptr) {
        return read<std::int64_t>(row.cells[at].data);
    }
    const Cell cell(row, column, ColumnType::int64, nullptr);
    if (is_null(cell)) refuse_type(cell, "a whole number");
    return integer(cell);
}

} // namespace kith::backend::mariadb
