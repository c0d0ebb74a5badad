#pragma once

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_description.hpp>

#include <span>

/// Rows as the right-hand side of a condition. Implemented in src/run/prefetch_rows.cpp.
namespace kith::detail {

/// Returns a row, or a list of rows, as the right-hand side of a condition. Rows may be detached: the values that the
/// condition may need are copied. Throws ValueError for a row that was never saved.
Operand row_operand(const ModelInfo& model, const void* row);
Operand rows_operand(const ModelInfo& model, std::span<const void* const> rows);

} // namespace kith::detail
