#include "prefetch/schedule.hpp"

#include "prefetch/attach.hpp"

#include <algorithm>

namespace kith::prefetch {

namespace {

/// Whether `earlier`, or a lookup behind it, may fill members that `task` would fill.
bool may_fill_the_same(const Task& earlier, const Task& task) {
    const auto& slot = *task.node->slot;
    if (earlier.node->slot == &slot && (earlier.shared || task.shared)) return true;
    return fills_shared_rows(*earlier.node, slot, earlier.leads_to_shared);
}

} // namespace

bool may_be_loaded(const query::LookupNode& node, const query::LookupNode& child) {
    if (node.queryset != nullptr && !node.queryset->selected.empty()) return true;
    return node.relation == nullptr || (leads_back(node) && child.slot == node.relation->inverse);
}

bool fills_shared_rows(const query::LookupNode& node, const detail::FieldInfo& slot, bool shared) {
    return std::ranges::any_of(node.children, [&](const query::LookupNode& child) {
        return (shared && child.slot == &slot) || fills_shared_rows(child, slot, shared || may_be_loaded(node, child));
    });
}

void Schedule::add(Position before, std::span<const query::LookupNode> nodes, std::span<void* const> parents,
                   const Task::Rows& rows, bool shared, const query::LookupNode* behind) {
    if (parents.empty()) return;
    for (const auto& node : nodes) {
        auto& task = *tasks_.emplace(before);
        task.node = &node;
        task.parents = parents;
        task.rows = rows;
        task.shared = shared;
        task.leads_to_shared = shared || (behind != nullptr && may_be_loaded(*behind, node));
    }
}

std::vector<Schedule::Position> Schedule::next_round(bool together) {
    if (!together) return {tasks_.begin()};
    std::vector<Position> round;
    for (auto task = tasks_.begin(); task != tasks_.end(); ++task) {
        if (may_go_now(task)) round.push_back(task);
    }
    return round;
}

bool Schedule::may_go_now(std::list<Task>::const_iterator task) const {
    return std::none_of(tasks_.begin(), task, [&](const Task& earlier) { return may_fill_the_same(earlier, *task); });
}

} // namespace kith::prefetch
