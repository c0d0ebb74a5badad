#include "faults/first_use.hpp"
#include "faults/ground.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <map>
#include <vector>

/// Runs every step of the workload with a fault at each of its calls in turn: `kith_faults CLASS [--all]`. Without
/// --all, a sample that is spread over all of them: KITH_FAULTS_RUNS faults, from the one with the number
/// KITH_FAULTS_OFFSET on. KITH_FAULTS_STEP names the only step to run, KITH_FAULTS_KIND the only kind of call. Prints a
/// line for each kind of call.
namespace faults {
namespace {

constexpr std::uint64_t usual_runs = 300;

/// A class of faults: what fails, and where.
struct Class {
    std::string_view name;
    Ground::Place place;
    std::vector<Kind> kinds;
    std::vector<Handle> handles;
};

const std::vector<Class>& classes() {
    using Place = Ground::Place;
    const std::vector<Kind> files(file_kinds.begin(), file_kinds.end());
    const std::vector<Kind> messages(message_kinds.begin(), message_kinds.end());
    static const std::vector<Class> all{
        {"new", Place::wal, {Kind::operator_new}, {Handle::in_use, Handle::new_one}},
        {"sqlite-memory", Place::wal, {Kind::sqlite_memory}, {Handle::in_use, Handle::new_one}},
        {"in-memory", Place::memory, {Kind::operator_new, Kind::sqlite_memory}, {Handle::in_use}},
        {"wal", Place::wal, files, {Handle::new_one}},
        {"delete", Place::rollback_journal, files, {Handle::new_one}},
        {"server", Place::server, {Kind::operator_new}, {Handle::in_use, Handle::new_one}},
        {"messages", Place::network, messages, {Handle::in_use, Handle::new_one, Handle::with_deadline}},
    };
    return all;
}

/// Every fault that the cells allow, or a sample of at most `runs`.
std::vector<Fault> faults_in(const std::vector<Cell>& cells, std::uint64_t runs, std::uint64_t offset) {
    std::vector<Fault> faults;
    for (const bool persists : {false, true}) {
        for (const auto& cell : cells) {
            if (persists && !can_persist(cell.kind)) continue;
            for (std::uint64_t at = 1; at <= cell.calls; ++at) faults.push_back({&cell, at, persists});
        }
    }
    if (faults.size() <= runs) return faults;
    std::vector<Fault> sample;
    for (std::uint64_t i = 0; i < runs; ++i) {
        sample.push_back(faults[(i * faults.size() / runs + offset) % faults.size()]);
    }
    return sample;
}

const Fault* running = nullptr; // for the message of the handler

[[noreturn]] void report_end(const char* how) {
    disarm();
    fmt::print(stderr, "{}: {}\n", running != nullptr ? text_of(*running) : "between faults", how);
    std::abort();
}

/// What takes longer waits without end.
constexpr unsigned longest_fault = 100; // seconds

using Summary = std::map<Kind, Outcomes>;

Summary run_class(const Class& what, std::uint64_t runs, std::uint64_t offset) {
    Ground ground(what.place);
    const auto only = travel::variable("KITH_FAULTS_STEP");
    const auto only_kind = travel::variable("KITH_FAULTS_KIND");
    std::vector<Cell> cells;
    Summary summary;
    for (const auto handle : what.handles) {
        for (const auto& step : all_steps()) {
            if (!ground.can_run(step) || (!only.empty() && only != step.name)) continue;
            for (const auto& cell : ground.measure(step, what.kinds, handle)) {
                if (cell.calls == 0 || (!only_kind.empty() && only_kind != name_of(cell.kind))) continue;
                summary[cell.kind].calls += cell.calls;
                cells.push_back(cell);
            }
        }
    }
    for (const auto& fault : faults_in(cells, runs, offset)) {
        running = &fault;
        alarm(longest_fault);
        ground.run(fault, summary[fault.cell->kind]);
        running = nullptr;
    }
    alarm(0);
    return summary;
}

int report(std::string_view name, const Summary& summary) {
    bool good = true;
    std::uint64_t faults = 0;
    for (const auto& [kind, outcomes] : summary) {
        fmt::print("{}: {} calls of {}, {} faults ({} once, {} from then on): {} errors, {} right results in spite of "
                   "them, {} failures\n",
                   name, outcomes.calls, name_of(kind), outcomes.once + outcomes.persisting, outcomes.once,
                   outcomes.persisting, outcomes.errors, outcomes.whole, outcomes.failures);
        good = good && outcomes.failures == 0;
        faults += outcomes.once + outcomes.persisting;
    }
    return good && faults != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run(std::string_view name, bool all) {
    const auto runs = all ? std::numeric_limits<std::uint64_t>::max() : travel::number("KITH_FAULTS_RUNS", usual_runs);
    const auto offset = travel::number("KITH_FAULTS_OFFSET", 0);
    if (name == "first-use") return report(name, {{Kind::operator_new, run_first_uses(runs, offset)}});
    const auto found = std::ranges::find(classes(), name, &Class::name);
    if (found == classes().end()) {
        fmt::print(stderr, "There is no class of faults '{}'\n", name);
        return EXIT_FAILURE;
    }
    if (std::ranges::find(found->kinds, Kind::sqlite_memory) != found->kinds.end()) install_sqlite_memory();
    install_sqlite_files();
    return report(travel::on_sqlite() ? name : travel::variable("KITH_TEST_DATABASE"), run_class(*found, runs, offset));
}

} // namespace
} // namespace faults

int main(int argc, char** argv) {
    if (travel::lacks_server()) return travel::skipped;
    std::set_terminate([] { faults::report_end("std::terminate"); });
    std::signal(SIGALRM, [](int) { faults::report_end("it hangs"); });
    try {
        return faults::run(argc > 1 ? argv[1] : "new", argc > 2 && std::string_view(argv[2]) == "--all");
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}\n", e.what());
        return EXIT_FAILURE;
    }
}
