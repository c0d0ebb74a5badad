#pragma once

#include "rows/holdable.hpp"

#include <cstddef>
#include <unordered_map>
#include <vector>

namespace kith::rows {

class Graph;

/// A graph, or a group of graphs, with the graphs that it refers to. An edge is a hold on the graph it leads to. Edges
/// never form a circle: an edge that would close one makes a group of all nodes on the circle, which then share one
/// lifetime.
class Linked : public Holdable {
public:
    /// Called when a row of `from` starts, or stops, pointing at a row of `to`. The caller holds both.
    static void link(Graph& from, Graph& to);
    static void unlink(Graph& from, Graph& to) noexcept;

protected:
    ~Linked() = default;
    /// Releases everything that this node refers to. The last act of destroy().
    void release_edges() noexcept;

private:
    friend class Group;
    static Linked& top_of(Graph& graph) noexcept;
    static std::vector<Linked*> nodes_between(Linked& start, Linked& goal);
    static void merge(Linked& last, const std::vector<Linked*>& others);

    std::unordered_map<Graph*, std::size_t> edges_; // the number of row members that lead there; kept by the topmost
                                                    // node
    std::size_t incoming_{0};                       // edges that lead from elsewhere to this node or into it
};

/// Graphs that refer to each other in a circle.
class Group final : public Linked {
public:
    /// Makes add() possible for these nodes.
    void make_room(const std::vector<Linked*>& nodes);
    /// Needs no memory.
    void add(Linked& member) noexcept;
    void destroy() noexcept override;

private:
    friend class Linked;
    ~Group() = default;
    void drop_inner_edges() noexcept;

    std::vector<Linked*> members_;
};

} // namespace kith::rows
