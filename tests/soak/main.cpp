#include "soak/worker.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <vector>

/// Mixed work for a long time, on all databases at once, each in a process of its own:
///
///     kith_soak [--minutes N | --seconds N] [--seed N]
///
/// Between rounds nothing may be missing or too much: rows, connections, memory, descriptors. KITH_TEST_DATABASE names
/// the only database.
namespace soak {
namespace {

using Clock = std::chrono::steady_clock;

/// The shortest time that does all kinds of work for certain, and whose growth says something.
constexpr double judged_minutes = 4;

struct Options {
    double minutes{1};
    std::uint64_t seed{travel::seed()};
};

double number_after(std::string_view option, int& at, int argc, char** argv) {
    if (++at >= argc) throw std::invalid_argument(fmt::format("{} needs a number", option));
    return std::stod(argv[at]);
}

Options options_of(int argc, char** argv) {
    Options options;
    for (int at = 1; at < argc; ++at) {
        const std::string_view name = argv[at];
        if (name == "--minutes")
            options.minutes = number_after(name, at, argc, argv);
        else if (name == "--seconds")
            options.minutes = number_after(name, at, argc, argv) / 60;
        else if (name == "--seed" && at + 1 < argc)
            options.seed = std::stoull(argv[++at]);
        else
            throw std::invalid_argument(fmt::format("there is no option {}", name));
    }
    return options;
}

std::string database() {
    const auto name = travel::variable("KITH_TEST_DATABASE");
    return name.empty() ? "sqlite" : name;
}

/// All workers on one database.
class Run {
public:
    explicit Run(const Options& options) : options_(options) {
        for (std::int64_t owner = 1; owner <= workers; ++owner) {
            workers_.push_back(
                std::make_unique<Worker>(stage_, owner, options.seed + static_cast<std::uint64_t>(owner)));
        }
    }

    void work() {
        double told = 0;
        while (minutes() < options_.minutes) {
            work_for_a_round();
            stage_.check();
            for (const auto& worker : workers_) worker->check();
            samples_.push_back(stage_.sample(minutes()));
            if (minutes() < told + 1 && minutes() < options_.minutes) continue;
            told = minutes();
            tell();
        }
        judge();
    }
    void close() {
        workers_.clear();
        stage_.close();
    }

private:
    double minutes() const { return std::chrono::duration<double, std::ratio<60>>(Clock::now() - start_).count(); }
    void work_for_a_round();
    void tell() const;
    void judge() const;

    Options options_;
    Clock::time_point start_{Clock::now()};
    Stage stage_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<Sample> samples_;
};

void Run::work_for_a_round() {
    const auto end = Clock::now() + std::chrono::duration<double>(std::min(10.0, options_.minutes * 60 / 6));
    std::mutex mutex;
    std::exception_ptr failure;
    std::vector<std::jthread> threads;
    for (const auto& worker : workers_) {
        threads.emplace_back([&, at = worker.get()] {
            try {
                while (Clock::now() < end) at->step();
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
        });
    }
    threads.clear();
    if (failure) std::rethrow_exception(failure);
}

void Run::tell() const {
    const auto& now = samples_.back();
    fmt::print("{:10} {:5.1f} min: {}; {} connections killed; {:.1f} MB resident, {:.2f} MB allocated, {} descriptors, "
               "{} connections\n",
               database(), now.minutes, stage_.tally().text(), stage_.kills(), now.resident, now.live, now.descriptors,
               now.connections);
    std::fflush(stdout);
}

void Run::judge() const {
    if (options_.minutes < judged_minutes) return;
    for (std::size_t work = 0; work < works; ++work) {
        if (stage_.tally().all(static_cast<Work>(work), End::done) == 0) {
            throw std::logic_error("a kind of work is missing");
        }
    }
    const auto print = [&](std::string_view name, double Sample::* value) {
        const auto trend = trend_of(samples_, value);
        fmt::print("{:10} {}: {:.2f}, grew by {:+.3f} ± {:.3f}\n", database(), name, trend.mean, trend.growth,
                   trend.error);
    };
    print("MB resident", &Sample::resident);
    print("MB allocated", &Sample::live);
    print("descriptors", &Sample::descriptors);
    print("connections", &Sample::connections);
    std::fflush(stdout);
    const auto growth = growth_in(samples_);
    if (!growth.empty()) throw std::logic_error(growth);
}

/// Cancels that are under way keep theirs for a moment.
void require_descriptors(std::size_t before) {
    for (int waits = 0; open_descriptors() > before; ++waits) {
        if (waits == 200) {
            throw std::logic_error(fmt::format("{} descriptors at first, {} at last", before, open_descriptors()));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

int run_one(const Options& options) {
    try {
        const auto before = open_descriptors();
        Run run(options);
        run.work();
        run.close();
        require_descriptors(before);
        return EXIT_SUCCESS;
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}: --seed {}: {}\n", database(), options.seed, e.what());
        return EXIT_FAILURE;
    }
}

/// Runs each database that is there in a process.
int run_all(const Options& options) {
    std::vector<pid_t> processes;
    for (const auto* name : {"sqlite", "postgresql", "mariadb"}) {
        setenv("KITH_TEST_DATABASE", name, 1);
        if (travel::lacks_server()) continue;
        std::fflush(nullptr);
        const auto process = fork();
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            std::exit(run_one(options));
        }
        processes.push_back(process);
    }
    bool good = true;
    for (const auto process : processes) {
        int status = 0;
        good = waitpid(process, &status, 0) == process && status == 0 && good;
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace
} // namespace soak

int main(int argc, char** argv) {
    try {
        const auto options = soak::options_of(argc, argv);
        fmt::print("soak: {} minutes, --seed {}\n", options.minutes, options.seed);
        if (travel::variable("KITH_TEST_DATABASE").empty()) return soak::run_all(options);
        return travel::lacks_server() ? travel::skipped : soak::run_one(options);
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}\n", e.what());
        return EXIT_FAILURE;
    }
}
