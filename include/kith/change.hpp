#pragma once

#include <kith/detail/check/model_check.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kith {

/// What happened to a row.
enum class ChangeKind : std::uint8_t {
    created,
    updated,
    deleted,
    created_or_updated, ///< by bulk_create() with on_conflict().update(): the database does not say which
};

/// A change that was committed, as an observer of Database::on_change() receives it. Its texts are valid during the
/// call only.
struct Change {
    std::string_view model{}; ///< the name of the struct
    /// The primary key as text, as JSON has it: `42`; the parts of a composite key are separated by commas. Empty for
    /// statements that do not say which rows they changed: QuerySet::update() and remove(), and clear() of a set.
    std::string_view key{};
    ChangeKind kind{};   ///< created, updated or deleted
    std::size_t rows{1}; ///< the number of rows: 1 with a key
    /// The many-to-many of that row whose links were written; empty if it was the row itself.
    std::string_view member{};
    const detail::ModelInfo* info{nullptr}; ///< internal

    /// Whether it is a change of a row of `M`.
    template <class M>
    bool is() const {
        return info == &detail::model<M>();
    }
};

} // namespace kith
