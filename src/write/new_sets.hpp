#pragma once

#include "connection/session.hpp"
#include "run/execute.hpp"
#include "write/distinct_keys.hpp"
#include "write/insert.hpp"

#include <kith/detail/core/lookup_spec.hpp>

#include <optional>
#include <span>
#include <vector>

namespace kith::write {

/// The sets that a new row is given.
class NewSets {
public:
    /// Copies the new rows among them. Throws ValueError for a row to link that was never saved, and for a read-only
    /// model.
    NewSets(const Database& db, const ModelInfo& model, std::span<const detail::NewSet> given);

    /// Inserts `owner` with all of them in one statement. False if that cannot be, and nothing was done.
    bool insert_with(connection::Session& session, const ModelInfo& model, const NewRow& owner);
    /// Inserts them, with a statement for each set at least. `owner` was inserted in `ends`, in which nothing else will
    /// be written.
    void insert_behind(connection::Session& session, void* owner, connection::WriteTransaction& ends);

private:
    struct Set {
        const detail::RelationInfo* relation{nullptr};
        std::optional<DistinctKeys> linked{};
        std::vector<NewRow> fresh{};
    };

    Set linked(const FieldInfo& field, std::span<const detail::RowOrKey> rows) const;
    Set fresh(const FieldInfo& field, std::span<const detail::RowOrKey> rows) const;

    run::Evaluation copies_; // of the new rows
    std::vector<Set> sets_;
};

} // namespace kith::write
