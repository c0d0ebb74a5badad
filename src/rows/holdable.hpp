#pragma once

#include <atomic>
#include <cstdint>

namespace kith::rows {

/// A node in the tree of lifetimes: counted segments below graphs, graphs below groups of graphs that refer to each
/// other in a circle. The first hold on a node holds its parent, the last release releases it, so holding anything
/// keeps everything above it alive at the cost of one atomic operation.
class Holdable {
public:
    Holdable() = default;
    Holdable(const Holdable&) = delete;
    Holdable& operator=(const Holdable&) = delete;

    void hold() noexcept;
    /// May destroy this node and, through its parent, everything around it.
    void release() noexcept;

    bool is_held() const noexcept { return holds_.load(std::memory_order_acquire) != 0; }
    /// Whether there is a single hold, and nothing above this node. To the holder this does not change: without another
    /// hold nobody can reach the node.
    bool is_held_once() const noexcept;
    Holdable* parent() const noexcept { return parent_.load(std::memory_order_acquire); }
    /// The root of the tree that this node is in.
    Holdable& top() noexcept;

    /// Puts this node, which is held or was never held, below `parent`.
    void put_below(Holdable& parent) noexcept;
    /// Destroys the node with all below it. Nothing may hold it.
    virtual void destroy() noexcept = 0;

protected:
    ~Holdable() = default;

private:
    /// Called on the first hold, and after the last one ended; unheld() may destroy the node.
    virtual void held() noexcept {}
    virtual void unheld() noexcept {}

    static void destroy_in_turn(Holdable& node) noexcept;

    std::atomic<std::uint32_t> holds_{0};
    std::atomic<Holdable*> parent_{nullptr};
};

} // namespace kith::rows
