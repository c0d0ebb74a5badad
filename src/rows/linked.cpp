#include "rows/linked.hpp"

#include "base/mutex.hpp"
#include "rows/graph.hpp"

#include <mutex>
#include <unordered_set>

namespace kith::rows {

namespace {

/// One lock for the links between all graphs. They change when a row is assigned to a member of another graph's row,
/// which is rare.
base::Mutex& links() {
    static base::Mutex mutex;
    return mutex;
}

} // namespace

Linked& Linked::top_of(Graph& graph) noexcept { return static_cast<Linked&>(graph.top()); }

/// The nodes on the paths from `start` to `goal`, without `goal`; none if no path leads there.
std::vector<Linked*> Linked::nodes_between(Linked& start, Linked& goal) {
    std::unordered_map<Linked*, std::vector<Linked*>> came_from{{&start, {}}};
    std::vector<Linked*> queue{&start};
    while (!queue.empty()) {
        auto* node = queue.back();
        queue.pop_back();
        if (node == &goal) continue;
        for (const auto& [graph, count] : node->edges_) {
            auto& next = top_of(*graph);
            auto [entry, is_new] = came_from.try_emplace(&next);
            entry->second.push_back(node);
            if (is_new) queue.push_back(&next);
        }
    }
    std::unordered_set<Linked*> between;
    if (!came_from.contains(&goal)) return {};
    queue.push_back(&goal);
    while (!queue.empty()) {
        auto* node = queue.back();
        queue.pop_back();
        for (auto* source : came_from[node]) {
            if (source != &goal && between.insert(source).second) queue.push_back(source);
        }
    }
    return {between.begin(), between.end()};
}

void Linked::link(Graph& from, Graph& to) {
    const std::lock_guard lock(links());
    auto& ours = top_of(from);
    auto& theirs = top_of(to);
    if (&ours == &theirs) return;
    if (const auto known = ours.edges_.find(&to); known != ours.edges_.end()) {
        ++known->second;
        return;
    }
    // A graph that nothing refers to, like every new one, cannot close a circle.
    if (ours.incoming_ != 0) {
        if (auto between = nodes_between(theirs, ours); !between.empty()) {
            merge(ours, between);
            return;
        }
    }
    ours.edges_.emplace(&to, 1);
    ++theirs.incoming_;
    to.hold();
}

void Linked::unlink(Graph& from, Graph& to) noexcept {
    {
        const std::lock_guard lock(links());
        auto& ours = top_of(from);
        const auto edge = ours.edges_.find(&to);
        if (edge == ours.edges_.end() || --edge->second != 0) return;
        ours.edges_.erase(edge);
        --top_of(to).incoming_;
    }
    to.release();
}

void Linked::merge(Linked& last, const std::vector<Linked*>& others) {
    auto nodes = others;
    nodes.push_back(&last);
    // Members go below the largest group among them, so that the path to the root stays short.
    Group* group = nullptr;
    for (auto* node : nodes) {
        auto* candidate = dynamic_cast<Group*>(node);
        if (candidate != nullptr && (group == nullptr || candidate->members_.size() > group->members_.size())) {
            group = candidate;
        }
    }
    // All memory first: a circle that is half joined could not be taken apart again.
    const bool is_new = group == nullptr;
    if (is_new) group = new Group;
    try {
        group->make_room(nodes);
    } catch (...) {
        if (is_new) delete group; // destroy() would take the lock that is held
        throw;
    }
    for (auto* node : nodes) {
        if (node != group) group->add(*node);
    }
    group->drop_inner_edges();
}

void Linked::release_edges() noexcept {
    std::unordered_map<Graph*, std::size_t> edges;
    {
        const std::lock_guard lock(links());
        edges.swap(edges_);
        for (const auto& [graph, count] : edges) --top_of(*graph).incoming_;
    }
    for (const auto& [graph, count] : edges) graph->release();
}

void Group::make_room(const std::vector<Linked*>& nodes) {
    auto edges = edges_.size();
    for (const auto* node : nodes) edges += node->edges_.size();
    members_.reserve(members_.size() + nodes.size());
    edges_.reserve(edges);
}

void Group::add(Linked& member) noexcept {
    members_.push_back(&member);
    member.put_below(*this);
    while (!member.edges_.empty()) {
        const auto added = edges_.insert(member.edges_.extract(member.edges_.begin()));
        if (added.inserted) continue;
        added.position->second += added.node.mapped();
        auto* graph = added.node.key();
        --static_cast<Linked&>(graph->top()).incoming_; // two edges became one
        graph->release();
    }
    incoming_ += std::exchange(member.incoming_, 0);
}

void Group::drop_inner_edges() noexcept {
    for (auto edge = edges_.begin(); edge != edges_.end();) {
        auto* graph = edge->first;
        if (&graph->top() != this) {
            ++edge;
            continue;
        }
        edge = edges_.erase(edge);
        --incoming_;
        graph->release();
    }
}

void Group::destroy() noexcept {
    for (auto* member : members_) member->destroy();
    release_edges();
    delete this;
}

} // namespace kith::rows
