// The stages of a load, each alone: their cost for one row, key or lookup.

#include "connection/session.hpp"
#include "micro/world.hpp"
#include "prefetch/attach.hpp"
#include "prefetch/keys.hpp"
#include "query/lookups.hpp"
#include "rows/graph.hpp"
#include "rows/row_reader.hpp"
#include "sql/select.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace bench::micro {

namespace {

using kith::rows::Graph;

struct Release {
    void operator()(Graph* graph) const noexcept { graph->release(); }
};
using GraphHold = std::unique_ptr<Graph, Release>;

GraphHold new_graph() { return GraphHold(Graph::make(world())); }

/// The first row of `query`, on its cursor.
template <class M>
struct FirstRow {
    explicit FirstRow(const kith::QuerySet<M>& query) : session(world()) {
        const auto statement = kith::sql::select_rows(*query.handle().query(), session.dialect(), plan);
        cursor = session.query(statement);
        cursor->next();
    }

    kith::connection::Session session;
    kith::sql::RowPlan plan{};
    std::unique_ptr<kith::backend::Cursor> cursor{};
};

void count_items(benchmark::State& state, std::size_t each) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

/// From a cursor into an existing row: three columns and two keys.
void decode(benchmark::State& state) {
    const FirstRow<Person> first(world().objects<Person>());
    const auto graph = new_graph();
    kith::rows::RowReader reader(*graph, first.plan, kith::FetchMode::one, nullptr);
    auto* row = reader.read(*first.cursor);
    const auto& part = first.plan.parts.front();
    for (auto _ : state) first.cursor->read(part.slots, part.first_column, row, reader.segment());
    count_items(state, 1);
}
BENCHMARK(decode);

/// The same into new rows, which are created and destroyed, in a graph of 2,000.
void read_rows(benchmark::State& state) {
    constexpr std::size_t rows = 2000;
    const FirstRow<Person> first(world().objects<Person>());
    for (auto _ : state) {
        const auto graph = new_graph();
        kith::rows::RowReader reader(*graph, first.plan, kith::FetchMode::one, nullptr);
        for (std::size_t i = 0; i < rows; ++i) benchmark::DoNotOptimize(reader.read(*first.cursor));
        reader.finish();
    }
    count_items(state, rows);
}
BENCHMARK(read_rows);

/// The rows of a QuerySet, in the form of the core, and one of its relations.
template <class M>
struct Parents {
    explicit Parents(std::string_view relation)
        : query(world().objects<M>()), span(query.handle().rows()), slot(*query.handle().model().find(relation)) {}

    std::span<void* const> rows() const { return {span.data, span.size}; }
    kith::prefetch::ParentKeys keys() const {
        std::vector<void*> without_key;
        return kith::prefetch::collect_keys(*slot.relation, slot, rows(), without_key);
    }

    kith::QuerySet<M> query;
    kith::detail::RowSpan span;
    const kith::detail::FieldInfo& slot;
};

template <class M>
void collect(benchmark::State& state, std::string_view relation) {
    const Parents<M> parents(relation);
    for (auto _ : state) benchmark::DoNotOptimize(parents.keys());
    count_items(state, parents.span.size);
}
void collect_primary_keys(benchmark::State& state) { collect<Person>(state, "visitation"); }
void collect_foreign_keys(benchmark::State& state) { collect<Person>(state, "hometown"); }
BENCHMARK(collect_primary_keys);
BENCHMARK(collect_foreign_keys);

/// Gives every parent the rows of `target` in rotation. The lists stay in the graph, so there are few iterations.
template <class M, class Target>
void attach(benchmark::State& state, std::string_view relation) {
    const Parents<M> parents(relation);
    const auto targets = world().objects<Target>();
    const auto found = targets.handle().rows();
    const auto keys = parents.keys();
    kith::prefetch::Fetched fetched;
    fetched.segment = &kith::rows::Page::of(found.data[0]).segment_of(found.data[0]);
    fetched.rows->assign(found.data, found.data + found.size);
    const auto links = std::max(keys.size(), found.size);
    for (std::size_t i = 0; i < links; ++i) {
        fetched.ordinals.push_back(static_cast<std::uint32_t>(i % keys.size()));
        fetched.result_rows.push_back(found.data[i % found.size]);
    }
    const auto node = kith::query::lookup_of(*parents.slot.relation, parents.slot, world());
    for (auto _ : state) kith::prefetch::attach(node, keys, fetched);
    count_items(state, links);
}
void attach_sets(benchmark::State& state) { attach<Province, City>(state, "city_set"); }
void attach_single_rows(benchmark::State& state) { attach<Person, City>(state, "hometown"); }
BENCHMARK(attach_sets)->Iterations(300);
BENCHMARK(attach_single_rows)->Iterations(300);

/// A lookup of two steps, resolved into the tree that a load walks.
void plan_lookup(benchmark::State& state) {
    const auto& model = world().objects<Person>().handle().model();
    const kith::detail::LookupSpec lookup{.path = "visitation__province"};
    for (auto _ : state) {
        std::vector<kith::query::LookupNode> tree;
        kith::query::add_lookup(tree, model, lookup, kith::query::LookupsFor::queryset, nullptr);
        benchmark::DoNotOptimize(tree.data());
    }
}
BENCHMARK(plan_lookup);

/// From a query to the text of its statement.
void compile_statement(benchmark::State& state) {
    using namespace kith::literals;
    const auto query =
        world().objects<Person>().filter("id__gte"_f = 1, "hometown__name"_f = "Wuhan City").handle().query();
    const kith::connection::Session session(world());
    for (auto _ : state) {
        kith::sql::RowPlan plan;
        benchmark::DoNotOptimize(kith::sql::select_rows(*query, session.dialect(), plan));
    }
}
BENCHMARK(compile_statement);

} // namespace

} // namespace bench::micro
