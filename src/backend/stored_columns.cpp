#include "backend/stored_columns.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kith::backend {
namespace {

using detail::Value;
using Kind = StoredColumn::Kind;

/// The number of digits after the point, without trailing zeros.
std::size_t places_of(std::string_view digits) {
    const auto point = digits.find('.');
    if (point == std::string_view::npos) return 0;
    const auto last = digits.find_last_not_of('0');
    return last - point;
}

bool has_places(std::string_view digits, int places) {
    return places < 0 || places_of(digits) <= static_cast<std::size_t>(places);
}

/// Servers keep 15 digits when they convert a binary number to a decimal.
bool survives_in_decimals(double number, int places) {
    if (!std::isfinite(number)) return false;
    const auto taken = fmt::format("{:.15g}", number);
    double back = 0;
    std::from_chars(taken.data(), taken.data() + taken.size(), back);
    char digits[400];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::fixed).ptr;
    return back == number && has_places({std::begin(digits), end}, places);
}

std::size_t characters(std::string_view text) {
    const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(text, starts));
}

/// A text that is too long only by trailing blanks is cut silently.
bool loses_blanks(std::string_view text, int places) {
    return places >= 0 && text.ends_with(' ') && characters(text) > static_cast<std::size_t>(places);
}

bool keeps_time(const StoredColumn& column, std::int64_t microseconds) {
    constexpr std::int64_t day = 86'400'000'000;
    if (column.kind == Kind::day) return microseconds % day == 0;
    std::int64_t unit = 1;
    for (int places = column.places < 0 ? 6 : column.places; places < 6; ++places) unit *= 10;
    return microseconds % unit == 0;
}

/// Text columns keep values that are not text in a form that can be read back.
bool is_text(Kind kind) { return kind == Kind::text || kind == Kind::cast_text || kind == Kind::padded; }

struct Keeps {
    const StoredColumn& column;

    bool operator()(std::monostate) const { return true; }
    bool operator()(bool) const { return column.kind == Kind::boolean || column.kind == Kind::whole; }
    bool operator()(std::int64_t v) const {
        if (column.kind == Kind::year) return v == 0 || v > 99;
        return column.kind == Kind::whole || column.kind == Kind::decimal;
    }
    bool operator()(std::uint64_t) const { return column.kind == Kind::whole || column.kind == Kind::decimal; }
    bool operator()(double v) const {
        switch (column.kind) {
        case Kind::fraction64: return column.places < 0 || survives_in_decimals(v, column.places);
        case Kind::fraction32: return !(std::abs(v) <= std::numeric_limits<float>::max()) || double(float(v)) == v;
        case Kind::whole: return v == std::floor(v);
        case Kind::decimal: return survives_in_decimals(v, column.places);
        default: return false;
        }
    }
    bool operator()(const std::string& v) const {
        if (column.kind == Kind::text || column.kind == Kind::cast_text) return !loses_blanks(v, column.places);
        if (column.kind == Kind::filled) return characters(v) == static_cast<std::size_t>(column.places);
        return column.kind == Kind::padded && !v.ends_with(' ');
    }
    bool operator()(const std::vector<std::byte>& v) const {
        const auto size = static_cast<std::size_t>(column.places);
        return column.kind == Kind::bytes || (column.kind == Kind::padded_bytes && v.size() == size);
    }
    bool operator()(Date) const {
        return column.kind == Kind::day || column.kind == Kind::datetime || is_text(column.kind);
    }
    bool operator()(Timestamp v) const {
        const bool fits = column.kind == Kind::moment || column.kind == Kind::local || column.kind == Kind::datetime ||
                          column.kind == Kind::day;
        return (is_text(column.kind) && column.kind != Kind::cast_text) ||
               (fits && keeps_time(column, v.time_since_epoch().count()));
    }
    bool operator()(LocalTimestamp v) const {
        const bool fits = column.kind == Kind::local || column.kind == Kind::datetime || column.kind == Kind::day;
        return is_text(column.kind) || (fits && keeps_time(column, v.time_since_epoch().count()));
    }
    bool operator()(const Uuid&) const {
        return column.kind == Kind::uuid || is_text(column.kind) || column.kind == Kind::bytes;
    }
    bool operator()(const Decimal& v) const {
        if (column.kind == Kind::decimal) return has_places(v.str(), column.places);
        return is_text(column.kind) || (column.kind == Kind::whole && places_of(v.str()) == 0);
    }
    bool operator()(const Json& v) const { return (*this)(v.text); }
};

[[noreturn]] void refuse(const detail::FieldInfo& field, const StoredColumn& column) {
    throw ValueError(
        fmt::format("{} cannot be stored unchanged: its column is declared {}, which would round, cut or convert this "
                    "value. Give the column a type that holds it, or give the member the type of the column",
                    field.label(), column.declared),
        {.model = field.model->name, .lookup = field.name});
}

} // namespace

bool keeps(const StoredColumn& column, const Value& value) {
    return column.kind == Kind::other || std::visit(Keeps{column}, value);
}

void StoredColumns::require_kept(const sql::Statement& statement) {
    const auto look_up = [&](const detail::FieldInfo& field, bool again) {
        return find(field.model->schema, field.model->table, field.column, again);
    };
    // A statement of many rows has many values for few columns.
    std::vector<std::pair<const detail::FieldInfo*, const StoredColumn*>> seen;
    const auto column_of = [&](const detail::FieldInfo& field) {
        const auto found = std::ranges::find(seen, &field, [](const auto& pair) { return pair.first; });
        return found != seen.end() ? found->second : seen.emplace_back(&field, look_up(field, /*again=*/false)).second;
    };
    for (std::size_t i = 0; i < statement.stored.size(); ++i) {
        const auto* field = statement.stored[i];
        const auto* value = std::get_if<Value>(&statement.binds[i]);
        if (field == nullptr || value == nullptr || detail::is_null(*value)) continue;
        const auto* column = column_of(*field);
        if (column == nullptr || keeps(*column, *value)) continue;
        seen.clear(); // the columns are replaced
        column = look_up(*field, /*again=*/true);
        if (column != nullptr && !keeps(*column, *value)) refuse(*field, *column);
    }
}

bool StoredColumns::are_whole(const sql::KeyColumn& column) {
    const auto* found = find(column.schema, column.table, column.column, /*again=*/false);
    return found != nullptr && found->kind == Kind::whole;
}

bool StoredColumns::are_always_inserted(const sql::KeyColumn& column) {
    const auto* found = find(column.schema, column.table, column.column, /*again=*/false);
    return found != nullptr && found->always_inserted;
}

const StoredColumn* StoredColumns::find(std::string_view schema, std::string_view table, std::string_view column,
                                        bool again) {
    const std::pair<std::string, std::string> name(schema, table);
    auto known = tables_.find(name);
    if (known == tables_.end() || again) {
        auto columns = ask_(schema, table);
        if (columns.empty()) return nullptr; // a missing table: running the statement reports it
        known = tables_.insert_or_assign(name, std::move(columns)).first;
    }
    const auto found = known->second.find(column);
    return found != known->second.end() ? &found->second : nullptr;
}

} // namespace kith::backend
