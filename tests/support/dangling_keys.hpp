#pragma once

#include "support/test_database.hpp"

namespace travel {

/// Allows this connection to write keys that lead nowhere, from now on.
inline void allow_dangling_keys(const Raw& raw) {
    raw.run(by_backend("PRAGMA foreign_keys = OFF", "SET session_replication_role = replica",
                       "SET foreign_key_checks = 0"));
}

} // namespace travel
