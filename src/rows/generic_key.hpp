#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value_access.hpp>

/// The keys of a GenericForeignKey in a row: at most one of them is not null, and the type column says which.
namespace kith::rows {

/// Decoding stores every key in the first member of a GenericForeignKey: moves it to the one that the type column
/// names. Throws DatabaseError for a type that the GenericForeignKey does not know.
void settle_generic_keys(void* row, const detail::ModelInfo& model);

/// The column `field` of `row` as it is written: rows::read_value; for the two columns of a GenericForeignKey, what
/// follows from the key that is set.
detail::Value stored_value(const void* row, const detail::FieldInfo& field);

/// Makes `key` the only one that may be set: the other keys of its GenericForeignKey, if it belongs to one, become
/// null.
void clear_other_keys(void* row, const detail::FieldInfo& key);

} // namespace kith::rows
