#pragma once

#include <cstddef>

namespace kith::detail {

/// A `T` that programs hold and do not see the inside of, so that they compile without it. `Size` is at least its size.
/// Its functions are instantiated in src/query/conditions.cpp.
template <class T, std::size_t Size>
class Hidden {
public:
    Hidden();
    explicit Hidden(T&& value) noexcept;
    Hidden(const Hidden& other);
    Hidden(Hidden&& other) noexcept;
    Hidden& operator=(const Hidden& other);
    ~Hidden();

    T& operator*() noexcept;
    const T& operator*() const noexcept;

private:
    alignas(void*) std::byte room_[Size];
};

} // namespace kith::detail
