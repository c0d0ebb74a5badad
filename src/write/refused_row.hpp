#pragma once

#include "connection/session.hpp"
#include "write/insert.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace kith::write {

/// Inserts a part of some rows.
using InsertPart = std::function<void(std::span<const NewRow>)>;

/// The place of the first of `rows`, which cannot all be inserted, that cannot be inserted behind those before it:
/// ever smaller parts are tried, and nothing of them is kept. Empty if it is not found, because the cause was another.
std::optional<std::size_t> find_refused(connection::Session& session, std::span<const NewRow> rows,
                                        const InsertPart& insert);

/// A row of a call, for messages.
struct RefusedRow {
    std::size_t place{0}; ///< counted from 0
    std::size_t all{0};   ///< the number of rows
    const void* row{nullptr};
    bool shows_values{false};
};

/// Throws `error`, if it is an IntegrityError, another error of the database or a ValueError, with the place of the row
/// and what distinguishes it from others.
void throw_naming(const Error& error, const ModelInfo& model, const RefusedRow& refused);

} // namespace kith::write
