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
    std::make_unsigned_t<T> from = static_cast<std::make_unsigned_t<T>>(value);
    std::make_unsigned_t<T> to = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        to = static_cast<std::make_unsigned_t<T>>((static_cast<std::uint64_t>(to) << 8) | (from & 0xff));
        from = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(from) >> 8);
    }
    return static_cast<T>(to);
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
