#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value.hpp>

/// The keys of a GenericForeignKey in a row: one of them at most is not null, and the type column says which.
namespace kith::rows {

/// Decoding puts every key into the first of a GenericForeignKey's: brings it to the one that the type column says.
/// Throws DatabaseError for a type that the GenericForeignKey does not know.
void settle_generic_keys(void* row, const detail::ModelInfo& model);

/// The column `field` of `row` as it is written: rows::read_value, and for both columns of a GenericForeignKey what
/// follows from the key that is set.
detail::Value stored_value(const void* row, const detail::FieldInfo& field);

/// Makes `key` the one that may be set: the others of its GenericForeignKey, where it is of one, become null.
void clear_other_keys(void* row, const detail::FieldInfo& key);

} // namespace kith::rows
