#pragma once

#include <kith/detail/core/hidden.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace kith::detail {

template <class T, std::size_t Size>
Hidden<T, Size>::Hidden() {
    static_assert(sizeof(T) <= Size && alignof(T) <= alignof(void*));
    ::new (room_) T();
}
template <class T, std::size_t Size>
Hidden<T, Size>::Hidden(T&& value) noexcept {
    ::new (room_) T(std::move(value));
}
template <class T, std::size_t Size>
Hidden<T, Size>::Hidden(const Hidden& other) {
    ::new (room_) T(*other);
}
template <class T, std::size_t Size>
Hidden<T, Size>::Hidden(Hidden&& other) noexcept {
    ::new (room_) T(std::move(*other));
}
template <class T, std::size_t Size>
Hidden<T, Size>& Hidden<T, Size>::operator=(const Hidden& other) {
    if (this != &other) **this = *other;
    return *this;
}
template <class T, std::size_t Size>
T& Hidden<T, Size>::operator*() noexcept {
    return *std::launder(reinterpret_cast<T*>(room_));
}
template <class T, std::size_t Size>
const T& Hidden<T, Size>::operator*() const noexcept {
    return *std::launder(reinterpret_cast<const T*>(room_));
}
template <class T, std::size_t Size>
Hidden<T, Size>::~Hidden() {
    std::destroy_at(&**this);
}

} // namespace kith::detail
