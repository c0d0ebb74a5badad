#pragma once

#include "connection/session.hpp"
#include "sql/change.hpp"
#include "sql/statement.hpp"

#include <memory>

namespace kith::detail {
struct RelationInfo;
}

namespace kith::write {

/// Writes the links of a many-to-many: one statement, or two in a transaction for a symmetrical relation.
///
/// If `ends` is given, nothing else will be written in it: it ends with the last statement if possible, and must still
/// be committed.
///
/// Links the row with the key `owner` to all `targets`; existing links are left alone.
void add_links(connection::Session& session, const detail::RelationInfo& relation, const detail::Value& owner,
               const std::shared_ptr<const sql::KeySet>& targets, sql::Links links,
               connection::WriteTransaction* ends = nullptr);
/// Deletes the links to `targets`; all links if it is null.
void remove_links(connection::Session& session, const detail::RelationInfo& relation, const detail::Value& owner,
                  const std::shared_ptr<const sql::KeySet>& targets, connection::WriteTransaction* ends = nullptr);

} // namespace kith::write
