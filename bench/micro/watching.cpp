// The cost of being observed: loading rows with their related rows and reading all of them, without observers, and with
// a LoadingDetector, a QueryLog or a tracer.

#include "micro/world.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <optional>

namespace bench::micro {

namespace {

/// The small world, with 50,000 visits.
const kith::Database& travelled() {
    static const auto made = [] {
        auto db = make_world();
        db.raw("INSERT INTO person_visitation (person_id, city_id) SELECT person.id, city.id FROM person JOIN city "
               "ON (person.id * 7919 + city.id * 31) % 400 = 0");
        return db;
    }();
    return made;
}

enum class Watch { none, detector, log, tracer };

/// Observes while it lives.
class Watcher {
public:
    Watcher(const kith::Database& db, Watch watch) {
        if (watch == Watch::detector) detector_.emplace(db, kith::LoadingDetectorOptions{.runs = 1'000'000});
        if (watch == Watch::log) log_.emplace(db);
        if (watch == Watch::tracer) {
            tracing_ = db.on_trace({.ended = [](const kith::Span& span) { benchmark::DoNotOptimize(span.id); }});
        }
    }

private:
    std::optional<kith::LoadingDetector> detector_;
    std::optional<kith::QueryLog> log_;
    std::shared_ptr<void> tracing_;
};

template <Watch W>
void forward_key(benchmark::State& state) {
    const Watcher watcher(travelled(), W);
    for (auto _ : state) {
        for (const Person& person : travelled().objects<Person>().prefetch_related("hometown")) {
            if (person.hometown) benchmark::DoNotOptimize(person.hometown->name.size());
        }
    }
}
template <Watch W>
void many_to_many(benchmark::State& state) {
    const Watcher watcher(travelled(), W);
    for (auto _ : state) {
        for (const Person& person : travelled().objects<Person>().prefetch_related("visitation")) {
            for (const City& city : person.visitation.all()) benchmark::DoNotOptimize(city.name.size());
        }
    }
}
template <Watch W>
void streaming(benchmark::State& state) {
    const Watcher watcher(travelled(), W);
    for (auto _ : state) {
        auto people = travelled().objects<Person>().prefetch_related("visitation");
        for (const Person& person : people.iterator({.chunk_size = 2000})) {
            for (const City& city : person.visitation.all()) benchmark::DoNotOptimize(city.name.size());
        }
    }
}
template <Watch W>
void two_levels(benchmark::State& state) {
    const Watcher watcher(travelled(), W);
    for (auto _ : state) {
        for (const Person& person : travelled().objects<Person>().prefetch_related("visitation__province")) {
            for (const City& city : person.visitation.all()) benchmark::DoNotOptimize(city.province->name.size());
        }
    }
}
/// The work of a web request: it is small, so that the cost per statement shows most.
template <Watch W>
void ten_people(benchmark::State& state) {
    using namespace kith::literals;
    const Watcher watcher(travelled(), W);
    for (auto _ : state) {
        const auto people =
            travelled().objects<Person>().filter("id__lte"_f = 10).prefetch_related("hometown__province");
        for (const Person& person : people) benchmark::DoNotOptimize(person.hometown->province->name.size());
    }
}

#define WATCHED(workload)                                                                                              \
    BENCHMARK(workload<Watch::none>);                                                                                  \
    BENCHMARK(workload<Watch::detector>);                                                                              \
    BENCHMARK(workload<Watch::log>);                                                                                   \
    BENCHMARK(workload<Watch::tracer>)

WATCHED(forward_key);
WATCHED(many_to_many);
WATCHED(two_levels);
WATCHED(streaming);
WATCHED(ten_people);

} // namespace

} // namespace bench::micro
