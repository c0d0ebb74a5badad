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
