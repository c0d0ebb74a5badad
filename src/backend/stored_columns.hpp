#pragma once

#include "sql/statement.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

/// Servers round, cut and convert what does not fit a column, many without a word. What would not be read as it was
/// written is refused before it is sent.
namespace kith::backend {

/// What a column can hold, as far as values can be lost there.
struct StoredColumn {
    enum class Kind : std::uint8_t {
        other, ///< the server refuses what does not fit, or nothing is known of the type
        whole,
        year,       ///< two digits mean another number
        fraction32, ///< binary
        fraction64, ///< binary
        decimal,
        text,
        cast_text, ///< the same, but a time stamp becomes a text with its zone there
        padded,    ///< text that loses the blanks at its end
        filled,    ///< text that gets blanks up to its length
        moment,    ///< day and time
        local,     ///< day and time without a zone
        datetime,  ///< the same, from which a day may be read
        day,
        bytes,
        padded_bytes, ///< as many as `places` says
        boolean,
        unread, ///< nothing that a member could be
        uuid,
    };

    Kind kind{Kind::other};
    int places{-1}; ///< digits behind the point, characters or bytes that are kept; negative: all
    std::string declared{};
};

/// The columns of tables, asked for at the first write of a connection to each.
class StoredColumns {
public:
    using Columns = std::map<std::string, StoredColumn, std::less<>>;
    /// Asks the server for the columns of a table; gives none for one that is not there.
    using Ask = std::function<Columns(std::string_view schema, std::string_view table)>;

    explicit StoredColumns(Ask ask) : ask_(std::move(ask)) {}

    /// Throws ValueError for a value that would not be read again as it is stored by `statement`. A table is looked at
    /// again before that, as it may have been altered.
    void require_kept(const sql::Statement& statement);

private:
    const StoredColumn* find(const detail::FieldInfo& field, bool again);

    Ask ask_;
    std::map<std::pair<std::string, std::string>, Columns, std::less<>> tables_{};
};

/// Whether a column keeps `value`, so that a member of its type reads it again.
bool keeps(const StoredColumn& column, const detail::Value& value);

} // namespace kith::backend
