#pragma once

#include "query/query.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Values given as text: what kith::Text, the program `kith` and JSON share.
namespace kith::query {

/// `text` as a value of `column`: an integer, true or false, an ISO date, the name of an enumerator, base64. Empty if
/// it is none.
std::optional<Value> value_of_text(const FieldInfo& column, std::string_view text);
/// What value_of_text() takes, for messages: "a whole number".
std::string texts_of(const FieldInfo& column);

/// `text` as the right-hand side of `lookup`. Lists and ranges are separated by commas; a backslash escapes one.
detail::Operand operand_of_text(const FieldInfo& column, FieldLookup lookup, std::string_view text);

} // namespace kith::query
