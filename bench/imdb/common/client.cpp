#include "imdb/common/client.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <latch>
#include <stdexcept>
#include <thread>

namespace bench::imdb {

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t connections = 8;
constexpr std::size_t warm_up = 25; // loads of each connection before the throughput is measured

struct Task {
    std::string query;
    Ids ids;
    std::size_t loads;
    double seconds;
};

struct Report {
    std::uint64_t checksum{0};
    std::vector<double> latencies{}; // microseconds
    double processor{0};             // microseconds for each load
    double throughput{0};            // loads a second
};

Ids read_ids(const char* path) {
    std::ifstream file(path);
    Ids ids;
    for (std::int32_t id = 0; file >> id;) ids.push_back(id);
    if (ids.empty()) throw std::runtime_error(std::string("there are no ids in ") + path);
    return ids;
}

double processor_microseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto microseconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

/// Every id once, unmeasured: this also prepares the statements.
void check(Client& client, const Task& task, Report& report) {
    for (std::size_t turn = 0; turn < task.ids.size(); ++turn) {
        client.load(turn);
        report.checksum += client.checksum();
    }
}

void measure_latency(Client& client, const Task& task, Report& report) {
    report.latencies.reserve(task.loads);
    const auto processor = processor_microseconds();
    for (std::size_t turn = 0; turn < task.loads; ++turn) {
        const auto began = Clock::now();
        client.load(turn);
        report.latencies.push_back(Microseconds(Clock::now() - began).count());
    }
    report.processor =
        (processor_microseconds() - processor) / static_cast<double>(std::max<std::size_t>(task.loads, 1));
}

void measure_throughput(Variant& variant, const Task& task, Report& report) {
    std::atomic<std::size_t> loads{0};
    std::latch ready(connections + 1);
    std::atomic<bool> ended{false};
    std::exception_ptr failure;
    std::atomic<bool> failed{false};
    const auto work = [&](std::size_t number) {
        bool is_ready = false;
        try {
            const auto client = variant.client(task.query, task.ids);
            auto turn = number * task.ids.size() / connections;
            for (const auto end = turn + warm_up; turn < end; ++turn) client->load(turn);
            is_ready = true;
            ready.arrive_and_wait();
            std::size_t own = 0;
            for (; !ended.load(std::memory_order_relaxed); ++turn, ++own) client->load(turn);
            loads += own;
        } catch (...) {
            if (!failed.exchange(true)) failure = std::current_exception();
            if (!is_ready) ready.count_down();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t number = 0; number < connections; ++number) threads.emplace_back(work, number);
        ready.arrive_and_wait();
        const auto began = Clock::now();
        std::this_thread::sleep_for(std::chrono::duration<double>(task.seconds));
        ended = true;
        threads.clear(); // joins them, so that the last loads are complete
        report.throughput = static_cast<double>(loads) / std::chrono::duration<double>(Clock::now() - began).count();
    }
    if (failed) std::rethrow_exception(failure);
}

void print(const Task& task, const Report& report) {
    std::printf("{\"query\":\"%s\",\"checksum\":\"%llu\",\"cpu_us\":%.2f,\"loads_per_second\":%.2f,\"latencies_us\":[",
                task.query.c_str(), static_cast<unsigned long long>(report.checksum), report.processor,
                report.throughput);
    for (std::size_t i = 0; i < report.latencies.size(); ++i) {
        std::printf("%s%.1f", i == 0 ? "" : ",", report.latencies[i]);
    }
    std::puts("]}");
}

int run(const Task& task, Variant& variant) {
    Report report;
    {
        const auto client = variant.client(task.query, task.ids);
        if (client == nullptr) {
            std::printf("{\"query\":\"%s\",\"skipped\":\"not written for this variant\"}\n", task.query.c_str());
            return 0;
        }
        check(*client, task, report);
        measure_latency(*client, task, report);
    }
    if (task.seconds > 0) measure_throughput(variant, task, report);
    print(task, report);
    return 0;
}

} // namespace

NewMovie new_movie(std::size_t turn, const Ids& people) {
    const auto number = std::to_string(turn);
    const auto person = [&](std::size_t place) { return people[(turn + place) % people.size()]; };
    return {.image = "insert_test" + number + ".jpeg",
            .title = "Insert Test " + number,
            .year = static_cast<std::int32_t>(1950 + turn % 65),
            .description = "A movie that is written to be measured, number " + number + ".",
            .director = person(0),
            .cast = {person(1), person(2), person(3)}};
}

std::uint64_t thousandths(const std::optional<double>& average) noexcept {
    return average ? static_cast<std::uint64_t>(std::floor(*average * 1000 + 1e-6)) : 0;
}

int run_variant(int argc, char** argv, std::string_view version,
                std::unique_ptr<Variant> (*open)(const std::string&)) try {
    if (argc == 2 && std::string_view(argv[1]) == "--about") {
        std::printf("{\"version\":\"%.*s\",\"compiler\":\"%s\"}\n", static_cast<int>(version.size()), version.data(),
                    BENCH_COMPILER);
        return 0;
    }
    if (argc != 6) {
        std::fprintf(stderr, "usage: %s QUERY URL IDS LOADS SECONDS\n", argv[0]);
        return 2;
    }
    const Task task{.query = argv[1],
                    .ids = read_ids(argv[3]),
                    .loads = static_cast<std::size_t>(std::strtoul(argv[4], nullptr, 10)),
                    .seconds = std::strtod(argv[5], nullptr)};
    return run(task, *open(argv[2]));
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}

} // namespace bench::imdb
