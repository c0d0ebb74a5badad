#include "query/refine.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::test {
namespace {

using namespace library;

constexpr auto end = std::string::npos;

// ---- filter, exclude

TEST(Filtered, KeepsTheConditionsOfOneCallTogether) {
    const auto first = query::filtered(all<Book>(), {is("pages", number(1)), is("title", text("x"))}, false);
    const auto both = query::filtered(*first, {is("pages", number(2))}, true);
    ASSERT_EQ(both->filters.size(), 2U);
    EXPECT_EQ(both->filters[0].conditions.size(), 2U);
    EXPECT_FALSE(both->filters[0].negated);
    EXPECT_EQ(both->filters[1].conditions.size(), 1U);
    EXPECT_TRUE(both->filters[1].negated);
}

TEST(Filtered, LeavesTheQueryAsItWas) {
    const auto books = all<Book>();
    (void)query::filtered(books, {is("pages", number(1))}, false);
    EXPECT_TRUE(books.filters.empty());
}

TEST(Filtered, WithoutConditionsIsTheSameQuery) { EXPECT_TRUE(filtered<Book>({})->filters.empty()); }

TEST(Filtered, IsRefusedForASliceUnlessThereIsNoCondition) {
    const auto slice = query::sliced(all<Book>(), 0, 5);
    KITH_EXPECT_ERROR(query::filtered(*slice, {is("pages", number(1))}, false), ValueError,
                      "Cannot filter a query once a slice has been taken.");
    EXPECT_NO_THROW(query::filtered(*slice, {}, false));
}

TEST(Filtered, KnowsTheAnnotationsOfTheQuery) {
    EXPECT_THROW(filtered<Author>({is("book_count__gt", number(1))}), FieldError);
    const auto counted = query::annotated(
        all<Author>(),
        {{.slot = "book_count", .aggregate = {.function = detail::AggregateFunction::count, .path = "books"}}});
    EXPECT_NO_THROW(query::filtered(*counted, {is("book_count__gt", number(1))}, false));
}

// ---- order_by, reverse, distinct

TEST(Ordered, ReplacesTheOrder) {
    const auto by_title = ordered(all<Book>(), {"title", "-pages"});
    ASSERT_EQ(by_title->order.size(), 2U);
    EXPECT_FALSE(by_title->order[0].descending);
    EXPECT_TRUE(by_title->order[1].descending);
    const auto by_price = ordered(*by_title, {"price"});
    ASSERT_EQ(by_price->order.size(), 1U);
    EXPECT_EQ(by_price->order[0].path.column, &field<Book>("price"));
}

TEST(Ordered, ByNothingRemovesTheOrderOfTheModel) {
    EXPECT_TRUE(query::has_order(all<Book>()));
    EXPECT_FALSE(query::has_order(*ordered(all<Book>(), {})));
    EXPECT_FALSE(query::has_order(all<Author>())) << "the model has none";
}

TEST(Ordered, IsRefusedForASlice) {
    KITH_EXPECT_ERROR(ordered(*query::sliced(all<Book>(), 0, 5), {"title"}), ValueError,
                      "Cannot reorder a query once a slice has been taken.");
}

TEST(Reversed, TwiceIsTheOriginalOrder) {
    const auto once = query::reversed(all<Book>());
    EXPECT_TRUE(once->reversed);
    EXPECT_FALSE(query::reversed(*once)->reversed);
}

TEST(Reversed, IsRefusedForASlice) {
    KITH_EXPECT_ERROR(query::reversed(*query::sliced(all<Book>(), 0, 5)), ValueError,
                      "Cannot reverse a query once a slice has been taken.");
}

TEST(Distinct, IsRefusedForASlice) {
    EXPECT_TRUE(query::distinct(all<Book>())->distinct);
    KITH_EXPECT_ERROR(query::distinct(*query::sliced(all<Book>(), 0, 5)), ValueError,
                      "Cannot create distinct fields of a query once a slice has been taken.");
}

TEST(SomeOrder, IsThePrimaryKeyByDefault) {
    const auto authors = query::with_some_order(all<Author>());
    ASSERT_EQ(authors->order.size(), 1U);
    EXPECT_EQ(authors->order[0].path.column, &field<Author>("id"));
    EXPECT_TRUE(authors->ordered);
    EXPECT_EQ(query::with_some_order(all<Seat>())->order.size(), 2U) << "a key of two columns";
}

TEST(SomeOrder, KeepsAnOrderAndASlice) {
    EXPECT_FALSE(query::with_some_order(all<Book>())->ordered) << "the model has an order";
    EXPECT_EQ(query::with_some_order(*ordered(all<Author>(), {"name"}))->order[0].path.column, &field<Author>("name"));
    EXPECT_FALSE(query::with_some_order(*query::sliced(all<Author>(), 0, 5))->ordered);
}

// ---- slices

struct Bounds {
    std::size_t offset;
    std::optional<std::size_t> limit;
    friend bool operator==(const Bounds&, const Bounds&) = default;
};
void PrintTo(const Bounds& bounds, std::ostream* out) {
    *out << "from " << bounds.offset << ", limit " << (bounds.limit ? std::to_string(*bounds.limit) : "none");
}

/// The bounds of a slice, of a slice of it, and so on.
Bounds slices(const std::vector<std::pair<std::size_t, std::size_t>>& bounds) {
    auto query = std::make_shared<const Query>(all<Book>());
    for (const auto& [first, last] : bounds) query = query::sliced(*query, first, last);
    return {query->offset, query->limit};
}

TEST(Sliced, EndsBeforeTheLastRow) {
    EXPECT_EQ(slices({{0, 5}}), (Bounds{0, 5}));
    EXPECT_EQ(slices({{2, 5}}), (Bounds{2, 3}));
    EXPECT_EQ(slices({{2, end}}), (Bounds{2, std::nullopt}));
}

TEST(Sliced, OfEverythingIsNoSlice) {
    EXPECT_EQ(slices({{0, end}}), (Bounds{0, std::nullopt}));
    EXPECT_FALSE(query::sliced(all<Book>(), 0, end)->is_sliced());
}

TEST(Sliced, MayBeEmpty) {
    EXPECT_EQ(slices({{3, 3}}), (Bounds{3, 0}));
    EXPECT_TRUE(query::sliced(all<Book>(), 0, 0)->is_sliced());
}

TEST(Sliced, ASliceOfASliceIsCountedWithinIt) {
    EXPECT_EQ(slices({{2, 8}, {1, 3}}), (Bounds{3, 2}));
    EXPECT_EQ(slices({{2, end}, {1, 3}}), (Bounds{3, 2}));
    EXPECT_EQ(slices({{2, 8}, {1, end}}), (Bounds{3, 5}));
    EXPECT_EQ(slices({{2, 8}, {1, 5}, {1, 2}}), (Bounds{4, 1}));
}

TEST(Sliced, ASliceOfASliceDoesNotReachBeyondIt) {
    EXPECT_EQ(slices({{2, 5}, {1, 100}}), (Bounds{3, 2}));
    EXPECT_EQ(slices({{2, 5}, {10, 20}}), (Bounds{12, 0}));
}

TEST(Sliced, ThatEndsBeforeItBeginsIsRefused) {
    KITH_EXPECT_ERROR(query::sliced(all<Book>(), 3, 2), ValueError, "a slice from 3 to 2 ends before it begins");
}

// ---- select_related

query::QueryPtr selecting(const Query& query, const std::vector<std::string_view>& paths) {
    return query::with_selected(query, paths);
}

TEST(Selected, CallsAddUp) {
    const auto selected = selecting(*selecting(all<Book>(), {"author__country"}), {"author__mentor"});
    ASSERT_EQ(selected->selected.size(), 2U);
    EXPECT_EQ(names(selected->selected[0]), (Names{"Book.author", "Author.country"}));
    EXPECT_EQ(names(selected->selected[1]), (Names{"Book.author", "Author.mentor"}));
}

TEST(Selected, TakesRelationsToSingleRows) {
    EXPECT_NO_THROW(selecting(all<Author>(), {"portrait", "portrait__sitter__mentor"}));
    EXPECT_NO_THROW(selecting(all<Loan>(), {"seat"}));
    for (const auto* path : {"books", "friends", "name", "early_books", "first_mentor", "book_count"}) {
        KITH_EXPECT_ERROR(selecting(all<Author>(), {path}), FieldError, "is not a to-one relation");
    }
}

TEST(Selected, TakesNamesOfMembersOnly) {
    for (const auto* path : {"country_id", "pk", "", "country__", "__country", "land"}) {
        KITH_EXPECT_ERROR(selecting(all<Author>(), {path}), FieldError, "Author has no member");
    }
}

TEST(Selected, TakesNoGenericForeignKey) {
    for (const auto* path : {"about", "about__author"}) {
        KITH_EXPECT_ERROR(selecting(all<Remark>(), {path}), FieldError, "Remark.about is a generic foreign key");
    }
}

// ---- raw

TEST(Raw, ReplacesAQueryWithoutRefinements) {
    const auto raw = query::with_raw(all<Book>(), {.text = "SELECT 1"});
    ASSERT_NE(raw->raw, nullptr);
    EXPECT_EQ(raw->raw->text, "SELECT 1");
}

TEST(Raw, IsRefusedAfterRefinements) {
    const auto books = all<Book>();
    const std::vector<query::QueryPtr> refined{
        query::filtered(books, {is("pages", number(1))}, false),
        ordered(books, {}),
        query::reversed(books),
        query::distinct(books),
        query::sliced(books, 0, 5),
        selecting(books, {"author"}),
    };
    for (const auto& query : refined) {
        KITH_EXPECT_ERROR(query::with_raw(*query, {.text = "SELECT 1"}), ValueError,
                          "raw() replaces the whole statement: call it on objects<Book>() itself");
    }
}

} // namespace
} // namespace kith::test
