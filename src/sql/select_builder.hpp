#pragma once

#include "sql/joins.hpp"
#include "sql/select.hpp"
#include "sql/where.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::sql {

/// The columns of a SELECT, as one text.
class SelectedColumns {
public:
    void add(std::string_view column) {
        begin();
        text_ += column;
        end();
    }
    /// Between the two, the column is appended to text().
    void begin() {
        if (!ends_.empty()) text_ += separator;
    }
    void end() { ends_.push_back(text_.size()); }
    std::string& text() noexcept { return text_; }
    /// Makes room for as many columns of tables.
    void reserve(std::size_t columns) {
        constexpr std::size_t usual_length = 28;
        ends_.reserve(ends_.size() + columns);
        text_.reserve(text_.size() + columns * usual_length);
    }
    const std::string& text() const noexcept { return text_; }

    std::size_t size() const noexcept { return ends_.size(); }
    std::string_view operator[](std::size_t i) const {
        const auto begin = i == 0 ? 0 : ends_[i - 1] + separator.size();
        return std::string_view(text_).substr(begin, ends_[i] - begin);
    }
    /// The index of a column.
    std::optional<std::size_t> find(std::string_view column) const {
        for (std::size_t i = 0; i < size(); ++i) {
            if ((*this)[i] == column) return i;
        }
        return std::nullopt;
    }

private:
    static constexpr std::string_view separator = ", ";

    std::string text_;
    std::vector<std::size_t> ends_;
};

/// A SELECT being built: its parts are added in whatever order is convenient and put together at the end.
class SelectBuilder {
public:
    SelectBuilder(Writer& writer, const ModelInfo& base);
    /// A subselect that may refer to rows of the statement that `outer` writes.
    SelectBuilder(Writer& writer, const ModelInfo& base, Where& outer);

    Writer& writer() { return writer_; }
    Joins& joins() { return joins_; }
    Where& where() { return where_; }

    void column(std::string_view text) { columns_.add(text); }
    /// The index of a column, which is added if it is missing.
    int place_of(const std::string& text);
    const SelectedColumns& columns() const { return columns_; }
    void distinct() { distinct_ = true; }
    /// Returns one row for each group of rows that are equal in the first columns, and for which `having` holds.
    void group(std::string having);
    /// Adds a condition; ignores an empty text.
    void filter(std::string text);

    /// The columns of the table at `at` except `left_out`.
    RowPart row(const ModelInfo& model, std::size_t at, std::vector<const FieldInfo*> left_out = {});
    /// The values of the annotations of `query`, as further columns of `part`.
    void annotations(const Query& query, RowPart& part);
    /// The relations that select_related joins, each step once, as further parts of `plan`.
    void selected(const Query& query, RowPlan& plan);

    /// The clause that locks the rows of `query`, empty if it locks none. After selected().
    std::string lock_clause(const Query& query);

    /// The conditions, the owner and DISTINCT of `query`; no columns, no order.
    void restrict_to(const Query& query);
    /// The order of `query`, or of its model.
    void order(const Query& query);
    void default_order(bool reversed);
    /// Orders groups by one of their columns: databases do not always see that an expression is the one of a column.
    void order_by_place(std::size_t place, const query::Order& term, bool reversed);
    /// Orders rows that are equal so far by their primary key, so that a slice of them is the same every time.
    void break_ties(bool reversed);
    const std::vector<std::string>& order_terms() const { return order_; }
    /// The expressions that order the rows, and the term of ORDER BY for one of them under another name.
    const std::vector<std::string>& order_columns() const { return order_columns_; }
    std::string order_term(std::size_t i, std::string name) const;

    /// Drives the statement from a bound set of keys: the keys first, then the table of `relation`'s links if there is
    /// one, then the base table.
    void drive(const KeyOrigin& from, const RelationInfo& relation);
    /// As drive(), with the keys compared to `columns` of the base.
    void drive(std::shared_ptr<const KeySet> keys, std::span<const FieldInfo* const> columns);
    /// What identifies the key of a row: its ordinal, or the column that equals the key.
    const std::string& matched() const { return matched_; }
    /// Whether the set of keys is one key, so that all rows belong to the same parent.
    bool has_one_key() const { return has_one_key_; }

    std::string from() const;
    std::string where_clause() const;
    std::string order_clause() const;
    /// The whole statement, without a limit.
    std::string text() const;

private:
    struct OrderForm {
        ColumnType type{};
        bool descending{false};
        bool may_be_null{false};
    };

    /// The row that `relation` joins to the one of `parent`, without the values that are there already.
    RowPart joined_row(const RelationInfo& relation, const RowPart& parent, std::size_t at,
                       std::vector<const FieldInfo*> left_out);
    /// An empty part for the columns that are added next.
    RowPart new_part(const ModelInfo& model, std::vector<const FieldInfo*> left_out) const;
    /// Adds a column of the table at `at` to `part`.
    void add(const FieldInfo& field, std::size_t at, RowPart& part);
    void match(std::shared_ptr<const KeySet> keys, std::span<const std::string> columns,
               std::span<const KeyColumn> key);
    void match(const RowsAbove& rows, const FieldInfo& source, const std::string& column);
    void order_by(const query::Order& term, bool reversed);
    void add_order(OrderForm form, std::string column);

    Writer& writer_;
    Joins joins_;
    Where where_;
    const ModelInfo& base_;
    bool distinct_{false};
    std::string driver_; // comes before the base table in FROM
    std::string link_;   // comes after it, before the joins
    SelectedColumns columns_;
    std::vector<std::string> conditions_;
    std::vector<std::string> order_;
    std::vector<std::string> order_columns_; // parallel to order_, without direction
    std::vector<OrderForm> order_forms_;     // parallel to order_
    std::string group_;                      // GROUP BY … HAVING …
    std::string matched_;
    bool has_one_key_{false};
};

/// The join table of `relation`, quoted: its name, and the alias that qualifies its columns.
struct LinkTable {
    std::string name;
    std::string alias;
    std::string source; ///< the column that holds the source's key
    std::string target;

    LinkTable(const Dialect& dialect, const RelationInfo& relation);
    LinkTable(const Dialect& dialect, const RelationInfo& relation, std::string called);
    /// `name`, or `name AS alias`.
    std::string declared() const { return name == alias ? name : name + " AS " + alias; }
};

/// How a statement finds the rows that have one of a set of keys.
struct KeyMatch {
    std::string source; ///< the keys as a table, empty if the condition is enough
    std::string condition;
    std::string matched; ///< see SelectBuilder::matched()

    /// `columns` are those of `key` as the statement writes them.
    KeyMatch(std::shared_ptr<const KeySet> keys, std::span<const std::string> columns, std::span<const KeyColumn> key,
             Writer& writer);
    /// `column` is `key` as the statement writes it.
    KeyMatch(std::shared_ptr<const KeySet> keys, const std::string& column, const KeyColumn& key, Writer& writer);
};

/// ` LIMIT …` of a sliced query, else empty.
std::string limit_clause(const Query& query, const Dialect& dialect);

} // namespace kith::sql
