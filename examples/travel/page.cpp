#include "page.hpp"

#include "sql_text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace travel {

namespace {

constexpr std::string_view margin = "  ";

/// Columns that UTF-8 text takes, as long as every character takes one.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    while (times-- > 0) result += text;
    return result;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines(1);
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        if (!lines.back().empty() && columns(lines.back()) + 1 + columns(word) > width) {
            lines.emplace_back();
        }
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return lines;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789.,") == std::string_view::npos;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

} // namespace

std::string grouped(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

// ---- tables

std::vector<std::string> Table::lines() const {
    const auto& headings = rows_.front();
    std::vector<std::size_t> widths(headings.size(), 0);
    std::vector<bool> numeric(headings.size(), rows_.size() > 1);
    for (const auto& row : rows_) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            widths[c] = std::max(widths[c], columns(row[c]));
            if (&row != &headings && !row[c].empty() && !is_number(row[c])) numeric[c] = false;
        }
    }

    std::vector<std::string> lines;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string padding(widths[c] - columns(row[c]), ' ');
            line += c > 0 ? "  " : "";
            line += numeric[c] ? padding + row[c] : row[c] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    std::string rule;
    for (const auto width : widths) rule += (rule.empty() ? "" : "  ") + repeated("─", width);
    lines.insert(lines.begin() + 1, std::move(rule));
    return lines;
}

// ---- the page

Page::Page(std::FILE* out) : out_(out), is_terminal_(isatty(fileno(out)) != 0) {
    const char* no_colour = std::getenv("NO_COLOR");
    has_colour_ = is_terminal_ && (no_colour == nullptr || *no_colour == '\0');
}

void Page::title(std::string_view text) {
    put(fmt::format("\n\n{}\n",
                    inked(Ink::title, fmt::format("━━ {} {}", text,
                                                  repeated("━", width - 4 - columns(text))))));
}

void Page::heading(std::string_view text) {
    put(fmt::format("\n{}\n", inked(Ink::heading, text)));
}

void Page::prose(std::string_view text) {
    put("\n");
    for (const auto& line : wrapped(text, width - margin.size()))
        put(fmt::format("{}{}\n", margin, line));
}

void Page::code(const std::vector<std::string_view>& lines) {
    put("\n");
    for (const auto line : lines) {
        put(fmt::format("{}{} {}\n", margin, inked(Ink::quiet, "│"), inked(Ink::code, line)));
    }
}

void Page::statement(std::size_t number, std::string_view sql, std::string_view remark) {
    static constexpr std::size_t indent = 6;
    if (number == 1) put("\n");
    auto label = fmt::format("{:>4}  ", number);
    for (const auto& line : lay_out_sql(sql, width - indent)) {
        put(inked(Ink::quiet, label) + inked_sql(line) + '\n');
        label.assign(indent, ' ');
    }
    for (const auto& line : wrapped(remark, width - indent - 3)) {
        put(fmt::format("{:{}}{}\n", "", indent, inked(Ink::quiet, "-- " + line)));
    }
}

void Page::summary(std::string_view text) {
    put(fmt::format("\n{}{}\n", margin, inked(Ink::summary, text)));
}

void Page::table(const Table& table) {
    put("\n");
    const auto lines = table.lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        put(fmt::format("{0}{0}{1}\n", margin, inked(i < 2 ? Ink::quiet : Ink::plain, lines[i])));
    }
}

void Page::blank_line() { put("\n"); }

void Page::transient(std::string_view text) { put(fmt::format("\r\x1b[K{}{}", margin, text)); }

void Page::line(std::string_view text) {
    put(fmt::format("{}{}{}\n", is_terminal_ ? "\r\x1b[K" : "", margin, text));
}

std::string Page::inked(Ink ink, std::string_view text) const {
    static constexpr std::string_view codes[] = {"0", "1;36", "1", "32", "1;34", "2", "33"};
    if (!has_colour_ || ink == Ink::plain) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(ink)], text);
}

std::string Page::inked_sql(std::string_view line) const {
    std::string result;
    char quote = 0;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t length = 1;
        while (quote == 0 && i + length < line.size() && is_upper(line[i]) &&
               is_upper(line[i + length]))
            ++length;
        const auto word = line.substr(i, length);
        result += length > 1 ? inked(Ink::keyword, word) : std::string(word);
        if (line[i] == '"' || line[i] == '\'')
            quote = quote == 0 ? line[i] : quote == line[i] ? '\0' : quote;
        i += length;
    }
    return result;
}

void Page::put(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), out_) != text.size() || std::fflush(out_) != 0) {
        throw std::system_error(errno, std::generic_category(), "the tour cannot be written");
    }
}

// ---- progress

Progress::Progress(Page& page, std::string label, std::size_t total)
    : page_(page), label_(std::move(label)), total_(total) {
    page_.blank_line();
    advance(0);
}

void Progress::advance(std::size_t steps) {
    static constexpr std::size_t length = 40;
    done_ += steps;
    if (!page_.is_terminal() || total_ == 0) return;
    const auto filled = std::min(length, length * done_ / total_);
    page_.transient(fmt::format("{}  {}{}  {} %", label_, repeated("█", filled),
                                repeated("░", length - filled), 100 * done_ / total_));
}

void Progress::finish() {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
    page_.line(fmt::format("{}: {} in {:.1f} s", label_, grouped(done_), passed.count()));
}

} // namespace travel
