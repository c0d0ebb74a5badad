#pragma once

#include <optional>
#include <string>
#include <string_view>

/// PostgreSQL's binary form of `numeric`: groups of four decimal digits, the place of the first group, a sign, and the
/// number of digits that are shown behind the point.
namespace kith::backend::postgresql {

/// Appends `digits`, which are `[-]digits[.digits]`, in binary. Throws ValueError for more digits than the form can
/// hold.
void append_numeric(std::string& out, std::string_view digits);

/// The digits of a binary numeric; none for NaN, the infinities and what is malformed.
std::optional<std::string> numeric_digits(std::string_view binary);

} // namespace kith::backend::postgresql
