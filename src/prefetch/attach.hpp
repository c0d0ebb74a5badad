#pragma once

#include "prefetch/fetch.hpp"
#include "prefetch/keys.hpp"

#include <atomic>
#include <memory>
#include <span>

namespace kith::prefetch {

/// Whether attaching sets the member of the rows of `node` that leads back to their parents. False if a lookup behind
/// `node` loads the parents with a queryset of its own.
bool leads_back(const query::LookupNode& node);

/// Joins the pieces in memory: each parent's `slot` gets the rows fetched for its key, and the children of a reverse
/// relation get the first parent of that key in the member that leads back. Touches no database. `was_read` is set as
/// soon as one of the sets, or of the rows, is read through a parent; may be null.
void attach(const query::LookupNode& node, const ParentKeys& keys, const Fetched& fetched,
            std::shared_ptr<std::atomic<bool>> was_read = nullptr);

/// Makes the `rows` of one instance's set lead back to it, unless they lead to something already.
void attach_owner(const query::SetOwner& owner, std::span<void* const> rows);

/// For parents without related rows: a null key, or a queryset of none().
void attach_nothing(const detail::RelationInfo& relation, const detail::FieldInfo& slot, std::span<void* const> parents,
                    rows::Segment& segment, const std::shared_ptr<const detail::Query>& queryset);

} // namespace kith::prefetch
