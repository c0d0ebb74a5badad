#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_info.hpp>

#include <source_location>
#include <span>
#include <vector>

/// prefetch_related_objects. Implemented in src/run/prefetch_rows.cpp.
namespace kith::detail {

/// Loads `lookups` into rows that exist already, resident ones, fetching only what is missing.
void prefetch_rows(const ModelInfo& model, std::span<void* const> rows, std::vector<LookupSpec> lookups,
                   std::source_location where = {});

} // namespace kith::detail
