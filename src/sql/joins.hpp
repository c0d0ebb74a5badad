#pragma once

#include "query/query.hpp"
#include "sql/writer.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::sql {

using detail::FieldInfo;
using detail::JoinTable;
using detail::ModelInfo;
using detail::RelationInfo;

/// The tables of a statement and how they are joined. Relations to one row are joined once, however often they are
/// named; relations to many once per `filter` call, so that the conditions of one call are about the same rows.
class Joins {
public:
    /// Which filter call a join belongs to. Joins of `shared` serve ordering, select_related and values.
    using CallNumber = std::size_t;
    static constexpr CallNumber shared = 0;
    static constexpr CallNumber first_call = 1;
    static constexpr CallNumber every_call = static_cast<CallNumber>(-1);

    /// `writer` is the writer of the statement.
    Joins(Writer& writer, const ModelInfo& base);
    /// A subquery over `base` that may refer to the statement around it.
    static Joins within(const Joins& outer, const ModelInfo& base);

    /// A subquery about one row of the statement around it: the base is that row, and FROM starts with the first join.
    static Joins about_row_of(const Joins& outer);

    /// From here on, follow() joins the table between a foreign key and the rows that share the key it refers to only
    /// if need() asks for it: `person.hometown_id = other.hometown_id` instead of a join with `city`. A foreign key
    /// that is not null is taken to lead to a row, as the database's constraint has it.
    void pass_over_keys() noexcept { passes_over_ = true; }
    /// A column of the table at `at` is part of the statement.
    void need(std::size_t at) { tables_[at].needed = true; }

    /// The statement itself joins the base to the links of `relation`, which leads to it. Conditions of `call_number`
    /// that go back over the links, or over the model that they are rows of, are about the same links. Returns the
    /// alias of the links.
    const std::string& given_link(const RelationInfo& relation, CallNumber call_number);
    /// Follows `relation` from the table at `from`. `inner`: rows without a partner cannot be in the result.
    std::size_t follow(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool inner);
    /// As follow(), but only up to the join table of a many-to-many.
    std::size_t follow_to_link(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool inner);

    /// The condition that the row of the table at `at`, which has the generic foreign key behind `relation`, leads to
    /// the relation's model; empty for all other relations.
    std::string type_condition(const RelationInfo& relation, std::size_t at) const;

    /// The name of the table at `at` in the statement, quoted.
    const std::string& alias(std::size_t at) const { return tables_[at].alias; }
    /// `"city"."name"`, for a column of the table at `at`.
    std::string column(std::size_t at, std::string_view column_name) const;
    void append_column(std::string& text, std::size_t at, std::string_view column_name) const;
    /// Whether the table at `at` may have no row.
    bool is_optional(std::size_t at) const;
    /// The number of joins that can return more than one row per row of the base.
    std::size_t sets() const;

    /// `"person"`, or `"person" AS "U0"`.
    std::string base_table() const;
    /// ` INNER JOIN … ON …` for all joined tables.
    std::string text() const;
    /// For a subquery about a row: the text of FROM, and the condition that ties it to the row.
    std::string tables_about_row() const;
    std::string tie() const;

private:
    struct Table {
        std::string name;  // quoted, with schema
        std::string alias; // quoted
        std::size_t from{0};
        const RelationInfo* relation{nullptr};
        CallNumber call_number{shared};
        bool is_link{false}; // the join table of the relation rather than its target
        bool inner{true};
        std::string condition{};
        bool given{false};       // joined elsewhere in the statement
        bool needed{true};       // see need()
        std::string past_from{}; // the condition if the table at `from` is not joined; empty if it has to be
    };

    std::size_t add(std::size_t from, const RelationInfo& relation, CallNumber call_number, bool is_link, bool inner,
                    std::string name, std::string_view table_name);
    std::string unused_alias(std::string_view table_name) const;
    /// The given links, if following `relation` from the base in `call_number` leads over them; else 0.
    std::size_t find_given(std::size_t from, const RelationInfo& relation, CallNumber call_number) const;

    /// Joins the table at `at`, whose `columns` hold what `relation`'s source columns hold in the table at `from`.
    void match(std::size_t at, std::size_t from, const RelationInfo& relation, std::span<const std::string> columns);
    /// The column before the table at `from` that holds the same as its column `key`; null if that cannot be known.
    const FieldInfo* passed_over(std::size_t from, const FieldInfo& key) const;
    /// For each table whether it is joined.
    std::vector<bool> joined_tables() const;
    std::size_t first_joined() const;
    const std::string& condition(std::size_t at, const std::vector<bool>& is_joined) const;

    Joins(const Joins& outer, std::size_t depth);
    std::string join_clause(std::size_t first) const;
    std::string declared(std::size_t at) const;

    Writer& writer_;
    const Dialect& dialect_;
    bool passes_over_{false};
    std::size_t depth_{0}; // of subqueries around: their aliases must not be hidden
    std::vector<Table> tables_;
};

/// Whether following `relation` can lead to several rows.
bool is_multiple(const RelationInfo& relation);
/// The column of `relation`'s source whose value, wherever the relation leads to a row, is the value of that row's
/// `column`. Null if there is none, or if the two may be equal and yet differ, as texts of some collations do.
const FieldInfo* same_in_source(const RelationInfo& relation, const FieldInfo& column, const Dialect& dialect);

} // namespace kith::sql
