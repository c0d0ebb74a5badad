#pragma once

#include "connection/session.hpp"
#include "write/insert.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace kith::write {

/// Inserts `count` of some rows, beginning with the place `first`: new copies each time, since those of an attempt that
/// was undone have what the database gave them.
using InsertPart = std::function<void(std::size_t first, std::size_t count)>;

/// The place of the first of `count` rows that cannot be inserted behind those before it, where inserting all of them
/// threw `error`: ever smaller parts are tried, and nothing of them is kept. Empty if it is not found, because the
/// cause was another.
std::optional<std::size_t> find_refused(connection::Session& session, std::size_t count, const Error& error,
                                        const InsertPart& insert);

/// A row of a call, for messages.
struct RefusedRow {
    std::size_t place{0}; ///< counted from 0
    std::size_t all{0};   ///< the number of rows
    const void* row{nullptr};
    bool shows_values{false};
};

/// Throws `error`, if it is an IntegrityError, another error of the database or a ValueError, with the place of the row
/// and what distinguishes it from others. Does nothing for others, and if memory for that is lacking.
void throw_naming(const Error& error, const ModelInfo& model, const RefusedRow& refused);

} // namespace kith::write
