#pragma once

#include <kith/detail/check/path_messages.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/expression.hpp>
#include <kith/none.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

/// Arguments that are lookup paths: literals, which are checked while the call is compiled, or kith::runtime(text).
namespace kith::detail {

template <class T> concept PlainText = std::convertible_to<const T&, std::string_view> && !std::is_array_v<T>;

template <class T>
inline constexpr bool is_literal = false;

/// Stops the compiler for text that is not a literal, and names the remedy.
template <class T>
consteval void refuse_plain_text() {
    static_assert(is_literal<T>,
                  "kith: this text is no literal, so it cannot be checked: wrap it in kith::runtime(text)");
}

/// An argument that is a name, or left out (null text), or kith::None (empty text).
struct NameArgument {
    std::string_view path{};

    constexpr bool is_none() const { return path.data() != nullptr && path.empty(); }
};

// The calls of a QuerySet with such arguments: implemented in src/run/arguments.cpp.

QueryHandle ordered(const QueryHandle& query, std::span<const NameArgument> arguments);
QueryHandle selected(const QueryHandle& query, std::span<const NameArgument> arguments);
QueryHandle loading_only(const QueryHandle& query, std::span<const NameArgument> arguments);
QueryHandle deferring(const QueryHandle& query, std::span<const NameArgument> arguments);
QueryHandle locked(const QueryHandle& query, LockSpec lock, const std::vector<NameArgument>& of);

/// `"-name"`, `"hometown__name"`.
template <class M>
class OrderName : public NameArgument {
public:
    constexpr OrderName() = default;
    consteval OrderName(const char* literal) : NameArgument{literal} {
        check_path(description<M>, path.starts_with('-') ? path.substr(1) : path, PathUse::order);
    }
    OrderName(const Runtime& name) : NameArgument{name.text()} {}
    constexpr OrderName(NoneType) : NameArgument{""} {}
    template <PlainText T>
    OrderName(const T&) {
        refuse_plain_text<T>();
    }
};

/// `"hometown__province"`: relations to single rows.
template <class M>
class SelectName : public NameArgument {
public:
    constexpr SelectName() = default;
    consteval SelectName(const char* literal) : NameArgument{literal} {
        check_path(description<M>, path, PathUse::select);
    }
    SelectName(const Runtime& name) : NameArgument{name.text()} {}
    constexpr SelectName(NoneType) : NameArgument{""} {}
    template <PlainText T>
    SelectName(const T&) {
        refuse_plain_text<T>();
    }
};

/// `"biography"`, `"hometown__history"`: a Lazy column.
template <class M>
class LazyName : public NameArgument {
public:
    constexpr LazyName() = default;
    consteval LazyName(const char* literal) : NameArgument{literal} { check_path(description<M>, path, PathUse::lazy); }
    LazyName(const Runtime& name) : NameArgument{name.text()} {}
    constexpr LazyName(NoneType) : NameArgument{""} {}
    template <PlainText T>
    LazyName(const T&) {
        refuse_plain_text<T>();
    }
};

} // namespace kith::detail
