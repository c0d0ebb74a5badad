#pragma once

#include "connection/session.hpp"
#include "write/distinct_keys.hpp"
#include "write/insert.hpp"

#include <kith/change.hpp>
#include <kith/detail/core/model_info.hpp>

#include <cstdint>
#include <span>

/// What observers of changes will receive, once it is committed. To be called after the statement; without such
/// observers, each call is one test.
namespace kith::write {

/// A change of one row, whose key is set.
void note_change(connection::Session& session, ChangeKind kind, const ModelInfo& model, const void* row);
/// A change of the row with this key.
void note_change(connection::Session& session, ChangeKind kind, const ModelInfo& model,
                 std::span<const detail::Value> key);
/// Changes of the rows with these keys.
void note_changes(connection::Session& session, ChangeKind kind, const ModelInfo& model, const DistinctKeys& keys);
/// A change of so many rows, which are not known one by one. Nothing for 0.
void note_count(connection::Session& session, ChangeKind kind, const ModelInfo& model, std::int64_t rows);
/// Links of the many-to-many of the row with the key `owner` were written.
void note_links(connection::Session& session, const detail::RelationInfo& relation, const detail::Value& owner);

} // namespace kith::write
