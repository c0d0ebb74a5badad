#pragma once

#include <cstddef>

namespace kith::detail {

/// The address of a constant, or none, and a flag that says which. With -fsanitize=null, compilers no longer assume
/// that the address of a weak object is not null, and its comparison with nullptr is then not a constant expression.
template <class T>
class Known {
public:
    constexpr Known() = default;
    constexpr Known(std::nullptr_t) {}
    constexpr Known(T* at) : at_(at), there_(true) {}

    constexpr T* get() const { return at_; }
    template <class U = T>
    constexpr U& operator*() const {
        return *at_;
    }
    constexpr T* operator->() const { return at_; }

    friend constexpr bool operator==(Known a, std::nullptr_t) { return !a.there_; }
    friend constexpr bool operator==(Known a, Known b) { return a.there_ == b.there_ && (!a.there_ || a.at_ == b.at_); }

private:
    T* at_{nullptr};
    bool there_{false};
};

} // namespace kith::detail
