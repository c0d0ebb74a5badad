#pragma once

#include "kills/operations.hpp"
#include "soak/stage.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

namespace soak {

/// Does all kinds of work, in an order that the seed decides. It alone writes the rows of its owner, so that it always
/// knows them.
class Worker {
public:
    Worker(Stage& stage, std::int64_t owner, std::uint64_t seed);

    /// One piece of work. Throws if something is not as it must be.
    void step();
    /// Throws if its rows in the database are not what it was told.
    void check() const;

private:
    /// A handle that may have a deadline, or be cancelled in a moment.
    struct Bounded {
        kith::Database db;
        bool ends{false}; ///< by its deadline
        std::optional<std::stop_source> source{};
        std::jthread canceller{};
    };
    struct Action {
        Work work;
        void (Worker::*run)(const kith::Database& db);
        unsigned weight;
    };

    const Action& pick();
    Bounded bound();
    bool may_end(End end, Work work, const Bounded& bounded) const;
    void settle(const kills::Rows& after, bool in_doubt);
    void expect(const kills::Rows& found) const;

    void write(const kith::Database& db);
    void transfer(const kith::Database& db);
    void evaluate(const kith::Database& db);
    void evaluate_deeply(const kith::Database& db);
    void stream(const kith::Database& db);
    void load_lazily(const kith::Database& db);
    void evaluate_together(const kith::Database& db);
    void keep_to_limits(const kith::Database& db);
    void observe(const kith::Database& db);
    void use_own_handle(const kith::Database& db);

    Stage* stage_;
    std::int64_t owner_;
    std::uint64_t seed_;
    std::mt19937_64 random_;
    kills::Rows rows_;
    std::int64_t number_{0};
    kith::QuerySet<accounts::Account> kept_; // of a handle that is gone
};

} // namespace soak
