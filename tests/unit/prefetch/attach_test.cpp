#include "prefetch/attach.hpp"
#include "prefetch/load.hpp"
#include "query/lookups.hpp"
#include "unit/library.hpp"
#include "unit/prefetch/made_rows.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using prefetch::Fetched;
using prefetch::ParentKeys;
using query::LookupNode;

using Rows = std::vector<void*>;
using Ordinals = std::vector<std::uint32_t>;

/// The first step of the lookup `path` for rows of `M`, with the steps behind it.
template <class M>
LookupNode lookup(const std::string& path, const std::string& slot = {}) {
    std::vector<LookupNode> nodes;
    query::add_lookup(nodes, model<M>(), {.path = path, .to_attr = slot}, query::LookupsFor::rows, nullptr);
    return nodes.front();
}

class Attach : public testing::Test {
protected:
    MadeRows made_;
    std::vector<void*> without_key_;

    ParentKeys keys(const LookupNode& node, const Rows& parents) {
        return prefetch::collect_keys(*node.relation, *node.slot, parents, without_key_);
    }
    /// Fetched `rows`, which were made last, each with the ordinal of its key.
    Fetched fetched(Rows rows, Ordinals ordinals) {
        return {.segment = &made_.segment(),
                .rows = std::make_shared<Rows>(std::move(rows)),
                .ordinals = std::move(ordinals)};
    }
    /// The rows in the set `name` of `row`.
    template <class M>
    static Rows set(void* row, std::string_view name) {
        const auto span = rows::rows_of(state<M>(row, name));
        return {span.data, span.data + span.size};
    }
};

// ---- sets

TEST_F(Attach, EachParentGetsTheRowsOfItsKeyInTheirOrder) {
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({2, 1, 2, 1, 2}));
    prefetch::attach(node, parents, fetched(books, {1, 0, 1, 0, 1}));
    EXPECT_EQ(set<Author>(authors[0], "books"), (Rows{books[1], books[3]}));
    EXPECT_EQ(set<Author>(authors[1], "books"), (Rows{books[0], books[2], books[4]}));
}

TEST_F(Attach, AParentWithoutRowsGetsAnEmptySet) {
    const auto authors = made_.add<Author>("id", numbers({1, 2, 3}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({2}));
    prefetch::attach(node, parents, fetched(books, {1}));
    for (const auto i : {0U, 2U}) {
        EXPECT_TRUE(rows::is_loaded(state<Author>(authors[i], "books")));
        EXPECT_EQ(set<Author>(authors[i], "books"), Rows{});
    }
    EXPECT_EQ(set<Author>(authors[1], "books"), books);
}

TEST_F(Attach, NoRowsAtAllAreEmptySets) {
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    made_.add<Book>("id", {});
    prefetch::attach(node, parents, fetched({}, {}));
    for (auto* author : authors) EXPECT_TRUE(rows::is_loaded(state<Author>(author, "books")));
}

TEST_F(Attach, ParentsWithEqualKeysShareOneList) {
    const auto authors = made_.add<Author>("id", numbers({1, 1}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({1, 1}));
    prefetch::attach(node, parents, fetched(books, {0, 0}));
    EXPECT_EQ(set<Author>(authors[0], "books"), books);
    EXPECT_EQ(rows::rows_of(state<Author>(authors[0], "books")).data,
              rows::rows_of(state<Author>(authors[1], "books")).data);
}

TEST_F(Attach, SetsOfOneRowAreInTheListOfTheFetchedRows) {
    const auto authors = made_.add<Author>("id", numbers({1, 2, 3}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({1, 2, 3}));
    prefetch::attach(node, parents, fetched(books, {}));
    const auto* first = rows::rows_of(state<Author>(authors[0], "books")).data;
    for (const auto i : {0U, 1U, 2U}) {
        EXPECT_EQ(set<Author>(authors[i], "books"), Rows{books[i]});
        EXPECT_EQ(rows::rows_of(state<Author>(authors[i], "books")).data, first + i);
    }
}

TEST_F(Attach, SetsOfOneRowAndEmptyOnes) {
    const auto authors = made_.add<Author>("id", numbers({4, 1, 3, 2, 3}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors); // in the order of the keys: 1, 2, 3, 4
    const auto books = made_.add<Book>("author", numbers({1, 3}));
    prefetch::attach(node, parents, fetched(books, {0, 2}));
    EXPECT_EQ(set<Author>(authors[0], "books"), Rows{});
    EXPECT_EQ(set<Author>(authors[1], "books"), Rows{books[0]});
    EXPECT_EQ(set<Author>(authors[2], "books"), Rows{books[1]});
    EXPECT_EQ(set<Author>(authors[3], "books"), Rows{});
    EXPECT_EQ(set<Author>(authors[4], "books"), Rows{books[1]});
}

TEST_F(Attach, OrdinalsAreStoredFromTheFirstThatDiffersFromItsRow) {
    Fetched found;
    found.add_ordinal(0, 0);
    found.add_ordinal(1, 1);
    EXPECT_TRUE(found.ordinals.empty());
    found.add_ordinal(2, 5);
    found.add_ordinal(3, 3);
    EXPECT_EQ(found.ordinals, (Ordinals{0, 1, 5, 3}));
}

TEST_F(Attach, ARowMayBeInSeveralSets) {
    const auto books = made_.add<Book>("id", numbers({1, 2}));
    const auto node = lookup<Book>("genres");
    const auto parents = keys(node, books);
    const auto genres = made_.add<Genre>("name", texts({"crime", "poetry"}));
    auto found = fetched(genres, {0, 0, 1});
    found.result_rows = {genres[1], genres[0], genres[1]};
    prefetch::attach(node, parents, found);
    EXPECT_EQ(set<Book>(books[0], "genres"), (Rows{genres[1], genres[0]}));
    EXPECT_EQ(set<Book>(books[1], "genres"), Rows{genres[1]});
}

TEST_F(Attach, LinksAssignTargetsToParents) {
    const auto books = made_.add<Book>("id", numbers({1, 2, 3}));
    const auto node = lookup<Book>("genres");
    const auto parents = keys(node, books);
    const auto genres = made_.add<Genre>("name", texts({"crime", "poetry"}));
    auto found = fetched(genres, {1, 0}); // in the order of the result: the second target key, then the first
    found.by_target = {.starts = {0, 2, 3}, .sources = {0, 2, 0}};
    prefetch::attach(node, parents, found);
    EXPECT_EQ(set<Book>(books[0], "genres"), genres);
    EXPECT_EQ(set<Book>(books[1], "genres"), Rows{});
    EXPECT_EQ(set<Book>(books[2], "genres"), Rows{genres[1]});
}

TEST_F(Attach, ASlotTakesTheSetAndLeavesTheRelationAlone) {
    const auto authors = made_.add<Author>("id", numbers({1}));
    const auto node = lookup<Author>("books", "early_books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({1}));
    prefetch::attach(node, parents, fetched(books, {0}));
    EXPECT_EQ(set<Author>(authors[0], "early_books"), books);
    EXPECT_FALSE(rows::is_loaded(state<Author>(authors[0], "books")));
}

// ---- the way back

TEST_F(Attach, ChildrenLeadBackToTheirParent) {
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({2, 1}));
    prefetch::attach(node, parents, fetched(books, {1, 0}));
    EXPECT_EQ(state<Book>(books[0], "author").loaded_row(), authors[1]);
    EXPECT_EQ(state<Book>(books[1], "author").loaded_row(), authors[0]);
}

TEST_F(Attach, ChildrenOfEqualParentsLeadBackToTheFirst) {
    const auto authors = made_.add<Author>("id", numbers({7, 7, 7}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({7}));
    prefetch::attach(node, parents, fetched(books, {0}));
    EXPECT_EQ(state<Book>(books[0], "author").loaded_row(), authors[0]);
}

TEST_F(Attach, ChildrenKeepALoadedParent) {
    const auto authors = made_.add<Author>("id", numbers({1}));
    const auto others = made_.add<Author>("id", numbers({1}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    const auto books = made_.add<Book>("author", numbers({1}));
    rows::publish_row(state<Book>(books[0], "author"), others[0]);
    prefetch::attach(node, parents, fetched(books, {0}));
    EXPECT_EQ(state<Book>(books[0], "author").loaded_row(), others[0]);
}

TEST_F(Attach, ChildrenDoNotLeadBackIfAQuerysetFetchesTheirParents) {
    auto node = lookup<Author>("books__author");
    EXPECT_TRUE(prefetch::leads_back(node));
    node.children.front().queryset = std::make_shared<const Query>(all<Author>());
    EXPECT_FALSE(prefetch::leads_back(node));
    EXPECT_FALSE(prefetch::leads_back(lookup<Book>("genres"))) << "a set on both sides";
    EXPECT_FALSE(prefetch::leads_back(lookup<Membership>("member"))) << "the other end was not declared";
}

// ---- single rows

TEST_F(Attach, ParentsOfOneKeyLeadToOneRow) {
    const auto books = made_.add<Book>("author", numbers({1, 2, 1}));
    const auto node = lookup<Book>("author");
    const auto parents = keys(node, books);
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    prefetch::attach(node, parents, fetched(authors, {0, 1}));
    EXPECT_EQ(state<Book>(books[0], "author").loaded_row(), authors[0]);
    EXPECT_EQ(state<Book>(books[1], "author").loaded_row(), authors[1]);
    EXPECT_EQ(state<Book>(books[2], "author").loaded_row(), authors[0]);
}

TEST_F(Attach, AKeyWithoutARowIsLoadedAsMissing) {
    const auto books = made_.add<Book>("author", numbers({1, 2}));
    const auto node = lookup<Book>("author");
    const auto parents = keys(node, books);
    const auto authors = made_.add<Author>("id", numbers({2}));
    prefetch::attach(node, parents, fetched(authors, {1}));
    EXPECT_TRUE(rows::is_loaded(state<Book>(books[0], "author")));
    EXPECT_EQ(state<Book>(books[0], "author").loaded_row(), nullptr);
}

TEST_F(Attach, TheFirstOfSeveralRowsForAKeyCounts) {
    const auto authors = made_.add<Author>("id", numbers({1}));
    const auto node = lookup<Author>("portrait");
    const auto parents = keys(node, authors);
    const auto portraits = made_.add<Portrait>("painter", texts({"one", "two"}));
    prefetch::attach(node, parents, fetched(portraits, {0, 0}));
    EXPECT_EQ(state<Author>(authors[0], "portrait").loaded_row(), portraits[0]);
}

TEST_F(Attach, AOneToOneLeadsBack) {
    const auto portraits = made_.add<Portrait>("sitter", numbers({1}));
    const auto node = lookup<Portrait>("sitter");
    const auto parents = keys(node, portraits);
    const auto authors = made_.add<Author>("id", numbers({1}));
    prefetch::attach(node, parents, fetched(authors, {0}));
    EXPECT_EQ(state<Author>(authors[0], "portrait").loaded_row(), portraits[0]);
}

// ---- watching reads

TEST_F(Attach, ReadingARowIsNoted) {
    const auto books = made_.add<Book>("author", numbers({1}));
    const auto node = lookup<Book>("author");
    const auto parents = keys(node, books);
    const auto authors = made_.add<Author>("id", numbers({1}));
    const auto was_read = std::make_shared<std::atomic<bool>>(false);
    prefetch::attach(node, parents, fetched(authors, {0}), was_read);
    EXPECT_FALSE(*was_read);
    EXPECT_EQ(rows::read_row(state<Book>(books[0], "author")), authors[0]);
    EXPECT_TRUE(*was_read);
}

TEST_F(Attach, WithoutRowsEverythingCountsAsRead) {
    const auto books = made_.add<Book>("author", numbers({1}));
    const auto node = lookup<Book>("author");
    const auto parents = keys(node, books);
    made_.add<Author>("id", {});
    const auto was_read = std::make_shared<std::atomic<bool>>(false);
    prefetch::attach(node, parents, fetched({}, {}), was_read);
    EXPECT_TRUE(*was_read);
}

TEST_F(Attach, SetsShareTheFlagAndTheRelation) {
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    const auto node = lookup<Author>("books");
    const auto parents = keys(node, authors);
    made_.add<Book>("id", {});
    const auto was_read = std::make_shared<std::atomic<bool>>(false);
    prefetch::attach(node, parents, fetched({}, {}), was_read);
    for (auto* author : authors) {
        EXPECT_EQ(rows::loaded_set(state<Author>(author, "books")).was_read, was_read);
        EXPECT_EQ(rows::loaded_set(state<Author>(author, "books")).relation, node.relation);
    }
}

// ---- nothing to attach

TEST_F(Attach, NothingIsAnEmptySet) {
    const auto authors = made_.add<Author>("id", numbers({1}));
    const auto books = std::make_shared<const Query>(all<Book>());
    prefetch::attach_nothing(relation<Author>("books"), field<Author>("early_books"), authors, made_.segment(), books);
    EXPECT_TRUE(rows::is_loaded(state<Author>(authors[0], "early_books")));
    EXPECT_EQ(set<Author>(authors[0], "early_books"), Rows{});
    EXPECT_EQ(rows::loaded_set(state<Author>(authors[0], "early_books")).queryset, books);
}

TEST_F(Attach, NothingIsNoRow) {
    const auto authors = made_.add<Author>("id", numbers({1}));
    prefetch::attach_nothing(relation<Author>("mentor"), field<Author>("first_mentor"), authors, made_.segment(), {});
    EXPECT_TRUE(rows::is_loaded(state<Author>(authors[0], "first_mentor")));
    EXPECT_EQ(state<Author>(authors[0], "first_mentor").loaded_row(), nullptr);
}

// ---- the rows behind a lookup

TEST_F(Attach, TheRowsBehindAreDistinctAndInOrder) {
    const auto books = made_.add<Book>("author", numbers({1, 2, 1}));
    const auto node = lookup<Book>("author");
    const auto parents = keys(node, books);
    const auto authors = made_.add<Author>("id", numbers({1, 2}));
    prefetch::attach(node, parents, fetched(authors, {0, 1}));
    EXPECT_EQ(prefetch::targets_of(field<Book>("author"), books), authors);
    EXPECT_EQ(prefetch::targets_of(field<Book>("loans"), books), Rows{}) << "not loaded";
}

} // namespace
} // namespace kith::test
