#include "base/printable.hpp"
#include "base/utf8.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kith::detail {

namespace {

// Texts from outside are at the beginning of a message, the remedy is at its end.
constexpr std::size_t longest_message = 4000;
constexpr std::size_t longest_beginning = 2500;
constexpr std::size_t longest_end = 1000;

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

std::string shown_message(const std::string& message) {
    auto shown = is_plain(message) ? message : utf8::printable(message);
    if (shown.size() <= longest_message) return shown;
    const auto first = utf8::character_begin(shown, longest_beginning);
    const auto last = utf8::character_begin(shown, shown.size() - longest_end);
    return shown.replace(first, last - first, " … ");
}

namespace {

std::string in_parentheses(const std::string& name) { return name.empty() ? name : fmt::format(" ({})", name); }

} // namespace

std::string shown_reason(const ErrorContext& context) {
    const auto place = context.model.empty() ? std::string() : context.model + ": ";
    const auto columns = fmt::format("{}", fmt::join(context.columns, ", "));
    const auto of_columns = [&](std::string_view known, std::string_view unknown) {
        return columns.empty() ? std::string(unknown) : fmt::format(fmt::runtime(known), columns);
    };
    const auto sentence = [&]() -> std::string {
        switch (context.violation) {
        case Violation::unique: return of_columns("another row has the same {}", "another row has the same values");
        case Violation::foreign_key:
            if (context.sql.starts_with("INSERT")) {
                return of_columns("the row that {} refers to does not exist",
                                  "a row that is referred to does not exist");
            }
            if (context.sql.starts_with("DELETE")) {
                return of_columns("{} still refers to the row", "rows still refer to the row");
            }
            return of_columns("the row that {} refers to does not exist, or is still referred to",
                              "a row that is referred to does not exist, or is still referred to");
        case Violation::not_null: return of_columns("{} must have a value", "a column must have a value");
        case Violation::check: return "the values break a rule" + in_parentheses(context.constraint);
        case Violation::exclusion:
            return "the values conflict with those of another row" + in_parentheses(context.constraint);
        case Violation::other: break;
        }
        return "the values break a rule of the table";
    };
    return shown_message(place + sentence());
}

} // namespace kith::detail
