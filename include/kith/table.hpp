#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace kith {

/// Up to eight names, for the lists in a Table.
struct NameList {
    std::array<std::string_view, 8> names{};

    constexpr NameList() = default;
    template <class... S>
        requires(sizeof...(S) > 0 && sizeof...(S) <= 8 && (std::convertible_to<S, std::string_view> && ...))
    constexpr NameList(S... s) : names{std::string_view(s)...} {}

    constexpr std::size_t size() const {
        std::size_t n = 0;
        while (n < names.size() && !names[n].empty()) ++n;
        return n;
    }
    constexpr const std::string_view* begin() const { return names.data(); }
    constexpr const std::string_view* end() const { return names.data() + size(); }
};

/// Up to eight lists of names: the unique constraints or indexes over several columns, `{{"a", "b"}, {"b", "c"}}`.
struct NameLists {
    std::array<NameList, 8> lists{};

    constexpr NameLists() = default;
    /// Up to eight lists: `{{"day", "room"}, {"day", "teacher"}}`.
    constexpr NameLists(std::initializer_list<NameList> given) {
        for (std::size_t i = 0; i < given.size(); ++i) lists.at(i) = given.begin()[i];
    }

    constexpr std::size_t size() const {
        std::size_t n = 0;
        while (n < lists.size() && lists[n].size() > 0) ++n;
        return n;
    }
    constexpr const NameList* begin() const { return lists.data(); }
    constexpr const NameList* end() const { return lists.data() + size(); }
};

/// What a model says of its table: `static constexpr kith::Table table{.name = "person", .ordering = {"-born", "id"}};`
struct Table {
    std::string_view name{};         ///< empty: the struct's name in snake_case
    std::string_view schema{};       ///< empty: the connection's default
    NameList ordering{};             ///< default order of a QuerySet; `-name` descends
    NameList primary_key{};          ///< members that form a composite key
    NameLists unique{};              ///< unique constraints over several members
    NameLists indexes{};             ///< indexes over several members
    bool read_only{false};           ///< a view: queried, never written or created
    std::string_view generic_type{}; ///< what stands for the model in the type column of a GenericForeignKey; empty:
                                     ///< the table's name
};

} // namespace kith
