#pragma once

#include <kith/detail/core/model_description.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/value_view.hpp>

#include <string_view>
#include <vector>

/// The operations of to-one members. Implemented in src/rows/to_one.cpp; those that may load a row, in
/// src/run/lazy.cpp.
namespace kith::detail {

/// Returns the related row; loads it if needed, with one statement. Throws DoesNotExist if the key is null or no row
/// has it, NotLoaded if there is no database to load it from.
void* follow(const RelationState& state);
/// As follow(), for a key that consists of other members. Throws NotLoaded for an object that was never saved, because
/// its key is not known here.
void* follow_composite(const RelationState& state);
/// As follow(), but returns null instead of throwing DoesNotExist.
void* follow_if(const RelationState& state);
bool to_one_is_null(const RelationState& state);
/// As to_one_is_null(), for a key that consists of other members. The key of an object that was never saved is not
/// known here: returns true unless a row was assigned.
bool composite_is_null(const RelationState& state);
bool to_one_is_loaded(const RelationState& state);
/// Whether there is a related row: no statement for a foreign key, one for an unloaded ReverseOne.
bool to_one_has_row(const RelationState& state);
/// Returns the key; an empty Value if it is NULL. No statement.
Value to_one_key(const RelationState& state);
/// Returns the key, whose type has `T` in a Value. Throws ValueError if it is NULL.
template <class T>
T required_key(const RelationState& state);
void to_one_set_key(RelationState& state, Value key);
void to_one_set_key(RelationState& state, const ValueView& key);
/// Makes the key NULL.
void to_one_clear(RelationState& state);
/// The same for an integer: its bits.
std::int64_t required_integer(const RelationState& state);
/// As to_one_set_key(), for a key of several columns. The values go to the members that form it; with a NULL among them
/// there is no related row.
void to_one_clear_parts(RelationState& state);
void to_one_set_parts(RelationState& state, std::vector<Value> parts);
/// Makes the resident `row` the related one. `to_field` is the member of the target that holds the key; empty: its
/// primary key. Throws ValueError if the row was never saved.
void to_one_assign(RelationState& state, void* row, std::string_view to_field);
/// Copies the key of `row`, which is any row of `target`. Throws ValueError if it was never saved.
void to_one_copy_key(RelationState& state, const ModelInfo& target, const void* row, std::string_view to_field);
/// Reduces a detached member to its key: it no longer refers to a graph. Nothing remains of a set.
void detach(RelationState& state);

} // namespace kith::detail
