#pragma once

#include "sql/dialect.hpp"

#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kith::backend::mariadb {

/// The text that opens a snapshot; Connection recognizes it.
inline constexpr std::string_view snapshot_text = "SET autocommit = 0";

/// MariaDB's SQL.
class Dialect final : public sql::Dialect {
public:
    char quotes() const noexcept override { return '`'; }
    std::string column_type(const detail::FieldInfo& field) const override;
    std::string automatic_key(std::string_view quoted_column, const detail::FieldInfo& field) const override;
    std::string text_literal(std::string_view text) const override;
    bool sets_default() const override { return false; }
    std::string create_index(std::string_view schema, std::string_view name, std::string_view table,
                             std::string_view columns) const override;
    std::string add_foreign_key(std::string_view table, std::string_view name, std::string_view column,
                                std::string_view references) const override;
    std::string drop_foreign_key(std::string_view table, std::string_view name) const override;
    std::size_t longest_name() const override { return 64; }
    /// Throws ValueError for an invalid regular expression.
    detail::Value lookup_value(detail::FieldLookup lookup, detail::Value value) const override;
    std::string aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                          detail::ColumnType type) const override;
    std::string arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                           detail::ColumnType type) const override;
    std::string operand(std::string expression, detail::ColumnType from, detail::ColumnType to) const override;
    std::string_view now() const override { return "UTC_TIMESTAMP(6)"; }
    /// The number of keys whose JSON text the server accepts as one value.
    std::size_t keys_in_parameter(const sql::KeySet& keys) const override;
    /// Reads the parts of a divided set one after the other.
    std::string key_source(const sql::KeyMarks& keys, std::string_view alias,
                           std::span<const sql::KeyColumn> columns) const override;
    std::string key_join() const override { return " STRAIGHT_JOIN "; }
    std::string limited_list(std::string select) const override;
    bool returns_updated() const override { return false; }
    std::string_view latest() const override { return " LOCK IN SHARE MODE"; }
    /// Locks the rows of all joined tables.
    std::string lock(const sql::RowLock& lock) const override;
    std::size_t max_parameters() const override { return 65535; }
    /// As reported to the last connection.
    std::size_t largest_value() const override { return largest_value_.load(std::memory_order_relaxed); }
    std::string_view largest_value_is_set_by() const override { return "the server's max_allowed_packet"; }
    std::string_view no_values() const override { return "() VALUES ()"; }
    std::string_view zero_key_prefix() const override {
        return "SET STATEMENT sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO') FOR ";
    }
    std::string insert_ignore_suffix(std::string_view table, std::string_view column) const override;
    std::string on_conflict(std::span<const std::string> key, std::span<const std::string> updated) const override;
    bool names_conflicts() const override { return false; }
    int explain_column() const override { return 0; }
    std::string_view explain_prefix() const override { return "EXPLAIN FORMAT=JSON "; }
    std::string begin(bool writes, Isolation isolation) const override;
    std::string_view snapshot() const override { return snapshot_text; }

    void set_largest_value(std::size_t bytes) noexcept { largest_value_.store(bytes, std::memory_order_relaxed); }

private:
    /// Case-sensitive lookups compare bytes, the others compare UPPER of both sides, whatever the collation of the
    /// column. `exact`, `in` and order comparisons use the collation, and can use an index.
    std::string text_lookup(detail::FieldLookup lookup, const std::string& column,
                            const std::string& placeholder) const override;
    std::string date_part(detail::FieldLookup part, const std::string& column, const std::string& placeholder,
                          detail::ColumnType type) const override;
    std::string_view no_limit() const override { return " LIMIT 18446744073709551615"; }

    std::string in_form_of(const sql::KeyColumn& column, const std::string& text) const;

    std::atomic<std::size_t> largest_value_{std::size_t{16} * 1024 * 1024};
};

} // namespace kith::backend::mariadb
