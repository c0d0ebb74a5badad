#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace kith {

/// A list of up to eight names of members, for a Table: `{"day", "room"}`.
struct NameList {
    std::array<std::string_view, 8> names{}; ///< the names, followed by empty texts

    constexpr NameList() = default;
    template <class... S>
        requires(sizeof...(S) > 0 && sizeof...(S) <= 8 && (std::convertible_to<S, std::string_view> && ...))
    constexpr NameList(S... s) : names{std::string_view(s)...} {}

    /// The number of names.
    constexpr std::size_t size() const {
        std::size_t n = 0;
        while (n < names.size() && !names[n].empty()) ++n;
        return n;
    }
    /// Iterators over the names.
    constexpr const std::string_view* begin() const { return names.data(); }
    constexpr const std::string_view* end() const { return names.data() + size(); }
};

/// Up to eight lists of names, for the unique constraints and indexes of a Table.
struct NameLists {
    std::array<NameList, 8> lists{}; ///< the lists, followed by empty ones

    constexpr NameLists() = default;
    /// `{{"day", "room"}, {"day", "teacher"}}`.
    constexpr NameLists(std::initializer_list<NameList> given) {
        for (std::size_t i = 0; i < given.size(); ++i) lists.at(i) = given.begin()[i];
    }

    /// The number of lists.
    constexpr std::size_t size() const {
        std::size_t n = 0;
        while (n < lists.size() && lists[n].size() > 0) ++n;
        return n;
    }
    /// Iterators over the lists.
    constexpr const NameList* begin() const { return lists.data(); }
    constexpr const NameList* end() const { return lists.data() + size(); }
};

/// The table of a model: `static constexpr kith::Table table{.name = "person", .ordering = {"-born", "id"}};` is a
/// member of the struct. A name that the model does not have does not compile.
struct Table {
    std::string_view name{};         ///< the table's name; empty: the struct's name in snake_case
    std::string_view schema{};       ///< the schema's name; empty: the default of the connection
    NameList ordering{};             ///< the order of a QuerySet without order_by(); `-name` descends
    NameList primary_key{};          ///< the members that form the primary key
    NameLists unique{};              ///< unique constraints over several members
    NameLists indexes{};             ///< indexes over several members
    bool read_only{false};           ///< a view: queried, never written, and not created by create_tables()
    std::string_view generic_type{}; ///< the model's value in the type column of a GenericForeignKey; empty: the
                                     ///< table's name
};

} // namespace kith
