// The cost of calls between the statements: building a QuerySet (under a microsecond), reading loaded rows.

#include "micro/world.hpp"

#include <benchmark/benchmark.h>

namespace bench::micro {

namespace {

using namespace kith::literals;

void build_query_set(benchmark::State& state) {
    const auto& db = world();
    for (auto _ : state) benchmark::DoNotOptimize(db.objects<Person>());
}
BENCHMARK(build_query_set);

void build_with_prefetch(benchmark::State& state) {
    const auto& db = world();
    for (auto _ : state) benchmark::DoNotOptimize(db.objects<Person>().prefetch_related("visitation__province"));
}
BENCHMARK(build_with_prefetch);

void build_with_filter_order_and_prefetch(benchmark::State& state) {
    const auto& db = world();
    for (auto _ : state) {
        benchmark::DoNotOptimize(db.objects<Person>()
                                     .filter("id__gte"_f = 10, "id__lt"_f = 20)
                                     .order_by("id")
                                     .prefetch_related("visitation__province"));
    }
}
BENCHMARK(build_with_filter_order_and_prefetch);

/// The second use of a QuerySet.
void size_of_evaluated_query_set(benchmark::State& state) {
    const auto people = world().objects<Person>();
    (void)people.size();
    for (auto _ : state) benchmark::DoNotOptimize(people.size());
}
BENCHMARK(size_of_evaluated_query_set);

void follow_prefetched_key(benchmark::State& state) {
    const auto people = world().objects<Person>().prefetch_related("hometown");
    const Person* person = &people[0];
    for (auto _ : state) {
        benchmark::DoNotOptimize(person); // read again each time
        benchmark::DoNotOptimize(person->hometown->name.data());
    }
}
BENCHMARK(follow_prefetched_key);

void walk_prefetched_set(benchmark::State& state) {
    const auto people = world().objects<Person>().prefetch_related("visitation");
    const Person& person = people[0];
    for (auto _ : state) {
        for (const City& city : person.visitation.all()) benchmark::DoNotOptimize(city.name.size());
    }
}
BENCHMARK(walk_prefetched_set);

} // namespace

} // namespace bench::micro
