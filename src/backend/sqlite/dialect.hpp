#pragma once

#include "backend/sqlite/encoding.hpp"
#include "sql/dialect.hpp"

namespace kith::backend::sqlite {

/// The maximum number of parameters in a statement for the usual build of SQLite (SQLITE_MAX_VARIABLE_NUMBER).
inline constexpr std::size_t most_parameters = 32766;

/// SQLite's SQL. Column types have Django's names, each with an affinity that keeps our encoding unchanged.
class Dialect final : public sql::Dialect {
public:
    explicit Dialect(bool read_only, Encodings encodings = {}) : read_only_(read_only), encodings_(encodings) {}
    /// SQLite may be built, or configured at run time, to take fewer parameters than usual, and smaller values.
    void set_max_parameters(std::size_t count) { max_parameters_ = count; }
    void set_largest_value(std::size_t bytes) { largest_value_ = bytes; }

    std::string placeholder(std::size_t index) const override;
    std::string column_type(const detail::FieldInfo& field) const override;
    /// For several ranges and an order by the primary key, SQLite's planner prefers to scan the table.
    std::size_t most_key_runs() const override { return 1; }
    std::string automatic_key(std::string_view quoted_column, const detail::FieldInfo& field) const override;
    std::string constant(const detail::DefaultValue& constant, const detail::FieldInfo& column) const override;
    std::string aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                          detail::ColumnType type) const override;
    std::string arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                           detail::ColumnType type) const override;
    std::string operand(std::string expression, detail::ColumnType from, detail::ColumnType to) const override;
    std::string call(detail::ValueKind function, std::span<const std::string> arguments) const override;
    std::string stored(std::string expression, const detail::FieldInfo& field) const override;
    /// Texts may be equal by the collation of their column, and all integers are compared as numbers.
    bool matches_by_key(detail::ColumnType type) const override { return detail::is_integer(type); }
    std::string comparable(std::string expression, detail::ColumnType type) const override;
    /// Throws ValueError for an invalid regular expression.
    detail::Value lookup_value(detail::FieldLookup lookup, detail::Value value) const override;
    std::string key_source(const sql::KeyMarks& keys, std::string_view alias,
                           std::span<const sql::KeyColumn> columns) const override;
    std::string key(std::string_view alias, std::size_t i) const override;
    std::string key_join() const override;
    std::int64_t unit_of_time() const override { return microseconds_in(encodings_.timestamps); }
    std::size_t max_parameters() const override { return max_parameters_; }
    std::size_t largest_value() const override { return largest_value_; }
    std::string_view largest_value_is_set_by() const override { return "SQLITE_MAX_LENGTH, or the option untrusted"; }
    int explain_column() const override { return 3; }
    std::string_view explain_prefix() const override { return "EXPLAIN QUERY PLAN "; }
    std::string begin(bool writes, Isolation isolation) const override;
    std::string_view snapshot() const override { return "BEGIN DEFERRED"; }

private:
    /// `contains`, `startswith` and `endswith` are case-sensitive; their `i` forms and `iexact` ignore case for ASCII
    /// letters only, as SQLite's LIKE does. `regex` and `iregex` support all of Unicode.
    std::string text_lookup(detail::FieldLookup lookup, const std::string& column,
                            const std::string& placeholder) const override;
    std::string date_part(detail::FieldLookup part, const std::string& column, const std::string& placeholder,
                          detail::ColumnType type) const override;
    std::string_view no_limit() const override { return " LIMIT -1"; }

    bool read_only_;
    Encodings encodings_;
    std::size_t max_parameters_{most_parameters};
    std::size_t largest_value_{1'000'000'000};
};

} // namespace kith::backend::sqlite
