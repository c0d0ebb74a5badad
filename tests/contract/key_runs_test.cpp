#include "support/key_matrix.hpp"
#include "support/rows.hpp"

/// Many integers travel as the runs that they are: the same rows, read by BETWEEN.

namespace key_runs_test {

using namespace kith::literals;
using travel::Backend;

namespace {

struct Leaf;

struct Tree {
    kith::PrimaryKey<> id{};
    std::int64_t number{};
    kith::ReverseSet<Leaf, "tree"> leaves{};
    kith::ReverseSet<Leaf, "seen_from"> sees{};
    kith::PrefetchedSet<Leaf> some_leaves{};

    static constexpr kith::Table table{.name = "tree", .ordering = {"id"}};
};

struct Leaf {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Tree, kith::null> tree{};
    kith::ManyToMany<Tree> seen_from{};

    static constexpr kith::Table table{.name = "leaf", .ordering = {"id"}};
};

class KeyRuns : public testing::Test {
protected:
    KeyRuns() : db_(kith::connect(folder_.url("test.db"))), raw_(folder_.raw()) { db_.create_tables<Tree, Leaf>(); }

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    const kith::Database& db() const { return db_; }
    std::string url(const std::string& options) const { return folder_.url("test.db", options); }
    const travel::Raw& raw() const { return raw_; }

    /// A tree for each number, with the leaves 2 n and 2 n + 1, both seen from it.
    void plant(std::int64_t first, std::int64_t last) const {
        std::vector<Tree> trees;
        for (auto id = first; id <= last; ++id) trees.push_back({.id = id, .number = id});
        objects<Tree>().bulk_create(trees);
        std::vector<Leaf> leaves;
        for (auto id = 2 * first; id <= 2 * last + 1; ++id) {
            leaves.push_back({.id = id});
            leaves.back().tree = trees.at(static_cast<std::size_t>((id >> 1) - first));
        }
        objects<Leaf>().bulk_create(leaves);
        std::string links;
        for (const auto& leaf : leaves) {
            links += fmt::format("{}({}, {})", links.empty() ? "" : ", ", leaf.id.value, leaf.tree.key());
        }
        raw_.run("INSERT INTO leaf_seen_from (leaf_id, tree_id) VALUES " + links);
    }

    /// The runs of the first lookup; the QuerySet is evaluated.
    template <class M>
    static std::size_t runs(const kith::QuerySet<M>& rows) {
        (void)rows.size();
        const auto plan = rows.loading_plan();
        return plan.lookups.front().taken.value().runs;
    }
    static void expect_leaves(const Tree& tree) {
        const auto leaves = tree.leaves.all();
        ASSERT_EQ(leaves.size(), 2u);
        EXPECT_EQ(leaves[0].id.value, 2 * tree.id.value);
        EXPECT_EQ(leaves[1].id.value, 2 * tree.id.value + 1);
    }

private:
    travel::TemporaryFolder folder_{};
    kith::Database db_;
    travel::Raw raw_;
};

} // namespace

TEST_F(KeyRuns, OneForAllKeys) {
    plant(1, 600);
    const kith::QueryLog log(db());
    const auto trees = objects<Tree>().prefetch_related("leaves");
    EXPECT_EQ(runs(trees), 1u);
    for (const auto& tree : trees) expect_leaves(tree);
    ASSERT_EQ(log.size(), 2u);
    EXPECT_NE(log.entries()[1].sql.find(" BETWEEN "), std::string::npos) << log.entries()[1].sql;
    travel::expect_parts(trees.explain_loading(), {"600 keys in 1 run", "1200 rows"});

    const auto others = objects<Tree>().filter("id__gt"_f = 50).prefetch_related("leaves");
    EXPECT_EQ(runs(others), 1u);
    EXPECT_EQ(log.entries()[3].sql, log.entries()[1].sql) << "one text for all";
}

TEST_F(KeyRuns, AFewForKeysWithGaps) {
    const std::size_t several = travel::on_sqlite() ? 0 : 3; // SQLite's planner would scan the table
    plant(-300, -1);
    plant(1000, 1299);
    plant(5000, 5099);
    const kith::QueryLog log(db());
    const auto trees = objects<Tree>().prefetch_related("leaves", "sees");
    EXPECT_EQ(runs(trees), several);
    for (const auto& tree : trees) {
        expect_leaves(tree);
        EXPECT_EQ(tree.sees.all().size(), 2u);
    }
    EXPECT_EQ(log.size(), 3u);
    const auto leaves = objects<Leaf>().prefetch_related("tree", "seen_from");
    EXPECT_EQ(runs(leaves), several);
    for (const auto& leaf : leaves) {
        EXPECT_EQ(leaf.tree->number, leaf.seen_from.all()[0]->number);
        EXPECT_EQ(leaf.tree->id.value, leaf.id.value >> 1);
    }
    EXPECT_EQ(log.size(), 7u) << "so many links come as pairs";
}

TEST_F(KeyRuns, OfPrimaryKeysMayHaveHoles) {
    plant(1, 800);
    // Every 20th tree has no leaf, but is in the table.
    raw().run("UPDATE leaf SET tree_id = NULL WHERE (id - id % 2) % 40 = 0");
    const auto leaves = objects<Leaf>().prefetch_related("tree");
    EXPECT_EQ(runs(leaves), 1u);
    const auto taken = leaves.loading_plan().lookups.front().taken.value();
    EXPECT_EQ(taken.keys, 760u);
    EXPECT_EQ(taken.rows, 760u) << "no row that nobody refers to";
    for (const auto& leaf : leaves) {
        if (leaf.tree.is_null()) continue;
        EXPECT_EQ(leaf.tree->number, leaf.id.value >> 1);
    }
    // The rows of a set that nobody asks for could be many.
    raw().run("DELETE FROM leaf_seen_from");
    raw().run("DELETE FROM leaf WHERE tree_id IS NULL");
    raw().run("DELETE FROM tree WHERE id % 20 = 0");
    const auto some = objects<Tree>().prefetch_related("leaves");
    EXPECT_EQ(some.size(), 760u);
    EXPECT_EQ(runs(some), 0u);
}

TEST_F(KeyRuns, OfLinksAndTheirTargets) {
    plant(1, 600);
    const auto pairs = kith::connect(url("pairs_threshold=0"));
    const kith::QueryLog log(pairs);
    const auto leaves = pairs.objects<Leaf>().prefetch_related("seen_from");
    EXPECT_EQ(runs(leaves), 1u);
    for (const auto& leaf : leaves) {
        ASSERT_EQ(leaf.seen_from.all().size(), 1u);
        EXPECT_EQ(leaf.seen_from.all()[0]->number, leaf.id.value >> 1);
    }
    ASSERT_EQ(log.size(), 3u);
    EXPECT_NE(log.entries()[1].sql.find(" BETWEEN "), std::string::npos);
    EXPECT_NE(log.entries()[2].sql.find(" BETWEEN "), std::string::npos);
}

TEST_F(KeyRuns, NotWhereSlicesCouldSeeThem) {
    plant(1, 600);
    const auto leaves = objects<Leaf>();
    EXPECT_EQ(runs(objects<Tree>().prefetch_related(kith::Prefetch("leaves"_f, leaves.distinct()))), 0u);
    EXPECT_EQ(runs(objects<Tree>().prefetch_related(kith::Prefetch("leaves"_f, leaves.slice(0, 1), "some_leaves"_f))),
              0u);
    EXPECT_EQ(runs(objects<Tree>().prefetch_related(kith::Prefetch("leaves"_f, leaves.filter("id__gt"_f = 10)))), 1u);
}

TEST_F(KeyRuns, NotOfFewOrScatteredKeys) {
    plant(1, 1200);
    EXPECT_EQ(runs(objects<Tree>().filter("id__lt"_f = 500).prefetch_related("leaves")), 0u);
    raw().run("DELETE FROM leaf_seen_from");
    raw().run("DELETE FROM leaf WHERE (id - id % 2) % 4 = 0");
    raw().run("DELETE FROM tree WHERE id % 2 = 0");
    EXPECT_EQ(runs(objects<Tree>().prefetch_related("leaves")), 0u);
}

TEST_F(KeyRuns, PassOverWhatSqliteKeepsBetweenTheKeys) {
    if (!travel::on_sqlite()) GTEST_SKIP() << "the columns of servers have one type";
    plant(1, 600);
    raw().run("PRAGMA foreign_keys = OFF");
    raw().run("INSERT INTO leaf (id, tree_id) VALUES (5000, 7.5), (5001, 'seven'), (5002, x'07')");
    raw().run("INSERT INTO leaf_seen_from (leaf_id, tree_id) VALUES (14, 7.5), (14, 'seven')");
    const auto trees = objects<Tree>().prefetch_related("leaves", "sees");
    EXPECT_EQ(runs(trees), 1u);
    for (const auto& tree : trees) {
        expect_leaves(tree);
        EXPECT_EQ(tree.sees.all().size(), 2u);
    }
}

TEST(KeyMatrix, DenseNumbers) {
    const auto dense = [](const std::string& parent, const std::string& child = {}, bool refused = false,
                          const std::string& options = {}) {
        return matrix::Case{.title = "dense",
                            .parent = parent,
                            .child = child,
                            .codes = {"5000", "7"},
                            .refers_to = {"7", "5000"},
                            .refused = refused,
                            .table_options = options,
                            .from = 10,
                            .to = 620};
    };
    const auto cases = [&]() -> std::vector<matrix::Case> {
        if (travel::on_sqlite()) {
            return {dense("integer"),
                    dense("INT"),
                    dense("NUMERIC"),
                    dense(""),
                    dense("BLOB"),
                    dense("bigint", "NUMERIC"),
                    dense("integer", "text", true),
                    dense("text", "integer", true),
                    dense("REAL", {}, true),
                    dense("INTEGER", {}, false, " STRICT"),
                    dense("ANY", {}, false, " STRICT"),
                    dense("integer", {}, false, " WITHOUT ROWID")};
        }
        if (travel::backend() == Backend::postgresql) {
            return {dense("smallint"),           dense("integer"),       dense("bigint"),
                    dense("numeric(20)"),        dense("numeric"),       dense("oid"),
                    dense("bigint", "smallint"), dense("real", {}, true)};
        }
        return {dense("smallint"),
                dense("int unsigned"),
                dense("bigint"),
                dense("bigint unsigned"),
                dense("decimal(20,0)"),
                dense("bigint", "int"),
                dense("int", "varchar(20)", true),
                dense("double", {}, true)};
    };
    matrix::check_together<std::int64_t>(cases());
}

TEST(KeyMatrix, DenseUnsignedNumbers) {
    const auto dense = [](const std::string& type) {
        return matrix::Case{.title = "dense", .parent = type, .from = 1, .to = 600};
    };
    matrix::check_together<std::uint64_t>(
        {dense("integer"), dense(travel::by_backend("bigint", "numeric(20)", "bigint unsigned"))});
}

} // namespace key_runs_test
