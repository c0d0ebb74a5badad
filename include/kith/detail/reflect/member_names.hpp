#pragma once

#include <kith/detail/reflect/visit_members.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

/// What C++20 does not tell about a struct: the number, types and names of its members. Nothing here depends on models,
/// so that C++26 reflection can replace it.
namespace kith::detail {

template <class... T>
struct TypeList {
    static constexpr std::size_t size = sizeof...(T);
};

// ---- type names

template <class T>
consteval auto pretty_type() {
    return __PRETTY_FUNCTION__;
}

/// Returns the name of `T` as the compiler writes it, `travel::City`. Identifies types in constant expressions, where
/// GCC cannot compare addresses if sanitizers are on.
template <class T>
consteval std::string_view type_name() {
    const std::string_view text = pretty_type<T>();
    const std::size_t begin = text.find("T = ") + 4;
    return text.substr(begin, text.rfind(']') - begin);
}

/// Returns `City` for `travel::City`, `main()::City` and `(anonymous namespace)::City`.
constexpr std::string_view unqualified(std::string_view name) {
    const std::size_t arguments = name.find('<');
    const std::size_t colon = name.rfind(':', arguments);
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// ---- counting

template <class M> concept Complete = requires { sizeof(M); };

/// Converts to the base classes of `M` only: an aggregate whose first element can be initialised by it has a base.
template <class M>
struct AnyBase {
    template <class T>
        requires(std::is_base_of_v<T, M> && !std::is_same_v<T, M>)
    operator T() const noexcept;
};
template <class M> concept HasBase = requires { M{AnyBase<M>{}}; };

template <class M, std::size_t Least, std::size_t Beyond>
consteval std::size_t count_between() {
    if constexpr (Least + 1 == Beyond) {
        return Least;
    } else if constexpr (constexpr std::size_t middle = (Least + Beyond) / 2; takes_members<M, middle>) {
        return count_between<M, middle, Beyond>();
    } else {
        return count_between<M, Least, middle>();
    }
}

template <class M>
consteval std::size_t count_members() {
    static_assert(Complete<M>, "kith: this model is declared but not defined here: include the header that defines it");
    static_assert(std::is_aggregate_v<M>, "kith: a model is a plain struct: no constructors, no private members");
    if constexpr (!Complete<M> || !std::is_aggregate_v<M>) {
        return 0;
    } else if constexpr (HasBase<M>) {
        static_assert(!HasBase<M>, "kith: a model has no base class");
        return 0;
    } else if constexpr (!takes_members<M, 8>) {
        return count_between<M, 0, 8>();
    } else if constexpr (!takes_members<M, 16>) {
        return count_between<M, 8, 16>();
    } else {
        static_assert(!takes_members<M, most_members + 1>, "kith: a model has at most 64 members");
        return count_between<M, 16, most_members + 1>();
    }
}

/// The number of members of `M`; 0 after the compile error that says why they cannot be counted.
template <class M>
inline constexpr std::size_t member_count = count_members<M>();

// ---- types

struct ListTypes {
    template <class... F>
    constexpr TypeList<F...> operator()(F&...) const {
        return {};
    }
};

template <class M>
using member_types = decltype(visit_members<member_count<M>>(std::declval<M&>(), ListTypes{}));

template <std::size_t I, class T>
struct IndexedType {};
template <class Indices, class... T>
struct IndexedTypes;
template <std::size_t... I, class... T>
struct IndexedTypes<std::index_sequence<I...>, T...> : IndexedType<I, T>... {};

template <std::size_t I, class T>
std::type_identity<T> pick_type(const IndexedType<I, T>&);
template <std::size_t I, class... T>
auto type_at(TypeList<T...>)
    -> decltype(pick_type<I>(std::declval<IndexedTypes<std::index_sequence_for<T...>, T...>>()));

/// The type of member `I`.
template <class M, std::size_t I>
using member_type = typename decltype(type_at<I>(member_types<M>{}))::type;

// ---- names

template <std::size_t N>
struct Addresses {
    const void* at[N];
};

struct ListAddresses {
    template <class... F>
    constexpr Addresses<sizeof...(F)> operator()(F&... member) const {
        return {{__builtin_addressof(member)...}};
    }
};

template <class M>
struct Holder {
    M value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
/// An object that is never defined: compilers print the addresses of its members with the names of the members.
template <class M>
extern const Holder<M> nowhere;

template <const void*... Address>
consteval auto pretty_addresses() {
    return __PRETTY_FUNCTION__;
}

template <class M, std::size_t... I>
consteval std::string_view pretty_members(std::index_sequence<I...>) {
    constexpr auto address = visit_members<sizeof...(I)>(nowhere<M>.value, ListAddresses{});
    return pretty_addresses<address.at[I]...>();
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Returns the names in the text of pretty_addresses(): `…::firstname), (& nowhere<…>.Holder<…>::value.…::lastname)}]`
/// on GCC, `.firstname, &nowhere.value.lastname>]` on Clang. Reads from the end, because the name of a type may contain
/// any of the separators.
template <std::size_t N>
consteval std::array<std::string_view, N> read_names(std::string_view text) {
    std::array<std::string_view, N> names{};
#if defined(__clang__)
    constexpr std::size_t closing = 2;
    constexpr std::string_view between = ", &";
    constexpr char before_name = '.';
#else
    constexpr std::size_t closing = 3;
    constexpr std::string_view between = "), (& ";
    constexpr char before_name = ':';
#endif
    text.remove_suffix(closing);
    for (std::size_t i = N; i-- > 0;) {
        const std::size_t start = text.rfind(before_name) + 1;
        names[i] = text.substr(start);
        text = text.substr(0, i == 0 ? 0 : text.rfind(between, start));
    }
    return names;
}

template <class M>
consteval std::array<std::string_view, member_count<M>> name_members() {
    if constexpr (member_count<M> == 0) {
        return {};
    } else {
        return read_names<member_count<M>>(pretty_members<M>(std::make_index_sequence<member_count<M>>{}));
    }
}

template <class M>
inline constexpr auto member_names = name_members<M>();

} // namespace kith::detail
