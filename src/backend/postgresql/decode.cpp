#include "backend/postgresql/decode.hpp"

#include "backend/decode_members.hpp"
#include "backend/postgresql/numeric.hpp"
#include "backend/postgresql/wire.hpp"
#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <limits>
#include <utility>

namespace kith::backend::postgresql {

Rows::Rows(Result result, sql::StatementText sql, const TypeNames* names)
    : result_(std::move(result)), sql_(std::move(sql)), size_(PQntuples(result_.get())) {
    const int columns = PQnfields(result_.get());
    types_.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
        types_.push_back(PQftype(result_.get(), i));
        const auto* foreign = names != nullptr ? names->find(types_.back()) : nullptr;
        if (foreign == nullptr) continue;
        if (foreign->is_text) {
            types_.back() = type::text;
        } else {
            unread_.emplace(i, foreign->name);
        }
    }
}

void Rows::replace(Result result) noexcept {
    result_ = std::move(result);
    size_ = PQntuples(result_.get());
}

std::string_view Rows::unread_type(int column) const {
    const auto found = unread_.find(column);
    return found != unread_.end() ? std::string_view(found->second) : std::string_view{};
}

namespace {

/// One cell, with the type that the server reports and the one that the member needs.
struct Cell {
    const CurrentRow& row;
    int column;
    ColumnType type;
    const FieldInfo* field; // may be null
    type::Number stored;
    const char* data; // null for NULL
    std::size_t size;

    Cell(const CurrentRow& of, int number, ColumnType wanted, const FieldInfo* named)
        : row(of),
          column(number),
          type(wanted),
          field(named),
          stored(of.rows.type(number)),
          data(PQgetisnull(of.rows.get(), of.index, number) != 0 ? nullptr
                                                                 : PQgetvalue(of.rows.get(), of.index, number)),
          size(static_cast<std::size_t>(PQgetlength(of.rows.get(), of.index, number))) {}

    std::string_view view() const { return {data, size}; }
};

bool is_null(const Cell& cell) { return cell.data == nullptr; }

CellLabel place(const Cell& cell) {
    return {.field = cell.field, .column = cell.column, .row = cell.row.number, .sql = cell.row.rows.sql()};
}

bool is_text(type::Number stored) {
    switch (stored) {
    case type::text:
    case type::varchar:
    case type::bpchar:
    case type::name:
    case type::single_char:
    case type::json:
    case type::xml: return true;
    default: return false;
    }
}

std::int64_t whole_number(const Cell& cell) {
    switch (cell.stored) {
    case type::int8: return wire::read<std::int64_t>(cell.data);
    case type::int4: return wire::read<std::int32_t>(cell.data);
    case type::int2: return wire::read<std::int16_t>(cell.data);
    default: return wire::read<std::uint32_t>(cell.data); // oid
    }
}

bool is_whole_number(type::Number stored) {
    return stored == type::int8 || stored == type::int4 || stored == type::int2 || stored == type::oid;
}

double floating(const Cell& cell) {
    if (cell.stored == type::float8) return std::bit_cast<double>(wire::read<std::int64_t>(cell.data));
    return static_cast<double>(std::bit_cast<float>(wire::read<std::int32_t>(cell.data)));
}

bool is_floating(type::Number stored) { return stored == type::float8 || stored == type::float4; }

std::string holds(const Cell& cell) {
    if (is_null(cell)) return "NULL";
    if (is_whole_number(cell.stored)) return fmt::format("the number {}", whole_number(cell));
    if (is_floating(cell.stored)) return fmt::format("the number {}", floating(cell));
    if (is_text(cell.stored)) return shown_text(cell.view());
    switch (cell.stored) {
    case type::boolean: return *cell.data != 0 ? "true" : "false";
    case type::bytea: return fmt::format("{} bytes of binary data", cell.size);
    case type::numeric: return "the number " + numeric_digits(cell.view()).value_or("NaN");
    case type::date:
    case type::timestamp:
    case type::timestamptz: return "a date or time";
    case type::uuid: return "a Uuid";
    default: return fmt::format("a value of the type number {}", cell.stored);
    }
}

[[noreturn]] void refuse_type(const Cell& cell, std::string_view belongs) {
    const auto unread = cell.row.rows.unread_type(cell.column);
    if (!unread.empty()) refuse_unknown(place(cell), unread);
    backend::refuse_type(place(cell), holds(cell), belongs);
}

/// The digits of a `numeric` without a fraction.
std::string whole_digits(const Cell& cell) {
    auto digits = numeric_digits(cell.view());
    if (!digits) refuse_type(cell, "a whole number");
    const auto point = digits->find('.');
    if (point != std::string::npos) {
        if (digits->find_first_not_of('0', point + 1) != std::string::npos) refuse_type(cell, "a whole number");
        digits->resize(point);
    }
    return *digits;
}

template <class T>
T number_of(const Cell& cell, const std::string& digits) {
    T value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size())
        refuse_beyond<T>(place(cell), holds(cell));
    return value;
}

std::int64_t integer(const Cell& cell) {
    if (is_whole_number(cell.stored)) return whole_number(cell);
    if (cell.stored == type::numeric) return number_of<std::int64_t>(cell, whole_digits(cell));
    refuse_type(cell, is_floating(cell.stored) ? "a whole number" : "a number");
}

std::uint64_t unsigned_integer(const Cell& cell) {
    if (cell.stored == type::numeric) return number_of<std::uint64_t>(cell, whole_digits(cell));
    const auto value = integer(cell);
    if (value < 0) refuse_beyond<std::uint64_t>(place(cell), holds(cell));
    return static_cast<std::uint64_t>(value);
}

bool boolean(const Cell& cell) {
    if (cell.stored == type::boolean) return *cell.data != 0;
    if (is_whole_number(cell.stored)) {
        const auto value = whole_number(cell);
        if (value == 0 || value == 1) return value == 1;
    }
    refuse_type(cell, "true or false");
}

double number(const Cell& cell) {
    if (is_floating(cell.stored)) return floating(cell);
    if (is_whole_number(cell.stored)) return static_cast<double>(whole_number(cell));
    if (cell.stored == type::numeric) {
        if (const auto digits = numeric_digits(cell.view())) return Decimal(*digits).to_double();
    }
    refuse_type(cell, "a number");
}

std::string_view text(const Cell& cell) {
    if (is_text(cell.stored)) return cell.view();
    refuse_type(cell, "text");
}

std::string_view document(const Cell& cell) {
    // A version number precedes the text.
    if (cell.stored == type::jsonb && cell.size > 0 && *cell.data == 1) return cell.view().substr(1);
    if (is_text(cell.stored)) return cell.view();
    refuse_type(cell, "JSON");
}

std::span<const std::byte> bytes(const Cell& cell) {
    if (cell.stored != type::bytea) refuse_type(cell, "binary data");
    return {reinterpret_cast<const std::byte*>(cell.data), cell.size};
}

/// What PostgreSQL counts from `epoch`, counted from 1970. The two limits of the range mean infinity.
template <class T>
T since_1970(const Cell& cell, T epoch) {
    const auto value = wire::read<T>(cell.data);
    if (value > std::numeric_limits<T>::max() - epoch || value == std::numeric_limits<T>::min()) {
        backend::refuse_type(place(cell), "infinity", "a date");
    }
    return value + epoch;
}

Date date(const Cell& cell) {
    if (cell.stored == type::date) return Date(std::chrono::days(since_1970<std::int32_t>(cell, wire::epoch_days)));
    if (is_text(cell.stored)) {
        if (const auto value = calendar::parse_date(cell.view())) return *value;
    }
    refuse_type(cell, "a date such as 2024-02-29");
}

/// The beginning of a day that a timestamp can be in.
Timestamp midnight(const Cell& cell) {
    constexpr std::chrono::days farthest{106'000'000};
    const auto day = date(cell);
    if (day.time_since_epoch() > farthest || day.time_since_epoch() < -farthest) {
        refuse_type(cell, "a timestamp such as 2024-02-29 12:30:00");
    }
    return day;
}

Timestamp timestamp(const Cell& cell) {
    if (cell.stored == type::timestamptz || cell.stored == type::timestamp) {
        return Timestamp(std::chrono::microseconds(since_1970<std::int64_t>(cell, wire::epoch_microseconds)));
    }
    if (cell.stored == type::date) return midnight(cell);
    if (is_text(cell.stored)) {
        if (const auto value = calendar::parse_timestamp(cell.view())) return *value;
    }
    refuse_type(cell, "a timestamp such as 2024-02-29 12:30:00");
}

LocalTimestamp local_timestamp(const Cell& cell) {
    if (cell.stored == type::timestamp) {
        return LocalTimestamp(std::chrono::microseconds(since_1970<std::int64_t>(cell, wire::epoch_microseconds)));
    }
    if (cell.stored == type::date) return LocalTimestamp(midnight(cell).time_since_epoch());
    if (is_text(cell.stored)) {
        if (const auto value = calendar::parse_local(cell.view())) return *value;
    }
    refuse_type(cell, "a time without a zone such as 2024-02-29 12:30:00");
}

Uuid uuid(const Cell& cell) {
    Uuid value;
    if (cell.stored == type::uuid && cell.size == value.bytes.size()) {
        std::memcpy(value.bytes.data(), cell.data, cell.size);
        return value;
    }
    if (is_text(cell.stored)) {
        try {
            return Uuid::parse(cell.view());
        } catch (const ValueError&) { // NOLINT(bugprone-empty-catch): refused below
        }
    }
    refuse_type(cell, "a Uuid of 32 hexadecimal digits");
}

Decimal decimal(const Cell& cell) {
    if (cell.stored == type::numeric) {
        if (const auto digits = numeric_digits(cell.view())) return Decimal(*digits);
    }
    if (is_whole_number(cell.stored)) return Decimal(whole_number(cell));
    if (is_text(cell.stored)) {
        try {
            return Decimal(cell.view());
        } catch (const ValueError&) { // NOLINT(bugprone-empty-catch): refused below
        }
    }
    refuse_type(cell, "a decimal number such as -12.50");
}

/// Columns with FieldInfo::as_text arrive as text.
Value as_it_is(const Cell& cell) {
    if (is_whole_number(cell.stored)) return whole_number(cell);
    if (is_floating(cell.stored)) return floating(cell);
    if (is_text(cell.stored)) return std::string(text(cell));
    switch (cell.stored) {
    case type::boolean: return *cell.data != 0;
    case type::numeric: return decimal(cell);
    case type::date: return date(cell);
    case type::timestamp:
    case type::timestamptz: return timestamp(cell);
    case type::uuid: return uuid(cell);
    case type::jsonb: return Json{std::string(document(cell))};
    default: break;
    }
    const auto data = bytes(cell);
    return std::vector<std::byte>(data.begin(), data.end());
}

/// The common cells without surprises. Returns false, and does nothing, for all others: those of NULL have no length.
bool decode_common(const CurrentRow& row, int column, const ColumnSlot& slot, void* at) {
    if (slot.access != nullptr) return false;
    const auto* result = row.rows.get();
    const int size = PQgetlength(result, row.index, column);
    switch (row.rows.type(column)) {
    case type::int8:
        if (slot.type != ColumnType::int64 || size != sizeof(std::int64_t)) return false;
        store_number(wire::read<std::int64_t>(PQgetvalue(result, row.index, column)), slot, at);
        return true;
    case type::int4: {
        const bool is_short = slot.type == ColumnType::int32;
        if ((!is_short && slot.type != ColumnType::int64) || size != sizeof(std::int32_t)) return false;
        const auto number = wire::read<std::int32_t>(PQgetvalue(result, row.index, column));
        if (is_short && !slot.to_one) {
            store(at, number);
        } else {
            store_number(number, slot, at);
        }
        return true;
    }
    case type::text:
    case type::varchar:
        if (slot.type != ColumnType::text || slot.to_one || size <= 0) return false;
        static_cast<std::string*>(at)->assign(PQgetvalue(result, row.index, column), static_cast<std::size_t>(size));
        return true;
    default: return false;
    }
}

} // namespace

void decode_members(const CurrentRow& row, int first, std::span<const ColumnSlot> slots, void* at, KeyStore& keys) {
    int column = first;
    for (const ColumnSlot& slot : slots) {
        auto* const member = static_cast<std::byte*>(at) + slot.offset;
        if (!decode_common(row, column, slot, member)) {
            decode_member(Cell(row, column, slot.type, slot.field), slot, member, keys);
        }
        ++column;
    }
}

Value decode_value(const CurrentRow& row, int column, ColumnType type, const FieldInfo* field) {
    return to_value(Cell(row, column, type, field));
}

std::int64_t decode_integer(const CurrentRow& row, int column) {
    const auto* result = row.rows.get();
    const auto stored = row.rows.type(column);
    const int size = PQgetlength(result, row.index, column);
    if (stored == type::int8 && size == sizeof(std::int64_t)) {
        return wire::read<std::int64_t>(PQgetvalue(result, row.index, column));
    }
    if (stored == type::int4 && size == sizeof(std::int32_t)) {
        return wire::read<std::int32_t>(PQgetvalue(result, row.index, column));
    }
    const Cell cell(row, column, ColumnType::int64, nullptr);
    if (is_null(cell)) refuse_type(cell, "a whole number");
    return integer(cell);
}

} // namespace kith::backend::postgresql
