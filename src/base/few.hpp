#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace kith::base {

/// A list that mostly has one item, for which it needs no memory of its own.
template <class T>
class Few {
public:
    std::span<T> all() noexcept { return has_one_ ? std::span<T>(&one_, 1) : std::span<T>(several_); }
    std::span<const T> all() const noexcept {
        return has_one_ ? std::span<const T>(&one_, 1) : std::span<const T>(several_);
    }
    /// Whatever add() then needs is there. Doubled, because std::vector reserves no more than it is asked for.
    void make_room() {
        if (has_one_) {
            several_.reserve(2);
        } else if (!several_.empty() && several_.size() == several_.capacity()) {
            several_.reserve(2 * several_.size());
        }
    }
    T& add(T item) {
        make_room();
        if (!has_one_ && several_.empty()) {
            one_ = std::move(item);
            has_one_ = true;
            return one_;
        }
        if (std::exchange(has_one_, false)) several_.push_back(std::move(one_));
        return several_.emplace_back(std::move(item));
    }
    /// The one that was added last.
    T& last() noexcept { return has_one_ ? one_ : several_.back(); }

    friend bool operator==(const Few& a, const Few& b) { return std::ranges::equal(a.all(), b.all()); }

private:
    T one_{};
    bool has_one_{false};
    std::vector<T> several_;
};

} // namespace kith::base
