#pragma once

#include "query/query.hpp"

namespace kith::query {

/// The right-hand side of a comparison as the column needs it: whole numbers become decimals where the column is one,
/// texts of run-time conditions become what they spell. Throws ValueError naming column and value where it cannot be,
/// and for NULL with any lookup but `exact` and `in`.
Right coerce(FieldLookup lookup, const FieldInfo& column, const detail::Expr& expr);

/// One value, for assignments.
Value coerce_value(const FieldInfo& column, Value value);

} // namespace kith::query
