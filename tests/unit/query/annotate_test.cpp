#include "query/resolve.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using detail::AggregateExpr;
using detail::AggregateFunction;
using detail::ColumnType;

struct Shelf {
    kith::PrimaryKey<> id{};
    std::string label{};
    kith::ManyToMany<Book> books{};
    kith::Annotation<std::optional<std::int32_t>> thickest{};
    kith::Annotation<std::optional<double>> mean{};
    kith::Annotation<std::int16_t> count{};
    kith::Annotation<std::int64_t> never_null{};
};

constexpr auto count = AggregateFunction::count;
constexpr auto sum = AggregateFunction::sum;
constexpr auto avg = AggregateFunction::avg;
constexpr auto min = AggregateFunction::min;
constexpr auto max = AggregateFunction::max;

template <class M>
query::ResolvedAggregate resolved(AggregateFunction function, const std::string& path) {
    return query::resolve_aggregate(model<M>(), {.function = function, .path = path});
}

// ---- aggregates

TEST(ResolveAggregate, IsComputedFromAColumn) {
    const auto found = resolved<Author>(sum, "books__pages");
    EXPECT_EQ(found.function, sum);
    EXPECT_EQ(found.path.column, &field<Book>("pages"));
    EXPECT_EQ(names(found.path.relations), Names{"Author.books"});
}

TEST(ResolveAggregate, CountNeedsNoColumn) {
    EXPECT_EQ(resolved<Author>(count, "").path.column, nullptr);
    KITH_EXPECT_ERROR(resolved<Author>(sum, ""), FieldError, "Sum needs the path of a column");
    KITH_EXPECT_ERROR(query::resolve_aggregate(model<Author>(), {.function = count, .distinct = true}), FieldError,
                      "Count needs the path of a column");
}

TEST(ResolveAggregate, KeepsItsConditions) {
    const auto found = query::resolve_aggregate(
        model<Author>(),
        {.function = count, .path = "books", .distinct = true, .conditions = {is("books__pages__gt", number(100))}});
    EXPECT_TRUE(found.distinct);
    ASSERT_EQ(found.conditions.size(), 1U);
    EXPECT_EQ(found.conditions[0].path.column, &field<Book>("pages"));
}

TEST(ResolveAggregate, SumAndAvgNeedNumbers) {
    for (const auto* path : {"pages", "price", "cost"}) {
        EXPECT_NO_THROW(resolved<Book>(sum, path)) << path;
        EXPECT_NO_THROW(resolved<Book>(avg, path)) << path;
    }
    KITH_EXPECT_ERROR(resolved<Book>(sum, "title"), FieldError,
                      "Sum(\"title\") cannot be computed from Book.title: its values are not numbers");
    KITH_EXPECT_ERROR(resolved<Book>(avg, "printed"), FieldError, "its values are not numbers");
}

TEST(ResolveAggregate, MinAndMaxNeedAnOrder) {
    for (const auto* path : {"pages", "price", "cost", "title", "printed"}) {
        EXPECT_NO_THROW(resolved<Book>(min, path)) << path;
        EXPECT_NO_THROW(resolved<Book>(max, path)) << path;
    }
    KITH_EXPECT_ERROR(resolved<Genre>(max, "id"), FieldError, "its values are not numbers, texts, dates or times");
}

TEST(ResolveAggregate, CompositeKeysAreRefused) {
    KITH_EXPECT_ERROR(resolved<Loan>(count, "seat"), FieldError, "leads to a key of several columns");
}

TEST(ResultType, DependsOnTheFunctionAndTheColumn) {
    const auto type = [](AggregateFunction function, const char* path) {
        return query::result_type(resolved<Book>(function, path));
    };
    EXPECT_EQ(type(count, ""), ColumnType::int64);
    EXPECT_EQ(type(count, "title"), ColumnType::int64);
    EXPECT_EQ(type(sum, "pages"), ColumnType::int64);
    EXPECT_EQ(type(sum, "price"), ColumnType::float64);
    EXPECT_EQ(type(sum, "cost"), ColumnType::decimal);
    EXPECT_EQ(type(avg, "pages"), ColumnType::float64);
    EXPECT_EQ(type(avg, "cost"), ColumnType::float64);
    EXPECT_EQ(type(min, "title"), ColumnType::text);
    EXPECT_EQ(type(max, "pages"), ColumnType::int32);
}

// ---- annotations

query::QueryPtr annotated(const Query& query, const std::string& slot, const AggregateExpr& aggregate) {
    return query::annotated(query, {{.slot = slot, .aggregate = aggregate}});
}

TEST(Annotated, FillsASlot) {
    const auto query = annotated(all<Shelf>(), "count", {.function = count, .path = "books"});
    ASSERT_EQ(query->annotations.size(), 1U);
    EXPECT_EQ(query->annotations[0].slot, &field<Shelf>("count"));
    EXPECT_EQ(query->annotations[0].value->aggregate->function, count);
}

TEST(Annotated, ASecondTimeReplacesTheFirst) {
    const auto first = annotated(all<Shelf>(), "thickest", {.function = max, .path = "books__pages"});
    const auto second = annotated(*first, "thickest", {.function = min, .path = "books__pages"});
    ASSERT_EQ(second->annotations.size(), 1U);
    EXPECT_EQ(second->annotations[0].value->aggregate->function, min);
}

TEST(Annotated, TakesAnAggregateOverASet) {
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "count", {.function = count, .path = "label"}), FieldError,
                      "Count(\"label\") is one value per row of Shelf: annotate() takes an aggregate over a set");
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "count", {.function = count}), FieldError, "is one value per row");
}

TEST(Annotated, NeedsAMemberThatIsAnAnnotation) {
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "total", {.function = count, .path = "books"}), FieldError,
                      "Shelf has no member 'total', which annotate() could fill: declare kith::Annotation<…> total{};");
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "label", {.function = count, .path = "books"}), FieldError,
                      "Shelf.label is not a kith::Annotation");
}

TEST(Annotated, NeedsAMemberOfTheType) {
    EXPECT_NO_THROW(annotated(all<Shelf>(), "mean", {.function = avg, .path = "books__pages"}));
    EXPECT_NO_THROW(annotated(all<Shelf>(), "thickest", {.function = sum, .path = "books__pages"}));
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "thickest", {.function = avg, .path = "books__pages"}), FieldError,
                      "Shelf.thickest cannot hold Avg(\"books__pages\")");
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "mean", {.function = count, .path = "books"}), FieldError,
                      "Shelf.mean cannot hold Count(\"books\"), which is an integer");
}

TEST(Annotated, AllButCountNeedAMemberThatCanBeNull) {
    KITH_EXPECT_ERROR(annotated(all<Shelf>(), "never_null", {.function = sum, .path = "books__pages"}), FieldError,
                      "which is NULL where there are no rows: declare it as a kith::Annotation of a std::optional");
}

} // namespace
} // namespace kith::test
