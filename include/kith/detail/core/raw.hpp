#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/value_view.hpp>

#include <cstdint>
#include <source_location>
#include <span>
#include <string_view>

/// Raw statements. Implemented in src/run/values.cpp.
namespace kith {
class Database;
}

namespace kith::detail {

/// Reads the rows of a raw statement into the tuples that `append` makes. Throws ValueError if the number of its
/// columns is not that of the targets.
void read_raw(const Database& db, std::string_view sql, ValueList parameters, std::span<const ValueTarget> targets,
              void* (*append)(void* list), void* list, std::source_location where = {});
/// Runs a statement and returns the number of rows it changed.
std::int64_t execute_raw(const Database& db, std::string_view sql, ValueList parameters,
                         std::source_location where = {});

} // namespace kith::detail
