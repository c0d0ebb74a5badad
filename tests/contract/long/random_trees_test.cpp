#include "support/press_naive.hpp"
#include "support/press_rows.hpp"
#include "support/travel.hpp"

#include <kith/detail/core/model_info.hpp>
#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

/// Random trees of lookups over random data, compared with an evaluator that follows every relation row by row; and the
/// number of statements of every lookup, compared with what loading_plan() said before.
///
/// Every run makes others; KITH_TEST_SEED repeats one.

namespace random_trees_test {

using namespace kith::literals;
using namespace press;

namespace {

constexpr std::size_t shards = 4;
/// Fewer on a server, where making the tables takes its time.
std::size_t trees_per_shard() { return travel::on_sqlite() ? 500 : 50; }
constexpr std::size_t trees_per_data = 25;

// ---- what Kith is asked

template <class M>
kith::QuerySet<M> with_test(const kith::QuerySet<M>& rows, const Test& test) {
    const auto name = kith::runtime(fmt::format("{}__{}", fmt::join(test.path, "__"), test.lookup));
    const auto add = [&](const auto& value) {
        return test.excluded ? rows.exclude(name = value) : rows.filter(name = value);
    };
    if (!test.list.empty()) return add(test.list);
    if (test.lookup == "isnull") return add(test.value == Cell{std::int64_t{1}});
    if (const auto* text = std::get_if<std::string>(&test.value)) return add(*text);
    return add(std::get<std::int64_t>(test.value));
}

template <class M>
std::vector<kith::Lookup<M>> lookups_of(const kith::Database& db, const std::vector<AskedLookup>& lookups);

template <class M>
kith::QuerySet<M> ask(const kith::Database& db, const Asked& asked) {
    auto rows = db.objects<M>().all();
    for (const auto& test : asked.tests) rows = with_test(rows, test);
    if constexpr (std::is_same_v<M, Author>) {
        if (asked.annotated) rows = rows.annotate("book_count"_f = kith::Count("books"_f));
    }
    if constexpr (std::is_same_v<M, Book>) {
        if (asked.annotated) rows = rows.annotate("review_count"_f = kith::Count("reviews"_f));
    }
    if (asked.order) {
        std::vector<kith::Runtime> names;
        for (const auto& term : *asked.order) {
            names.push_back(kith::runtime(fmt::format("{}{}", term.descending ? "-" : "", fmt::join(term.path, "__"))));
        }
        switch (names.size()) {
        case 0: rows = rows.order_by(kith::None); break;
        case 1: rows = rows.order_by(names[0]); break;
        case 2: rows = rows.order_by(names[0], names[1]); break;
        default: rows = rows.order_by(names[0], names[1], names[2]);
        }
    }
    if (asked.reversed) rows = rows.reverse();
    if (asked.distinct) rows = rows.distinct();
    for (const auto& path : asked.selected) rows = rows.select_related(kith::runtime(path));
    if (!asked.lookups.empty()) rows = rows.prefetch_related(lookups_of<M>(db, asked.lookups));
    if (asked.slice) rows = rows.slice(asked.slice->first, asked.slice->second);
    if (asked.nothing) rows = rows.none();
    return rows;
}

template <class M>
kith::Lookup<M> lookup_of(const kith::Database& db, const AskedLookup& lookup) {
    const auto path = kith::runtime(lookup.path);
    if (!lookup.rows) {
        if (lookup.slot.empty()) return path;
        return kith::Prefetch(path, kith::None, kith::runtime(lookup.slot));
    }
    return with_model(lookup.rows->model, [&]<class T>(const T*) -> kith::Lookup<M> {
        const auto rows = ask<T>(db, *lookup.rows);
        if (lookup.slot.empty()) return kith::Prefetch(path, rows);
        return kith::Prefetch(path, rows, kith::runtime(lookup.slot));
    });
}

template <class M>
std::vector<kith::Lookup<M>> lookups_of(const kith::Database& db, const std::vector<AskedLookup>& lookups) {
    std::vector<kith::Lookup<M>> list;
    for (const auto& lookup : lookups) list.push_back(lookup_of<M>(db, lookup));
    return list;
}

// ---- both answers beside each other

std::string columns_of_instance(const Instance& instance) {
    std::vector<std::string> values;
    for (const auto column : model_named(instance.model).columns) values.push_back(text_of(instance[column]));
    auto text = fmt::format("{}", fmt::join(values, " "));
    if (instance.annotation >= 0) text += fmt::format(" n={}", instance.annotation);
    return text;
}

/// Walks what was loaded along a tree on both sides, and notes where they differ: in the rows, in their order where it
/// is not left open, or in which of them are one and the same instance.
class Comparison {
public:
    explicit Comparison(std::string_view root) : root_(root) {}

    void compare(std::vector<Instance*> expected, Addresses actual, const std::vector<Node>& nodes) {
        compare_rows({std::move(expected)}, std::move(actual), root_, nodes, std::string(root_));
    }
    std::string differences() const { return fmt::format("{}", fmt::join(differences_, "\n")); }

private:
    void compare_rows(Instance::Loaded expected, Addresses actual, std::string_view model,
                      const std::vector<Node>& nodes, const std::string& where) {
        std::vector<std::string> wanted;
        std::vector<std::string> got;
        if (!expected.ordered) {
            std::ranges::sort(expected.rows, {}, [](const Instance* row) { return columns_of_instance(*row); });
            std::ranges::sort(actual, {}, [&](const void* row) { return columns_of(model, row); });
        }
        for (const auto* row : expected.rows) wanted.push_back(columns_of_instance(*row));
        for (const auto* row : actual) got.push_back(columns_of(model, row));
        if (wanted != got) {
            differences_.push_back(fmt::format("{}: {} and not {}", where, got, wanted));
            return;
        }
        for (std::size_t i = 0; i < actual.size(); ++i) compare_row(*expected.rows[i], actual[i], nodes, where);
    }

    void compare_row(const Instance& expected, const void* actual, const std::vector<Node>& nodes,
                     const std::string& where) {
        if (!walked_.insert({&expected, nodes.data()}).second) return;
        const bool first_time = addresses_.try_emplace(&expected, actual).first->second == actual &&
                                instances_.try_emplace(actual, &expected).first->second == &expected;
        if (!first_time)
            differences_.push_back(fmt::format("{}: [{}] is another instance", where, columns_of_instance(expected)));
        for (const auto& node : nodes) {
            compare_rows(expected.loaded.find(node.name)->second, read_member(expected.model, actual, node.name),
                         node.relation->target, node.children, where + "." + node.name);
        }
    }

    std::string_view root_;
    std::map<const Instance*, const void*> addresses_;
    std::map<const void*, const Instance*> instances_;
    std::set<std::pair<const Instance*, const Node*>> walked_;
    std::vector<std::string> differences_;
};

// ---- what loading_plan() promises

using Promises = std::map<std::string, const kith::LoadingPlan::Lookup*>;

/// The lookups of a plan by their paths.
void add_promises(const std::vector<kith::LoadingPlan::Lookup>& lookups, Promises& promises) {
    for (const auto& lookup : lookups) {
        promises[lookup.path] = &lookup;
        add_promises(lookup.lookups, promises);
    }
}

using Keys = std::map<std::string, std::vector<std::size_t>>;

class RandomTrees : public testing::TestWithParam<std::size_t> {
protected:
    /// Makes the data of the next trees.
    void make_data(Dice& dice) {
        db_.reset();
        folder_ = std::make_unique<travel::TemporaryFolder>();
        const std::vector<std::size_t> thresholds{1, 3, 5000};
        db_ =
            std::make_unique<kith::Database>(kith::connect(folder_->url(), {.pairs_threshold = dice.pick(thresholds)}));
        press::create_tables(*db_);
        tables_ = random_tables(dice);
        tables_.write(folder_->raw());
    }

    /// Asks Kith and the naive evaluator the same. False where there is nothing to compare, because the lookups
    /// contradict each other, which Kith must say, or because the answer is not the only one.
    template <class M>
    bool compare(const Asked& asked, Dice& dice) {
        std::vector<Node> tree;
        try {
            tree = naive::tree_of(asked);
        } catch (const Conflict&) {
            EXPECT_THROW((void)ask<M>(*db_, asked), kith::ValueError);
            return false;
        }
        using kith::LoadStrategy;
        const auto strategy =
            dice.pick(std::vector{LoadStrategy::automatic, LoadStrategy::levels, LoadStrategy::one_trip});
        Naive naive(tables_);
        // A stream loads its lookups chunk by chunk.
        const auto chunk = dice.one_in(5) ? 1 + dice.below(4) : std::size_t{0};
        const auto expected = naive.rows(asked, chunk);
        Keys keys;
        for (std::size_t first = 0; first < expected.size(); first += chunk == 0 ? expected.size() : chunk) {
            naive.load(tree, part_of(expected, first, chunk), keys);
        }
        if (naive.is_ambiguous()) return false;
        const kith::QueryLog log(*db_);
        const auto rows = ask<M>(*db_, asked).load_strategy(strategy);
        const auto plan = rows.loading_plan();
        EXPECT_EQ(log.size(), 0u) << "loading_plan() asks nothing";
        if (chunk != 0) {
            compare_stream(rows, expected, tree, chunk);
        } else {
            Addresses found;
            for (const M& row : rows) found.push_back(&row);
            const auto loaded = log.size();
            Comparison both(asked.model);
            both.compare(expected, found, tree);
            EXPECT_EQ(both.differences(), "");
            EXPECT_EQ(log.size(), loaded) << "reading what was loaded asks nothing";
        }
        check_statements(log, plan, keys,
                         travel::backend() == travel::Backend::postgresql && strategy != LoadStrategy::levels &&
                             chunk == 0);
        if (HasFailure()) std::cout << plan.text();
        return true;
    }

    static std::vector<Instance*> part_of(const std::vector<Instance*>& rows, std::size_t first, std::size_t chunk) {
        const auto last = chunk == 0 ? rows.size() : std::min(first + chunk, rows.size());
        return {rows.begin() + static_cast<std::ptrdiff_t>(first), rows.begin() + static_cast<std::ptrdiff_t>(last)};
    }

    /// Each chunk is loaded by itself and shares no instance with the others.
    template <class M>
    static void compare_stream(const kith::QuerySet<M>& rows, const std::vector<Instance*>& expected,
                               const std::vector<Node>& tree, std::size_t chunk) {
        auto stream = rows.iterator({.chunk_size = chunk});
        auto next = stream.begin();
        for (std::size_t first = 0; first < expected.size(); first += chunk) {
            Comparison both(rows.handle().model().name);
            for (auto* row : part_of(expected, first, chunk)) {
                ASSERT_TRUE(next != stream.end());
                both.compare({row}, {&*next}, tree);
                ++next;
            }
            EXPECT_EQ(both.differences(), "");
        }
        EXPECT_TRUE(next == stream.end());
    }

    /// What is sent ahead is one statement for each lookup, whether there turn out to be keys or not.
    static void check_statements(const kith::QueryLog& log, const kith::LoadingPlan& plan, const Keys& keys,
                                 bool may_go_ahead) {
        std::map<std::string, std::size_t> ran;
        for (const auto& entry : log.entries()) ++ran[entry.lookup];
        EXPECT_EQ(ran[""], plan.statements);
        std::size_t total = plan.statements;
        Promises promises;
        add_promises(plan.lookups, promises);
        for (const auto& [path, lookup] : promises) {
            std::size_t expected = 0;
            if (const auto asked = keys.find(path); asked != keys.end()) {
                for (const auto count : asked->second) expected += lookup->statements(count);
            }
            if (may_go_ahead && ran[path] == 1) expected = 1;
            EXPECT_EQ(ran[path], expected) << path;
            total += expected;
        }
        EXPECT_EQ(log.size(), total) << "and nothing besides";
    }

    std::unique_ptr<travel::TemporaryFolder> folder_;
    std::unique_ptr<kith::Database> db_;
    Tables tables_;
};

std::uint64_t seed_of_run() {
    const auto* given = std::getenv("KITH_TEST_SEED");
    return given == nullptr ? std::random_device{}() : std::stoull(given);
}

} // namespace

TEST_P(RandomTrees, AreLoadedAsIfRowByRow) {
    const auto seed = seed_of_run();
    std::cout << "KITH_TEST_SEED=" << seed << "\n";
    const std::vector<std::string_view> roots{"Country", "Publisher", "Author", "Author", "Biography",
                                              "Book",    "Book",      "Cover",  "Review", "Shop"};
    std::size_t passed_over = 0;
    for (std::size_t tree = 0; tree - passed_over < trees_per_shard(); ++tree) {
        // Each tree has dice of its own, so that a failing one can be cut out of the run.
        const auto own = seed + 1'000'003 * (GetParam() * trees_per_shard() * 2 + tree);
        if (tree % trees_per_data == 0) {
            Dice dice(own);
            make_data(dice);
        }
        Dice dice(own + 1);
        const auto asked = Asking(dice).question(dice.pick(roots), 4);
        with_model(asked.model, [&]<class M>(const M*) {
            if (!compare<M>(asked, dice)) ++passed_over;
        });
        ASSERT_FALSE(HasFailure()) << "KITH_TEST_SEED=" << seed << ", tree " << tree << ": " << describe(asked);
    }
    std::cout << trees_per_shard() << " trees were loaded, " << passed_over
              << " had two querysets for one lookup or several answers\n";
}

INSTANTIATE_TEST_SUITE_P(Shards, RandomTrees, testing::Range(std::size_t{0}, shards));

} // namespace random_trees_test
