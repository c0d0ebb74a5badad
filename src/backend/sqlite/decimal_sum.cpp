#include "backend/sqlite/decimal_sum.hpp"

#include <kith/types.hpp>

#include <algorithm>

namespace kith::backend::sqlite {

namespace {

int digit(char c) { return c - '0'; }

} // namespace

void DecimalSum::align(Magnitude& a, Magnitude& b) {
    const auto scale = std::max(a.scale, b.scale);
    for (auto* number : {&a, &b}) {
        number->digits.append(scale - number->scale, '0');
        number->scale = scale;
    }
    const auto size = std::max(a.digits.size(), b.digits.size());
    for (auto* number : {&a, &b}) number->digits.insert(0, size - number->digits.size(), '0');
}

std::string DecimalSum::sum(const std::string& a, const std::string& b) {
    std::string result(a.size(), '0');
    int carry = 0;
    for (auto i = a.size(); i-- > 0;) {
        const int value = digit(a[i]) + digit(b[i]) + carry;
        result[i] = static_cast<char>('0' + value % 10);
        carry = value / 10;
    }
    if (carry != 0) result.insert(result.begin(), '1');
    return result;
}

std::string DecimalSum::difference(const std::string& larger, const std::string& smaller) {
    std::string result(larger.size(), '0');
    int borrow = 0;
    for (auto i = larger.size(); i-- > 0;) {
        const int value = digit(larger[i]) - digit(smaller[i]) - borrow;
        borrow = value < 0 ? 1 : 0;
        result[i] = static_cast<char>('0' + value + 10 * borrow);
    }
    return result;
}

void DecimalSum::add(std::string_view text) {
    const Decimal checked(text);
    std::string_view written = checked.str();
    const bool negative = written.starts_with('-');
    if (negative) written.remove_prefix(1);
    const auto point = written.find('.');
    Magnitude number{.digits = std::string(written.substr(0, point))};
    if (point != std::string_view::npos) {
        number.scale = written.size() - point - 1;
        number.digits += written.substr(point + 1);
    }
    align(total_, number);
    if (negative == negative_) {
        total_.digits = sum(total_.digits, number.digits);
    } else if (total_.digits >= number.digits) {
        total_.digits = difference(total_.digits, number.digits);
    } else {
        total_.digits = difference(number.digits, total_.digits);
        negative_ = negative;
    }
}

std::string DecimalSum::text() const {
    auto digits = total_.digits;
    if (digits.size() <= total_.scale) digits.insert(0, total_.scale + 1 - digits.size(), '0');
    const auto whole = digits.size() - total_.scale;
    const auto zeros = std::min(digits.find_first_not_of('0'), whole - 1);
    const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
    auto text = digits.substr(zeros, whole - zeros);
    if (total_.scale > 0) text += '.' + digits.substr(whole);
    return negative_ && !is_zero ? '-' + text : text;
}

} // namespace kith::backend::sqlite
