#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value.hpp>

#include <string>
#include <string_view>

/// JSON, written so that nothing is lost: integers of 64 bits digit by digit, doubles with as many digits as read back
/// the same, decimals as strings, bytes as base64.
namespace kith::cli {

/// Appends `text` as a JSON string. Text that is no UTF-8 cannot stand in JSON: it is treated as bytes are.
void append_json_text(std::string& out, std::string_view text);
/// Appends a value of the column `field`, on one line.
void append_json(std::string& out, const detail::Value& value, const detail::FieldInfo& field);

std::string base64(std::string_view bytes);
/// The bytes; throws ValueError for what is no base64.
std::string from_base64(std::string_view text);

/// A value of the column `field` as a person reads it, on one line: without quotes, unseen characters escaped.
std::string plain_text(const detail::Value& value, const detail::FieldInfo& field);

} // namespace kith::cli
