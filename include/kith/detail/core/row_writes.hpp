#pragma once

#include <kith/detail/core/model_description.hpp>

#include <source_location>
#include <span>
#include <string_view>

/// Writing and refreshing single rows. Implemented in src/write/rows.cpp.
namespace kith {
class Database;
}

namespace kith::detail {

void save_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
/// Writes the columns with these names only.
void save_columns(const Database& db, const ModelInfo& model, void* row, std::span<const std::string_view> columns,
                  std::source_location where = {});
void insert_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
void remove_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
void refresh_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});

} // namespace kith::detail
