#pragma once

#include <kith/database.hpp>

#include <memory>

namespace kith::connection {

/// The one door to what a Database handle keeps to itself.
struct Access {
    static const std::shared_ptr<DatabaseCore>& core(const Database& db) noexcept { return db.core_; }
    /// The transaction that the handle names; null for the ordinary handle. It may have ended.
    static const std::shared_ptr<Transaction>& transaction(const Database& db) noexcept { return db.transaction_; }
};

} // namespace kith::connection
