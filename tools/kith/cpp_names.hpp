#pragma once

#include <set>
#include <string>
#include <string_view>

/// Names of tables and columns as C++ names that Kith's models accept: ASCII letters, no keyword, and no `__`, which
/// separates the steps of a lookup.
namespace kith::cli {

/// `BookTags` for `book_tags`.
std::string type_name(std::string_view table);
/// `order_date` for `Order Date`, `class_value` for `class`.
std::string member_name(std::string_view column);

/// Assigns each name only once.
class UniqueNames {
public:
    /// `wanted`, with a number behind it if that is taken.
    std::string give(const std::string& wanted);
    void take(const std::string& name) { taken_.insert(name); }

private:
    std::set<std::string> taken_;
};

/// `text` as a C++ literal, with its quotes.
std::string literal(std::string_view text);

} // namespace kith::cli
