#include "sql_text.hpp"

#include <algorithm>
#include <array>

namespace travel {

namespace {

constexpr std::array<std::string_view, 12> clause_starts{
    "FROM ",     "INNER JOIN ", "LEFT OUTER JOIN ", "CROSS JOIN ", "WHERE ",     "GROUP BY ",
    "ORDER BY ", "LIMIT ",      "VALUES ",          "SET ",        "RETURNING ", "ON CONFLICT "};
constexpr std::array<std::string_view, 3> condition_starts{"ON ", "AND ", "OR "};

bool starts_with_any(std::string_view text, const auto& starts) {
    return std::ranges::any_of(starts, [&](auto start) { return text.starts_with(start); });
}

/// Cuts `text` in front of every space that `is_cut` says so of, given what stands before and
/// behind the space and how deep in parentheses it is. What is quoted stays whole.
std::vector<std::string_view> cut(std::string_view text, auto is_cut) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(' || c == ')') {
            depth += c == '(' ? 1 : -1;
        } else if (c == ' ' && is_cut(text.substr(0, i), text.substr(i + 1), depth)) {
            parts.push_back(text.substr(start, i - start));
            start = i + 1;
        }
    }
    parts.push_back(text.substr(start));
    return parts;
}

} // namespace

std::vector<std::string> lay_out_sql(std::string_view sql, std::size_t width) {
    const auto before_clause = [](std::string_view, std::string_view behind, int depth) {
        return depth == 0 && starts_with_any(behind, clause_starts);
    };
    const auto between_parts = [](std::string_view before, std::string_view behind, int) {
        return before.ends_with(',') || starts_with_any(behind, condition_starts);
    };
    std::vector<std::string> lines;
    for (const auto clause : cut(sql, before_clause)) {
        std::string line;
        for (const auto part : cut(clause, between_parts)) {
            if (!line.empty() && line.size() + 1 + part.size() > width) {
                lines.push_back(std::move(line));
                line = "    ";
            } else if (!line.empty()) {
                line += ' ';
            }
            line += part;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace travel
