#pragma once

#include <string>
#include <string_view>

namespace kith::backend::sqlite {

/// The product of two decimals, digit by digit, without rounding. Throws ValueError for texts that Decimal refuses.
std::string decimal_product(std::string_view a, std::string_view b);

} // namespace kith::backend::sqlite
