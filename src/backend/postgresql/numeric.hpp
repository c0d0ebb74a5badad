#pragma once

#include <optional>
#include <string>
#include <string_view>

/// PostgreSQL's binary form of `numeric`: groups of four decimal digits, the weight of the first group, a sign, and the
/// number of digits shown after the point.
namespace kith::backend::postgresql {

/// Appends `digits`, in the form `[-]digits[.digits]`, in binary. Throws ValueError for more digits than the form can
/// hold.
void append_numeric(std::string& out, std::string_view digits);

/// The digits of a binary numeric; no value for NaN, the infinities and malformed ones.
std::optional<std::string> numeric_digits(std::string_view binary);

} // namespace kith::backend::postgresql
