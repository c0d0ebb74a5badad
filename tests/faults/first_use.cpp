#include "faults/first_use.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <new>
#include <stdexcept>

namespace faults {

namespace {

/// What a process tells the one that started it.
struct Report {
    std::uint64_t calls;
    bool fired;
    bool failed; // with an exception that is allowed
};

void run_in_process(const std::function<void()>& work) {
    std::fflush(nullptr);
    const auto process = fork();
    if (process < 0) throw std::runtime_error("fork failed");
    if (process == 0) {
        try {
            work();
            std::exit(EXIT_SUCCESS); // with the check for leaks
        } catch (const std::exception& e) {
            fmt::print(stderr, "{}\n", e.what());
            std::exit(EXIT_FAILURE);
        }
    }
    int status = 0;
    if (waitpid(process, &status, 0) != process || !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
        throw std::runtime_error(fmt::format("the process ended with the status {}", status));
    }
}

/// Reads and writes what the models are needed for.
std::string use_models(const kith::Database& db) {
    std::string text = state_of(db);
    for (const auto& step : all_steps()) {
        if (std::string_view(step.name) == "sets") text += step.run(db);
    }
    return text;
}

/// Uses Kith with a fault, and then again without: the second time, everything must be right.
void use_twice(const std::string& url, std::uint64_t at, bool persists, Report& report) {
    std::string first;
    if (at == 0)
        count();
    else
        arm(Kind::operator_new, at, persists);
    try {
        first = use_models(kith::connect(url));
    } catch (const kith::Error&) {
        report.failed = true;
    } catch (const std::bad_alloc&) {
        report.failed = true;
    }
    disarm();
    report.calls = counted(Kind::operator_new);
    report.fired = has_fired();
    const auto db = kith::connect(url);
    const auto second = use_models(db);
    if (second.find("Tag of a book") != std::string::npos || second.empty()) throw std::logic_error("wrong rows");
    if (!report.failed && first != second) throw std::logic_error("a wrong result: " + first);
    use(db);
}

} // namespace

Outcomes run_first_uses(std::uint64_t runs, std::uint64_t offset) {
    auto* memory = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    auto& report = *static_cast<Report*>(memory);
    const travel::TemporaryFolder folder;
    const auto url = folder.url();
    run_in_process([&] { make_tables(kith::connect(url)); });
    run_in_process([&] { use_twice(url, 0, false, report); });
    Outcomes outcomes{.calls = report.calls};
    const auto all = 2 * outcomes.calls;
    const auto count = std::min(runs, all);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto fault = (i * all / count + offset) % all;
        const auto at = fault / 2 + 1;
        const bool persists = fault % 2 != 0;
        report = {};
        try {
            run_in_process([&] { use_twice(url, at, persists, report); });
        } catch (const std::exception& e) {
            fmt::print(stderr, "first use, new {}{}: {}\n", at, persists ? " and all after it" : "", e.what());
            if (++outcomes.failures == 20) throw std::runtime_error("too many failures");
        }
        if (!report.fired) continue;
        ++(report.failed ? outcomes.errors : outcomes.whole);
        ++(persists ? outcomes.persisting : outcomes.once);
    }
    munmap(memory, sizeof(Report));
    return outcomes;
}

} // namespace faults
