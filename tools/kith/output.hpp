#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace kith::cli {

/// The standard output, written in large pieces. A failure to write is an error, never silent.
class Output {
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    /// Text that is appended here is written in order.
    std::string& text() { return text_; }
    void add(std::string_view more) { text_ += more; }
    /// Must be called regularly: writes when enough text has accumulated.
    void pass_on() {
        if (text_.size() >= piece) flush();
    }
    /// Throws OperationalError if it cannot be written.
    void flush();

private:
    static constexpr std::size_t piece = 65536;
    std::string text_;
};

/// The width of `text` in terminal columns: two for East Asian letters, none for accents that follow a letter.
std::size_t width_of(std::string_view text);
/// At most `most` columns of `text`, ending in … if it is longer.
std::string shortened(const std::string& text, std::size_t most);
/// `text` padded with blanks to `width` columns, on the right or, for numbers, on the left.
std::string padded(const std::string& text, std::size_t width, bool to_the_right = false);

/// `12,345`.
std::string grouped(std::size_t number);
/// With the plural if needed: `1 row`, `2 rows`.
std::string counted(std::size_t number, std::string_view noun);

} // namespace kith::cli
