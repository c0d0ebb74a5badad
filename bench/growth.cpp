// How the cost of a load grows: `kith_bench_growth AXIS SIZE DATABASE` measures one point of a curve and prints a line
// of JSON; `kith_bench_growth --make DATABASE PARENTS` makes the data. bench/growth.py runs it.

#include "common/measure.hpp"

#include <kith/kith.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace growth {

using namespace kith::literals;
using bench::number;
using bench::Run;

constexpr std::int64_t rows_of_a_level = 1000;
constexpr std::int64_t levels = 65; // a chain of 64 steps
constexpr std::int64_t albums = 20; // for each number of links
constexpr std::int64_t most_links = 10'000;

// ---- the models

struct Child;
struct Parent {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Child, "parent"> children{};

    static constexpr kith::Table table{.ordering = {"id"}};
};
struct Child {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Parent> parent{};
    std::string name{};
};

struct Node {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Node, kith::null> next{};
};

/// With the primary key, as many members as a struct may have.
struct Hub {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Node> f1{}, f2{}, f3{}, f4{}, f5{}, f6{}, f7{}, f8{}, f9{}, f10{}, f11{}, f12{}, f13{}, f14{},
        f15{}, f16{}, f17{}, f18{}, f19{}, f20{}, f21{}, f22{}, f23{}, f24{}, f25{}, f26{}, f27{}, f28{}, f29{}, f30{},
        f31{}, f32{}, f33{}, f34{}, f35{}, f36{}, f37{}, f38{}, f39{}, f40{}, f41{}, f42{}, f43{}, f44{}, f45{}, f46{},
        f47{}, f48{}, f49{}, f50{}, f51{}, f52{}, f53{}, f54{}, f55{}, f56{}, f57{}, f58{}, f59{}, f60{}, f61{}, f62{},
        f63{};
};
constexpr std::int64_t hub_keys = 63;

struct Tag {
    kith::PrimaryKey<> id{};
    std::string name{};
};
struct Album {
    kith::PrimaryKey<> id{};
    std::int64_t size{};
    kith::ManyToMany<Tag> tags{};
};

// ---- the data

/// `SELECT` of `what` for i from 1 to `count`.
std::string for_each(std::int64_t count, const std::string& what) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(count) +
           ") SELECT " + what + " FROM n";
}

void make(const std::string& database, std::int64_t parents) {
    const auto db = kith::connect("sqlite:" + database);
    db.create_tables<Parent, Child, Node, Hub, Tag, Album>();
    db.atomic([&] {
        db.raw("INSERT INTO parent(id, name) " + for_each(parents, "i, 'parent ' || i"));
        db.raw("INSERT INTO child(id, parent_id, name) " + for_each(parents, "i, i, 'child ' || i"));
        const auto level = std::to_string(rows_of_a_level);
        const auto nodes = levels * rows_of_a_level;
        db.raw("INSERT INTO node(id, next_id) " + for_each(nodes, "i, CASE WHEN i <= " + std::to_string(nodes) + " - " +
                                                                      level + " THEN i + " + level + " END"));
        std::string columns = "id";
        std::string values = "i";
        for (std::int64_t key = 1; key <= hub_keys; ++key) {
            columns += ", f" + std::to_string(key) + "_id";
            values += ", i + " + std::to_string(key) + " * " + level;
        }
        db.raw("INSERT INTO hub(" + columns + ") " + for_each(rows_of_a_level, values));
        db.raw("INSERT INTO tag(id, name) " + for_each(most_links, "i, 'tag ' || i"));
        for (std::int64_t links = 1, group = 0; links <= most_links; links *= 10, ++group) {
            const auto size = std::to_string(links);
            const auto first = std::to_string(group * albums);
            db.raw("INSERT INTO album(id, size) " + for_each(albums, first + " + i, " + size));
            db.raw("INSERT INTO album_tags(album_id, tag_id) " +
                   for_each(albums * links, first + " + 1 + (i - 1) / " + size + ", 1 + (i - 1) % " + size));
        }
    });
    db.raw("ANALYZE");
}

// ---- the loads

/// Measures `load` after a first, unmeasured one, as often as makes the time long enough to be read.
template <class Load>
void measure(Run& run, std::size_t times, const Load& load) {
    (void)load();
    run.checksum(run.measure([&] {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < times; ++i) sum = load();
        return sum;
    }));
    run.per(times);
}

std::size_t times_for(std::int64_t rows) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(200'000 / rows, 1, 1000));
}

void parents(Run& run, const kith::Database& db, std::int64_t size) {
    const auto rows = db.objects<Parent>().filter("id__lte"_f = size).prefetch_related("children");
    measure(run, times_for(size), [&] {
        std::uint64_t sum = 0;
        for (const Parent& parent : rows.iterator({.chunk_size = 2000})) {
            for (const Child& child : parent.children.all()) sum += number(child.id);
        }
        return sum;
    });
}

void depth(Run& run, const kith::Database& db, std::int64_t size) {
    std::string path = "next";
    for (std::int64_t step = 1; step < size; ++step) path += "__next";
    const auto rows = db.objects<Node>().filter("id__lte"_f = rows_of_a_level).prefetch_related(kith::runtime(path));
    measure(run, times_for(size * rows_of_a_level), [&] {
        std::uint64_t sum = 0;
        for (const Node& first : rows.all()) {
            const auto* node = &first;
            for (std::int64_t step = 0; step < size; ++step) node = &*node->next;
            sum += number(node->id);
        }
        return sum;
    });
}

void width(Run& run, const kith::Database& db, std::int64_t size) {
    std::vector<kith::Lookup<Hub>> lookups;
    for (std::int64_t key = 1; key <= size; ++key) lookups.emplace_back(kith::runtime("f" + std::to_string(key)));
    const auto rows = db.objects<Hub>().prefetch_related(lookups);
    measure(run, times_for(size * rows_of_a_level), [&] {
        std::uint64_t sum = 0;
        for (const Hub& hub : rows.all()) sum += number(hub.f1->id);
        return sum;
    });
}

void links(Run& run, const kith::Database& db, std::int64_t size) {
    const auto rows = db.objects<Album>().filter("size"_f = size).prefetch_related("tags");
    measure(run, times_for(size * albums), [&] {
        std::uint64_t sum = 0;
        for (const Album& album : rows.all()) {
            for (const Tag& tag : album.tags.all()) sum += number(tag.id);
        }
        return sum;
    });
}

/// Small loads, the same number however many threads share them.
void threads(Run& run, const kith::Database& db, std::int64_t size) {
    constexpr std::int64_t loads = 6400;
    constexpr std::int64_t rows_of_a_load = 10;
    const auto work = [&](std::int64_t thread, std::uint64_t& sum) {
        for (auto load = thread; load < loads; load += size) {
            const auto first = load % 90 * rows_of_a_load + 1;
            for (const Parent& parent : db.objects<Parent>()
                                            .filter("id__range"_f = std::pair(first, first + rows_of_a_load - 1))
                                            .prefetch_related("children")) {
                sum += number(parent.children.all()[0]->id);
            }
        }
    };
    measure(run, 1, [&] {
        std::vector<std::uint64_t> sums(static_cast<std::size_t>(size));
        std::vector<std::jthread> running;
        for (std::int64_t thread = 0; thread < size; ++thread) {
            running.emplace_back([&, thread] { work(thread, sums[static_cast<std::size_t>(thread)]); });
        }
        running.clear();
        std::uint64_t sum = 0;
        for (const auto part : sums) sum += part;
        return sum;
    });
    run.per(static_cast<std::size_t>(loads));
}

struct Axis {
    std::string_view name;
    void (*load)(Run& run, const kith::Database& db, std::int64_t size);
};
constexpr Axis axes[] = {
    {"parents", parents}, {"depth", depth}, {"width", width}, {"links", links}, {"threads", threads},
};

void measure_point(std::string_view name, const std::string& size, const std::string& database) {
    const auto* axis = std::ranges::find(axes, name, &Axis::name);
    if (axis == std::end(axes)) throw std::invalid_argument("there is no axis '" + std::string(name) + "'");
    const auto db = kith::connect("sqlite:" + database, {.pool_size = 8});
    Run run{std::string(name), database};
    axis->load(run, db, std::stoll(size));
    run.report();
}

} // namespace growth

int main(int argc, char** argv) try {
    const std::vector<std::string> given(argv + 1, argv + argc);
    if (given.size() == 3 && given[0] == "--make") {
        growth::make(given[1], std::stoll(given[2]));
    } else if (given.size() == 3) {
        growth::measure_point(given[0], given[1], given[2]);
    } else {
        return bench::run_variant(argc, argv, KITH_VERSION, {});
    }
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
