#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace travel {

/// `1234567` as `1,234,567`.
std::string grouped(std::uint64_t number);

/// Rows of text under headings, to be printed with aligned columns; numbers to the right.
class Table {
public:
    explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

    template <class... Cell>
    void add(const Cell&... cells) {
        rows_.push_back({fmt::format("{}", cells)...});
    }
    /// The lines of the table: the headings, a rule, the rows.
    std::vector<std::string> lines() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// What the tour is written on: in colour on a terminal, plain in a pipe or where NO_COLOR is
/// set; at most 100 columns wide.
class Page {
public:
    static constexpr std::size_t width = 100;

    explicit Page(std::FILE* out);

    bool is_terminal() const { return is_terminal_; }

    /// A part of the tour, a section of it, and a paragraph, which is wrapped.
    void title(std::string_view text);
    void heading(std::string_view text);
    void prose(std::string_view text);

    void code(const std::vector<std::string_view>& lines);
    /// Statement `number` of those that follow some code, counted from 1, with its parameters and
    /// other remarks below it.
    void statement(std::size_t number, std::string_view sql, std::string_view remark);
    void summary(std::string_view text);
    void table(const Table& table);

    void blank_line();
    /// Replaces the line that the last call wrote. For terminals.
    void transient(std::string_view text);
    /// Writes a line for good, over a transient one.
    void line(std::string_view text);

private:
    enum class Ink : std::uint8_t { plain, title, heading, code, keyword, quiet, summary };

    std::string inked(Ink ink, std::string_view text) const;
    /// An SQL line with its keywords in ink.
    std::string inked_sql(std::string_view line) const;
    void put(std::string_view text);

    std::FILE* out_;
    bool is_terminal_;
    bool has_colour_;
};

/// How far a long task is: a bar on a terminal, and one line at the end everywhere.
class Progress {
public:
    Progress(Page& page, std::string label, std::size_t total);

    void advance(std::size_t steps);
    /// Writes the line at the end, with the time that passed.
    void finish();

private:
    Page& page_;
    std::string label_;
    std::size_t total_;
    std::size_t done_{0};
    std::chrono::steady_clock::time_point began_{std::chrono::steady_clock::now()};
};

} // namespace travel
