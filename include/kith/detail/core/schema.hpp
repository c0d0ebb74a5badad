#pragma once

#include <kith/detail/core/model_description.hpp>

#include <source_location>
#include <span>

/// Creating and dropping tables. Implemented in src/write/schema.cpp.
namespace kith {
class Database;
}

namespace kith::detail {

void create_tables(const Database& db, std::span<const ModelInfo* const> models, std::source_location where = {});
void drop_tables(const Database& db, std::span<const ModelInfo* const> models, std::source_location where = {});

} // namespace kith::detail
