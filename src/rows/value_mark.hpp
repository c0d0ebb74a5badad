#pragma once

#include "rows/page.hpp"

#include <kith/detail/core/value_mark.hpp>

namespace kith::rows {

inline detail::ValueMark& mark_of(void* row, const FieldInfo& field) noexcept {
    return *reinterpret_cast<detail::ValueMark*>(static_cast<std::byte*>(row) + field.offset);
}

/// Whether a Lazy column of a row was left out and has not been loaded since.
inline bool is_left_out(const void* row, const FieldInfo& field) noexcept {
    return field.lazy && !mark_of(const_cast<void*>(row), field).is_there();
}

/// The member that begins with the resident `mark`.
const FieldInfo& marked_field(const detail::ValueMark& mark) noexcept;

} // namespace kith::rows
