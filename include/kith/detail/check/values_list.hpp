#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/key_type.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/core/lookup_spec.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// The types of `values_list<"a", "b__c">()`, found by following the paths through the types of the models.
namespace kith::detail {

template <class M>
consteval std::size_t step_index(std::string_view name) {
    return Member{&description<M>, find_step(description<M>, name, PathUse::values).member}.index();
}

/// The type of the column that `Path` leads to, from character `Begin` on. The path was checked.
template <class M, FixedString Path, std::size_t Begin>
consteval auto value_type_at() {
    constexpr PathParts parts = split_path(Path.view().substr(Begin));
    using Found = member_type<M, step_index<M>(parts.head)>;
    if constexpr (parts.rest.empty()) {
        return StoredType<Found>{};
    } else {
        return value_type_at<typename MemberTraits<Found>::Target, Path, Begin + parts.head.size() + 2>();
    }
}

template <class M, FixedString Path>
struct WrongValue {
    static consteval Sentence say() {
        Sentence s;
        s << "kith: ";
        say_path_fault(s, resolve(description<M>, Path.view(), PathUse::values), Path.view());
        return s;
    }
    static constexpr Sentence sentence = say();
};

template <class M, FixedString Path>
struct ListedValue {
    static consteval auto find() {
        constexpr Resolved found = resolve(description<M>, Path.view(), PathUse::values);
        if constexpr (found.fault != LookupFault::none) {
            stop<WrongValue<M, Path>>();
            return std::type_identity<int>{};
        } else {
            using Stored = typename decltype(value_type_at<M, Path, 0>())::type;
            return std::type_identity<std::conditional_t<found.nullable, std::optional<Stored>, Stored>>{};
        }
    }
    using type = typename decltype(find())::type;
};

template <class T>
constexpr ValueTarget target_of_type() {
    ValueTarget target{.type = column_kind<without_optional<T>>().type, .names = enum_table_of<without_optional<T>>()};
    if constexpr (is_optional<T>) target.access = &optional_access<without_optional<T>>;
    return target;
}

template <class M, FixedString... Path>
using ValueTuple = std::tuple<typename ListedValue<M, Path>::type...>;

/// Returns where each value of a tuple is stored. The layout of a std::tuple is known only from an object.
template <class... T>
std::array<ValueTarget, sizeof...(T)> targets_in(const std::tuple<T...>& sample) {
    std::array<ValueTarget, sizeof...(T)> targets{target_of_type<T>()...};
    const auto* start = reinterpret_cast<const std::byte*>(&sample);
    std::apply(
        [&](const auto&... value) {
            std::size_t i = 0;
            ((targets[i++].offset = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&value) - start)), ...);
        },
        sample);
    return targets;
}

/// Returns the targets of one call.
template <class M, FixedString... Path>
std::array<ValueTarget, sizeof...(Path)> value_targets() {
    auto targets = targets_in(ValueTuple<M, Path...>{});
    std::size_t i = 0;
    ((targets[i++].path = Path.view()), ...);
    return targets;
}

template <class Tuple>
void* append_values(void* list) {
    return &static_cast<std::vector<Tuple>*>(list)->emplace_back();
}

/// Returns the values of tuples with one value.
template <class T>
std::vector<T> only_values(std::vector<std::tuple<T>>& tuples) {
    std::vector<T> values;
    values.reserve(tuples.size());
    for (auto& tuple : tuples) values.push_back(std::move(std::get<0>(tuple)));
    return values;
}

} // namespace kith::detail
