#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kith::backend::sqlite {

/// Adds up decimals digit by digit, without rounding: SQLite's SUM would turn them into binary numbers.
class DecimalSum {
public:
    /// `text` is a decimal in the form that Decimal accepts. Throws ValueError for anything else.
    void add(std::string_view text);
    std::string text() const;

private:
    /// A number without a sign: its digits, and how many of them follow the point.
    struct Magnitude {
        std::string digits{"0"};
        std::size_t scale{0};
    };

    static void align(Magnitude& a, Magnitude& b);
    static std::string sum(const std::string& a, const std::string& b);
    static std::string difference(const std::string& larger, const std::string& smaller);

    Magnitude total_;
    bool negative_{false};
};

} // namespace kith::backend::sqlite
