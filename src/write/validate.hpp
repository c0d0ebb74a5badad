#pragma once

#include "write/insert.hpp"

#include <kith/detail/core/model_info.hpp>

#include <span>
#include <string_view>

namespace kith::write {

/// Throws ValidationError with what validate() of the model finds wrong in a row, before anything is sent. Nothing for
/// a model without that function.
void require_valid(const ModelInfo& model, const void* row);
/// The same for several rows at once; those of a set are called `set[3]`.
void require_valid(const ModelInfo& model, std::span<const NewRow> rows, std::string_view set = {});
void require_valid(const ModelInfo& model, std::span<const void* const> rows);

} // namespace kith::write
