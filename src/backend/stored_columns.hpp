#pragma once

#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

/// Servers round, cut and convert values that do not fit a column, many silently. Values that would not be read back
/// unchanged are refused before they are sent.
namespace kith::backend {

/// What a column can hold, as far as values can be lost in it.
struct StoredColumn {
    enum class Kind : std::uint8_t {
        other, ///< the server refuses what does not fit, or the type is unknown
        whole,
        year,       ///< two-digit numbers mean other years
        fraction32, ///< binary
        fraction64, ///< binary
        decimal,
        text,
        cast_text, ///< the same, but a timestamp is stored with its zone
        padded,    ///< text that loses trailing blanks
        filled,    ///< text that is padded with blanks to its length
        moment,    ///< day and time
        local,     ///< day and time without a zone
        datetime,  ///< the same, from which a day may be read
        day,
        bytes,
        padded_bytes, ///< exactly `places` bytes
        boolean,
        unread, ///< no member can read it
        uuid,
    };

    Kind kind{Kind::other};
    int places{-1}; ///< digits after the point, characters or bytes that are kept; negative: all
    std::string declared{};
    bool always_inserted{false}; ///< see StoredColumns::are_always_inserted()
};

/// The columns of tables, queried when a connection first asks for one of each.
class StoredColumns {
public:
    using Columns = std::map<std::string, StoredColumn, std::less<>>;
    /// Queries the columns of a table from the server; returns none for a missing table.
    using Ask = std::function<Columns(std::string_view schema, std::string_view table)>;

    explicit StoredColumns(Ask ask) : ask_(std::move(ask)) {}

    /// Throws ValueError for a value that `statement` would store so that it is not read back unchanged. Before that,
    /// queries the table again, since it may have been altered.
    void require_kept(const sql::Statement& statement);
    /// Whether the column has a type of integers.
    bool are_whole(const sql::KeyColumn& column);
    /// Whether an INSERT into the table of the column inserts every row that it is given, or fails.
    bool are_always_inserted(const sql::KeyColumn& column);
    /// To be called for a statement of the caller's own, which may alter tables or give them triggers.
    void forget() noexcept { tables_.clear(); }

private:
    const StoredColumn* find(std::string_view schema, std::string_view table, std::string_view column, bool again);

    Ask ask_;
    std::map<std::pair<std::string, std::string>, Columns, std::less<>> tables_{};
};

/// Whether a column keeps `value`, so that a member of its type reads it again.
bool keeps(const StoredColumn& column, const detail::Value& value);

} // namespace kith::backend
