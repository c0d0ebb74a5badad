#pragma once

#include <cstdint>
#include <optional>

#include <kith/error.hpp>

#include "backend/backend.hpp"
#include "rows/key_index.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

namespace kith::rows {

/// Says which key of a set the current row came for, by what stands in the first column.
class KeyReader {
public:
    /// The keys must be distinct.
    KeyReader(const sql::KeySet& keys, const sql::Dialect& dialect)
        : type_(keys.columns().front().type), integer_(detail::is_integer(type_)) {
        if (keys.columns().size() > 1 || !dialect.matches_by_key(type_)) return;
        index_.emplace();
        for (const auto key : keys.columns().front().integers) index_->insert(key);
        for (const auto& key : keys.columns().front().values) index_->insert(key);
    }

    /// The place of the key in its set, counted from 0.
    std::uint32_t read(backend::Cursor& cursor) const {
        if (!index_) return static_cast<std::uint32_t>(cursor.integer(0) - 1);
        const auto found = integer_ ? index_->find(cursor.integer(0)) : index_->find(cursor.value(0, type_, nullptr));
        if (found == IntegerIndex::none) throw DatabaseError("A row came back for a key that was not asked for");
        return found;
    }

private:
    detail::ColumnType type_;
    bool integer_;
    std::optional<KeyIndex> index_;  // none where ordinals come
};

}  // namespace kith::rows
