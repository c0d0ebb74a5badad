#pragma once

#include <kith/detail/value_mark.hpp>

#include "rows/page.hpp"

namespace kith::rows {

inline detail::ValueMark& mark_of(void* row, const FieldInfo& field) noexcept {
    return *reinterpret_cast<detail::ValueMark*>(static_cast<std::byte*>(row) + field.offset);
}

/// The member that begins with the resident `mark`.
const FieldInfo& marked_field(const detail::ValueMark& mark) noexcept;

}  // namespace kith::rows
