#pragma once

#include "backend/postgresql/numeric.hpp"
#include "backend/postgresql/wire.hpp"
#include "base/calendar.hpp"

#include <kith/detail/core/value_access.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// Values in the binary form of PostgreSQL's own types.
namespace kith::backend::postgresql {

inline void require_text(const std::string& text) {
    if (text.find('\0') == std::string::npos) return;
    throw ValueError("A text that contains a NUL character cannot be sent: PostgreSQL does not support it. Use "
                     "std::vector<std::byte> for binary data");
}

/// Appends the binary form of a value, without its length. Throws ValueError for what PostgreSQL cannot hold.
struct Encoder {
    std::string& out;

    void operator()(std::monostate) const {}
    void operator()(bool v) const { out += static_cast<char>(v ? 1 : 0); }
    void operator()(std::int64_t v) const { wire::append(out, v); }
    void operator()(std::uint64_t v) const { append_numeric(out, fmt::format("{}", v)); }
    void operator()(double v) const {
        if (std::isnan(v)) throw ValueError("A NaN cannot be stored: not every database supports it");
        wire::append(out, std::bit_cast<std::int64_t>(v));
    }
    void operator()(const std::string& v) const { out += v; }
    void operator()(const std::vector<std::byte>& v) const {
        out.append(reinterpret_cast<const char*>(v.data()), v.size());
    }
    void operator()(Date v) const {
        calendar::require_storable(v);
        wire::append(out, static_cast<std::int32_t>(v.time_since_epoch().count()) - wire::epoch_days);
    }
    void operator()(Timestamp v) const {
        calendar::require_storable(v);
        wire::append(out, v.time_since_epoch().count() - wire::epoch_microseconds);
    }
    void operator()(LocalTimestamp v) const { (*this)(Timestamp(v.time_since_epoch())); }
    void operator()(const Uuid& v) const { out.append(reinterpret_cast<const char*>(v.bytes.data()), v.bytes.size()); }
    void operator()(const Decimal& v) const { append_numeric(out, v.str()); }
    void operator()(const Json& v) const { out += v.text; }
};

} // namespace kith::backend::postgresql
