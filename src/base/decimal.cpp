#include "base/decimal_sum.hpp"

#include <kith/error.hpp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
// GCC 12 sees overflows inside std::string itself (its bug 105329), which those of headers are not spared.
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#endif
#include <boost/multiprecision/cpp_int.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace kith {
namespace {

using Integer = boost::multiprecision::cpp_int; // of any size; throws std::bad_alloc

constexpr int most_digits = 20'000; // dividing takes time by the square of the digits: for this many, 30 ms
constexpr std::size_t word_digits = 18;

bool is_plain_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
    const auto all_digits = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return all_digits(whole) && all_digits(fraction);
}

/// A decimal text without the zeros that do not change its value.
struct Digits {
    bool negative{false};
    std::string_view whole;    // no leading zeros
    std::string_view fraction; // no trailing zeros

    explicit Digits(std::string_view text) {
        negative = text.starts_with('-');
        if (negative) text.remove_prefix(1);
        const auto point = text.find('.');
        whole = text.substr(0, point);
        if (point != std::string_view::npos) fraction = text.substr(point + 1);
        while (whole.starts_with('0')) whole.remove_prefix(1);
        while (fraction.ends_with('0')) fraction.remove_suffix(1);
        if (whole.empty() && fraction.empty()) negative = false;
    }
};

std::strong_ordering compare_magnitude(const Digits& a, const Digits& b) {
    if (const auto order = a.whole.size() <=> b.whole.size(); order != 0) return order;
    if (const auto order = a.whole <=> b.whole; order != 0) return order;
    return a.fraction <=> b.fraction;
}

[[noreturn]] void refuse_digits() {
    throw ValueError(fmt::format("A Decimal is computed with up to {} digits", most_digits));
}

void require_few(std::size_t digits) {
    if (digits > most_digits) refuse_digits();
}

Integer power_of_ten(int exponent) { return pow(Integer(10), static_cast<unsigned>(exponent)); }

} // namespace

/// A decimal as `units` of the last digit after the point.
struct base::Fixed {
    Integer units{};
    int scale{0}; // digits after the point

    explicit Fixed(const Decimal& decimal) {
        std::string_view text = decimal.str();
        const bool negative = text.starts_with('-');
        if (negative) text.remove_prefix(1);
        const auto point = std::min(text.find('.'), text.size());
        const auto fraction = text.substr(std::min(point + 1, text.size()));
        std::string digits(text.substr(0, point));
        digits += fraction;
        require_few(digits.size());
        scale = static_cast<int>(fraction.size());
        units = parsed(digits);
        if (negative) units = -units;
    }

    static Integer parsed(std::string& digits) {
        if (digits.size() <= word_digits) {
            std::uint64_t word = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), word);
            return word;
        }
        digits.erase(0, digits.find_first_not_of('0')); // a leading 0 would make it octal
        return digits.empty() ? Integer(0) : Integer(digits);
    }

    /// The same number with more digits after the point.
    void extend(int to) {
        if (to <= scale) return;
        units *= power_of_ten(to - scale);
        scale = to;
    }
};

namespace {

using base::Fixed;

/// `units` of the digit at `scale` after the point; a negative scale counts whole tens, hundreds, thousands.
Decimal decimal_of(const Integer& units, int scale) {
    const bool negative = units < 0;
    auto digits = Integer(abs(units)).str();
    const auto fraction = static_cast<std::size_t>(std::max(scale, 0));
    if (scale < 0 && units != 0) digits.append(static_cast<std::size_t>(-scale), '0');
    if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
    require_few(digits.size());
    if (fraction > 0) digits.insert(digits.size() - fraction, 1, '.');
    if (negative) digits.insert(0, 1, '-');
    return Decimal(digits);
}

/// Whether a quotient moves away from zero. `half` orders what was cut off against a half; it is not nothing.
bool rounds_away(Rounding rounding, bool negative, bool odd, int half) {
    switch (rounding) {
    case Rounding::half_even: return half > 0 || (half == 0 && odd);
    case Rounding::half_up: return half >= 0;
    case Rounding::half_down: return half > 0;
    case Rounding::up: return true;
    case Rounding::floor: return negative;
    case Rounding::ceiling: return !negative;
    case Rounding::down:
    default: return false;
    }
}

Integer quotient_of(const Integer& dividend, const Integer& divisor, Rounding rounding) {
    Integer quotient;
    Integer rest;
    divide_qr(dividend, divisor, quotient, rest);
    if (rest == 0) return quotient;
    const bool negative = (dividend < 0) != (divisor < 0);
    const int half = Integer(abs(rest) * 2).compare(Integer(abs(divisor)));
    if (!rounds_away(rounding, negative, bit_test(Integer(abs(quotient)), 0), half)) return quotient;
    return negative ? Integer(quotient - 1) : Integer(quotient + 1);
}

void require_possible(int digits) {
    if (digits > most_digits || digits < -most_digits) refuse_digits();
}

/// `dividend` / `divisor` * 10^`exponent`, as units of the digit at `digits`.
Decimal divide(Integer dividend, Integer divisor, int exponent, int digits, Rounding rounding) {
    (exponent >= 0 ? dividend : divisor) *= power_of_ten(std::abs(exponent));
    return decimal_of(quotient_of(dividend, divisor, rounding), digits);
}

/// Two decimals in units of the same digit.
struct Aligned {
    Fixed left;
    Fixed right;

    Aligned(const Decimal& a, const Decimal& b) : left(a), right(b) {
        left.extend(right.scale);
        right.extend(left.scale);
    }
};

} // namespace

Decimal::Decimal(std::string_view text) : text_(text) {
    if (!is_plain_decimal(text)) {
        throw ValueError("A Decimal is written as digits, with a point and a leading minus where needed: -12.50");
    }
}

Decimal::Decimal(std::int64_t value) : text_(fmt::format("{}", value)) {}

double Decimal::to_double() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) throw ValueError("The Decimal is beyond the range of a double");
    return value;
}

std::strong_ordering Decimal::compare(std::string_view a, std::string_view b) {
    const Digits left(a);
    const Digits right(b);
    if (left.negative != right.negative) {
        return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return left.negative ? compare_magnitude(right, left) : compare_magnitude(left, right);
}

Decimal Decimal::rounded(int digits, Rounding rounding) const {
    require_possible(digits);
    const Fixed number(*this);
    return divide(number.units, 1, digits - number.scale, digits, rounding);
}

Decimal Decimal::divided_by(const Decimal& other, int digits, Rounding rounding) const {
    require_possible(digits);
    const Fixed dividend(*this);
    const Fixed divisor(other);
    if (divisor.units == 0) throw ValueError("A Decimal is divided by 0");
    return divide(dividend.units, divisor.units, digits - dividend.scale + divisor.scale, digits, rounding);
}

Decimal Decimal::operator-() const {
    Decimal result(*this);
    if (text_.starts_with('-')) {
        result.text_.erase(0, 1);
    } else if (text_.find_first_not_of("0.") != std::string::npos) {
        result.text_.insert(0, 1, '-');
    }
    return result;
}

Decimal Decimal::sum(const Decimal& a, const Decimal& b) {
    const Aligned both(a, b);
    return decimal_of(both.left.units + both.right.units, both.left.scale);
}

Decimal Decimal::difference(const Decimal& a, const Decimal& b) {
    const Aligned both(a, b);
    return decimal_of(both.left.units - both.right.units, both.left.scale);
}

Decimal Decimal::product(const Decimal& a, const Decimal& b) {
    const Fixed left(a);
    const Fixed right(b);
    return decimal_of(left.units * right.units, left.scale + right.scale);
}

base::DecimalSum::DecimalSum() : total_(std::make_unique<Fixed>(Decimal())) {}
base::DecimalSum::~DecimalSum() = default;

void base::DecimalSum::add(const Decimal& decimal) {
    Fixed other(decimal);
    total_->extend(other.scale);
    other.extend(total_->scale);
    total_->units += other.units;
}

Decimal base::DecimalSum::get() const { return decimal_of(total_->units, total_->scale); }

} // namespace kith
