#pragma once

#include <kith/types.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kith::detail {

/// The type of a column in C++. The dialect of a database decides how it is stored.
enum class ColumnType : std::uint8_t {
    boolean,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    float32,
    float64,
    text,
    bytes,
    date,
    timestamp,
    uuid,
    decimal,
    json,
    local_timestamp,
    enumeration, ///< an enum in C++, a text in the database and as a Value
    any,         ///< the content of a cell, of any type, as a Value: in models made at run time
};

constexpr bool is_integer(ColumnType t) { return t >= ColumnType::int8 && t <= ColumnType::uint64; }
constexpr bool is_real(ColumnType t) { return t == ColumnType::float32 || t == ColumnType::float64; }
constexpr bool is_number(ColumnType t) { return is_integer(t) || is_real(t) || t == ColumnType::decimal; }

/// A value of a column or a parameter, independent of the C++ type of the member.
using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                           std::vector<std::byte>, Date, Timestamp, Uuid, Decimal, Json, LocalTimestamp>;

inline bool is_null(const Value& v) { return v.index() == 0; }

/// Returns the 64 bits of a whole number, as relations and key sets store it: a ColumnType::uint64 above 2^63 - 1 looks
/// negative. Throws std::bad_variant_access for other values.
inline std::int64_t integer_bits(const Value& v) {
    if (const auto* large = std::get_if<std::uint64_t>(&v)) return static_cast<std::int64_t>(*large);
    return std::get<std::int64_t>(v);
}
/// Reverses integer_bits(). Only a number above 2^63 - 1 becomes a std::uint64_t, so that each number is one Value.
inline Value integer_value(ColumnType type, std::int64_t bits) {
    if (type == ColumnType::uint64 && bits < 0) return static_cast<std::uint64_t>(bits);
    return bits;
}

/// Returns the value as text for messages and logs; long texts and bytes are shortened.
std::string to_string(const Value& value);

/// The names of an enum that is stored as text.
struct EnumTable {
    struct Entry {
        std::int64_t value{0};
        std::string_view name{};
    };
    const Entry* entries{nullptr};
    std::size_t count{0};
    std::size_t size{0}; ///< the size of the enum in bytes

    /// Returns the name of the enumerator at `at`; empty if it has none.
    std::string_view name_of(const void* at) const;
    /// Returns the name of the enumerator with this value; empty if it has none.
    std::string_view name_of_value(std::int64_t value) const;
    /// Stores the enumerator with this name at `at`. False if there is none.
    bool store(void* at, std::string_view name) const;
    /// Returns all names: `calm, merry`.
    std::string list() const;
};

/// How to access the value inside a wrapper such as std::optional. A plain member needs none (a null pointer).
struct ColumnAccess {
    void* (*engage)(void* member);           ///< makes the wrapper hold a value and returns its address
    void (*reset)(void* member);             ///< makes the wrapper empty: NULL
    const void* (*peek)(const void* member); ///< returns the address of the value, or null if the wrapper is empty
};

/// Returns the name of the enumerator at `at`, whose type is called `type`. Throws ValueError if it has none.
std::string_view name_of_enum(const EnumTable& names, const void* at, std::string_view type);
/// Stores the enumerator called `name` at `at`, whose type is called `type`. Throws ValueError if there is none.
void store_enum(const EnumTable& names, void* at, std::string_view name, std::string_view type);

} // namespace kith::detail
