#include "backend/mariadb/json_keys.hpp"

#include "backend/mariadb/limits.hpp"
#include "backend/uuid_text.hpp"
#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <variant>

namespace kith::backend::mariadb {
namespace {

using detail::ColumnType;

void append_quoted(std::string& out, std::string_view text) {
    require_utf8(text);
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

struct Writer {
    std::string& out;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool v) const { out += v ? '1' : '0'; }
    void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(std::uint64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
    void operator()(double v) const {
        require_finite(v);
        fmt::format_to(std::back_inserter(out), "{:.17e}", v);
    }
    void operator()(const std::string& v) const { append_quoted(out, v); }
    void operator()(const std::vector<std::byte>& v) const {
        out += '"';
        for (const auto byte : v) fmt::format_to(std::back_inserter(out), "{:02x}", std::to_integer<unsigned>(byte));
        out += '"';
    }
    void operator()(Date v) const { append_quoted(out, calendar::format(v)); }
    void operator()(Timestamp v) const { append_quoted(out, calendar::format(v)); }
    void operator()(LocalTimestamp v) const { append_quoted(out, calendar::format(v)); }
    void operator()(const Uuid& v) const { append_quoted(out, hex_digits(v)); }
    // As text: JSON numbers are converted through a double.
    void operator()(const Decimal& v) const {
        require_decimal(v);
        append_quoted(out, v.str());
    }
    void operator()(const Json& v) const { append_quoted(out, v.text); }
};

void write_key(const Writer& write, const sql::KeySet::Column& column, std::size_t i) {
    if (!detail::is_integer(column.type)) return std::visit(write, column.values[i]);
    if (column.type == ColumnType::uint64) return write(static_cast<std::uint64_t>(column.integers[i]));
    write(column.integers[i]);
}

/// `[[1,"a"],[2,"b"]]`.
std::string lists_of_parts(const sql::KeySet& keys) {
    std::string text = "[";
    const Writer write{text};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        text += i == 0 ? "[" : ",[";
        for (const auto& column : keys.columns()) {
            if (&column != keys.columns().data()) text += ',';
            write_key(write, column, i);
        }
        text += ']';
    }
    return text += ']';
}

} // namespace

std::string json_keys(const sql::KeySet& keys) {
    if (keys.columns().size() > 1) return lists_of_parts(keys);
    const auto& column = keys.columns().front();
    std::string text = "[";
    const Writer write{text};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        write_key(write, column, i);
        text += ',';
    }
    if (text.size() > 1) text.pop_back();
    return text += ']';
}

std::size_t keys_within(const sql::KeySet& keys, std::size_t bytes) {
    constexpr std::size_t widest_number = 20;
    const auto room = bytes - std::min(bytes, std::size_t{2}); // for the brackets
    const auto columns = keys.columns();
    const bool all_numbers = std::ranges::all_of(columns, [](const auto& column) { return column.values.empty(); });
    const auto around = columns.size() > 1 ? std::size_t{2} : std::size_t{0}; // the brackets of each key
    if (all_numbers && keys.size() * (around + columns.size() * (widest_number + 1)) <= room) return keys.size();
    std::string text;
    const Writer write{text};
    std::size_t largest = 1;
    std::size_t all = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        text.clear();
        for (const auto& column : columns) {
            write_key(write, column, i);
        }
        const auto size = text.size() + columns.size() + around; // with a comma for each
        largest = std::max(largest, size);
        all += size;
    }
    if (all <= room) return keys.size();
    return std::max<std::size_t>(1, room / largest);
}

std::string json_column(ColumnType type) {
    switch (type) {
    case ColumnType::boolean: return "TINYINT";
    case ColumnType::uint64: return "BIGINT UNSIGNED";
    case ColumnType::float32:
    case ColumnType::float64: return "DOUBLE";
    case ColumnType::text:
    case ColumnType::enumeration:
    case ColumnType::json: return fmt::format("LONGTEXT {}", own_collation);
    case ColumnType::bytes: return "LONGTEXT CHARACTER SET ascii";
    case ColumnType::date: return "DATE";
    case ColumnType::timestamp:
    case ColumnType::local_timestamp: return "DATETIME(6)";
    case ColumnType::uuid: return "CHAR(32) CHARACTER SET ascii";
    case ColumnType::decimal: return fmt::format("DECIMAL({}, {})", decimal_digits, decimal_scale);
    default: return "BIGINT";
    }
}

} // namespace kith::backend::mariadb
