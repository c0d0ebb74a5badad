#pragma once

#include <set>
#include <string>
#include <string_view>

/// Names of tables and columns as names of C++, such as Kith's models can have: letters of ASCII, no keyword, and no
/// `__`, which would part the steps of a lookup.
namespace kith::cli {

/// `BookTags` for `book_tags`.
std::string type_name(std::string_view table);
/// `order_date` for `Order Date`, `class_value` for `class`.
std::string member_name(std::string_view column);

/// Names that are given once each.
class UniqueNames {
public:
    /// `wanted`, or with a number behind it.
    std::string give(const std::string& wanted);
    void take(const std::string& name) { taken_.insert(name); }

private:
    std::set<std::string> taken_;
};

/// `text` as a literal of C++, with its quotes.
std::string literal(std::string_view text);

} // namespace kith::cli
