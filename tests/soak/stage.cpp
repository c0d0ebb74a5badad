#include "soak/stage.hpp"

#include "kills/models.hpp"
#include "kills/operations.hpp"
#include "support/connections.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace soak {

using namespace kith::literals;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto between_kills = 700ms;
constexpr std::int64_t unknown_thread = 1094; // MariaDB's error for a session that has ended

void require(bool holds, std::string_view what) {
    if (!holds) throw std::logic_error(std::string(what));
}

} // namespace

Stage::Stage() : program_(fmt::format("soak-{}", getpid())) {
    db_.emplace(kith::connect(url(pool_size)));
    kills::make_tables(*db_);
    accounts::create(*db_);
}

std::string Stage::url(std::size_t connections) const {
    const auto name = travel::by_backend("", "&application_name=" + program_, "");
    return folder_.url("test.db", fmt::format("pool_size={}{}", connections, name));
}

kith::QuerySet<accounts::Account> Stage::shared_accounts(std::optional<kith::FetchMode> fresh) {
    const std::lock_guard lock(mutex_);
    if (fresh || !shared_) {
        shared_ = db_->objects<accounts::Account>().order_by("id").fetch_mode(fresh.value_or(kith::FetchMode::one));
    }
    return *shared_;
}

/// The other sessions of this program at the server.
std::string Stage::sessions() const {
    return travel::by_backend(
        "", "FROM pg_stat_activity WHERE application_name = '" + program_ + "' AND pid <> pg_backend_pid()",
        "FROM information_schema.processlist WHERE db = database() AND id <> connection_id()");
}

void Stage::kill_a_connection() {
    const auto now = std::chrono::ceil<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
    auto next = next_kill_.load();
    if (travel::on_sqlite() || now < next) return;
    if (!next_kill_.compare_exchange_strong(next, now + between_kills.count())) return;
    const auto key = travel::by_backend("", "pid", "id");
    const auto random = travel::by_backend("", "random()", "rand()");
    const auto found =
        db_->raw<std::int64_t>(fmt::format("SELECT CAST({} AS {}) {} ORDER BY {} LIMIT 1", key,
                                           travel::by_backend("", "bigint", "signed"), sessions(), random));
    if (found.empty()) return;
    const auto is_expected = [](const kith::DatabaseError& error) {
        const auto end = end_of(error); // another worker may kill this connection meanwhile
        return error.code() == unknown_thread || end == End::transient || end == End::in_doubt;
    };
    try {
        const auto kill = travel::by_backend("", "SELECT pg_terminate_backend({})", "KILL {}");
        (void)db_->raw(fmt::format(fmt::runtime(kill), found.front()));
        ++kills_;
    } catch (const kith::DatabaseError& error) {
        if (!is_expected(error)) throw;
    }
}

void Stage::wait_for_doubts() const {
    std::this_thread::sleep_for(20ms); // for what has not been received yet
    const auto since = Clock::now();
    const auto running =
        fmt::format("SELECT count(*) {} AND {}", sessions(),
                    travel::by_backend("", "state <> 'idle' AND extract(epoch FROM now() - xact_start) * 1000 > {}",
                                       "command <> 'Sleep' AND time_ms > {}"));
    while (true) {
        const auto age = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - since).count();
        try {
            if (db_->raw<std::int64_t>(fmt::format(fmt::runtime(running), age)).front() == 0) return;
        } catch (const kith::Error& error) {
            if (!error.is_transient()) throw;
        }
        require(age < 20'000, "a statement in doubt does not end");
        std::this_thread::sleep_for(5ms);
    }
}

void Stage::check() {
    for (std::uint64_t way = 0; way < accounts::ways; ++way) {
        const auto fault = accounts::fault_in(*db_, way);
        require(fault.empty(), fault);
    }
    kills::require_no_orphans(*db_);
    const auto [batches, items, transfers] = kith::evaluate_together(
        kith::count_of(db_->objects<kills::Batch>()), kith::count_of(db_->objects<kills::Item>()),
        kith::count_of(db_->objects<accounts::Transfer>()));
    require(batches <= workers * 10 && items <= workers * 5000 && transfers <= 2000,
            fmt::format("rows are left: {} batches, {} items, {} transfers", batches, items, transfers));
    travel::take_connections<accounts::Account>(*db_, pool_size);
}

Sample Stage::sample(double minutes) const {
    return take_sample(minutes, *db_, travel::on_sqlite() ? "" : "SELECT count(*) " + sessions());
}

void Stage::close() {
    shared_.reset();
    db_.reset();
}

} // namespace soak
