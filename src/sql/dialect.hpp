#pragma once

#include "sql/statement.hpp"

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/isolation.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kith::sql {

using detail::ColumnType;
using detail::FieldInfo;
using detail::FieldLookup;

/// The column that keys are compared with; the names are not quoted.
struct KeyColumn {
    ColumnType type{};
    std::string_view schema{};
    std::string_view table{};
    std::string_view column{};

    static KeyColumn of(const FieldInfo& field);
    static KeyColumn of(const detail::JoinTable& link, std::string_view column, ColumnType type) {
        return {.type = type, .schema = link.schema, .table = link.name, .column = column};
    }
};

/// How a SELECT locks its rows.
struct RowLock {
    bool nowait{false};
    bool skip_locked{false};
    bool key_share{false};
    bool names_tables{false};              ///< rather than to leave it to Kith
    std::span<const std::string> tables{}; ///< their aliases, quoted
};

/// The differences between databases in the text of statements. The compiler walks the query once and asks the dialect.
class Dialect {
public:
    virtual ~Dialect() = default;

    /// An identifier in quotes, with inner quotes doubled. Throws ValueError for names with NUL.
    std::string quote(std::string_view identifier) const;
    void append_quoted(std::string& text, std::string_view identifier) const;
    /// The character of these quotes.
    virtual char quotes() const noexcept { return '"'; }
    /// The placeholder of bind `index`, counted from 1.
    virtual std::string placeholder(std::size_t index) const;
    /// Whether placeholders name their bind, rather than take the next one.
    virtual bool numbers_placeholders() const { return placeholder(1) != placeholder(2); }

    /// The column type in CREATE TABLE, `integer`, `varchar(50)`; without constraints.
    virtual std::string column_type(const FieldInfo& field) const = 0;
    /// The whole definition of a single integer primary key that the database fills.
    virtual std::string automatic_key(std::string_view quoted_column, const FieldInfo& field) const = 0;

    /// `text`, which has no NUL, as a literal: for statements without parameters.
    virtual std::string text_literal(std::string_view text) const;
    /// `constant` as a literal in the form in which `column` stores it.
    virtual std::string constant(const detail::DefaultValue& constant, const FieldInfo& column) const;
    /// Whether a foreign key may have ON DELETE SET DEFAULT.
    virtual bool sets_default() const { return true; }
    /// CREATE INDEX IF NOT EXISTS; `columns` are quoted and joined.
    virtual std::string create_index(std::string_view schema, std::string_view name, std::string_view table,
                                     std::string_view columns) const;
    /// Adds a foreign key to a table that is created before the one it refers to; `table` is qualified, `name` and
    /// `column` are quoted, `references` is the text after the columns. Empty if CREATE TABLE may refer to later
    /// tables.
    virtual std::string add_foreign_key(std::string_view table, std::string_view name, std::string_view column,
                                        std::string_view references) const;
    /// Drops that foreign key, so that the tables can be dropped one by one. Empty as above.
    virtual std::string drop_foreign_key(std::string_view table, std::string_view name) const;
    /// The maximum length in bytes of the name of an index or constraint.
    virtual std::size_t longest_name() const;

    /// The call of an aggregate function on `argument`, which comes from a column of type `type`, in a form that
    /// returns the type of query::result_type().
    virtual std::string aggregate(detail::AggregateFunction function, bool distinct, const std::string& argument,
                                  ColumnType type) const;

    /// `left + right` and the like for numbers of type `type`: a std::int64_t, double or Decimal. A quotient by 0 is
    /// NULL, that of integers has no fraction, and a result out of range is an error.
    virtual std::string arithmetic(detail::ValueKind kind, const std::string& left, const std::string& right,
                                   ColumnType type) const;
    /// `expression` of type `from` as an operand of an operation in type `to`.
    virtual std::string operand(std::string expression, ColumnType from, ColumnType to) const;
    /// The call of a function: COALESCE, LOWER, UPPER, and the number of characters.
    virtual std::string call(detail::ValueKind function, std::span<const std::string> arguments) const;
    /// The time of the statement. Empty if the database has no clock of microseconds: it is that of this machine.
    virtual std::string_view now() const { return {}; }
    /// The unit of the time stamps that it stores, in microseconds.
    virtual std::int64_t unit_of_time() const { return 1; }
    /// The value of `expression`, which is computed, as `field` stores it. One that it cannot hold is an error.
    virtual std::string stored(std::string expression, const FieldInfo& field) const;

    /// `expression` as the database's own text.
    virtual std::string as_text(const std::string& expression) const;

    /// `expression` in a form that compares and sorts by value (decimals stored as text need a collation).
    virtual std::string comparable(std::string expression, ColumnType type) const;

    /// A term of ORDER BY. NULL sorts before everything, so last in descending order.
    virtual std::string order_term(std::string column, ColumnType type, bool descending, bool may_be_null) const;

    /// The condition for `lookup`: `column` is SQL, `placeholder` is the placeholder of the value from `lookup_value`.
    std::string lookup(FieldLookup lookup, const std::string& column, const std::string& placeholder,
                       ColumnType type) const;
    /// The value to bind for `lookup`: a pattern with its special characters escaped, or the value itself.
    virtual detail::Value lookup_value(FieldLookup lookup, detail::Value value) const = 0;

    /// Whether keys of `type` that the database treats as equal are equal in bytes: then rows are returned with their
    /// key, and no ordinal is needed.
    virtual bool matches_by_key(ColumnType type) const;
    /// Whether the rows of many keys are found best by a join with `key_source`, rather than by `key_condition`.
    virtual bool joins_keys(ColumnType) const { return true; }
    /// The number of keys that smaller sets are filled up to: for a database whose prepared statements have a plan for
    /// sets of that size.
    virtual std::size_t fewest_keys() const { return 0; }
    /// The most runs of consecutive integers that keys travel as. With more, a planner may scan the table instead.
    virtual std::size_t most_key_runs() const { return 8; }
    /// The number of keys of the set that one parameter can hold.
    virtual std::size_t keys_in_parameter(const KeySet& keys) const;
    /// The condition that `column` equals one of the bound keys.
    virtual std::string key_condition(const std::string& column, const KeyMarks& keys, const KeyColumn& key) const;
    /// Whether a key set of several columns is bound column by column, each a parameter of its own.
    virtual bool binds_key_columns_apart() const { return false; }
    /// A table expression over the bound key set, aliased `alias`, with columns `alias.ordinal`, counted from 1,
    /// `alias.key0`, `alias.key1`, ….
    virtual std::string key_source(const KeyMarks& keys, std::string_view alias,
                                   std::span<const KeyColumn> columns) const = 0;
    /// Column `i` of the key source `alias`, in the form for comparison with a column of a table.
    virtual std::string key(std::string_view alias, std::size_t i) const;
    /// The join from the key source to the table that it drives, if the dialect can fix the order: ` CROSS JOIN `.
    virtual std::string key_join() const = 0;

    /// ` LIMIT 10 OFFSET 5`; `count` npos means no upper bound.
    std::string limit(std::size_t offset, std::size_t count) const;
    /// The clause that makes a SELECT read the rows committed last, if transactions do not do so anyway.
    virtual std::string_view latest() const;
    /// The clause of a SELECT that locks its rows: ` FOR UPDATE`. Empty if the transaction holds the whole database.
    /// Throws ValueError for what the database does not have.
    virtual std::string lock(const RowLock& lock) const;
    /// The maximum number of parameters in one statement.
    virtual std::size_t max_parameters() const = 0;
    /// The largest value that the database accepts, in bytes, and what sets it: `max_allowed_packet of the server`.
    virtual std::size_t largest_value() const = 0;
    virtual std::string_view largest_value_is_set_by() const = 0;
    /// `select`, which has a LIMIT, in a form that is valid inside IN.
    virtual std::string limited_list(std::string select) const;
    /// The text after the table in an INSERT of a row without any value of its own.
    virtual std::string_view no_values() const;
    /// The prefix of an INSERT that has 0 as a key, if the database would generate a key instead.
    virtual std::string_view zero_key_prefix() const { return {}; }
    /// Whether a statement may begin with INSERTs whose rows the rest of it uses: `WITH name AS (INSERT … RETURNING
    /// …)`.
    virtual bool inserts_in_with() const { return false; }
    /// The statement that reads rows of these columns in the database's own form, if it has such a statement; `table`
    /// is qualified, `columns` are quoted and joined.
    virtual std::string copy_from(std::string_view table, std::string_view columns) const;
    /// The clause after an INSERT into `table` that skips existing rows; `column` is one of the table's. Both are
    /// quoted.
    virtual std::string insert_ignore_suffix(std::string_view table, std::string_view column) const;
    /// The clause after the rows of an INSERT that updates the row that has the same `key`, columns of a unique key:
    /// its columns `updated` get the new values. If there are none, the new row is left out; only for a dialect that
    /// names_conflicts(). All are quoted.
    virtual std::string on_conflict(std::span<const std::string> key, std::span<const std::string> updated) const;
    /// Whether that clause is for one key, rather than for each unique key of the table.
    virtual bool names_conflicts() const { return true; }
    /// Whether UPDATE … RETURNING returns the rows that it has changed.
    virtual bool returns_updated() const { return true; }
    /// The column of the plan to read.
    virtual int explain_column() const = 0;
    /// The statement that shows the database's plan: `EXPLAIN QUERY PLAN `.
    virtual std::string_view explain_prefix() const = 0;

    /// The statement that opens a transaction, one that `writes` or one that only reads, or two with `;` between them.
    /// The transaction has at least that isolation.
    virtual std::string begin(bool writes, Isolation isolation) const = 0;
    /// The statement that opens a transaction in which all statements see the same state of the database. It must allow
    /// writing: it may belong to a stream whose rows are changed while they are read.
    virtual std::string_view snapshot() const = 0;

private:
    /// The condition for a lookup in text: `iexact`, `contains` and the like, `regex`, `iregex`.
    virtual std::string text_lookup(FieldLookup lookup, const std::string& column,
                                    const std::string& placeholder) const = 0;
    /// A part of a date or timestamp: `year`, `month`, `day` compared for equality with a number.
    virtual std::string date_part(FieldLookup part, const std::string& column, const std::string& placeholder,
                                  ColumnType type) const = 0;
    /// The LIMIT without effect that OFFSET needs in some databases.
    virtual std::string_view no_limit() const { return {}; }
};

} // namespace kith::sql
