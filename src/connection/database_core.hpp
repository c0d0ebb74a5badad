#pragma once

#include "backend/backend.hpp"
#include "base/bound.hpp"
#include "connection/pool.hpp"
#include "observe/detectors.hpp"
#include "observe/observers.hpp"

#include <kith/connect_options.hpp>
#include <kith/database.hpp>

#include <memory>
#include <utility>

namespace kith::connection {

/// What all handles of one Database share.
class DatabaseCore {
public:
    DatabaseCore(std::unique_ptr<backend::Driver> driver, const ConnectOptions& options)
        : options_(options), driver_(std::move(driver)), pool_(*driver_, options_) {}
    DatabaseCore(const DatabaseCore&) = delete;
    DatabaseCore& operator=(const DatabaseCore&) = delete;

    const ConnectOptions& options() const noexcept { return options_; }
    const backend::Driver& driver() const noexcept { return *driver_; }
    Pool& pool() noexcept { return pool_; }
    const std::shared_ptr<observe::Detectors>& detectors() const noexcept { return detectors_; }
    observe::Observers& observers() const noexcept { return *observers_; }
    const std::shared_ptr<observe::Observers>& shared_observers() const noexcept { return observers_; }

private:
    ConnectOptions options_;
    std::unique_ptr<backend::Driver> driver_;
    std::shared_ptr<observe::Detectors> detectors_{std::make_shared<observe::Detectors>()};
    std::shared_ptr<observe::Observers> observers_{std::make_shared<observe::Observers>()};
    Pool pool_;
};

/// The engine's access to the private parts of a Database handle.
struct DatabaseAccess {
    static const std::shared_ptr<DatabaseCore>& core(const Database& db) noexcept { return db.core_; }
    /// The block that the handle belongs to; null for an ordinary handle. It may have ended.
    static const std::shared_ptr<AtomicBlock>& block(const Database& db) noexcept { return db.block_; }
    /// What bounds each call; null for nothing.
    static const std::shared_ptr<const base::Bounds>& bounds(const Database& db) noexcept { return db.bounds_; }
    /// A handle of the same pool and block that is bounded by `bounds` too, which may be null.
    static Database bounded(Database db, std::shared_ptr<const base::Bounds> bounds) {
        db.bounds_ = base::both(std::move(db.bounds_), std::move(bounds));
        return db;
    }
};

} // namespace kith::connection
