#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace kith::query {

/// A list of a Query, read as a std::vector is. Copies share it until one of them changes: so a refinement copies the
/// list that it changes, and none of the others.
template <class T>
class List {
public:
    using Items = std::vector<T>;

    List() = default;
    List(Items items) {
        if (!items.empty()) items_ = std::make_shared<Items>(std::move(items));
    }
    List(std::initializer_list<T> items) : List(Items(items)) {}

    const Items& items() const noexcept {
        static const Items none;
        return items_ != nullptr ? *items_ : none;
    }
    operator const Items&() const noexcept { return items(); }
    auto begin() const noexcept { return items().begin(); }
    auto end() const noexcept { return items().end(); }
    bool empty() const noexcept { return items_ == nullptr || items_->empty(); }
    std::size_t size() const noexcept { return items().size(); }
    const T& front() const noexcept { return items().front(); }
    const T& operator[](std::size_t i) const noexcept { return items()[i]; }

    /// The items of this list alone, to be changed. The list must not be read by other threads. Whoever changes a copy
    /// keeps the list that it was copied from until then: what others hold is never changed in place.
    Items& own() {
        if (items_ == nullptr) {
            items_ = std::make_shared<Items>();
        } else if (items_.use_count() > 1) {
            items_ = std::make_shared<Items>(*items_);
        }
        return *items_;
    }
    void push_back(T item) { own().push_back(std::move(item)); }
    void clear() noexcept { items_.reset(); }

private:
    std::shared_ptr<Items> items_;
};

} // namespace kith::query
