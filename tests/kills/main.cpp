#include "kills/models.hpp"
#include "kills/operations.hpp"
#include "kills/process.hpp"
#include "support/test_database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

/// Kills a client with SIGKILL while it writes, again and again: `kith_kills PLACE`, where the place is `wal` or
/// `delete`, the journal of SQLite, or `server`. KITH_KILLS is the number of kills, KITH_TEST_SEED decides what the
/// clients write and when they are killed. After each kill, the next client must be able to write at once, and find
/// what was acknowledged: all of it, and of the call that was interrupted everything or nothing.
namespace kills {
namespace {

using namespace kith::literals;
using namespace std::chrono_literals;

constexpr std::uint64_t usual_kills = 30;

/// How often clients were killed, by what they did then.
struct Count {
    std::uint64_t kills{0};
    std::uint64_t whole{0}; ///< the call was not acknowledged, but all of it is there
};

class Loop {
public:
    Loop(std::string_view place, std::uint64_t seed) : seed_(seed), random_(seed) {
        if (place == "delete") folder_.raw().run("PRAGMA journal_mode = DELETE; CREATE TABLE first(x)");
        // Nobody holds a lock: SQLite must not have to wait for one.
        const auto options = travel::by_backend("busy_timeout=0", "application_name=" + program_, "");
        url_ = folder_.url("test.db", options);
        Process([&](const auto&) { make_tables(kith::connect(url_)); }).join();
    }

    /// One client, killed.
    void kill_once() {
        Process client([&](const auto& tell) { work(tell, true); });
        const auto messages = random_() % 6;
        for (std::uint64_t i = 0; i < messages; ++i) {
            const auto before = Clock::now();
            const auto message = client.read();
            if (!message) client.join(); // and throw
            if (i > 0) usual_time_ = (9 * usual_time_ + (Clock::now() - before)) / 10;
            take(*message);
        }
        // Most calls are shorter than the mean.
        const auto part = std::pow(static_cast<double>(random_() % 1000) / 1000, 3);
        std::this_thread::sleep_for(2 * part * usual_time_);
        client.kill();
        while (const auto message = client.read()) take(*message);
        note_kill();
    }

    /// A client that is not killed finds what the last one left.
    void finish() {
        ++clients_;
        Process client([&](const auto& tell) { work(tell, false); });
        const auto message = client.read();
        client.join();
        take(message.value());
    }

    std::string report() const {
        auto text = fmt::format("{} calls acknowledged, kills: {} of clients that began", done_, began_);
        for (std::size_t i = 0; i < kinds; ++i) {
            text += fmt::format(", {} in {} ({} whole)", counts_.at(i).kills, name_of(static_cast<Kind>(i)),
                                counts_.at(i).whole);
        }
        return text;
    }

private:
    using Clock = std::chrono::steady_clock;

    void take(const Message& message);
    void note_kill();
    void work(const Process::Tell& tell, bool writes) const;
    void wait_for_the_dead(const kith::Database& db) const;

    travel::TemporaryFolder folder_;
    std::string program_{fmt::format("kills-{}", getpid())};
    std::string url_;
    std::uint64_t seed_;
    std::mt19937_64 random_;
    std::int64_t clients_{1};
    std::int64_t done_{0}; // acknowledged, or found
    Rows rows_;            // after these
    bool has_found_{false};
    bool is_open_{false}; // whether the call that was interrupted is there is not known yet
    Clock::duration usual_time_{2ms};
    std::uint64_t began_{0};
    std::array<Count, kinds> counts_{};
};

/// What a client told: it did the next operation, or found it done.
void Loop::take(const Message& message) {
    has_found_ = true;
    const bool is_next = message.number == done_ + 1;
    if (!is_next && message.number != done_) throw std::logic_error("a client is ahead of what it told");
    if (is_next) {
        const auto next = operation(rows_, seed_, message.number);
        if (message.what == Message::What::found && is_open_) ++counts_.at(static_cast<std::size_t>(next.kind)).whole;
        apply_to_rows(next, rows_);
        done_ = message.number;
    }
    is_open_ = false;
}

void Loop::note_kill() {
    ++clients_;
    if (!std::exchange(has_found_, false)) {
        ++began_;
        return;
    }
    is_open_ = true;
    ++counts_.at(static_cast<std::size_t>(operation(rows_, seed_, done_ + 1).kind)).kills;
}

/// In the process of a client.
void Loop::work(const Process::Tell& tell, bool writes) const {
    const auto db = kith::connect(url_);
    (void)db.objects<Turn>().update("client"_f = clients_);
    wait_for_the_dead(db);
    if (travel::on_sqlite()) {
        const auto says = db.raw<std::string>("PRAGMA integrity_check");
        if (says != std::vector<std::string>{"ok"}) throw std::logic_error("damage: " + says.front());
    }
    auto rows = rows_;
    auto done = done_;
    const auto found = load(db);
    if (found != rows) apply_to_rows(operation(rows, seed_, ++done), rows);
    if (found != rows) {
        const auto interrupted = operation(rows_, seed_, done_ + 1);
        throw std::logic_error(fmt::format("after {} operations and a kill in {}, there is\n{}instead of\n{}or\n{}",
                                           done_, name_of(interrupted.kind), text_of(found), text_of(rows_),
                                           text_of(rows)));
    }
    require_no_orphans(db);
    tell({.what = Message::What::found, .number = done});
    while (writes) {
        const auto next = operation(rows, seed_, ++done);
        perform(next, db);
        apply_to_rows(next, rows);
        tell({.what = Message::What::done, .number = done});
    }
}

/// A server ends what it has received of a client, and then its session.
void Loop::wait_for_the_dead(const kith::Database& db) const {
    if (travel::on_sqlite()) return;
    const auto others = travel::by_backend(
        "",
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + program_ + "' AND pid <> pg_backend_pid()",
        "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()");
    for (int tries = 0; db.raw<std::int64_t>(others).front() != 0; ++tries) {
        if (tries == 5000) throw std::logic_error("the session of a dead client does not end");
        std::this_thread::sleep_for(1ms);
    }
}

int run_at(std::string_view place) {
    const auto seed = travel::seed();
    const auto kills = travel::number("KITH_KILLS", usual_kills);
    const auto name = travel::on_sqlite() ? std::string(place) : travel::variable("KITH_TEST_DATABASE");
    fmt::print("{}: KITH_TEST_SEED={}\n", name, seed);
    std::fflush(stdout);
    Loop loop(place, seed);
    for (std::uint64_t kill = 1; kill <= kills; ++kill) {
        try {
            loop.kill_once();
        } catch (const std::exception& e) {
            fmt::print(stderr, "{}: KITH_TEST_SEED={}, client {}: {}\n", name, seed, kill, e.what());
            return EXIT_FAILURE;
        }
    }
    loop.finish();
    fmt::print("{}: {} kills, {}\n", name, kills, loop.report());
    return EXIT_SUCCESS;
}

} // namespace
} // namespace kills

int main(int argc, char** argv) {
    if (travel::lacks_server()) return travel::skipped;
    try {
        return kills::run_at(argc > 1 ? argv[1] : "wal");
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}\n", e.what());
        return EXIT_FAILURE;
    }
}
