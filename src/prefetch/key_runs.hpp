#pragma once

#include "query/query.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kith::connection {
class Session;
}

namespace kith::prefetch {

/// The runs of consecutive integers that `keys` are, which ascend. The runs may contain up to `holes` integers that are
/// no keys, in the narrowest gaps: as few runs as that allows. Empty if they are more than `most`.
std::vector<sql::KeyRun> runs_of(std::span<const std::int64_t> keys, std::size_t most, std::size_t holes);

/// Whether the rows of a few more keys may be read: the relation, or the links of its join table, lead to the primary
/// key of a table. Reading a row of a view may compute, and fail.
bool may_read_others(const detail::RelationInfo& relation);

/// Lets `keys` travel as runs, if they are many and the runs few: a database finds the rows of a range faster than
/// those of each key. With `may_have_holes`, the rows of a few other keys may be read as well, and are dropped. Keys
/// are sent themselves where `queryset` could see the difference.
void send_as_runs(sql::KeySet& keys, const sql::KeyColumn& column, bool may_have_holes, const detail::Query* queryset,
                  const connection::Session& session);

} // namespace kith::prefetch
