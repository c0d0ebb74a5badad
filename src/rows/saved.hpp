#pragma once

#include <kith/detail/core/model_info.hpp>

namespace kith::rows {

using detail::FieldInfo;
using detail::ModelInfo;

/// Whether a key has the value of a fresh object: zero, empty, nil or NULL.
bool is_unset_key(const detail::Value& key);
/// The same for the value of `field`: a foreign key distinguishes 0 from NULL, and only NULL is unset.
bool is_unset(const detail::Value& key, const FieldInfo& field);

/// Whether `row` is known to be saved: it is in a graph, or it is another object whose key looks unset and that, or
/// whose original, was read from a database or written to one. False for every other object with a key: see has_key().
bool is_known_saved(const void* row, const ModelInfo& model) noexcept;

/// Whether `row` counts as saved: it is known to be, or it has a key, which the caller may have assigned. Of several
/// columns one that is not 0, empty or nil is enough; none may be NULL.
bool has_key(const void* row, const ModelInfo& model);

/// To be called after `row` was written to the database under its key, or (false) deleted from there.
void set_saved(const void* row, const ModelInfo& model, bool saved);

} // namespace kith::rows
