#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstdint>
#include <span>

namespace kith::write {

/// Writes `fields` of each of `rows`, which are rows of `query`, one statement per bounded batch, all or nothing.
/// Returns the number of rows found. Throws ValueError for a row that was never saved, for two rows with one key, and
/// as write::update() does.
std::int64_t bulk_update(connection::Session& session, const detail::Query& query,
                         std::span<const detail::FieldInfo* const> fields, std::span<const void* const> rows);

} // namespace kith::write
