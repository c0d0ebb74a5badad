#pragma once

#include <kith/detail/check/path.hpp>
#include <kith/detail/reflect/describe.hpp>
#include <kith/detail/reflect/member_names.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// The C++ types of keys and columns, for the results of `key()`, `in_bulk` and `values_list`.
namespace kith::detail {

template <auto... Options>
constexpr std::string_view to_field_of() {
    MemberDescription member;
    (decltype(Options)::apply(member), ...);
    return member.to_field;
}

/// The type of the values in the column of a member, without std::optional; for a foreign key, the type of the key that
/// it refers to.
template <class F>
struct StoredType {
    using type = without_optional<F>;
};
template <class T>
struct StoredType<PrimaryKey<T>> : StoredType<T> {};
template <class T, auto... Options>
struct StoredType<Field<T, Options...>> : StoredType<T> {};
template <class T>
struct StoredType<Annotation<T>> : StoredType<T> {};
template <class T, auto... Options>
struct StoredType<Lazy<T, Options...>> : StoredType<T> {};

template <class T, std::size_t I>
struct StoredTypeAt : StoredType<member_type<T, I>> {};

template <class T>
consteval std::size_t referred_index(std::string_view to_field) {
    KnownMember member = to_field.empty() ? primary_key_of(description<T>) : find_member(description<T>, to_field);
    return member == nullptr ? member_count<T> : Member{&description<T>, member}.index();
}

template <class T, auto... Options>
struct StoredType<ForeignKey<T, Options...>> : StoredTypeAt<T, referred_index<T>(to_field_of<Options...>())> {};
template <class T, auto... Options>
struct StoredType<OneToOne<T, Options...>> : StoredTypeAt<T, referred_index<T>(to_field_of<Options...>())> {};

/// The type of the key that a foreign key to `T` with these options holds.
template <class T, auto... Options>
using referred_key = typename StoredType<ForeignKey<T, Options...>>::type;

template <class M>
struct PrimaryKeyType : StoredTypeAt<M, referred_index<M>({})> {};
/// The type of the primary key of `M`.
template <class M>
using primary_key_type = typename PrimaryKeyType<M>::type;

template <std::size_t I>
struct PickMember {
    template <class... F>
    constexpr const auto& operator()(const F&... members) const {
        const void* addresses[]{__builtin_addressof(members)...};
        return *static_cast<const typename decltype(type_at<I>(TypeList<F...>{}))::type*>(addresses[I]);
    }
};

template <class M>
primary_key_type<M> primary_key_value(const M& row) {
    const auto& member = visit_members<member_count<M>>(row, PickMember<referred_index<M>({})>{});
    if constexpr (requires { member.key(); }) {
        return member.key();
    } else {
        return member;
    }
}

} // namespace kith::detail
