#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_description.hpp>

#include <source_location>
#include <span>
#include <vector>

/// prefetch_related_objects. Implemented in src/run/prefetch_rows.cpp.
namespace kith::detail {

/// Loads `lookups` into existing rows, and fetches only what is missing. Throws ValueError for rows that are not
/// resident.
void prefetch_rows(const ModelInfo& model, std::span<void* const> rows, std::vector<LookupSpec> lookups,
                   std::source_location where = {});

} // namespace kith::detail
