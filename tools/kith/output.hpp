#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace kith::cli {

/// The standard output, written in large pieces. What cannot be written is an error, never silence.
class Output {
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    /// What is appended here comes out in its turn.
    std::string& text() { return text_; }
    void add(std::string_view more) { text_ += more; }
    /// Has to be called now and then: writes once enough has come together.
    void pass_on() {
        if (text_.size() >= piece) flush();
    }
    /// Throws OperationalError when it could not be written.
    void flush();

private:
    static constexpr std::size_t piece = 65536;
    std::string text_;
};

/// Columns that `text` takes on a terminal: two for the letters of East Asia, none for accents that follow a letter.
std::size_t width_of(std::string_view text);
/// At most `most` columns of `text`, with … at the end where it is longer.
std::string shortened(const std::string& text, std::size_t most);
/// `text` with blanks up to `width` columns, behind it or, for numbers, before it.
std::string padded(const std::string& text, std::size_t width, bool to_the_right = false);

/// `12,345`.
std::string grouped(std::size_t number);
/// The plural where there are several: `1 row`, `2 rows`.
std::string counted(std::size_t number, std::string_view noun);

} // namespace kith::cli
