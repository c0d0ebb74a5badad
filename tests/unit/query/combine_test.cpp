#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <variant>

namespace kith::test {
namespace {

using namespace library;
using query::QueryPtr;
using query::ResolvedCondition;

QueryPtr thick() { return filtered<Book>({is("pages__gt", number(500))}); }
QueryPtr cheap() { return filtered<Book>({is("price__lt", Value{10.0})}); }
QueryPtr lent() { return filtered<Book>({is("loans__days__gt", number(30))}); }

QueryPtr none(const QueryPtr& query) {
    return query::changed(*query, [](Query& q) { q.nothing = true; });
}

/// The books of the author with key 7.
QueryPtr set_of_author() {
    Query set = all<Book>();
    set.owner = query::SetOwner{.relation = &relation<Author>("books"), .key = {number(7)}};
    return std::make_shared<const Query>(std::move(set));
}

/// The only condition of a combined query.
const ResolvedCondition& only(const QueryPtr& query) { return query->filters.items().at(0).conditions.at(0); }

bool is_subselect(const ResolvedCondition& condition) {
    return condition.lookup == FieldLookup::in && std::holds_alternative<std::shared_ptr<const Query>>(condition.right);
}

// ---- and

TEST(Both, KeepsTheFilterCallsApart) {
    const auto query = query::both(*thick(), *cheap());
    ASSERT_EQ(query->filters.size(), 2U);
    EXPECT_EQ(query->filters[0].conditions[0].path.column, &field<Book>("pages"));
    EXPECT_EQ(query->filters[1].conditions[0].path.column, &field<Book>("price"));
}

TEST(Both, TakesEverythingElseFromTheLeft) {
    const auto left = query::with_lookups(*ordered(*thick(), {"pages"}), {{.path = "genres"}});
    const auto query = query::both(*left, *ordered(*cheap(), {"price"}));
    EXPECT_EQ(query->order.front().path.column, &field<Book>("pages"));
    EXPECT_EQ(query->lookups.size(), 1U);
    EXPECT_TRUE(query::both(*cheap(), *left)->lookups.empty());
}

TEST(Both, WithNothingIsNothing) {
    EXPECT_TRUE(query::both(*thick(), *none(cheap()))->nothing);
    EXPECT_TRUE(query::both(*none(thick()), *cheap())->nothing);
}

TEST(Both, ASetOnTheRightIsASubselect) {
    const auto query = query::both(*thick(), *set_of_author());
    ASSERT_EQ(query->filters.size(), 2U);
    EXPECT_TRUE(is_subselect(query->filters[1].conditions[0]));
    EXPECT_FALSE(query->owner);
}

// ---- or

TEST(Either, OfConditionsAboutTheRowIsOneCondition) {
    const auto query = query::either(*thick(), *cheap());
    ASSERT_EQ(query->filters.size(), 1U);
    EXPECT_EQ(only(query).kind, Expr::Kind::any);
    ASSERT_EQ(only(query).children.size(), 2U);
    EXPECT_EQ(only(query).children[0].kind, Expr::Kind::all);
}

TEST(Either, KeepsExclusions) {
    const auto query = query::either(*query::filtered(all<Book>(), {is("pages", number(1))}, true), *cheap());
    EXPECT_EQ(only(query).children[0].children[0].kind, Expr::Kind::negate);
}

TEST(Either, ASideThatGoesThroughASetIsASubselect) {
    const auto query = query::either(*thick(), *lent());
    EXPECT_FALSE(is_subselect(only(query).children[0]));
    EXPECT_TRUE(is_subselect(only(query).children[1])) << "its joins would give rows of the other side more than once";
}

TEST(Either, ASetOfAnInstanceIsASubselect) {
    EXPECT_TRUE(is_subselect(only(query::either(*thick(), *set_of_author())).children[1]));
    EXPECT_FALSE(query::either(*set_of_author(), *thick())->owner) << "the rows are no longer those of the set alone";
}

TEST(Either, WithAllRowsIsAllRows) {
    EXPECT_TRUE(query::either(all<Book>(), *thick())->filters.empty());
    EXPECT_TRUE(query::either(*thick(), all<Book>())->filters.empty());
}

TEST(Either, WithNothingIsTheOtherSide) {
    const auto query = query::either(*none(thick()), *cheap());
    EXPECT_FALSE(query->nothing);
    EXPECT_EQ(only(query).children.size(), 1U);
    EXPECT_TRUE(query::either(*none(thick()), *none(cheap()))->nothing);
}

// ---- what cannot be combined

TEST(Combined, SlicesAreRefused) {
    const auto slice = query::sliced(*thick(), 0, 5);
    for (const auto combine : {query::both, query::either}) {
        KITH_EXPECT_ERROR(combine(*slice, *cheap()), ValueError, "Cannot combine queries once a slice has been taken.");
        EXPECT_THROW(combine(*cheap(), *slice), ValueError);
    }
}

TEST(Combined, DistinctMustBeOnBothOrNeither) {
    const auto distinct = query::distinct(*thick());
    KITH_EXPECT_ERROR(query::both(*distinct, *cheap()), ValueError,
                      "Cannot combine a unique query with a non-unique query");
    EXPECT_NO_THROW(query::both(*distinct, *query::distinct(*cheap())));
}

TEST(Combined, TwoDatabasesAreRefused) {
    const Query elsewhere{.model = &model<Book>(), .db = connect("sqlite::memory:")};
    KITH_EXPECT_ERROR(query::either(*thick(), elsewhere), ValueError, "QuerySets of two databases cannot be combined");
}

// ---- being in a set

TEST(InSet, OfAReverseEndComparesItsKey) {
    const auto condition = query::in_set(*set_of_author());
    ASSERT_EQ(condition.children.size(), 1U);
    EXPECT_EQ(condition.children[0].path.column, &field<Book>("author"));
    EXPECT_EQ(std::get<Value>(condition.children[0].right), number(7));
}

TEST(InSet, OfAGenericForeignKeyComparesItsTypeToo) {
    Query set = all<Remark>();
    set.owner = query::SetOwner{.relation = &relation<Author>("remarks"), .key = {number(7)}};
    const auto condition = query::in_set(set);
    ASSERT_EQ(condition.children.size(), 2U);
    EXPECT_EQ(condition.children[1].path.column, &field<Remark>("about_type"));
    EXPECT_EQ(std::get<Value>(condition.children[1].right), text("author"));
}

TEST(InSet, OfAManyToManyIsASubselect) {
    Query set = all<Genre>();
    set.owner = query::SetOwner{.relation = &relation<Book>("genres"), .key = {number(7)}};
    EXPECT_TRUE(is_subselect(query::in_set(set)));
}

} // namespace
} // namespace kith::test
