#pragma once

#include "backend/backend.hpp"
#include "rows/key_index.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace kith::rows {

/// Identifies the key that the current row belongs to, by a column that holds the ordinal of the key, or the key
/// itself.
class KeyReader {
public:
    /// `keys` must live as long as the reader.
    KeyReader(const sql::KeySet& keys, const sql::Dialect& dialect, int column = 0)
        : keys_(keys.columns().front()),
          column_(column),
          by_key_(keys.columns().size() == 1 && dialect.matches_by_key(keys_.type)),
          integer_(detail::is_integer(keys_.type)) {}

    /// Whether the column holds integers.
    bool reads_integers() const noexcept { return !by_key_ || integer_; }

    /// The index of the key in its set.
    std::uint32_t read(backend::Cursor& cursor) {
        if (reads_integers()) return read(cursor.integer(column_));
        return found(index().find(cursor.value(column_, keys_.type, nullptr)));
    }
    /// The same, from the integer in the column.
    std::uint32_t read(std::int64_t key) {
        if (!by_key_) return static_cast<std::uint32_t>(key - 1);
        // Rows of a statement that the keys drive come in key order: this key again, or the next one.
        for (const auto end = std::min(at_ + 2, keys_.integers.size()); at_ < end; ++at_) {
            if (keys_.integers[at_] == key) return static_cast<std::uint32_t>(at_);
        }
        at_ = found(index().find(key));
        return static_cast<std::uint32_t>(at_);
    }

private:
    static std::uint32_t found(std::uint32_t place) {
        if (place == IntegerIndex::none)
            throw DatabaseError("The database returned a row for a key that was not requested");
        return place;
    }
    KeyIndex& index() {
        if (index_) return *index_;
        index_.emplace();
        for (const auto key : keys_.integers) index_->insert(key);
        for (const auto& key : keys_.values) index_->insert(key);
        return *index_;
    }

    const sql::KeySet::Column& keys_;
    int column_;
    bool by_key_;
    bool integer_;
    std::size_t at_{0};             // of the last key that was read
    std::optional<KeyIndex> index_; // made on demand
};

} // namespace kith::rows
