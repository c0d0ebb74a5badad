#include "backend/mariadb/parameters.hpp"

#include "backend/mariadb/json_keys.hpp"
#include "backend/mariadb/limits.hpp"
#include "backend/uuid_text.hpp"
#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <variant>

namespace kith::backend::mariadb {
namespace {

/// The bytes of one piece of a large parameter.
constexpr auto piece = std::size_t{64} * 1024;
/// No larger parameter is sent with its statement, whose message must fit into the server's max_allowed_packet.
constexpr auto largest_inside = std::size_t{8} * 1024;

bool is_sent_ahead(const MYSQL_BIND& bind) {
    const bool is_text = bind.buffer_type == MYSQL_TYPE_STRING || bind.buffer_type == MYSQL_TYPE_BLOB;
    return is_text && bind.length_value > largest_inside;
}

void require_sendable(const MYSQL_BIND& bind, std::size_t largest, const sql::Statement& statement) {
    if (bind.length_value <= largest) return;
    throw ValueError(
        fmt::format("A parameter of the statement has {} bytes, and the server takes at most {}: raise its "
                    "max_allowed_packet, or divide the value",
                    bind.length_value, largest),
        {.sql = statement.text});
}

MYSQL_TIME to_time(Date date) {
    calendar::require_storable(date);
    const std::chrono::year_month_day day{date};
    MYSQL_TIME time{};
    time.year = static_cast<unsigned>(static_cast<int>(day.year()));
    time.month = static_cast<unsigned>(day.month());
    time.day = static_cast<unsigned>(day.day());
    time.time_type = MYSQL_TIMESTAMP_DATE;
    return time;
}

MYSQL_TIME to_time(Timestamp moment) {
    const auto date = std::chrono::floor<std::chrono::days>(moment);
    auto time = to_time(date);
    const std::chrono::hh_mm_ss clock{moment - date};
    time.hour = static_cast<unsigned>(clock.hours().count());
    time.minute = static_cast<unsigned>(clock.minutes().count());
    time.second = static_cast<unsigned>(clock.seconds().count());
    time.second_part = static_cast<unsigned long>(clock.subseconds().count());
    time.time_type = MYSQL_TIMESTAMP_DATETIME;
    return time;
}

} // namespace

struct Parameters::Binder {
    Parameters& out;

    Number& number() const { return out.numbers_.emplace_back(); }

    void operator()(std::monostate) const { out.add(MYSQL_TYPE_NULL, nullptr, 0); }
    void operator()(bool v) const { (*this)(std::int64_t{v}); }
    void operator()(std::int64_t v) const {
        auto& kept = number();
        kept.whole = v;
        out.add(MYSQL_TYPE_LONGLONG, &kept.whole, sizeof kept.whole);
    }
    void operator()(std::uint64_t v) const {
        (*this)(static_cast<std::int64_t>(v));
        out.binds_.back().is_unsigned = 1;
    }
    void operator()(double v) const {
        require_finite(v);
        auto& kept = number();
        kept.real = v;
        out.add(MYSQL_TYPE_DOUBLE, &kept.real, sizeof kept.real);
    }
    void operator()(const std::string& v) const {
        require_utf8(v);
        out.add(MYSQL_TYPE_STRING, v.data(), v.size());
    }
    void operator()(const std::vector<std::byte>& v) const { out.add(MYSQL_TYPE_BLOB, v.data(), v.size()); }
    void operator()(Date v) const {
        auto& kept = number();
        kept.time = to_time(v);
        out.add(MYSQL_TYPE_DATE, &kept.time, sizeof kept.time);
    }
    void operator()(Timestamp v) const {
        auto& kept = number();
        kept.time = to_time(v);
        out.add(MYSQL_TYPE_DATETIME, &kept.time, sizeof kept.time);
    }
    void operator()(LocalTimestamp v) const { (*this)(Timestamp(v.time_since_epoch())); }
    void operator()(const Uuid& v) const { out.add_own_text(MYSQL_TYPE_STRING, hex_digits(v)); }
    void operator()(const Decimal& v) const {
        require_decimal(v);
        out.add(MYSQL_TYPE_NEWDECIMAL, v.str().data(), v.str().size());
    }
    void operator()(const Json& v) const { (*this)(v.text); }
};

Parameters::Parameters(const sql::Statement& statement, std::size_t largest) {
    binds_.reserve(statement.binds.size());
    for (const sql::Bind& bind : statement.binds) {
        if (const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind)) {
            add_own_text(MYSQL_TYPE_STRING, json_keys(**keys));
        } else {
            std::visit(Binder{*this}, std::get<detail::Value>(bind));
        }
        if (!is_sent_ahead(binds_.back())) continue;
        require_sendable(binds_.back(), largest, statement);
        large_.push_back(binds_.size() - 1);
    }
}

bool Parameters::send_large(Handle& handle, MYSQL_STMT* statement) const {
    for (const auto number : large_) {
        const auto& bind = binds_[number];
        const auto* data = static_cast<const char*>(bind.buffer);
        for (std::size_t sent = 0; sent < bind.length_value; sent += piece) {
            const auto size = std::min<std::size_t>(piece, bind.length_value - sent);
            if (handle.send_long_data(statement, static_cast<unsigned>(number), {data + sent, size})) return false;
        }
    }
    return true;
}

MYSQL_BIND& Parameters::add(enum_field_types type, const void* data, std::size_t size) {
    auto& bind = binds_.emplace_back();
    bind.buffer_type = type;
    // The library only reads from the buffers of parameters, but does not declare them const.
    bind.buffer = const_cast<void*>(data == nullptr && type != MYSQL_TYPE_NULL ? "" : data); // a null buffer means NULL
    bind.buffer_length = size;
    bind.length_value = size;
    return bind;
}

void Parameters::add_own_text(enum_field_types type, std::string text) {
    const auto& kept = texts_.emplace_back(std::move(text));
    add(type, kept.data(), kept.size());
}

} // namespace kith::backend::mariadb
