#pragma once

#include "backend/uuid_text.hpp"
#include "base/calendar.hpp"

#include <kith/connect_options.hpp>
#include <kith/detail/core/value_access.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// The forms of values in SQLite, which has integers, reals, text and blobs: Django's encodings by default.
///
/// bool 0 or 1 · date `2024-02-29` · timestamp `2024-02-29 12:30:00.000001` · Uuid 32 hexadecimal digits · Decimal and
/// Json their text.
namespace kith::backend::sqlite {

/// The stored form of values for which there is a choice.
struct Encodings {
    SqliteTimestamps timestamps{SqliteTimestamps::text};
    SqliteUuids uuids{SqliteUuids::digits};
};

/// The microseconds in one unit of `form`, which must be a number.
constexpr std::int64_t microseconds_in(SqliteTimestamps form) {
    if (form == SqliteTimestamps::seconds) return 1'000'000;
    return form == SqliteTimestamps::milliseconds ? 1'000 : 1;
}

/// A receiver of encoded values: the parameters of a statement, or the columns of a virtual table. `stays`: the bytes
/// are part of the value itself and live as long as it does.
template <class S>
concept EncodingSink = requires(S sink, std::int64_t i, double d, std::string_view t, std::span<const std::byte> b) {
    sink.null();
    sink.integer(i);
    sink.real(d);
    sink.text(t, /*stays=*/true);
    sink.blob(b);
};

template <EncodingSink Sink>
struct Encoder {
    Sink& sink;
    const Encodings& encodings;

    void operator()(std::monostate) const { sink.null(); }
    void operator()(bool v) const { sink.integer(v ? 1 : 0); }
    void operator()(std::int64_t v) const { sink.integer(v); }
    void operator()(std::uint64_t v) const {
        if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            throw ValueError(
                "An unsigned number beyond 9223372036854775807 cannot be stored: SQLite's integers are signed");
        }
        sink.integer(static_cast<std::int64_t>(v));
    }
    void operator()(double v) const {
        if (std::isnan(v)) throw ValueError("A NaN cannot be stored: SQLite would make it NULL");
        sink.real(v);
    }
    void operator()(const std::string& v) const { sink.text(v, true); }
    void operator()(const std::vector<std::byte>& v) const { sink.blob(v); }
    void operator()(Date v) const { sink.text(calendar::format(v), false); }
    void operator()(Timestamp v) const {
        if (encodings.timestamps == SqliteTimestamps::text) return sink.text(calendar::format(v), false);
        calendar::require_storable(v);
        const auto unit = microseconds_in(encodings.timestamps);
        const auto ticks = v.time_since_epoch().count();
        if (ticks % unit != 0) {
            throw ValueError(fmt::format("The time {} is more precise than this database stores: round it, or open the "
                                         "file with sqlite_timestamps=microseconds or text",
                                         calendar::format(v)));
        }
        sink.integer(ticks / unit);
    }
    void operator()(LocalTimestamp v) const { sink.text(calendar::format(v), false); }
    void operator()(const Uuid& v) const {
        switch (encodings.uuids) {
        case SqliteUuids::digits: return sink.text(hex_digits(v), false);
        case SqliteUuids::hyphenated: return sink.text(v.str(), false);
        case SqliteUuids::bytes: return sink.blob(std::as_bytes(std::span(v.bytes)));
        }
    }
    void operator()(const Decimal& v) const { sink.text(v.str(), true); }
    void operator()(const Json& v) const { sink.text(v.text, true); }
};

/// Passes `value` to `sink`. Throws ValueError for values that SQLite cannot hold.
template <EncodingSink Sink>
void encode(const detail::Value& value, Sink& sink, const Encodings& encodings) {
    std::visit(Encoder<Sink>{sink, encodings}, value);
}

} // namespace kith::backend::sqlite
