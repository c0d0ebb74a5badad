#pragma once

#include <kith/detail/core/model_description.hpp>

#include <source_location>

/// Writing and refreshing single rows. Implemented in src/write/rows.cpp.
namespace kith {
class Database;
}

namespace kith::detail {

void save_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
void insert_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
void remove_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});
void refresh_row(const Database& db, const ModelInfo& model, void* row, std::source_location where = {});

} // namespace kith::detail
