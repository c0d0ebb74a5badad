#include "literal.hpp"

#include "printable.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::cli {

detail::Expr parse_condition(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw ValueError(fmt::format(
            "'{}' is not a condition: write a column, or a path to one, and a value, such as name__icontains=wu",
            printable(text)));
    }
    return {.path = std::string(trimmed(text.substr(0, equals))),
            .operand = detail::Value{std::string(text.substr(equals + 1))},
            .is_text = true};
}

} // namespace kith::cli
