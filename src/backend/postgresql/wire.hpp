#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>

/// Numbers as PostgreSQL sends them: the most significant byte first.
namespace kith::backend::postgresql::wire {

template <std::integral T>
constexpr T swapped(T value) {
    if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1) return value;
    // Compilers do not recognize a loop that does the same.
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(bits));
    if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(bits));
    if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(bits));
}

template <std::integral T>
T read(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return swapped(value);
}

template <std::integral T>
void append(std::string& out, T value) {
    value = swapped(value);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
}

/// Days and microseconds are counted from 2000-01-01.
inline constexpr std::int32_t epoch_days = 10957;
inline constexpr std::int64_t epoch_microseconds = std::int64_t{epoch_days} * 86'400'000'000;

} // namespace kith::backend::postgresql::wire
