#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/relation_state.hpp>

#include <string_view>
#include <vector>

/// What to-one members do. Implemented in src/rows/to_one.cpp; what may load a row, in src/run/lazy.cpp.
namespace kith::detail {

/// The related row, loading it when needed (one statement). Throws DoesNotExist where the key is null or dangling,
/// NotLoaded where no database is known.
void* follow(const RelationState& state);
/// The same where the key lies in other members, which an object that was never saved does not tell of: NotLoaded.
void* follow_composite(const RelationState& state);
/// The same as follow(), with null in place of DoesNotExist.
void* follow_if(const RelationState& state);
bool to_one_is_null(const RelationState& state);
/// The same where the key lies in other members. Those of an object that was never saved are not known: true, unless a
/// row was assigned.
bool composite_is_null(const RelationState& state);
bool to_one_is_loaded(const RelationState& state);
/// Whether there is a related row: no statement for a foreign key, one for an unloaded ReverseOne.
bool to_one_has_row(const RelationState& state);
/// The key; NULL as an empty Value. Never a statement.
Value to_one_key(const RelationState& state);
void to_one_set_key(RelationState& state, Value key);
/// The same for a key of several columns, whose values go to the members that hold it; a NULL among them is no row.
void to_one_set_parts(RelationState& state, std::vector<Value> parts);
/// Makes the resident `row` the related one. `to_field` is the target's member that holds the key; empty: its primary
/// key.
void to_one_assign(RelationState& state, void* row, std::string_view to_field);
/// Takes over the key of `row`, which may be any row of `target`. Throws ValueError when it was never saved.
void to_one_copy_key(RelationState& state, const ModelInfo& target, const void* row, std::string_view to_field);
/// Leaves a detached member with its key alone: it knows no graph any more. Sets know nothing.
void detach(RelationState& state);

} // namespace kith::detail
