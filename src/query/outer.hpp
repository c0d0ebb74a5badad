#pragma once

#include "query/resolve.hpp"

#include <memory>

namespace kith::query {

/// The query of a kith::Exists in a condition on rows of `outer`: `inner` with each OuterRef resolved from there.
/// Throws FieldError for a wrong path, ValueError for a column of another type.
std::shared_ptr<const detail::Query> bound_to(std::shared_ptr<const detail::Query> inner, const PathRoot& outer);

} // namespace kith::query
