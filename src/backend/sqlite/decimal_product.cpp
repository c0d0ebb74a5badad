#include "backend/sqlite/decimal_product.hpp"

#include <kith/types.hpp>

#include <algorithm>
#include <cstddef>

namespace kith::backend::sqlite {

namespace {

/// The digits of a decimal, without its sign and point.
struct Factor {
    std::string digits{};
    std::size_t scale{0};
    bool negative{false};

    explicit Factor(std::string_view text) {
        const Decimal checked(text);
        std::string_view written = checked.str();
        negative = written.starts_with('-');
        if (negative) written.remove_prefix(1);
        const auto point = written.find('.');
        digits = written.substr(0, point);
        if (point == std::string_view::npos) return;
        scale = written.size() - point - 1;
        digits += written.substr(point + 1);
    }
};

std::string multiply(const std::string& a, const std::string& b) {
    std::string product(a.size() + b.size(), '0');
    for (auto i = a.size(); i-- > 0;) {
        int carry = 0;
        for (auto j = b.size(); j-- > 0;) {
            auto& digit = product[i + j + 1];
            const int value = (digit - '0') + (a[i] - '0') * (b[j] - '0') + carry;
            digit = static_cast<char>('0' + value % 10);
            carry = value / 10;
        }
        product[i] = static_cast<char>('0' + carry);
    }
    return product;
}

} // namespace

std::string decimal_product(std::string_view a, std::string_view b) {
    const Factor left(a);
    const Factor right(b);
    auto digits = multiply(left.digits, right.digits);
    const auto scale = left.scale + right.scale;
    const auto whole = digits.size() - scale;
    const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
    const auto zeros = std::min(digits.find_first_not_of('0'), whole - 1);
    auto text = digits.substr(zeros, whole - zeros);
    if (scale > 0) text += '.' + digits.substr(whole);
    return left.negative != right.negative && !is_zero ? '-' + text : text;
}

} // namespace kith::backend::sqlite
