#pragma once

#include <kith/types.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Dates and timestamps as text, in the one form that all databases read and that sorts correctly.
namespace kith::calendar {

/// Throws ValueError outside the years 0 to 9999, which not every database can hold.
void require_storable(Date date);
void require_storable(Timestamp time);

/// `2024-02-29`. Throws ValueError outside the years 0 to 9999, whose text would no longer sort.
std::string format(Date date);
/// `2024-02-29 12:30:00`, followed by `.000001` if there are microseconds. Throws ValueError as above.
std::string format(Timestamp time);

/// The same without a zone.
void require_storable(LocalTimestamp time);
std::string format(LocalTimestamp time);

/// Reads `YYYY-MM-DD` and nothing else; rejects days that the calendar does not have.
std::optional<Date> parse_date(std::string_view text);
/// Reads a date, then optionally a blank or `T`, `HH:MM`, `:SS`, a fraction, and `Z` or an offset such as `+02:00`.
/// A fraction finer than microseconds is refused.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// The same without a zone; a text with a zone is refused.
std::optional<LocalTimestamp> parse_local(std::string_view text);

} // namespace kith::calendar
