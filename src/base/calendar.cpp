#include "base/calendar.hpp"

#include <kith/detail/core/value.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <chrono>

namespace kith::calendar {
namespace {

using namespace std::chrono;

constexpr sys_days first_day{year{0} / January / 1};
constexpr sys_days last_day{year{9999} / December / 31};

std::string date_text(Date date) {
    const year_month_day day{date};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

/// Reads numbers and signs from the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    bool skip(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Exactly `digits` digits; no value if there are fewer.
    std::optional<int> number(std::size_t digits) {
        if (rest_.size() < digits) return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    /// Digits after the point, as microseconds.
    std::optional<microseconds> fraction() {
        int value = 0;
        int digits = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++digits) {
            const int digit = rest_.front() - '0';
            if (digits < 6)
                value = value * 10 + digit;
            else if (digit != 0)
                return std::nullopt;
        }
        if (digits == 0) return std::nullopt;
        for (; digits < 6; ++digits) value *= 10;
        return microseconds(value);
    }

private:
    std::string_view rest_;
};

std::optional<Date> read_date(Reader& in) {
    const auto y = in.number(4);
    if (!y || !in.skip('-')) return std::nullopt;
    const auto m = in.number(2);
    if (!m || !in.skip('-')) return std::nullopt;
    const auto d = in.number(2);
    if (!d) return std::nullopt;
    const year_month_day day{year{*y}, month{static_cast<unsigned>(*m)}, std::chrono::day{static_cast<unsigned>(*d)}};
    if (!day.ok()) return std::nullopt;
    return sys_days{day};
}

std::optional<minutes> read_clock(Reader& in) {
    const auto h = in.number(2);
    if (!h || *h > 23 || !in.skip(':')) return std::nullopt;
    const auto m = in.number(2);
    if (!m || *m > 59) return std::nullopt;
    return hours(*h) + minutes(*m);
}

std::optional<microseconds> read_time(Reader& in) {
    const auto clock = read_clock(in);
    if (!clock) return std::nullopt;
    microseconds time = *clock;
    if (!in.skip(':')) return time;
    const auto s = in.number(2);
    if (!s || *s > 59) return std::nullopt;
    time += seconds(*s);
    if (!in.skip('.') && !in.skip(',')) return time;
    const auto fraction = in.fraction();
    if (!fraction) return std::nullopt;
    return time + *fraction;
}

/// A date, optionally followed by a time.
std::optional<Timestamp> read_date_and_time(Reader& in) {
    const auto date = read_date(in);
    if (!date) return std::nullopt;
    if (in.at_end()) return Timestamp(*date);
    if (!in.skip(' ') && !in.skip('T')) return std::nullopt;
    const auto time = read_time(in);
    if (!time) return std::nullopt;
    return *date + *time;
}

/// The zone's offset from UTC; a missing zone means UTC.
std::optional<minutes> read_offset(Reader& in) {
    if (in.at_end() || in.skip('Z')) return minutes(0);
    const bool east = in.skip('+');
    if (!east && !in.skip('-')) return std::nullopt;
    const auto offset = read_clock(in);
    if (!offset) return std::nullopt;
    return east ? *offset : -*offset;
}

} // namespace

void require_storable(Date date) {
    if (date < first_day || date > last_day) {
        throw ValueError("A date outside the years 0 to 9999 cannot be stored: its text would not sort correctly");
    }
}

void require_storable(Timestamp time) { require_storable(floor<days>(time)); }

std::string format(Date date) {
    require_storable(date);
    return date_text(date);
}

std::string format(Timestamp time) {
    const auto date = floor<days>(time);
    require_storable(date);
    const hh_mm_ss clock{time - date};
    std::string text = fmt::format("{} {:02}:{:02}:{:02}", date_text(date), clock.hours().count(),
                                   clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) text += fmt::format(".{:06}", clock.subseconds().count());
    return text;
}

void require_storable(LocalTimestamp time) { require_storable(Timestamp(time.time_since_epoch())); }

std::string format(LocalTimestamp time) { return format(Timestamp(time.time_since_epoch())); }

std::optional<Date> parse_date(std::string_view text) {
    Reader in(text);
    const auto date = read_date(in);
    return in.at_end() ? date : std::nullopt;
}

std::optional<LocalTimestamp> parse_local(std::string_view text) {
    Reader in(text);
    const auto time = read_date_and_time(in);
    if (!time || !in.at_end()) return std::nullopt;
    return LocalTimestamp(time->time_since_epoch());
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    Reader in(text);
    const auto time = read_date_and_time(in);
    if (!time || in.at_end()) return time;
    const auto offset = read_offset(in);
    if (!offset || !in.at_end()) return std::nullopt;
    return *time - *offset;
}

} // namespace kith::calendar

namespace kith {
namespace {

/// The text of databases, with the letter of ISO 8601.
template <class Time>
std::string with_letter(Time time) {
    auto text = calendar::format(time);
    text[text.find(' ')] = 'T';
    return text;
}

template <class T>
T required(const std::optional<T>& read, std::string_view text, const char* form) {
    if (!read) {
        throw ValueError(fmt::format("{} is not a text of ISO 8601 that Kith reads, such as {}",
                                     detail::to_string(detail::Value{std::string(text)}), form));
    }
    calendar::require_storable(*read); // an offset may lead out of the years
    return *read;
}

} // namespace

std::string to_iso8601(Date date) { return calendar::format(date); }
std::string to_iso8601(Timestamp time) { return with_letter(time) + 'Z'; }
std::string to_iso8601(LocalTimestamp time) { return with_letter(time); }

template <>
Date from_iso8601<Date>(std::string_view text) {
    return required(calendar::parse_date(text), text, "2024-02-29");
}

template <>
Timestamp from_iso8601<Timestamp>(std::string_view text) {
    return required(calendar::parse_timestamp(text), text, "2024-02-29T12:30:00Z");
}

template <>
LocalTimestamp from_iso8601<LocalTimestamp>(std::string_view text) {
    return required(calendar::parse_local(text), text, "2024-02-29T12:30:00");
}

} // namespace kith
