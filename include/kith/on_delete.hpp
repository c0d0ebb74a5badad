#pragma once

#include <cstdint>

namespace kith {

/// What the database does with rows whose foreign key refers to a row that is deleted: the actions of SQL's ON DELETE.
enum class OnDelete : std::uint8_t {
    cascade,   ///< deletes them as well
    set_null,  ///< sets the foreign key to NULL
    restrict,  ///< refuses to delete the row: IntegrityError
    no_action, ///< SQL's default: as `restrict`, but checked when the statement ends
    /// Sets the foreign key to its kith::default_value; create_tables() refuses it for MariaDB, which cannot.
    set_default,
};
using enum OnDelete; ///< `kith::set_null` for `kith::OnDelete::set_null`

} // namespace kith
