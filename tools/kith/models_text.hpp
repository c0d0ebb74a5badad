#pragma once

#include "inspect/schema.hpp"

#include <string>
#include <vector>

namespace kith::cli {

/// A header of Kith models for `tables`, in the namespace `space`. Whatever a model cannot have is left out, with a
/// comment.
std::string models_header(const std::vector<const inspect::Table*>& tables, const std::string& space);

} // namespace kith::cli
