#pragma once

#include "sql/statement.hpp"

#include <cstddef>
#include <string>

/// A set of keys as the JSON text that JSON_TABLE reads.
namespace kith::backend::mariadb {

/// `[1,2,3]`, or `["a","b"]`; bytes in hexadecimal digits.
std::string json_keys(const sql::KeySet& keys);

/// The number of keys of `keys`, whichever they are, that certainly fit into a text of `bytes`; at least one.
std::size_t keys_within(const sql::KeySet& keys, std::size_t bytes);

/// The column of JSON_TABLE that reads keys of `type`: `BIGINT`.
std::string json_column(sql::ColumnType type);

} // namespace kith::backend::mariadb
