#pragma once

#include "backend/sqlite/handle.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

/// The keys of rows that one INSERT creates, without RETURNING, which collects its rows in a table of its own and lets
/// SQLite keep a journal of the statement: a quarter more instructions for a statement of 500 rows, twice as many for
/// one of a single row.
namespace kith::backend::sqlite {

/// Whether NewKeys finds the keys of new rows in this column: it is another name of the rowid, and the table has no
/// triggers, which could insert rows of their own.
bool is_rowid(Handle& handle, const detail::FieldInfo& key);

/// Collects the rowids of all rows that are inserted while it lives, in their order.
class NewKeys {
public:
    /// Expects `rows` rows.
    NewKeys(Handle& handle, std::size_t rows);
    NewKeys(const NewKeys&) = delete;
    NewKeys& operator=(const NewKeys&) = delete;
    ~NewKeys();

    /// Empty if there were more rows than expected.
    std::vector<std::int64_t> take();

private:
    static void note(void* self, int operation, const char* schema, const char* table, sqlite3_int64 rowid) noexcept;

    Handle& handle_;
    std::size_t expected_;
    std::size_t seen_{0};
    std::vector<std::int64_t> keys_;
};

} // namespace kith::backend::sqlite
