#pragma once

#include <kith/detail/core/value.hpp>

#include <cstdint>
#include <variant>

namespace kith::detail {

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

} // namespace kith::detail
