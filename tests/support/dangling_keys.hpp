#pragma once

#include "support/test_database.hpp"

namespace travel {

/// From now on, this connection may write keys that lead nowhere.
inline void allow_dangling_keys(const Raw& raw) {
    raw.run(by_backend("PRAGMA foreign_keys = OFF", "SET session_replication_role = replica",
                       "SET foreign_key_checks = 0"));
}

} // namespace travel
