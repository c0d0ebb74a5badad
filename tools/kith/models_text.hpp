#pragma once

#include "inspect/schema.hpp"

#include <string>
#include <vector>

namespace kith::cli {

/// A header of Kith models for `tables`, in the namespace `space`. What a model cannot have is left out, and a comment
/// says so.
std::string models_header(const std::vector<const inspect::Table*>& tables, const std::string& space);

} // namespace kith::cli
