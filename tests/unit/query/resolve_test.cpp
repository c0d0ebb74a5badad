#include "query/resolve.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using detail::FieldName;
using detail::RowKeys;
using query::ResolvedCondition;

template <class M>
ResolvedCondition resolved(const Expr& expr) {
    return query::resolve_condition(model<M>(), expr);
}

const Value& value(const ResolvedCondition& condition) { return std::get<Value>(condition.right); }

// ---- one comparison

TEST(ResolveCondition, FindsColumnLookupAndValue) {
    const auto found = resolved<Book>(is("author__name__icontains", text("li")));
    EXPECT_EQ(found.kind, Expr::Kind::compare);
    EXPECT_EQ(found.path.column, &field<Author>("name"));
    EXPECT_EQ(names(found.path.relations), Names{"Book.author"});
    EXPECT_EQ(found.lookup, FieldLookup::icontains);
    EXPECT_EQ(value(found), text("li"));
}

TEST(ResolveCondition, WithoutALookupItIsExact) {
    EXPECT_EQ(resolved<Book>(is("pages", number(1))).lookup, FieldLookup::exact);
}

TEST(ResolveCondition, TheKeyOfARelatedRowIsTheForeignKey) {
    for (const auto* path : {"author", "writer", "author__id", "author__pk"}) {
        EXPECT_EQ(resolved<Book>(is(path, number(1))).path.column, &field<Book>("author")) << path;
    }
}

TEST(ResolveCondition, KeepsTheTreeOfConditions) {
    Expr any{.kind = Expr::Kind::any};
    any.children = {is("pages", number(1)), {.kind = Expr::Kind::negate, .children = {is("title", text("x"))}}};
    const auto found = resolved<Book>(any);
    EXPECT_EQ(found.kind, Expr::Kind::any);
    ASSERT_EQ(found.children.size(), 2U);
    EXPECT_EQ(found.children[0].path.column, &field<Book>("pages"));
    EXPECT_EQ(found.children[1].kind, Expr::Kind::negate);
    EXPECT_EQ(found.children[1].children[0].path.column, &field<Book>("title"));
}

TEST(ResolveCondition, AWrongPathAnywhereInTheTreeIsRefused) {
    Expr all{.kind = Expr::Kind::all};
    all.children = {is("pages", number(1)), is("titel", text("x"))};
    KITH_EXPECT_ERROR(resolved<Book>(all), FieldError,
                      "Book has no member 'titel' (in \"titel\"): did you mean 'title'?");
}

// ---- another column

TEST(ResolveCondition, AnotherColumnIsResolvedFromTheSameModel) {
    const auto found = resolved<Book>(is("pages__lt", FieldName{"author__country__code"}));
    const auto& other = std::get<query::ColumnPath>(found.right);
    EXPECT_EQ(other.column, &field<Author>("country"));
    EXPECT_EQ(names(other.relations), Names{"Book.author"});
    EXPECT_EQ(found.lookup, FieldLookup::lt);
}

TEST(ResolveCondition, AnotherColumnHasNoLookup) {
    KITH_EXPECT_ERROR(resolved<Book>(is("title", FieldName{"author__name__upper"})), FieldError,
                      "unknown lookup 'upper' on Author.name");
}

// ---- rows

RowKeys one_author() { return {.fields = {"id", "name"}, .rows = {{number(7), text("Li")}}}; }

TEST(ResolveCondition, ARowIsComparedByTheKeyThatTheForeignKeyHolds) {
    EXPECT_EQ(value(resolved<Book>(is("author", one_author()))), number(7));
    EXPECT_EQ(value(resolved<Membership>(is("member", one_author()))), text("Li"));
}

TEST(ResolveCondition, ARowIsComparedWithASetByItsPrimaryKey) {
    EXPECT_EQ(value(resolved<Country>(is("authors", one_author()))), number(7));
}

TEST(ResolveCondition, RowsAreAListOfKeys) {
    RowKeys rows{.is_list = true, .fields = {"id"}, .rows = {{number(1)}, {number(2)}}};
    const auto found = resolved<Book>(is("author__in", rows));
    EXPECT_EQ(std::get<std::vector<Value>>(found.right), (std::vector<Value>{number(1), number(2)}));
}

TEST(ResolveCondition, ARowWithoutTheComparedValueIsRefused) {
    RowKeys only_id{.fields = {"id"}, .rows = {{number(7)}}};
    KITH_EXPECT_ERROR(resolved<Membership>(is("member", only_id)), ValueError,
                      "Membership.member is compared by Author.name, which is not unique");
}

// ---- keys of several columns

RowKeys seats(bool is_list, std::vector<std::vector<Value>> rows) {
    return {.is_list = is_list, .fields = {"row", "number"}, .rows = std::move(rows)};
}

/// `seat_row = 1 AND seat_number = 2`.
void expect_key(const ResolvedCondition& condition, const detail::ModelInfo& model, std::int64_t row,
                std::int64_t place) {
    EXPECT_EQ(condition.kind, Expr::Kind::all);
    ASSERT_EQ(condition.children.size(), 2U);
    EXPECT_EQ(condition.children[0].path.column->model, &model);
    EXPECT_EQ(value(condition.children[0]), number(row));
    EXPECT_EQ(value(condition.children[1]), number(place));
}

TEST(ResolveCondition, ACompositeKeyIsComparedColumnByColumn) {
    const auto found = resolved<Loan>(is("seat", seats(false, {{number(1), number(2)}})));
    expect_key(found, model<Loan>(), 1, 2);
    EXPECT_EQ(found.children[0].path.column, &field<Loan>("seat_row"));
}

TEST(ResolveCondition, AListOfCompositeKeysMatchesAnyOfThem) {
    const auto found = resolved<Loan>(is("seat__in", seats(true, {{number(1), number(2)}, {number(3), number(4)}})));
    EXPECT_EQ(found.kind, Expr::Kind::any);
    ASSERT_EQ(found.children.size(), 2U);
    expect_key(found.children[1], model<Loan>(), 3, 4);
}

TEST(ResolveCondition, AnEmptyListOfCompositeKeysMatchesNothing) {
    const auto found = resolved<Loan>(is("seat__in", seats(true, {})));
    EXPECT_EQ(found.lookup, FieldLookup::in);
    EXPECT_TRUE(std::get<std::vector<Value>>(found.right).empty());
}

TEST(ResolveCondition, ACompositeKeyIsNullIfOneColumnIs) {
    for (const auto& expr : {is("seat", Value{}), is("seat__isnull", Value{true})}) {
        const auto found = resolved<Loan>(expr);
        EXPECT_EQ(found.kind, Expr::Kind::any);
        ASSERT_EQ(found.children.size(), 2U);
        EXPECT_EQ(found.children[1].lookup, FieldLookup::isnull);
        EXPECT_EQ(value(found.children[1]), Value{true});
    }
    EXPECT_EQ(resolved<Loan>(is("seat__isnull", Value{false})).kind, Expr::Kind::all);
}

TEST(ResolveCondition, RelatedRowsAreComparedByTheirCompositeKeys) {
    const auto found = resolved<Book>(is("loans__seat", seats(false, {{number(1), number(2)}})));
    EXPECT_EQ(names(found.children[0].path.relations), Names{"Book.loans"});
}

TEST(ResolveCondition, ACompositeKeyIsNoSingleValue) {
    for (const auto& expr : {is("seat", number(1)), is("seat__gt", seats(false, {{number(1), number(2)}})),
                             is("seat", seats(true, {})), is("seat__in", std::vector<Value>{})}) {
        KITH_EXPECT_ERROR(resolved<Loan>(expr), ValueError, "stands for a key of several columns");
    }
}

TEST(ResolveColumn, ACompositeKeyIsNoColumn) {
    KITH_EXPECT_ERROR(query::resolve_column(model<Loan>(), "seat"), FieldError,
                      "\"seat\" leads to a key of several columns: name one of them");
}

// ---- annotations

query::QueryPtr counted() {
    return query::annotated(
        all<Author>(),
        {{.slot = "book_count", .aggregate = {.function = detail::AggregateFunction::count, .path = "books"}}});
}

TEST(ResolveColumn, AnAnnotationIsItsAggregate) {
    const auto query = counted();
    const auto path = query::resolve_column(*query, "book_count");
    EXPECT_EQ(path.column, &field<Author>("book_count"));
    EXPECT_EQ(path.computed, query->annotations.front().value);
}

TEST(ResolveColumn, AnAnnotationMustBeOneOfTheQuery) {
    KITH_EXPECT_ERROR(query::resolve_column(all<Author>(), "book_count"), FieldError,
                      "Author.book_count is an annotation that this QuerySet of Author does not have");
}

TEST(ResolveColumn, AnAnnotationOfRelatedRowsIsRefused) {
    const auto query = counted();
    KITH_EXPECT_ERROR(query::resolve_column(*query, "mentor__book_count"), FieldError, "is an annotation");
}

// ---- orders, sets

TEST(ResolveOrder, AMinusDescends) {
    EXPECT_TRUE(query::resolve_order(model<Book>(), "-title").descending);
    EXPECT_FALSE(query::resolve_order(model<Book>(), "title").descending);
    EXPECT_EQ(query::resolve_order(model<Book>(), "-author__name").path.column, &field<Author>("name"));
}

TEST(ResolveOrder, RefusesLookupsAndASecondMinus) {
    EXPECT_THROW(query::resolve_order(model<Book>(), "title__exact"), FieldError);
    KITH_EXPECT_ERROR(query::resolve_order(model<Book>(), "--title"), FieldError, "Book has no member '-title'");
}

TEST(LeadsToMany, IfThePathGoesThroughASet) {
    const auto leads = [](const char* path) {
        return query::leads_to_many(query::resolve_column(model<Author>(), path));
    };
    EXPECT_FALSE(leads("name"));
    EXPECT_FALSE(leads("country__name"));
    EXPECT_FALSE(leads("portrait__painter"));
    EXPECT_TRUE(leads("books"));
    EXPECT_TRUE(leads("mentor__books__title"));
    EXPECT_TRUE(leads("friends"));
}

} // namespace
} // namespace kith::test
