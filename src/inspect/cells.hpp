#pragma once

#include <kith/detail/core/value_access.hpp>

#include <cstddef>

/// The members of rows without a C++ type, one per column.
namespace kith::inspect {

/// How one member is made, and how its value is reached.
struct CellKind {
    std::size_t size{0};
    std::size_t align{0};
    void (*construct)(void* at){nullptr};
    void (*destroy)(void* at){nullptr};
    const detail::ColumnAccess* access{nullptr}; ///< null if the member is the value itself
};

/// How values are stored in the row.
enum class CellForm : unsigned char {
    plain,    ///< the value itself
    optional, ///< a std::optional, or a Value, which can be empty by itself
    boxed,    ///< a pointer to the value, for rows that would be too large otherwise
};

CellKind cell_kind(detail::ColumnType type, CellForm form);
/// Of relation members.
CellKind relation_cell();

} // namespace kith::inspect
