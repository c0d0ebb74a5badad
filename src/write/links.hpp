#pragma once

#include "connection/session.hpp"
#include "sql/statement.hpp"

#include <memory>

namespace kith::detail {
struct RelationInfo;
}

namespace kith::write {

/// Writes the links of a many-to-many: one statement, or two in a transaction for a symmetrical relation.
///
/// Links the row with the key `owner` to all `targets`; existing links are left alone.
void add_links(connection::Session& session, const detail::RelationInfo& relation, const detail::Value& owner,
               const std::shared_ptr<const sql::KeySet>& targets);
/// Deletes the links to `targets`; all links if it is null.
void remove_links(connection::Session& session, const detail::RelationInfo& relation, const detail::Value& owner,
                  const std::shared_ptr<const sql::KeySet>& targets);

} // namespace kith::write
