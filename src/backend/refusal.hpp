#pragma once

#include "backend/backend.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// What is said of a cell that its member cannot hold. Every refusal is a DatabaseError that names the member, what the
/// cell holds and the row.
namespace kith::backend {

/// Where a cell stands.
struct CellLabel {
    const FieldInfo* field{nullptr}; ///< may be null
    int column{0};
    std::size_t row{0}; ///< counted from 1
    std::string_view sql{};
};

/// Any other fault; `message` is the whole sentence.
[[noreturn]] void refuse(const CellLabel& place, const std::string& message);
[[noreturn]] void refuse_type(const CellLabel& place, const std::string& holds, std::string_view belongs);
[[noreturn]] void refuse_null(const CellLabel& place);
/// A key in a form by which no row would be found: Kith asks for `form` and nothing else.
[[noreturn]] void refuse_key_form(const CellLabel& place, const std::string& holds, std::string_view form,
                                  std::string_view remedy);
/// `least` and `most` are the ends of what the member can hold.
[[noreturn]] void refuse_range(const CellLabel& place, const std::string& holds, const std::string& least,
                               const std::string& most);

/// A decimal number was wanted, and the database computed a binary one.
[[noreturn]] void refuse_inexact(const CellLabel& place, const std::string& holds);
/// The column is of a type of the database that has no form which Kith reads.
[[noreturn]] void refuse_unknown(const CellLabel& place, std::string_view type);

/// `text 'abc'`, shortened when long.
std::string shown_text(std::string_view text);

} // namespace kith::backend
