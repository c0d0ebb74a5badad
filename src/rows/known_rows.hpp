#pragma once

#include "backend/backend.hpp"
#include "rows/key_index.hpp"

#include <vector>

namespace kith::rows {

/// Finds rows that one fetch read before, by their primary key, so that each row is read once.
class KnownRows {
public:
    /// `columns`: the result columns of the primary key of `model`.
    KnownRows(const detail::ModelInfo& model, const std::vector<int>& columns)
        : model_(&model),
          key_(columns.size() > 1 ? model.primary_key.front() : &model.key()),
          key_column_(columns.front()),
          columns_(columns) {}

    /// The row read before, or null; then the next row read must be given to `remember`.
    void* find(backend::Cursor& cursor) {
        if (columns_.size() > 1) return find_composite(cursor);
        const auto number = detail::is_integer(key_->type)
                                ? index_.insert(backend::integer_key(cursor, key_column_, *key_))
                                : index_.insert(cursor.value(key_column_, key_->type, key_));
        return number < rows_.size() ? rows_[number] : nullptr;
    }
    void remember(void* row) {
        if (rows_.capacity() == 0) rows_.reserve(16); // most loads are small
        rows_.push_back(row);
    }
    void reserve(std::size_t rows) { rows_.reserve(rows); }

private:
    void* find_composite(backend::Cursor& cursor) {
        std::vector<Value> key;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const auto* field = model_->primary_key[i];
            key.push_back(cursor.value(columns_[i], field->type, field));
        }
        const auto number = composites_.insert(key);
        return number < rows_.size() ? rows_[number] : nullptr;
    }

    const detail::ModelInfo* model_;
    const detail::FieldInfo* key_;
    int key_column_;
    std::vector<int> columns_;
    CompositeIndex composites_;
    KeyIndex index_;
    std::vector<void*> rows_;
};

} // namespace kith::rows
