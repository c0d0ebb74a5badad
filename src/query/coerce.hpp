#pragma once

#include "query/query.hpp"

namespace kith::query {

/// The right-hand side of a comparison in the form that the column needs: integers become decimals for a decimal
/// column, and texts of run-time conditions are parsed. Throws ValueError naming column and value if that fails, and
/// for NULL with any lookup but `exact` and `in`.
Right coerce(FieldLookup lookup, const FieldInfo& column, const detail::Expr& expr);

/// One value, for assignments.
Value coerce_value(const FieldInfo& column, Value value);

} // namespace kith::query
