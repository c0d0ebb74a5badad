#pragma once

#include "sql/dialect.hpp"

namespace kith::backend::postgresql {

/// Bytes of the largest statement with its parameters, and so of the largest value. Beyond 1 GiB the server would close
/// the connection.
inline constexpr std::size_t largest_message = 1'000'000'000;

/// PostgreSQL's SQL.
class Dialect final : public sql::Dialect {
public:
    std::string placeholder(std::size_t index) const override;
    std::string column_type(const detail::FieldInfo& field) const override;
    std::string automatic_key(std::string_view quoted_column, const detail::FieldInfo& field) const override;
    std::string text_literal(std::string_view text) const override;
    std::string create_index(std::string_view schema, std::string_view name, std::string_view table,
                             std::string_view columns) const override;
    std::string add_foreign_key(std::string_view table, std::string_view name, std::string_view column,
                                std::string_view references) const override;
    std::string drop_foreign_key(std::string_view table, std::string_view name) const override;
    std::size_t longest_name() const override { return 63; }
    std::string comparable(std::string expression, detail::ColumnType type) const override;
    std::string order_term(std::string column, detail::ColumnType type, bool descending,
                           bool may_be_null) const override;
    detail::Value lookup_value(detail::FieldLookup lookup, detail::Value value) const override;
    /// Not for text, for which a collation may treat different bytes as equal, nor for numbers with more than one form.
    bool matches_by_key(detail::ColumnType type) const override;
    bool joins_keys(detail::ColumnType type) const override { return !matches_by_key(type); }
    std::string aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                          detail::ColumnType type) const override;
    std::string operand(std::string expression, detail::ColumnType from, detail::ColumnType to) const override;
    std::string call(detail::ValueKind function, std::span<const std::string> arguments) const override;
    std::string stored(std::string expression, const detail::FieldInfo& field) const override;
    std::string_view now() const override { return "STATEMENT_TIMESTAMP()"; }
    std::string key_condition(const std::string& column, const sql::KeyMarks& keys,
                              const sql::KeyColumn& key) const override;
    /// The plan that the server makes once, for all sets, expects ten keys. With fewer it seems too expensive, and the
    /// statement is planned anew each time, which takes longer than running it.
    std::size_t fewest_keys() const override { return 10; }
    bool binds_key_columns_apart() const override { return true; }
    std::string key_source(const sql::KeyMarks& keys, std::string_view alias,
                           std::span<const sql::KeyColumn> columns) const override;
    std::string key_join() const override { return " CROSS JOIN "; }
    std::size_t max_parameters() const override { return 65535; }
    std::size_t largest_value() const override { return largest_message; }
    std::string_view largest_value_is_set_by() const override { return "PostgreSQL itself"; }
    bool inserts_in_with() const override { return true; }
    std::string copy_from(std::string_view table, std::string_view columns) const override;
    std::string lock(const sql::RowLock& lock) const override;
    int explain_column() const override { return 0; }
    std::string_view explain_prefix() const override { return "EXPLAIN "; }
    std::string begin(bool writes, Isolation isolation) const override;
    std::string_view snapshot() const override { return "BEGIN ISOLATION LEVEL REPEATABLE READ"; }

private:
    /// Lookups that ignore case compare UPPER of both sides, by the rules of the database's locale. `regex` and
    /// `iregex` take PostgreSQL's own syntax.
    std::string text_lookup(detail::FieldLookup lookup, const std::string& column,
                            const std::string& placeholder) const override;
    std::string date_part(detail::FieldLookup part, const std::string& column, const std::string& placeholder,
                          detail::ColumnType type) const override;
    std::string key_array(const std::string& mark, const sql::KeyColumn& key) const;
};

} // namespace kith::backend::postgresql
