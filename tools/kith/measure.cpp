#include "commands.hpp"
#include "output.hpp"
#include "prefetch/fetch.hpp"
#include "printable.hpp"
#include "progress.hpp"
#include "shape.hpp"
#include "timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace kith::cli {

namespace {

using detail::LookupSpec;
using detail::ModelInfo;
using detail::QueryHandle;
using query::LookupNode;

constexpr double noise = 1.15; // smaller differences are ignored
constexpr auto never = std::numeric_limits<std::size_t>::max();

/// Counts the statements of a database while it lives.
class Counter {
public:
    explicit Counter(const Database& db) : token_(db.on_query([this](const QueryEvent&) { ++statements_; })) {}
    std::size_t statements() const { return statements_; }

private:
    std::size_t statements_{0};
    std::shared_ptr<void> token_;
};

/// One way of loading, on a connection of its own; its many-to-manys use pairs beyond `threshold` parents.
class Way {
public:
    Way(const MeasureArguments& arguments, std::optional<std::size_t> threshold)
        : db_(open(arguments.url, options(threshold))),
          load_(as_usage([&] { return Load(arguments, db_); })),
          runs_(arguments.runs) {}

    const QueryHandle& query() const { return load_.query(); }
    std::size_t threshold() const { return db_.options().pairs_threshold; }

    Timing at_once(std::string name) const {
        return timed(std::move(name), [&] { return query().all().rows().size; });
    }
    Timing in_chunks(std::size_t size) const {
        return timed(fmt::format("in chunks of {}", grouped(size)), [&] {
            auto stream = query().iterator({.chunk_size = size});
            std::size_t rows = 0;
            while (stream.next() != nullptr) ++rows;
            return rows;
        });
    }
    /// Loads the first `sample` rows with one statement per row and relation; the times are scaled up to `rows` rows.
    Timing row_by_row(std::size_t sample, std::size_t rows) const {
        auto timing = timed("row by row", [&] {
            const auto few = query().without_prefetch_related().slice(0, sample);
            const auto found = few.rows();
            for (std::size_t i = 0; i < found.size; ++i)
                load_alone(few.model(), found.data[i], query().query()->lookups);
            return found.size;
        });
        if (timing.rows == 0 || timing.rows >= rows) return timing;
        const auto factor = static_cast<double>(rows) / static_cast<double>(timing.rows);
        timing.estimated = true;
        timing.median *= factor;
        timing.fastest *= factor;
        timing.statements = static_cast<std::size_t>(static_cast<double>(timing.statements) * factor);
        return timing;
    }

private:
    static ConnectOptions options(std::optional<std::size_t> threshold) {
        ConnectOptions options;
        if (threshold) options.pairs_threshold = *threshold;
        return options;
    }

    template <class Work>
    Timing timed(std::string name, const Work& work) const {
        std::size_t statements = 0;
        {
            const Counter counter(db_);
            (void)work();
            statements = counter.statements();
        }
        auto timing = time_it(std::move(name), runs_, work);
        timing.statements = statements;
        return timing;
    }

    static void load_alone(const ModelInfo& model, void* row, const std::vector<LookupNode>& nodes) {
        for (const auto& node : nodes) {
            const auto& relation = *node.relation->field;
            LookupSpec spec{.path = relation.name, .queryset = node.queryset};
            if (node.slot != &relation) spec.to_attr = node.slot->name;
            std::vector<LookupSpec> specs;
            specs.push_back(std::move(spec));
            const std::array<void*, 1> alone{row};
            detail::prefetch_rows(model, alone, std::move(specs));
            void* one = nullptr;
            const auto rows = rows_behind(row, *node.slot, one);
            for (std::size_t i = 0; i < rows.size; ++i)
                load_alone(*node.slot->relation->target, rows.data[i], node.children);
        }
    }

    Database db_;
    Load load_;
    std::size_t runs_;
};

/// Whether a lookup has a choice of two shapes.
bool has_pairs(const std::vector<LookupNode>& nodes) {
    return std::ranges::any_of(nodes, [](const LookupNode& node) {
        const bool here = node.relation != nullptr &&
                          prefetch::choose_shape(*node.relation, node.queryset.get(), 2, 1) == prefetch::Shape::pairs;
        return here || has_pairs(node.children);
    });
}

const Timing& fastest_of(std::span<const Timing> timings) {
    return *std::ranges::min_element(timings, {}, &Timing::median);
}

std::string times_as_long(double longer, double shorter) { return fmt::format("{:.1f} × as long", longer / shorter); }

/// The measurements and the advice derived from them.
struct Measured {
    std::vector<Timing> at_once{}; ///< join, and pairs if there is a choice
    std::vector<Timing> chunks{};
    std::optional<Timing> alone{};
    std::size_t threshold{0};

    std::vector<Timing> all() const {
        auto timings = at_once;
        timings.insert(timings.end(), chunks.begin(), chunks.end());
        if (alone) timings.push_back(*alone);
        return timings;
    }

    std::string advice() const {
        std::string text;
        const auto& best = fastest_of(at_once);
        if (at_once.size() == 2) text += shape_advice();
        if (!chunks.empty()) text += chunk_advice(best);
        if (alone) {
            text += fmt::format("Row by row {} {} as with prefetch_related.\n",
                                alone->estimated ? "would take" : "took", times_as_long(alone->median, best.median));
        }
        return text;
    }

private:
    std::string shape_advice() const {
        const auto& join = at_once[0];
        const auto& pairs = at_once[1];
        if (join.median < pairs.median * noise && pairs.median < join.median * noise) {
            return "Join and pairs take the same time here: leave the choice to Kith.\n";
        }
        const bool joins = join.median < pairs.median;
        const bool is_default = joins ? join.rows <= threshold : join.rows > threshold;
        const auto& slower = joins ? pairs : join;
        const auto& faster = joins ? join : pairs;
        auto text = fmt::format("{} is the faster shape: {} takes {}. ", joins ? "Join" : "Pairs",
                                joins ? "pairs" : "join", times_as_long(slower.median, faster.median));
        if (is_default) return text + "Kith chooses it by default for this number of rows.\n";
        return text + fmt::format("Set pairs_threshold={} in the URL or the ConnectOptions: by default Kith uses {} "
                                  "for this number of rows.\n",
                                  joins ? fmt::format("{}", join.rows) : "0", joins ? "pairs" : "join");
    }

    std::string chunk_advice(const Timing& best) const {
        // The smallest chunk that costs little more than the fastest: the purpose of chunks is to save memory.
        const auto& quickest = fastest_of(chunks);
        const auto good = std::ranges::find_if(
            chunks, [&](const Timing& timing) { return timing.median <= quickest.median * noise; });
        const auto size = good->name.substr(good->name.rfind(' ') + 1);
        return fmt::format(
            "To stream, chunk_size {} is enough: it takes {} as all at once, in memory that does not grow.\n", size,
            times_as_long(good->median, best.median));
    }
};

} // namespace

int measure(const MeasureArguments& arguments) {
    if (arguments.prefetch.empty()) {
        throw UsageError("measure compares ways to load relations: name one with --prefetch");
    }
    Output out;
    Measured measured;
    {
        const Way join(arguments, never);
        measured.at_once.push_back(join.at_once("all at once, join"));
        const auto rows = measured.at_once.front().rows;
        if (rows == 0)
            throw UsageError(fmt::format("there are no such rows in {}: nothing to measure", arguments.table));
        if (has_pairs(join.query().query()->lookups)) {
            measured.at_once.push_back(Way(arguments, 0).at_once("all at once, pairs"));
        } else {
            measured.at_once.front().name = "all at once";
        }
        const Way usual(arguments, std::nullopt);
        measured.threshold = usual.threshold();
        for (const auto size : arguments.chunks) {
            if (size < rows) measured.chunks.push_back(usual.in_chunks(size));
        }
        if (arguments.sample > 0) measured.alone = usual.row_by_row(arguments.sample, rows);
        out.add(fmt::format("{} of {}, median of {}\n\n", counted(rows, "row"), printable(arguments.table),
                            counted(measured.at_once.front().runs, "run")));
    }
    out.add(timing_table(measured.all()));
    if (measured.alone && measured.alone->estimated) {
        out.add(fmt::format("≈ from {}\n", counted(measured.alone->rows, "row")));
    }
    out.add("\n" + measured.advice());
    out.flush();
    return exit_good;
}

} // namespace kith::cli
