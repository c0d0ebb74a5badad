#include "rows/holdable.hpp"

#include "base/mutex.hpp"

namespace kith::rows {

namespace {

struct Waiting {
    Holdable* first{nullptr};
    bool destroys{false};
};

} // namespace

/// Destroys nodes without parents one after the other: a chain of a hundred thousand graphs, each holding the next,
/// must not become a hundred thousand stack frames. The nodes that wait are linked by what was their parent: nothing
/// here may need memory.
void Holdable::destroy_in_turn(Holdable& node) noexcept {
    thread_local Waiting waiting;
    node.parent_.store(waiting.first, std::memory_order_relaxed);
    waiting.first = &node;
    if (waiting.destroys) return;
    waiting.destroys = true;
    while (auto* next = waiting.first) {
        waiting.first = next->parent_.exchange(nullptr, std::memory_order_relaxed);
        next->destroy();
    }
    waiting.destroys = false;
}

void Holdable::hold() noexcept {
    for (Holdable* node = this; node != nullptr; node = node->parent()) {
        base::schedule_point();
        if (node->holds_.fetch_add(1, std::memory_order_acq_rel) != 0) return;
        node->held();
    }
}

void Holdable::release() noexcept {
    Holdable* node = this;
    base::schedule_point();
    while (node->holds_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        base::schedule_point();
        Holdable* above = node->parent();
        if (above == nullptr) {
            destroy_in_turn(*node);
            return;
        }
        node->unheld();
        node = above;
    }
}

bool Holdable::is_held_once() const noexcept {
    base::schedule_point();
    // Acquires what the holders before released: nothing that they did with the rows comes later.
    return holds_.load(std::memory_order_acquire) == 1 && parent() == nullptr;
}

Holdable& Holdable::top() noexcept {
    Holdable* node = this;
    while (auto* above = node->parent()) node = above;
    return *node;
}

void Holdable::put_below(Holdable& parent) noexcept {
    if (is_held()) parent.hold();
    base::schedule_point();
    parent_.store(&parent, std::memory_order_release);
}

} // namespace kith::rows
