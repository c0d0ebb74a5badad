#pragma once

#include "backend/uuid_text.hpp"
#include "calendar.hpp"

#include <kith/detail/value.hpp>
#include <kith/error.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// How values look in SQLite, which has integers, reals, text and blobs: Django's encodings.
///
/// bool 0 or 1 · date `2024-02-29` · time stamp `2024-02-29 12:30:00.000001` · Uuid 32 hexadecimal digits · Decimal and
/// Json their text.
namespace kith::backend::sqlite {

/// What takes encoded values: the parameters of a statement, or the columns of a virtual table. `stays` tells that the
/// bytes are part of the value itself and live as long as it does.
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
    void operator()(Timestamp v) const { sink.text(calendar::format(v), false); }
    void operator()(const Uuid& v) const { sink.text(hex_digits(v), false); }
    void operator()(const Decimal& v) const { sink.text(v.str(), true); }
    void operator()(const Json& v) const { sink.text(v.text, true); }
};

/// Gives `value` to `sink`. Throws ValueError for what SQLite cannot hold.
template <EncodingSink Sink>
void encode(const detail::Value& value, Sink& sink) {
    std::visit(Encoder<Sink>{sink}, value);
}

} // namespace kith::backend::sqlite
