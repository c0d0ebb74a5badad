#pragma once

#include <kith/detail/core/model_description.hpp>
#include <kith/detail/core/operations.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Arguments of QuerySets without their types.
namespace kith::detail {

struct Query;

/// One argument of prefetch_related without its type: a path, with or without a queryset and a slot.
struct LookupSpec {
    std::string path{};
    std::shared_ptr<const Query> queryset{};
    std::string to_attr{};
};

/// The options of select_for_update without their types.
struct LockSpec {
    bool nowait{false};
    bool skip_locked{false};
    bool key_share{false};
    std::vector<std::string_view> of{};
};

/// A row or a key: an argument of contains() and of the writing methods of sets.
struct RowOrKey {
    const void* row{nullptr};
    void* writable{nullptr}; ///< `row` again, if its foreign key may be changed
    HiddenValue key{};       ///< if there is no row
};

/// A set of a row that is to be inserted: rows or keys to be linked in a many-to-many; new rows, else.
struct NewSet {
    std::string_view member{};
    std::vector<RowOrKey> rows{};
};

/// What kith::on_conflict says without its types: names of members.
struct ConflictSpec {
    std::vector<std::string_view> key{};
    std::vector<std::string_view> updated{}; ///< empty: a row that exists is left as it is
};

/// Where one column of values_list is stored: its offset in the tuple, and how to access a std::optional.
struct ValueTarget {
    std::string_view path{};
    ColumnType type{};
    const ColumnAccess* access{nullptr};
    const EnumTable* names{nullptr};
    std::size_t offset{0};
};

} // namespace kith::detail
