#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value_access.hpp>

#include <string>
#include <string_view>

/// Lossless JSON: 64-bit integers with all digits, doubles with enough digits to read back the same, decimals as
/// strings, bytes as base64.
namespace kith::cli {

/// Appends `text` as a JSON string. Text that is not UTF-8 is written like bytes, since JSON cannot contain it.
void append_json_text(std::string& out, std::string_view text);
/// Appends a value of the column `field`, on one line.
void append_json(std::string& out, const detail::Value& value, const detail::FieldInfo& field);

/// A value of the column `field` for people, on one line: without quotes, unseen characters escaped.
std::string plain_text(const detail::Value& value, const detail::FieldInfo& field);

} // namespace kith::cli
