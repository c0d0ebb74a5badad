#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/row_handle.hpp>

namespace kith::json_rows {

/// Where a relation member of a row leads, as far as that is known without a statement.
struct Loaded {
    bool known{false};
    void* one{nullptr};                            ///< of a relation to one row; null if there is none
    detail::RowSpan many{};                        ///< of a set
    const detail::RelationInfo* followed{nullptr}; ///< the relation that led there; null if unknown
    const void* from{nullptr};                     ///< the resident row that it was loaded for; null if there is none
};

/// `row` may be resident or a copy.
Loaded loaded_by(const void* row, const detail::FieldInfo& field);

} // namespace kith::json_rows
