#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <kith/detail/ast.hpp>
#include <kith/detail/model_info.hpp>
#include <kith/isolation.hpp>

namespace kith::sql {

using detail::ColumnType;
using detail::FieldInfo;
using detail::Lookup;

/// What differs between databases in the text of statements. The compiler walks the query once and asks here.
class Dialect {
public:
    virtual ~Dialect() = default;

    /// An identifier in quotes, quotes within doubled. Throws ValueError for names with NUL.
    virtual std::string quote(std::string_view identifier) const;
    /// The placeholder of bind `index`, counted from 1.
    virtual std::string placeholder(std::size_t index) const;

    /// The column type in CREATE TABLE, `integer`, `varchar(50)`; without constraints.
    virtual std::string column_type(const FieldInfo& field) const = 0;
    /// The whole definition of a single integer primary key that the database fills.
    virtual std::string automatic_key(std::string_view quoted_column) const = 0;

    /// CREATE INDEX where there is none of that name; `columns` are quoted and joined.
    virtual std::string create_index(std::string_view schema, std::string_view name, std::string_view table,
                                     std::string_view columns) const;

    /// The call of an aggregate function on `argument`, which comes from a column of type `type`, in a form that gives
    /// the type that query::result_type() says.
    virtual std::string aggregate(detail::AggregateFunction function, const std::string& argument,
                                  ColumnType type) const;

    /// `expression` in a form that compares and sorts by value (decimals kept as text need a collation).
    virtual std::string comparable(std::string expression, ColumnType type) const;

    /// The condition for `lookup`: `column` is SQL, `placeholder` stands for the value made by `lookup_value`.
    virtual std::string lookup(Lookup lookup, const std::string& column, const std::string& placeholder,
                               ColumnType type) const = 0;
    /// The value to bind for `lookup`: a pattern with its special characters escaped, or the value itself.
    virtual detail::Value lookup_value(Lookup lookup, detail::Value value) const = 0;
    /// Part of a date or time stamp: `year`, `month`, `day` compared for equality with a number.
    virtual std::string date_part(Lookup part, const std::string& column, const std::string& placeholder,
                                  ColumnType type) const = 0;

    /// A table expression over the bound key set, aliased `alias`, with columns `alias.ordinal`, `alias.key0`, ….
    virtual std::string key_source(std::string_view placeholder, std::string_view alias,
                                   std::span<const ColumnType> types) const = 0;
    /// The join from the key source to what it drives, if the dialect can pin the order: ` CROSS JOIN `.
    virtual std::string key_join() const = 0;

    /// ` LIMIT 10 OFFSET 5`; `count` npos means no upper bound.
    virtual std::string limit(std::size_t offset, std::size_t count) const = 0;
    /// How many parameters one statement may have.
    virtual std::size_t max_parameters() const = 0;
    /// `INSERT` that skips rows which exist already: the words before (`INSERT INTO `) and the clause behind
    /// (` ON CONFLICT DO NOTHING`).
    virtual std::string_view insert_ignore() const = 0;
    virtual std::string_view insert_ignore_suffix() const = 0;
    /// Which column of the plan is to be read.
    virtual int explain_column() const = 0;
    /// The statement that shows the database's plan: `EXPLAIN QUERY PLAN `.
    virtual std::string_view explain_prefix() const = 0;

    /// The statement that opens a transaction, one that `writes` or one that only looks. Throws ValueError for an
    /// isolation that the database does not have.
    virtual std::string begin(bool writes, Isolation isolation) const = 0;
};

}  // namespace kith::sql
