#include "common/measure.hpp"

#include <sqlite3.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

// Counts every allocation of the process, SQLite's included, by replacing the C library's functions; operator new ends
// here too. One counter per thread costs one instruction.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

thread_local std::uint64_t allocations = 0;

} // namespace

extern "C" {
void* malloc(std::size_t size) {
    ++allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    ++allocations;
    return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++allocations;
    return __libc_memalign(alignment, size);
}

/// The measured code runs inside this function: callgrind counts only within it (--toggle-collect).
[[gnu::noinline]] void bench_measured(void (*call)(void*), void* work) { call(work); }
}

namespace bench {

namespace {

/// A line of /proc/self/status in kilobytes; 0 if it is missing.
long status_kb(std::string_view name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return 0;
}

/// Afterwards, VmHWM covers only what follows. Not every kernel allows it.
void reset_high_water_mark() { std::ofstream("/proc/self/clear_refs") << "5\n"; }

/// The processor time of the process.
double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

int usage(std::string_view program, std::span<const Workload> workloads) {
    std::fprintf(stderr, "usage: %.*s WORKLOAD DATABASE, with one of", static_cast<int>(program.size()),
                 program.data());
    for (const auto& workload : workloads) {
        std::fprintf(stderr, " %.*s", static_cast<int>(workload.name.size()), workload.name.data());
    }
    std::fprintf(stderr, "\n");
    return 2;
}

} // namespace

void Run::measure_call(void (*call)(void*), void* work) {
    idle_kb_ = status_kb("VmRSS");
    reset_high_water_mark();
    const auto allocations_before = allocations;
    const auto processor_before = processor_seconds();
    const auto began = std::chrono::steady_clock::now();
    bench_measured(call, work);
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    processor_seconds_ = processor_seconds() - processor_before;
    allocations_ = allocations - allocations_before;
    peak_kb_ = status_kb("VmHWM");
}

void Run::report() const {
    const auto times = static_cast<double>(times_);
    std::printf("{\"workload\":\"%s\",\"seconds\":%.9f,\"processor_seconds\":%.9f,\"statements\":%zu,\"rows\":%zu,"
                "\"checksum\":\"%llu\","
                "\"peak_kb\":%ld,\"idle_kb\":%ld,\"allocations\":%.0f}\n",
                workload_.c_str(), seconds_ / times, processor_seconds_ / times, statements_, rows_,
                static_cast<unsigned long long>(checksum_), peak_kb_, idle_kb_,
                static_cast<double>(allocations_) / times);
}

int run_variant(int argc, char** argv, std::string_view version, std::span<const Workload> workloads) try {
    const std::string_view wanted = argc > 1 ? argv[1] : "";
    if (wanted == "--about") {
        std::printf("{\"version\":\"%.*s\",\"compiler\":\"%s\",\"sqlite\":\"%s\"}\n", static_cast<int>(version.size()),
                    version.data(), BENCH_COMPILER, sqlite3_libversion());
        return 0;
    }
    for (const auto& workload : workloads) {
        if (argc != 3 || workload.name != wanted) continue;
        Run run{std::string(wanted), argv[2]};
        workload.run(run);
        run.report();
        return 0;
    }
    return usage(argv[0], workloads);
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}

} // namespace bench
