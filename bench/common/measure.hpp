#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Shared by the variants written in C++: clock, memory, allocations, and the line of JSON that bench/README.md
/// describes. Independent of Kith and SQLite.
namespace bench {

/// One workload of one process: measured once, then reported.
class Run {
public:
    Run(std::string workload, std::string database) : workload_(std::move(workload)), database_(std::move(database)) {}

    const std::string& workload() const noexcept { return workload_; }
    const std::string& database() const noexcept { return database_; }

    /// Runs `work`, measures its time, peak memory and allocations, and returns its result. Work that must not be
    /// measured belongs before or after.
    template <class Work>
    auto measure(Work&& work) {
        std::optional<std::invoke_result_t<Work&>> result;
        auto call = [&] { result.emplace(work()); };
        measure_call([](void* it) { (*static_cast<decltype(call)*>(it))(); }, &call);
        return std::move(*result);
    }

    /// `seconds` and `allocations` are for one of `times` equal loads within measure().
    void per(std::size_t times) noexcept { times_ = times; }
    void statements(std::size_t count) noexcept { statements_ = count; }
    void rows(std::size_t count) noexcept { rows_ = count; }
    void checksum(std::uint64_t sum) noexcept { checksum_ = sum; }

    /// Writes the line of JSON.
    void report() const;

private:
    void measure_call(void (*call)(void*), void* work);

    std::string workload_;
    std::string database_;
    double seconds_{0};
    double processor_seconds_{0}; // of all threads
    long idle_kb_{0};
    long peak_kb_{0};
    std::uint64_t allocations_{0};
    std::size_t times_{1};
    std::size_t statements_{0};
    std::size_t rows_{0};
    std::uint64_t checksum_{0};
};

struct Workload {
    std::string_view name;
    void (*run)(Run&);
};

/// The main() of a variant: `PROGRAM WORKLOAD DATABASE`, or `PROGRAM --about`. `version` is the library's version.
int run_variant(int argc, char** argv, std::string_view version, std::span<const Workload> workloads);

/// The bytes of a text, as the checksums count them.
inline std::uint64_t length(std::string_view text) noexcept { return text.size(); }
inline std::uint64_t number(std::int64_t id) noexcept { return static_cast<std::uint64_t>(id); }

} // namespace bench
