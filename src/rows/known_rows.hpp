#pragma once

#include <vector>

#include "backend/backend.hpp"
#include "rows/key_index.hpp"

namespace kith::rows {

/// Finds rows that one fetch read before, by their primary key, so that each row is read once.
class KnownRows {
public:
    KnownRows(const detail::ModelInfo& model, int key_column) : key_(&model.key()), key_column_(key_column) {}

    /// The row read before, or null; then the next row read must be given to `remember`.
    void* find(backend::Cursor& cursor) {
        const auto number = detail::is_integer(key_->type)
                                ? index_.insert(cursor.integer(key_column_))
                                : index_.insert(cursor.value(key_column_, key_->type, key_));
        return number < rows_.size() ? rows_[number] : nullptr;
    }
    void remember(void* row) { rows_.push_back(row); }

private:
    const detail::FieldInfo* key_;
    int key_column_;
    KeyIndex index_;
    std::vector<void*> rows_;
};

}  // namespace kith::rows
