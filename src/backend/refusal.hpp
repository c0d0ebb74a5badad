#pragma once

#include "backend/backend.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Errors for a cell that its member cannot hold. Each is a DatabaseError that names the member, the content of the
/// cell and the row.
namespace kith::backend {

/// The position of a cell.
struct CellLabel {
    const FieldInfo* field{nullptr}; ///< may be null
    int column{0};
    std::size_t row{0}; ///< counted from 1
    std::string_view sql{};
};

/// For all other faults; `message` is the whole sentence.
[[noreturn]] void refuse(const CellLabel& place, const std::string& message);
[[noreturn]] void refuse_type(const CellLabel& place, const std::string& holds, std::string_view belongs);
[[noreturn]] void refuse_null(const CellLabel& place);
/// A key in a form under which no row would be found: Kith searches only for `form`.
[[noreturn]] void refuse_key_form(const CellLabel& place, const std::string& holds, std::string_view form,
                                  std::string_view remedy);
/// `least` and `most` are the limits of the member.
[[noreturn]] void refuse_range(const CellLabel& place, const std::string& holds, const std::string& least,
                               const std::string& most);

/// A decimal number was expected, but the database computed a binary one.
[[noreturn]] void refuse_inexact(const CellLabel& place, const std::string& holds);
/// The column has a database type that Kith cannot read in any form.
[[noreturn]] void refuse_unknown(const CellLabel& place, std::string_view type);

/// `text 'abc'`, shortened if long.
std::string shown_text(std::string_view text);

} // namespace kith::backend
