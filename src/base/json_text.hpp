#pragma once

#include <kith/detail/core/value_access.hpp>

#include <string>
#include <string_view>

/// Lossless JSON: 64-bit integers with all digits, reals with enough digits to read back the same, decimals as strings,
/// bytes as base64, and as strings also what JSON has no numbers for (NaN, Infinity). All of it on one line.
namespace kith {

/// Appends `text`, which must be UTF-8, as a string. Unseen characters are escaped.
void append_json_string(std::string& out, std::string_view text);
/// Appends text that has the form of JSON. Line ends between its parts become blanks; unseen characters, which occur
/// only in strings, are escaped.
void append_json_line(std::string& out, std::string_view json);
/// Appends a value whose texts are UTF-8. `is_short`: a double holds what was a float.
void append_json_value(std::string& out, const detail::Value& value, bool is_short);

/// The shortest digits that read back as the same number, in the precision of a float if `is_short`.
std::string real_text(double value, bool is_short);
/// As calendar::format(); beyond the year 9999 the count since 1970.
std::string moment_text(Date time);
std::string moment_text(Timestamp time);
std::string moment_text(LocalTimestamp time);

} // namespace kith
