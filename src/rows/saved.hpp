#pragma once

#include <kith/detail/core/model_info.hpp>

namespace kith::rows {

using detail::FieldInfo;
using detail::ModelInfo;

/// Whether a key is as a fresh object has it: zero, empty, nil or NULL.
bool is_unset_key(const detail::Value& key);
/// The same for the value of `field`: a foreign key tells 0 from NULL, and is unset only there.
bool is_unset(const detail::Value& key, const FieldInfo& field);

/// Whether `row` is known to be saved: it lies in a graph, or it is another object whose key looks unset, and it or
/// what it was copied from came from a database or went into one. Of an object with another key nothing is known, nor
/// is it asked: see has_key().
bool is_known_saved(const void* row, const ModelInfo& model) noexcept;

/// Whether `row` counts as saved: it is known to be, or it has a key, which may have been given by hand. Of several
/// columns one that is not 0, empty or nil is enough; none may be NULL.
bool has_key(const void* row, const ModelInfo& model);

/// To be called when `row` went into the database under the key that it has, or (false) was deleted from there.
void set_saved(const void* row, const ModelInfo& model, bool saved);

} // namespace kith::rows
