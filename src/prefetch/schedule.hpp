#pragma once

#include "prefetch/fetch.hpp"
#include "prefetch/keys.hpp"
#include "query/query.hpp"

#include <list>
#include <memory>
#include <span>
#include <vector>

namespace kith::prefetch {

/// Whether rows that are fetched for `node` may arrive with what the lookup `child` behind it loads.
bool may_be_loaded(const query::LookupNode& node, const query::LookupNode& child);

/// Whether a lookup behind `node` may fill `slot` in rows that others lead to. `shared`: the rows behind `node` are
/// such rows.
bool fills_shared_rows(const query::LookupNode& node, const detail::FieldInfo& slot, bool shared);

/// A lookup that is not loaded yet, and the rows that it is loaded into.
struct Task {
    using Rows = std::shared_ptr<const std::vector<void*>>;

    const query::LookupNode* node{nullptr};
    std::span<void* const> parents{};
    Rows rows{};                 // keeps `parents` alive; null for the caller's own
    bool shared{false};          // other lookups may lead to the parents too
    bool leads_to_shared{false}; // other lookups may lead to the rows behind it too
    bool begun{false};
    bool ahead{false};     // its statement was sent with the main one
    bool elsewhere{false}; // was loaded from another database, with all lookups behind it
    ParentKeys keys{};
    Shape shape{};
    std::unique_ptr<Fetch> fetch{};            // null if no statement is needed
    std::unique_ptr<backend::Cursor> cursor{}; // of a statement that was sent ahead

    /// Whether no statement follows the current one.
    bool is_last_statement() const noexcept { return fetch == nullptr || fetch->is_last(); }
};

/// The lookups that are not loaded yet, in depth-first order, and the rules by which they may travel together.
///
/// Lookups that share a round trip are loaded as if they ran one after the other: a lookup that could fill a member
/// which an earlier one might fill waits for it, because what is loaded first stays.
class Schedule {
public:
    using Position = std::list<Task>::iterator;

    bool empty() const noexcept { return tasks_.empty(); }
    std::size_t size() const noexcept { return tasks_.size(); }
    Position end() noexcept { return tasks_.end(); }

    /// Adds the lookups `nodes` for `parents` before `before`. `rows` keeps the parents alive, or is null; `shared`:
    /// other lookups may lead to the parents too. `behind`: the lookup that fetched the parents, or null.
    void add(Position before, std::span<const query::LookupNode> nodes, std::span<void* const> parents,
             const Task::Rows& rows, bool shared, const query::LookupNode* behind);
    /// The tasks of the next round trip: all that may go now if the database takes statements `together`, else the
    /// first.
    std::vector<Position> next_round(bool together);
    void remove(Position task) { tasks_.erase(task); }

private:
    bool may_go_now(std::list<Task>::const_iterator task) const;

    std::list<Task> tasks_{};
};

} // namespace kith::prefetch
