#pragma once

#include <kith/detail/core/value_mark.hpp>

#include <compare>
#include <optional>
#include <type_traits>
#include <utility>

namespace kith::detail {

/// A value behind a ValueMark: what Annotation and Lazy have in common. `missing(mark)` is called when the value is
/// read and not there: it loads it, or throws.
template <class T, auto missing>
class MarkedValue {
public:
    /// Returns the value. If it is not there, a Lazy column loads it with one statement, and an Annotation throws.
    const T& value() const {
        if (!mark_.is_there()) missing(mark_);
        return value_;
    }
    /// Whether the value is there, so that reading it runs no statement.
    bool is_loaded() const noexcept { return mark_.is_there(); }

    operator const T&() const { return value(); }
    const auto& operator*() const { return inner(value()); }
    const auto* operator->() const { return &inner(value()); }

    friend bool operator==(const MarkedValue& a, const MarkedValue& b) { return a.value() == b.value(); }
    friend auto operator<=>(const MarkedValue& a, const MarkedValue& b)
        requires(std::three_way_comparable<T>)
    {
        return a.value() <=> b.value();
    }

protected:
    /// Whether a new value is there; no bool, which could be the value itself.
    enum class Begins : bool { absent, there };
    explicit MarkedValue(Begins begins) noexcept(std::is_nothrow_default_constructible_v<T>)
        : mark_(begins == Begins::there) {}
    explicit MarkedValue(T content) : mark_(true), value_(std::move(content)) {}
    // Another thread may be loading the value that is not there yet: it is not looked at.
    MarkedValue(const MarkedValue& other) : mark_(other.mark_), value_(mark_.is_there() ? other.value_ : T{}) {}
    MarkedValue(MarkedValue&& other) noexcept(std::is_nothrow_move_constructible_v<T> &&
                                              std::is_nothrow_default_constructible_v<T>)
        : mark_(other.mark_), value_(mark_.is_there() ? std::move(other.value_) : T{}) {}
    ~MarkedValue() = default;
    MarkedValue& operator=(const MarkedValue& other) {
        if (other.mark_.is_there()) value_ = other.value_;
        mark_ = other.mark_;
        return *this;
    }
    template <class U>
    void assign(U&& content) {
        value_ = std::forward<U>(content);
        mark_.set_there(true);
    }

private:
    template <class Member>
    friend struct MarkedAccess;
    friend struct Detacher;

    template <class U>
    static const U& inner(const U& value) {
        return value; // NOLINT(bugprone-return-const-ref-from-parameter): of a member
    }
    template <class U>
    static const U& inner(const std::optional<U>& value) {
        return *value;
    }

    ValueMark mark_;
    T value_{};
};

} // namespace kith::detail
