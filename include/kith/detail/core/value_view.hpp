#pragma once

#include <kith/detail/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Values of a program on their way to the core. Programs have many of them, and a compiler needs long for a Value and
/// for what contains one; so they are made in src/base/value.cpp.
namespace kith::detail {

/// A value for the duration of a call, without its type. It refers to texts, bytes, decimals and JSON.
class ValueView {
public:
    constexpr ValueView() = default; ///< NULL
    constexpr explicit ValueView(bool value) : kind_(Kind::boolean), integer_(value ? 1 : 0) {}
    constexpr explicit ValueView(std::int64_t value) : kind_(Kind::integer), integer_(value) {}
    constexpr explicit ValueView(std::uint64_t value)
        : kind_(Kind::unsigned_integer), integer_(static_cast<std::int64_t>(value)) {}
    constexpr explicit ValueView(double value) : kind_(Kind::real), real_(value) {}
    constexpr explicit ValueView(std::string_view text) : kind_(Kind::text), size_(text.size()), data_(text.data()) {}
    constexpr explicit ValueView(std::span<const std::byte> bytes)
        : kind_(Kind::bytes), size_(bytes.size()), data_(bytes.data()) {}
    constexpr explicit ValueView(Date value) : kind_(Kind::date), integer_(value.time_since_epoch().count()) {}
    constexpr explicit ValueView(Timestamp value)
        : kind_(Kind::timestamp), integer_(value.time_since_epoch().count()) {}
    constexpr explicit ValueView(LocalTimestamp value)
        : kind_(Kind::local_timestamp), integer_(value.time_since_epoch().count()) {}
    constexpr explicit ValueView(const Uuid& value) : kind_(Kind::uuid), data_(&value) {}
    constexpr explicit ValueView(const Decimal& value) : kind_(Kind::decimal), data_(&value) {}
    constexpr explicit ValueView(const Json& value) : kind_(Kind::json), data_(&value) {}

private:
    friend Value to_value(const ValueView& view);

    enum class Kind : std::uint8_t {
        null,
        boolean,
        integer,
        unsigned_integer, ///< `integer_` has its bits
        real,
        text,
        bytes,
        date,
        timestamp,
        local_timestamp,
        uuid,
        decimal,
        json,
    };

    Kind kind_{Kind::null};
    std::size_t size_{0}; ///< of a text and of bytes
    union {
        std::int64_t integer_{0}; ///< also what a date or time counts
        double real_;
        const void* data_;
    };
};

/// Copies the value.
Value to_value(const ValueView& view);

/// Copies of the values that a call was given.
class ValueList {
public:
    ValueList() noexcept;
    ValueList(ValueList&& other) noexcept;
    ValueList& operator=(const ValueList&) = delete;
    ~ValueList();

    void add(const ValueView& value);
    bool empty() const noexcept;
    std::vector<Value> take() && noexcept;

private:
    std::vector<Value> values_;
};

} // namespace kith::detail
