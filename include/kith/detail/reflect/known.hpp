#pragma once

#include <cstddef>

namespace kith::detail {

/// The address of a constant, or none, which knows by itself which of the two it is. With -fsanitize=null compilers no
/// longer take for granted that the address of a weak object is not null, and then a comparison with nullptr is no
/// constant expression.
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
