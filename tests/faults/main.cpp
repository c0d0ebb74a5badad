#include "faults/injection.hpp"
#include "faults/workload.hpp"
#include "support/test_database.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

/// Runs every step of the workload with a fault at each of its calls in turn: `kith_faults CLASS [--all]`. Without
/// --all, a sample that is spread over all of them, of KITH_FAULTS_RUNS runs from the one with the number
/// KITH_FAULTS_OFFSET on.
namespace faults {
namespace {

constexpr std::uint64_t usual_runs = 300;

/// The connection, in the state in which a step meets it.
enum class Handle { in_use, new_one };

/// One way to run a step: what fails, and on which handle.
struct Setting {
    Kind kind;
    Handle handle;
};

/// Steps with one setting, and the number of calls that may fail.
struct Cell {
    const Step* step;
    Setting setting;
    std::uint64_t calls;
};

struct Fault {
    const Cell* cell;
    std::uint64_t at;
    bool persists;
};

struct Outcomes {
    std::uint64_t errors{0};
    std::uint64_t whole{0}; // the right result in spite of the fault
    std::uint64_t once{0};
    std::uint64_t persisting{0};
};

const Fault* running = nullptr; // for the message of the handler

std::string text_of(const Fault& fault) {
    return fmt::format("{}, {} {}{}, on {}", fault.cell->step->name, name_of(fault.cell->setting.kind), fault.at,
                       fault.persists ? " and all after it" : "",
                       fault.cell->setting.handle == Handle::in_use ? "a handle in use" : "a new handle");
}

[[noreturn]] void report_terminate() {
    disarm();
    std::fputs(running != nullptr ? (text_of(*running) + ": std::terminate\n").c_str() : "std::terminate\n", stderr);
    std::abort();
}

class Ground {
public:
    explicit Ground(const std::string& journal) {
        // Kith chooses the mode of a file that nobody has written to.
        if (!journal.empty()) folder_.raw().run("PRAGMA journal_mode = " + journal + "; CREATE TABLE first(x)");
        check_.emplace(kith::connect(url()));
        make_tables(*check_);
        before_ = state_of(*check_);
        db_.emplace(kith::connect(url()));
    }

    /// The result and the state after `step` without a fault, and the number of its calls of `kind`.
    Cell measure(const Step& step, const Setting& setting) {
        run(step, Handle::in_use); // so that what is made once in a program is there
        (void)restored();
        Cell cell{.step = &step, .setting = setting, .calls = 0};
        arm(setting.kind, 0, false);
        const auto result = run(step, setting.handle);
        cell.calls = disarm();
        auto& known = expected_[step.name];
        const auto state = restored();
        if (known.state.empty()) known = {result, state};
        if (known.result != result) throw std::logic_error(fmt::format("{}: the result varies", step.name));
        if (known.state != state) throw std::logic_error(fmt::format("{}: the state varies", step.name));
        return cell;
    }

    void run(const Fault& fault, Outcomes& outcomes) {
        running = &fault;
        const auto& cell = *fault.cell;
        std::optional<std::string> result;
        std::string error;
        arm(cell.setting.kind, fault.at, fault.persists);
        try {
            result = run_step(*cell.step, cell.setting.handle);
        } catch (const kith::Error&) {
        } catch (const std::bad_alloc&) {
        } catch (const std::exception& e) {
            disarm();
            error = fmt::format("another exception, {}", e.what());
        }
        disarm();
        try {
            if (!error.empty()) throw std::logic_error(error);
            check(*cell.step, result);
        } catch (const std::exception& e) {
            fmt::print(stderr, "{}: {}\n", text_of(fault), e.what());
            if (++failures_ == 20) throw std::runtime_error("too many failures");
            db_.emplace(kith::connect(url())); // so that the next fault meets a sound one
            (void)restored();
        }
        if (has_fired()) ++(result ? outcomes.whole : outcomes.errors);
        if (has_fired()) ++(fault.persists ? outcomes.persisting : outcomes.once);
        running = nullptr;
    }

    std::uint64_t failures() const { return failures_; }

private:
    struct Expected {
        std::string result{};
        std::string state{};
    };

    std::string url() const { return folder_.url("test.db", "pool_size=3&pool_timeout=2000&busy_timeout=2000"); }

    std::string run(const Step& step, Handle handle) {
        const auto result = run_step(step, handle);
        if (handle == Handle::in_use) return result;
        fresh_.reset();
        return result;
    }
    std::string run_step(const Step& step, Handle handle) {
        if (handle == Handle::in_use) return step.run(*db_);
        fresh_.reset();
        fresh_.emplace(kith::connect(url()));
        return step.run(*fresh_);
    }

    /// The state, which then is the first one again.
    std::string restored() {
        auto state = state_of(*check_);
        if (state != before_) restore(*check_);
        return state;
    }

    void check(const Step& step, const std::optional<std::string>& result) {
        const auto& right = expected_.at(step.name);
        if (result && *result != right.result) throw std::logic_error("a wrong result: " + *result);
        if (travel::on_sqlite()) {
            const auto says = check_->raw<std::string>("PRAGMA integrity_check");
            if (says != std::vector<std::string>{"ok"}) throw std::logic_error("damage: " + says.front());
        }
        const auto& used = fresh_ ? *fresh_ : *db_;
        const auto state = restored();
        if (state != right.state && (result || state != before_)) {
            throw std::logic_error(result ? "the result is not in the database"
                                          : "a part is in the database: " + state);
        }
        use(used);
        take_all_connections(used);
        if (!fresh_) return;
        fresh_.reset();
        use(*db_);
    }

    travel::TemporaryFolder folder_;
    std::optional<kith::Database> check_;
    std::optional<kith::Database> db_;
    std::optional<kith::Database> fresh_;
    std::string before_;
    std::map<std::string_view, Expected> expected_;
    std::uint64_t failures_{0};
};

std::uint64_t number(const char* name, std::uint64_t otherwise) {
    const auto text = travel::variable(name);
    return text.empty() ? otherwise : std::stoull(text);
}

/// Every fault that the cells allow, or a sample of them.
std::vector<Fault> faults_in(const std::vector<Cell>& cells, bool all) {
    std::vector<Fault> faults;
    for (const bool persists : {false, true}) {
        for (const auto& cell : cells) {
            for (std::uint64_t at = 1; at <= cell.calls; ++at) faults.push_back({&cell, at, persists});
        }
    }
    const auto runs = number("KITH_FAULTS_RUNS", usual_runs);
    if (all || faults.size() <= runs) return faults;
    std::vector<Fault> sample;
    const auto offset = number("KITH_FAULTS_OFFSET", 0);
    for (std::uint64_t i = 0; i < runs; ++i)
        sample.push_back(faults[(i * faults.size() / runs + offset) % faults.size()]);
    return sample;
}

std::vector<Setting> settings_of(std::string_view name) {
    if (name == "new") return {{Kind::operator_new, Handle::in_use}, {Kind::operator_new, Handle::new_one}};
    if (name == "sqlite-memory") return {{Kind::sqlite_memory, Handle::in_use}, {Kind::sqlite_memory, Handle::new_one}};
    std::vector<Setting> settings;
    for (const auto kind : file_kinds) settings.push_back({kind, Handle::new_one});
    return settings;
}

int run_class(std::string_view name, bool all) {
    const bool in_files = name == "wal" || name == "delete";
    if (name == "sqlite-memory") install_sqlite_memory();
    install_sqlite_files();
    Ground ground(in_files ? std::string(name) : std::string());
    std::vector<Cell> cells;
    for (const auto& setting : settings_of(name)) {
        for (const auto& step : all_steps()) {
            if (!travel::on_sqlite() && !step.is_for_servers) continue;
            if (const auto cell = ground.measure(step, setting); cell.calls != 0) cells.push_back(cell);
        }
    }
    Outcomes outcomes;
    const auto faults = faults_in(cells, all);
    for (const auto& fault : faults) ground.run(fault, outcomes);
    std::uint64_t calls = 0;
    for (const auto& cell : cells) calls += cell.calls;
    fmt::print("{}: {} steps with {} calls that may fail. {} faults ({} once, {} from then on): {} errors, {} right "
               "results in spite of them, {} failures\n",
               name, all_steps().size(), calls, outcomes.once + outcomes.persisting, outcomes.once, outcomes.persisting,
               outcomes.errors, outcomes.whole, ground.failures());
    return ground.failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace
} // namespace faults

int main(int argc, char** argv) {
    constexpr int skipped = 77;
    const std::string_view name = argc > 1 ? argv[1] : "new";
    const bool all = argc > 2 && std::string_view(argv[2]) == "--all";
    if (!travel::on_sqlite() && travel::variable(travel::server_variable()).empty()) {
        fmt::print("{} names no server: run ./dev test, or this test by tests/servers.sh\n", travel::server_variable());
        return skipped;
    }
    std::set_terminate(faults::report_terminate);
    try {
        return faults::run_class(name, all);
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}\n", e.what());
        return EXIT_FAILURE;
    }
}
