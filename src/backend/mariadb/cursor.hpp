#pragma once

#include "backend/backend.hpp"
#include "backend/mariadb/decode.hpp"
#include "backend/mariadb/statement.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace kith::backend::mariadb {

/// A statement that was executed. Its rows are in memory, or come from a cursor at the server: in both cases the
/// connection is free for others between the calls.
class Cursor final : public backend::Cursor {
public:
    Cursor(Handle& handle, StatementCache::Loan loan, std::string sql);

    bool next() override;
    void read(std::span<const ColumnSlot> slots, int first, void* row, KeyStore& keys) override;
    std::vector<std::string> column_names() override;
    bool is_null(int column) override;
    std::int64_t integer(int column) override;
    Value value(int column, ColumnType type, const FieldInfo* field) override;
    std::size_t row_bytes() override;

private:
    /// The cells of the current row, which the client library hands out one by one.
    struct Row {
        MYSQL_STMT* statement;
        std::vector<RawCell> cells;
    };

    static void take(void* row, unsigned column, unsigned char** data);
    CurrentRow current() const;
    void require_column(int column) const;

    Handle* handle_;
    StatementCache::Loan loan_;
    std::string sql_;
    std::unique_ptr<Row> row_; // at one address, which the library knows
    std::size_t number_{0};
    bool on_row_{false};
    bool ended_{false};
};

} // namespace kith::backend::mariadb
