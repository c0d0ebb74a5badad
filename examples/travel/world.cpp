#include "crowd.hpp"
#include "geonames.hpp"
#include "models.hpp"
#include "tour.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>

using namespace kith::literals;

namespace travel {

namespace {

constexpr std::size_t largest_sample = 2'000;

/// The most memory that this program has held so far, in megabytes. It never falls, which is why
/// what needs least comes first.
double peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024; // Linux counts in kilobytes
}

/// What one way of loading took.
struct Effort {
    std::size_t people{0};
    std::size_t visits{0};
    double statements{0};
    double seconds{0};
    double peak_megabytes{0};
};

/// Counts and times the statements of a database while it lives.
class Measurement {
public:
    explicit Measurement(const kith::Database& db)
        : counting_(db.on_query([this](const kith::QueryEvent&) { ++statements_; })) {}

    Effort result(std::size_t people, std::size_t visits) const {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
        return {.people = people,
                .visits = visits,
                .statements = static_cast<double>(statements_),
                .seconds = passed.count(),
                .peak_megabytes = peak_memory()};
    }

private:
    std::size_t statements_{0};
    std::shared_ptr<void> counting_;
    std::chrono::steady_clock::time_point began_{std::chrono::steady_clock::now()};
};

void make_people(Tour& tour, std::size_t people) {
    tour.page().prose(fmt::format("{} people, drawn with a fixed seed, each with a hometown, a "
                                  "place to live and {} visits among "
                                  "the {} cities:",
                                  grouped(people), visits_per_person,
                                  grouped(whole_world.cities)));
    Progress progress(tour.page(), "People with their visits", people);
    make_crowd(tour.db(), people, whole_world.cities,
               [&](std::size_t made) { progress.advance(made); });
    progress.finish();
    tour.page().prose(
        "Now each of them is read, with every visited city and its province, in three ways.");
}

Effort stream_all(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("As a stream");
    tour.page().prose("2,000 people at a time; a chunk is let go when the next one comes.");

    std::size_t people = 0;
    std::size_t visits = 0;
    const Measurement measurement(db);
    const auto begin = Mark::current();
    const auto everybody = db.objects<Person>().prefetch_related("visitation__province");
    for (const Person& person : everybody.iterator({.chunk_size = 2000})) {
        ++people;
        for (const City& city : person.visitation.all()) {
            visits += city.province->name.empty() ? 0 : 1;
        }
    }
    const auto end = Mark::current();
    const auto effort = measurement.result(people, visits);
    tour.show_code(begin, end);
    return effort;
}

Effort load_row_by_row(Tour& tour, std::size_t sample) {
    const auto& db = tour.db();
    tour.page().heading("Row by row");
    tour.page().prose(fmt::format(
        "Without prefetch_related() the same loop asks for the cities of each person and for the "
        "province of each city. A sample of {} people is enough.",
        grouped(sample)));

    std::size_t people = 0;
    std::size_t visits = 0;
    const Measurement measurement(db);
    const auto begin = Mark::current();
    for (const Person& person : db.objects<Person>().slice(0, sample)) {
        ++people;
        for (const City& city : person.visitation.all()) {
            visits += city.province->name.empty() ? 0 : 1;
        }
    }
    const auto end = Mark::current();
    const auto effort = measurement.result(people, visits);
    tour.show_code(begin, end);
    return effort;
}

Effort load_all(Tour& tour) {
    const auto& db = tour.db();
    tour.page().heading("As one QuerySet");
    tour.page().prose("Everything at once, kept in memory. For many parents Kith takes a "
                      "many-to-many in two steps, "
                      "the links and then the cities, each city once. The keys are bound, and "
                      "the text of a statement "
                      "does not grow with them.");

    std::size_t visits = 0;
    const kith::QueryLog log(db);
    const Measurement measurement(db);
    const auto begin = Mark::current();
    const auto everybody = db.objects<Person>().prefetch_related("visitation__province");
    for (const Person& person : everybody) {
        for (const City& city : person.visitation.all()) {
            visits += city.province->name.empty() ? 0 : 1;
        }
    }
    const auto end = Mark::current();
    const auto effort = measurement.result(everybody.size(), visits);
    tour.show_code(begin, end);
    tour.show_statements(log.entries());
    return effort;
}

/// What the sample would have come to for `people` people: its own figures, scaled up.
Effort extrapolate(const Effort& sample, std::size_t people) {
    const auto factor = static_cast<double>(people) /
                        static_cast<double>(std::max<std::size_t>(sample.people, 1));
    return {.people = people,
            .visits = static_cast<std::size_t>(static_cast<double>(sample.visits) * factor),
            .statements = sample.statements * factor,
            .seconds = sample.seconds * factor,
            .peak_megabytes = 0};
}

void add(Table& table, std::string_view way, const Effort& effort) {
    const auto memory =
        effort.peak_megabytes > 0 ? fmt::format("{:.0f}", effort.peak_megabytes) : std::string();
    table.add(way, grouped(effort.people), grouped(effort.visits),
              grouped(static_cast<std::uint64_t>(effort.statements)),
              fmt::format("{:.2f}", effort.seconds), memory);
}

} // namespace

void tell_world(Tour& tour, std::size_t people) {
    make_people(tour, people);
    const auto idle = peak_memory();
    const auto streamed = stream_all(tour);
    const auto sample = load_row_by_row(tour, std::min(people, largest_sample));
    const auto row_by_row = extrapolate(sample, people);
    const auto loaded = load_all(tour);

    tour.page().heading("Side by side");
    Table table({"way", "people", "visits", "statements", "seconds", "peak memory, MB"});
    add(table, "stream, chunks of 2,000", streamed);
    add(table, "row by row, the sample", sample);
    add(table, "row by row, all: extrapolated", row_by_row);
    add(table, "one QuerySet", loaded);
    tour.page().table(table);
    tour.page().prose(
        fmt::format("Peak memory is that of the whole program up to then, {:.0f} MB before the "
                    "first of these ways. The "
                    "extrapolated line is the sample's, multiplied by {:.0f}: one QuerySet does "
                    "in {:.2f} s what row by "
                    "row would take about {:.0f} s for, {:.0f} times as long.",
                    idle, static_cast<double>(people) / static_cast<double>(sample.people),
                    loaded.seconds, row_by_row.seconds, row_by_row.seconds / loaded.seconds));
}

} // namespace travel
