// A page of 20 rows by its place in the order, at the beginning and behind 199,000 rows, and as a slice.

#include <kith/kith.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

namespace bench::micro {

namespace {

struct Entry {
    kith::PrimaryKey<> id{};
    kith::Timestamp created{};
    std::string title{};

    static constexpr kith::Table table{.indexes = {{"created", "id"}}};
};

constexpr std::size_t far_behind = 199'000;

const kith::QuerySet<Entry>& entries() {
    static const auto rows = [] {
        const auto db = kith::connect("sqlite::memory:");
        db.create_tables<Entry>();
        std::vector<Entry> list;
        for (int i = 0; i < 200'000; ++i) {
            list.push_back({.created = kith::Timestamp(std::chrono::seconds(1'700'000'000 + i / 7)), .title = "title"});
        }
        db.objects<Entry>().bulk_create(list);
        return db.objects<Entry>().order_by("created", "id");
    }();
    return rows;
}

void first_page(benchmark::State& state) {
    const auto& rows = entries();
    for (auto _ : state) benchmark::DoNotOptimize(rows.page({.size = 20}));
}
BENCHMARK(first_page);

void page_far_behind(benchmark::State& state) {
    const auto& rows = entries();
    const auto token = rows.page_token(*rows.slice(far_behind - 1, far_behind)[0]);
    for (auto _ : state) benchmark::DoNotOptimize(rows.page({.size = 20, .after = token}));
}
BENCHMARK(page_far_behind);

void slice_far_behind(benchmark::State& state) {
    const auto& rows = entries();
    for (auto _ : state) benchmark::DoNotOptimize(rows.all().slice(far_behind, far_behind + 20).size());
}
BENCHMARK(slice_far_behind);

} // namespace

} // namespace bench::micro
