#include "rows/graph.hpp"
#include "unit/library.hpp"
#include "unit/prefetch/made_rows.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace kith::test {
namespace {

using namespace library;

std::set<rows::Page*> pages_of(const std::vector<void*>& rows) {
    std::set<rows::Page*> pages;
    for (auto* row : rows) pages.insert(&rows::Page::of(row));
    return pages;
}

TEST(GraphClear, OtherRowsFillTheMemory) {
    MadeRows made;
    const std::vector<Value> many(20'000, std::int64_t{7}); // on pages of huge slabs, too
    const auto pages = pages_of(made.add<Author>("id", many));
    ASSERT_TRUE(made.graph().clear());
    EXPECT_GT(pages.size(), 2 * rows::Slab::huge);
    EXPECT_EQ(pages_of(made.add<Author>("id", many)), pages);
    ASSERT_TRUE(made.graph().clear());
    for (auto* row : made.add<Genre>("name", texts({"of another model", "which has another size"}))) {
        EXPECT_TRUE(pages.contains(&rows::Page::of(row)));
        EXPECT_EQ(&rows::Page::of(row).model(), &model<Genre>());
    }
}

TEST(GraphClear, MembersAreThoseOfNewRows) {
    MadeRows made;
    auto* before = made.add<Book>("id", numbers({1})).front();
    auto* author = made.add<Author>("id", numbers({1})).front();
    rows::publish_row(state<Book>(before, "author"), author);
    ASSERT_TRUE(made.graph().clear());
    auto* after = made.add<Book>("id", numbers({2})).front();
    EXPECT_EQ(after, before);
    EXPECT_EQ(state<Book>(after, "author").peek_row(), nullptr);
    EXPECT_EQ(rows::Page::of(after).segment_of(after).size(), 1U);
}

TEST(GraphClear, AHeldRowKeepsAllRows) {
    MadeRows made;
    const auto authors = made.add<Author>("name", texts({"an author with a name that needs memory of its own"}));
    made.add<Book>("id", numbers({1, 2}));
    {
        const detail::RowHandle held(authors.front());
        EXPECT_FALSE(made.graph().clear());
        EXPECT_EQ(rows::read_value(authors.front(), field<Author>("name")),
                  Value(std::string("an author with a name that needs memory of its own")));
    }
    EXPECT_TRUE(made.graph().clear());
}

TEST(GraphClear, ACopyKeepsAllRows) {
    MadeRows made;
    auto* author = static_cast<Author*>(made.add<Author>("id", numbers({1})).front());
    {
        const Author copy(*author);
        EXPECT_FALSE(made.graph().clear());
    }
    EXPECT_TRUE(made.graph().clear());
}

TEST(GraphClear, ALazilyLoadedRowKeepsAllRows) {
    MadeRows made;
    made.add<Author>("id", numbers({1}));
    auto& lazily = made.graph().new_segment(model<Book>(), FetchMode::one, &made.segment());
    auto* book = lazily.append();
    lazily.finish();
    {
        const detail::RowHandle held(book);
        EXPECT_FALSE(made.graph().clear());
    }
    lazily.pin();
    EXPECT_TRUE(made.graph().clear());
    EXPECT_EQ(made.add<Book>("id", numbers({1})).size(), 1U);
}

TEST(GraphClear, AGraphThatAnotherRefersToKeepsItsRows) {
    MadeRows made;
    MadeRows other;
    auto* mentor = made.add<Author>("id", numbers({1})).front();
    auto* pupil = other.add<Author>("id", numbers({2})).front();
    rows::point_at(state<Author>(pupil, "mentor"), rows::place_of(&state<Author>(pupil, "mentor")), mentor);
    EXPECT_FALSE(made.graph().clear());
    EXPECT_TRUE(other.graph().clear()) << "and lets go of what it refers to";
    EXPECT_TRUE(made.graph().clear());
}

TEST(GraphClear, GraphsInACircleKeepTheirRows) {
    MadeRows made;
    MadeRows other;
    auto* one = made.add<Author>("id", numbers({1})).front();
    auto* two = other.add<Author>("id", numbers({2})).front();
    const auto point = [](void* from, void* to) {
        auto& member = state<Author>(from, "mentor");
        rows::point_at(member, rows::place_of(&member), to);
    };
    point(one, two);
    point(two, one);
    EXPECT_FALSE(made.graph().clear());
    EXPECT_FALSE(other.graph().clear());
    EXPECT_EQ(state<Author>(one, "mentor").peek_row(), two);
}

} // namespace
} // namespace kith::test
