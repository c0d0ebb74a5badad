#pragma once

#include "backend/backend.hpp"
#include "database/detectors.hpp"
#include "database/observers.hpp"
#include "database/pool.hpp"

#include <kith/connect_options.hpp>

#include <memory>
#include <utility>

namespace kith::database {

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
    const std::shared_ptr<Detectors>& detectors() const noexcept { return detectors_; }
    Observers& observers() const noexcept { return *observers_; }
    const std::shared_ptr<Observers>& shared_observers() const noexcept { return observers_; }

private:
    ConnectOptions options_;
    std::unique_ptr<backend::Driver> driver_;
    std::shared_ptr<Detectors> detectors_{std::make_shared<Detectors>()};
    std::shared_ptr<Observers> observers_{std::make_shared<Observers>()};
    Pool pool_;
};

} // namespace kith::database
