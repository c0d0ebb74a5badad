#pragma once

#include "soak/samples.hpp"
#include "soak/tally.hpp"
#include "support/accounts.hpp"
#include "support/test_database.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace soak {

inline constexpr std::size_t pool_size = 4; ///< fewer than there are workers
inline constexpr std::int64_t workers = 6;

/// The database that all workers use.
class Stage {
public:
    Stage();

    const kith::Database& db() const noexcept { return *db_; }
    /// For handles of one's own.
    std::string url(std::size_t connections) const;
    Tally& tally() noexcept { return tally_; }
    const Tally& tally() const noexcept { return tally_; }

    /// The accounts as another worker loaded them, whose sets are loaded when they are read; or new ones.
    kith::QuerySet<accounts::Account> shared_accounts(std::optional<kith::FetchMode> fresh);
    /// Ends a connection of this program at the server, unless one was ended a moment ago.
    void kill_a_connection();
    std::uint64_t kills() const noexcept { return kills_.load(); }
    /// Waits until the server has ended what it runs now: then a call in doubt has been carried out, or never will be.
    void wait_for_doubts() const;

    /// Between rounds, when no worker runs: whether the rows agree and all connections can be had. Throws if not.
    void check();
    Sample sample(double minutes) const;
    /// Lets go of everything that is open.
    void close();

private:
    std::string sessions() const;

    std::string program_;
    travel::TemporaryFolder folder_;
    std::optional<kith::Database> db_;
    Tally tally_;
    std::mutex mutex_;
    std::optional<kith::QuerySet<accounts::Account>> shared_;
    std::atomic<std::int64_t> next_kill_{0}; // milliseconds of the steady clock
    std::atomic<std::uint64_t> kills_{0};
};

} // namespace soak
