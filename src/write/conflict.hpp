#pragma once

#include "connection/session.hpp"
#include "sql/change.hpp"
#include "write/insert.hpp"

#include <kith/detail/core/lookup_spec.hpp>

#include <cstddef>
#include <set>
#include <span>
#include <unordered_set>
#include <vector>

namespace kith::write {

/// What kith::on_conflict asks of a call that inserts rows, and what became of these.
class Conflict {
public:
    Conflict(const ModelInfo& model, const detail::ConflictSpec& spec);

    bool ignores() const noexcept { return updated_.empty(); }
    sql::OnConflict clause() const noexcept { return {.key = key_, .updated = updated_}; }
    bool is_ignored(const void* row) const { return ignored_.contains(row); }

    /// Inserts `rows`, unless they exist. As write::insert(). Throws ValueError for two rows with the same key that
    /// would be updated, and if the database could take another unique key for the one of the rule.
    void insert(connection::Session& session, std::span<const NewRow> rows, InsertWatch& watch);

    /// The columns that an INSERT of `given` columns returns besides those that the database fills: the row that
    /// exists has others than the new one.
    std::vector<const FieldInfo*> to_return(std::span<const FieldInfo* const> given) const;
    /// Stores `records`, what an INSERT of `rows` has returned of the columns `fields`, in the rows that they belong
    /// to: they are told apart by the values of the key, never by their order.
    void take(connection::Session& session, std::span<const FieldInfo* const> fields,
              std::vector<std::vector<detail::Value>> records, std::span<void* const> rows);

private:
    using Key = std::vector<detail::Value>;
    /// The rows of a call by whether another row can have their key.
    struct Parts {
        std::vector<NewRow> contenders{};
        std::vector<NewRow> others{};
    };

    bool has_whole_key(const NewRow& row) const;
    Key key_of(const void* row) const;
    Parts parts_of(std::span<const NewRow> rows);
    void require_one_key(connection::Session& session, std::span<const NewRow> rows) const;
    void require_values(std::span<const NewRow> rows, InsertWatch& watch) const;
    void insert_or_take(connection::Session& session, std::span<const NewRow> rows, InsertWatch& watch);
    [[noreturn]] void refuse_twice() const;
    void insert_missing(connection::Session& session, std::span<const NewRow> rows, int tries);
    std::vector<NewRow> missing(connection::Session& session, std::span<const NewRow> rows);
    /// Stores rows that are among those with the primary keys `written`.
    void take_of_keys(connection::Session& session, std::span<const FieldInfo* const> fields,
                      std::span<void* const> rows, const std::set<Key>& written);
    void store(std::span<const FieldInfo* const> fields, const std::vector<detail::Value>& record, void* row);

    const ModelInfo& model_;
    std::vector<const FieldInfo*> key_;
    std::vector<const FieldInfo*> updated_;
    std::unordered_set<const void*> ignored_;
    std::set<Key> taken_; // the primary keys of the rows that were stored
};

} // namespace kith::write
