#include "backend/sqlite/affinity.hpp"

#include "backend/sqlite/ask.hpp"
#include "backend/sqlite/encoding.hpp"
#include "backend/sqlite/plain_digits.hpp"

#include <kith/detail/core/model_info.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kith::backend::sqlite {
namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::Value;

/// In a STRICT table, ANY keeps all values unchanged; elsewhere it is a type name like any other.
bool is_strict(Handle& handle, const std::string& table) {
    return ask(handle, "SELECT 1 FROM pragma_table_list(?1) WHERE strict", table) != nullptr;
}

Declaration declaration_of(Handle& handle, const std::string& schema, const std::string& table,
                           const std::string& column) {
    const char* declared = nullptr;
    const int code =
        sqlite3_table_column_metadata(handle.get(), schema.empty() ? nullptr : schema.c_str(), table.c_str(),
                                      column.c_str(), &declared, nullptr, nullptr, nullptr, nullptr);
    if (code != SQLITE_ERROR) handle.check(code);
    if (code != SQLITE_OK || declared == nullptr) return {}; // a view, or a missing table
    Declaration found{.declared = declared, .affinity = affinity_of(declared)};
    if (sqlite3_stricmp(declared, "ANY") == 0 && is_strict(handle, table)) found.affinity = Affinity::none;
    return found;
}

/// Receives an encoded value, and checks what its column would make of it.
class Probe {
public:
    Probe(Handle& handle, const Declaration& column, const FieldInfo& field, const Value& value)
        : handle_(handle), column_(column), field_(field), value_(value) {}

    void null() {}
    void blob(std::span<const std::byte>) {}
    void integer(std::int64_t v) {
        const auto affinity = column_.affinity;
        if (affinity == Affinity::text) refuse("a number", "text", integer_remedy());
        if (affinity == Affinity::real && !survives_as_real(v)) {
            refuse("a whole number", "a binary fraction", "Declare it INTEGER");
        }
    }
    void real(double) {
        if (column_.affinity == Affinity::text) refuse("a number", "text", "Declare it REAL");
    }
    void text(std::string_view text, bool) {
        if (!looks_like_a_number(text)) return;
        const auto affinity = column_.affinity;
        if (affinity == Affinity::none || affinity == Affinity::text) return;
        const auto* decimal = std::get_if<Decimal>(&value_);
        if (decimal != nullptr && survives_as_number(*decimal, affinity)) return;
        refuse(decimal != nullptr ? "this decimal number" : "text that looks like a number",
               decimal != nullptr ? "a binary one" : "a number",
               field_.type == ColumnType::uuid ? "Declare it TEXT, or open the file with sqlite_uuids=bytes"
                                               : "Declare it TEXT");
    }

private:
    /// Integers are read from REAL cells only as timestamps.
    bool survives_as_real(std::int64_t number) const {
        const auto* time = std::get_if<Timestamp>(&value_);
        if (time == nullptr) return false;
        const auto unit = microseconds_in(handle_.encodings().timestamps);
        return std::llround(static_cast<double>(number) * static_cast<double>(unit)) ==
               time->time_since_epoch().count();
    }
    /// SQLite itself computes the number that it makes of the digits.
    bool survives_as_number(const Decimal& decimal, Affinity affinity) const {
        const auto* sql =
            affinity == Affinity::real ? "SELECT CAST(CAST(?1 AS NUMERIC) AS REAL)" : "SELECT CAST(?1 AS NUMERIC)";
        const auto answer = ask(handle_, sql, decimal.str());
        if (answer == nullptr) return false;
        if (sqlite3_column_type(answer.get(), 0) == SQLITE_INTEGER) {
            return decimal == Decimal(std::int64_t{sqlite3_column_int64(answer.get(), 0)});
        }
        const double number = sqlite3_column_double(answer.get(), 0);
        return std::isfinite(number) && decimal == Decimal(plain_digits(number));
    }
    std::string_view integer_remedy() const {
        return std::holds_alternative<Timestamp>(value_)
                   ? "Declare it INTEGER, or open the file with sqlite_timestamps=text"
                   : "Declare it INTEGER";
    }
    [[noreturn]] void refuse(std::string_view given, std::string_view kept, std::string_view remedy) const {
        throw ValueError(fmt::format("{} cannot be stored: its column is declared {}, so SQLite would turn {} into {}, "
                                     "which does not read back as the same value. {}",
                                     field_.label(), column_.declared, given, kept, remedy),
                         {.model = field_.model->name, .lookup = field_.name});
    }

    Handle& handle_;
    const Declaration& column_;
    const FieldInfo& field_;
    const Value& value_;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace

Affinity affinity_of(std::string_view declared) {
    if (declared.empty()) return Affinity::none;
    std::string upper(declared);
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    if (contains(upper, "INT")) return Affinity::integer;
    if (contains(upper, "CHAR") || contains(upper, "CLOB") || contains(upper, "TEXT")) return Affinity::text;
    if (contains(upper, "BLOB")) return Affinity::none;
    if (contains(upper, "REAL") || contains(upper, "FLOA") || contains(upper, "DOUB")) return Affinity::real;
    return Affinity::numeric;
}

bool looks_like_a_number(std::string_view text) {
    const auto skip = [&](std::string_view characters) {
        const auto end = std::min(text.find_first_not_of(characters), text.size());
        text.remove_prefix(end);
        return end;
    };
    const auto skip_sign = [&] {
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    };
    constexpr std::string_view blanks = " \t\n\v\f\r";
    constexpr std::string_view digits = "0123456789";
    skip(blanks);
    skip_sign();
    auto count = skip(digits);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        count += skip(digits);
    }
    if (count == 0) return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        skip_sign();
        if (skip(digits) == 0) return false;
    }
    skip(blanks);
    return text.empty();
}

bool holds_integers(Handle& handle, const sql::KeyColumn& column) {
    const auto affinity =
        declaration_of(handle, std::string(column.schema), std::string(column.table), std::string(column.column))
            .affinity;
    if (affinity != Affinity::integer && affinity != Affinity::numeric) return false;
    // A virtual table returns whatever it likes, however its columns are declared.
    return ask(handle, "SELECT 1 FROM pragma_table_list(?1) WHERE type = 'table'", column.table) != nullptr;
}

void DeclaredColumns::require_kept(const sql::Statement& statement) {
    const bool may_be_outdated = !columns_.empty();
    try {
        check(statement);
    } catch (const ValueError&) {
        if (!may_be_outdated) throw;
        columns_.clear();
        check(statement);
    }
}

void DeclaredColumns::check(const sql::Statement& statement) {
    for (std::size_t i = 0; i < statement.stored.size(); ++i) {
        const auto* field = statement.stored[i];
        const auto* value = std::get_if<Value>(&statement.binds[i]);
        if (field == nullptr || value == nullptr || detail::is_null(*value)) continue;
        Probe probe(handle_, column_of(*field), *field, *value);
        encode(*value, probe, handle_.encodings());
    }
}

const Declaration& DeclaredColumns::column_of(const FieldInfo& field) {
    const auto known = columns_.find(&field);
    if (known != columns_.end()) return known->second;
    auto found = declaration_of(handle_, field.model->schema, field.model->table, field.column);
    // A table that is missing may be created next; what was made at run time may go, and another take its address.
    if (!found.declared.empty() && !field.model->made_at_run_time) {
        return columns_.emplace(&field, std::move(found)).first->second;
    }
    return other_ = std::move(found);
}

} // namespace kith::backend::sqlite
