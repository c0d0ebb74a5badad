#pragma once

#include "backend/backend.hpp"

#include <memory>
#include <utility>

namespace kith::connection {

/// A cursor around another, which it passes everything on to but the coming of rows.
class ForwardingCursor : public backend::Cursor, public backend::RowLoop {
public:
    void read(std::span<const backend::ColumnSlot> slots, int first, void* row, backend::KeyStore& keys) final {
        inner_->read(slots, first, row, keys);
    }
    std::vector<std::string> column_names() final { return inner_->column_names(); }
    bool is_null(int column) final { return inner_->is_null(column); }
    std::int64_t integer(int column) final { return inner_->integer(column); }
    backend::Value value(int column, backend::ColumnType type, const backend::FieldInfo* field) final {
        return inner_->value(column, type, field);
    }
    std::size_t row_bytes() final { return inner_->row_bytes(); }
    backend::RowLoop* row_loop() final { return inner_->row_loop() != nullptr ? this : nullptr; }
    bool has_failed() const final { return inner_->row_loop()->has_failed(); }

protected:
    explicit ForwardingCursor(std::unique_ptr<backend::Cursor> inner) : inner_(std::move(inner)) {}

    std::unique_ptr<backend::Cursor> inner_;
};

} // namespace kith::connection
