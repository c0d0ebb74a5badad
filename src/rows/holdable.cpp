#include "rows/holdable.hpp"

#include <vector>

namespace kith::rows {

namespace {

/// Destroys nodes without parents one after the other: a chain of a hundred thousand graphs, each holding the next,
/// must not become a hundred thousand stack frames.
void destroy_in_turn(Holdable& node) {
    thread_local std::vector<Holdable*>* waiting = nullptr;
    if (waiting != nullptr) {
        waiting->push_back(&node);
        return;
    }
    std::vector<Holdable*> queue{&node};
    waiting = &queue;
    while (!queue.empty()) {
        auto* next = queue.back();
        queue.pop_back();
        next->destroy();
    }
    waiting = nullptr;
}

} // namespace

void Holdable::hold() noexcept {
    for (Holdable* node = this; node != nullptr; node = node->parent()) {
        if (node->holds_.fetch_add(1, std::memory_order_acq_rel) != 0) return;
        node->held();
    }
}

void Holdable::release() noexcept {
    Holdable* node = this;
    while (node->holds_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        Holdable* above = node->parent();
        if (above == nullptr) {
            destroy_in_turn(*node);
            return;
        }
        node->unheld();
        node = above;
    }
}

Holdable& Holdable::top() noexcept {
    Holdable* node = this;
    while (auto* above = node->parent()) node = above;
    return *node;
}

void Holdable::put_below(Holdable& parent) noexcept {
    if (is_held()) parent.hold();
    parent_.store(&parent, std::memory_order_release);
}

} // namespace kith::rows
