#pragma once

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bench::imdb {

/// Reads a cell that holds an array of records, in PostgreSQL's binary format: next() goes to the next record, whose
/// fields are then read one after the other.
class Records {
public:
    explicit Records(std::string_view cell) : rest_(cell) {
        const auto dimensions = take32();
        (void)take32(); // whether there are NULLs
        (void)take32(); // the type
        if (dimensions == 0) return;
        size_ = static_cast<std::size_t>(take32());
        (void)take32(); // the first index
    }

    std::size_t size() const noexcept { return size_; }
    bool next() {
        if (read_ == size_) return false;
        ++read_;
        (void)take32(); // bytes
        (void)take32(); // fields
        return true;
    }

    std::int32_t integer() {
        (void)field();
        return take32();
    }
    std::optional<std::int32_t> optional_integer() {
        if (field() < 0) return std::nullopt;
        return take32();
    }
    std::optional<double> optional_double() {
        if (field() < 0) return std::nullopt;
        return std::bit_cast<double>(take64());
    }
    std::string text() { return std::string(take(static_cast<std::size_t>(field()))); }
    std::chrono::sys_time<std::chrono::microseconds> time() {
        using namespace std::chrono;
        (void)field();
        return sys_days{2000y / January / 1} + microseconds(take64());
    }

private:
    /// The size of the field that follows; -1 for NULL.
    std::int32_t field() {
        (void)take32(); // the type
        return take32();
    }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) throw std::runtime_error("an array of records is cut short");
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::int32_t take32() {
        std::uint32_t bits = 0;
        take(sizeof bits).copy(reinterpret_cast<char*>(&bits), sizeof bits);
        return static_cast<std::int32_t>(__builtin_bswap32(bits));
    }
    std::int64_t take64() {
        std::uint64_t bits = 0;
        take(sizeof bits).copy(reinterpret_cast<char*>(&bits), sizeof bits);
        return static_cast<std::int64_t>(__builtin_bswap64(bits));
    }

    std::string_view rest_;
    std::size_t size_{0};
    std::size_t read_{0};
};

} // namespace bench::imdb
