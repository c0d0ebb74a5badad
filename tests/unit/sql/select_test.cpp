#include "query/resolve.hpp"
#include "sql/select.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"
#include "unit/sql/selected.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kith::test {
namespace {

using namespace atlas;

template <class M>
auto count(const QuerySet<M>& set) {
    return [query = set.handle().query()](const sql::Dialect& dialect) { return sql::select_count(*query, dialect); };
}
template <class M>
auto exists(const QuerySet<M>& set) {
    return [query = set.handle().query()](const sql::Dialect& dialect) { return sql::select_exists(*query, dialect); };
}

// ---- rows

TEST(SelectRows, AllOfThem) {
    expect_statement(rows(objects<Person>()), R"(SELECT "person"."id", "person"."home_id" FROM "person")");
}

TEST(SelectRows, InTheOrderOfTheModel) {
    expect_statement(
        rows(objects<City>()),
        R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city" ORDER BY "city"."name" ASC)");
}

TEST(SelectRows, InAnotherOrderReversed) {
    expect_statement(rows(objects<City>().order_by("-name", "province").reverse()),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            ORDER BY "city"."name" ASC, "city"."province_id" DESC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            ORDER BY "city"."name" ASC, "city"."province_id" DESC NULLS LAST)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            ORDER BY "city"."name" ASC, "city"."province_id" DESC)"});
}

TEST(SelectRows, ASlice) {
    expect_statement(rows(objects<Person>().slice(10, 15)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person" LIMIT 5 OFFSET 10)");
    expect_statement(
        rows(objects<Person>().slice(10, std::string::npos)),
        {R"(SELECT "person"."id", "person"."home_id" FROM "person" LIMIT -1 OFFSET 10)",
         R"(SELECT "person"."id", "person"."home_id" FROM "person" OFFSET 10)",
         R"(SELECT "person"."id", "person"."home_id" FROM "person" LIMIT 18446744073709551615 OFFSET 10)"});
}

TEST(SelectRows, ConditionsOverARelationJoinIt) {
    expect_statement(rows(objects<Person>().filter("home__name"_f = "Wuhan", "home__province__name"_f = "Hubei")),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
           INNER JOIN "city" ON ("person"."home_id" = "city"."id")
           INNER JOIN "province" ON ("city"."province_id" = "province"."id")
           WHERE ("city"."name" = ?'Wuhan' AND "province"."name" = ?'Hubei'))");
}

TEST(SelectRows, AConditionOnAKeyJoinsNothing) {
    expect_statement(rows(objects<Person>().filter("home__id"_f = 7)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person" WHERE "person"."home_id" = ?7)");
}

TEST(SelectRows, TheColumnOfAForeignKeyCanBeFollowed) {
    expect_statement(rows(objects<Person>().filter("home_id__name"_f = "Wuhan")),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
            INNER JOIN "city" ON ("person"."home_id" = "city"."id") WHERE "city"."name" = ?'Wuhan')");
}

TEST(SelectRows, AColumnIsComparedWithTheKeysOfASet) {
    expect_statement(rows(objects<Person>().filter("home"_f = "visited"_f)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
            INNER JOIN "person_visited" ON ("person"."id" = "person_visited"."person_id")
            WHERE "person"."home_id" = "person_visited"."city_id")");
}

TEST(SelectRows, AConditionOnTheKeyBehindAManyToManyJoinsTheLinksAlone) {
    expect_statement(rows(objects<Person>().filter("visited"_f = 7)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
           INNER JOIN "person_visited" ON ("person"."id" = "person_visited"."person_id")
           WHERE "person_visited"."city_id" = ?7)");
}

TEST(SelectRows, TwoCallsMaySpeakOfDifferentLinks) {
    expect_statement(rows(objects<Person>().filter("visited"_f = 7).filter("visited"_f = 8)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
           INNER JOIN "person_visited" ON ("person"."id" = "person_visited"."person_id")
           INNER JOIN "person_visited" AS "T3" ON ("person"."id" = "T3"."person_id")
           WHERE "person_visited"."city_id" = ?7 AND "T3"."city_id" = ?8)");
}

TEST(SelectRows, JoinsBelowOrAreOuterJoins) {
    expect_statement(rows(objects<City>().order_by(kith::None).filter(("province__name"_f = "Hubei") || ("id"_f = 7))),
                     R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
           LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id")
           WHERE ("province"."name" = ?'Hubei' OR "city"."id" = ?7))");
}

TEST(SelectRows, ExcludingThroughASetIsASubselect) {
    expect_statement(rows(objects<Person>().exclude("visited__name"_f = "Wuhan")),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
           WHERE NOT (EXISTS (SELECT 1 FROM "person" AS "U0"
           INNER JOIN "person_visited" AS "U1" ON ("U0"."id" = "U1"."person_id")
           INNER JOIN "city" AS "U2" ON ("U1"."city_id" = "U2"."id")
           WHERE "U0"."id" = "person"."id" AND "U2"."name" = ?'Wuhan')))");
}

TEST(SelectRows, ExcludingWhatMayBeNullKeepsIt) {
    expect_statement(rows(objects<City>().order_by(kith::None).exclude("province"_f = 7)),
                     R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
           WHERE ("city"."province_id" = ?7) IS NOT TRUE)");
}

TEST(SelectRows, AListOfKeys) {
    expect_statement(rows(objects<Person>().filter("id__in"_f = {3, 1})),
                     {R"(SELECT "person"."id", "person"."home_id" FROM "person"
            WHERE "person"."id" IN (SELECT +"k"."key0" FROM kith_keys(?{3, 1}) AS "k"))",
                      R"(SELECT "person"."id", "person"."home_id" FROM "person" WHERE "person"."id" = ANY(?{3, 1}))",
                      R"(SELECT "person"."id", "person"."home_id" FROM "person"
            WHERE "person"."id" IN (SELECT "k"."key0" FROM JSON_TABLE(?{3, 1}, '$[*]'
            COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "k"))"});
}

TEST(SelectRows, ASubselect) {
    expect_statement(
        rows(objects<Person>().filter("home__in"_f = objects<City>().order_by(kith::None).filter("name"_f = "Wuhan"))),
        R"(SELECT "person"."id", "person"."home_id" FROM "person"
           WHERE "person"."home_id" IN (SELECT "city"."id" FROM "city" WHERE "city"."name" = ?'Wuhan'))");
    expect_statement(rows(objects<Person>().filter("home__in"_f = objects<City>().slice(0, 3))),
                     {R"(SELECT "person"."id", "person"."home_id" FROM "person"
            WHERE "person"."home_id" IN (SELECT "city"."id" FROM "city" ORDER BY "city"."name" ASC LIMIT 3))",
                      R"(SELECT "person"."id", "person"."home_id" FROM "person"
            WHERE "person"."home_id" IN (SELECT "city"."id" FROM "city" ORDER BY "city"."name" ASC LIMIT 3))",
                      R"(SELECT "person"."id", "person"."home_id" FROM "person"
            WHERE "person"."home_id" IN (SELECT * FROM (SELECT "city"."id" FROM "city"
            ORDER BY "city"."name" ASC LIMIT 3) AS "limited"))"});
}

TEST(SelectRows, Distinct) {
    expect_statement(rows(objects<Person>().order_by("home__name").distinct()),
                     R"(SELECT DISTINCT "person"."id", "person"."home_id", "city"."name" AS "kith_order0" FROM "person"
           LEFT OUTER JOIN "city" ON ("person"."home_id" = "city"."id") ORDER BY "city"."name" ASC)");
}

TEST(SelectRows, WithAnAnnotation) {
    expect_statement(rows(objects<Province>().annotate("city_count"_f = Count("cities"_f)).order_by("-city_count")),
                     R"(SELECT "province"."id", "province"."name", (SELECT COUNT("U1"."id") FROM "city" AS "U1"
           WHERE "province"."id" = "U1"."province_id") FROM "province"
           ORDER BY (SELECT COUNT("U1"."id") FROM "city" AS "U1" WHERE "province"."id" = "U1"."province_id") DESC)");
}

TEST(SelectRows, WithRelationsToSingleRows) {
    expect_statement(rows(objects<Person>().select_related("home__province")),
                     R"(SELECT "person"."id", "person"."home_id", "city"."name", "city"."province_id",
           "province"."id", "province"."name" FROM "person"
           INNER JOIN "city" ON ("person"."home_id" = "city"."id")
           LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id"))");
}

// ---- one value

TEST(SelectCount, OfAllRows) {
    expect_statement(count(objects<City>().filter("province__name"_f = "Hubei")),
                     R"(SELECT COUNT(*) FROM "city" INNER JOIN "province" ON ("city"."province_id" = "province"."id")
           WHERE "province"."name" = ?'Hubei')");
}

TEST(SelectCount, OfASliceOrOfDistinctRowsCountsAround) {
    expect_statement(count(objects<City>().slice(0, 5)),
                     R"(SELECT COUNT(*) FROM (SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
           ORDER BY "city"."name" ASC LIMIT 5) AS "subquery")");
    expect_statement(
        count(objects<Person>().distinct()),
        R"(SELECT COUNT(*) FROM (SELECT DISTINCT "person"."id", "person"."home_id" FROM "person") AS "subquery")");
}

TEST(SelectExists, StopsAtTheFirstRow) {
    expect_statement(exists(objects<City>().filter("name"_f = "Wuhan")),
                     R"(SELECT 1 FROM "city" WHERE "city"."name" = ?'Wuhan' LIMIT 1)");
    expect_statement(exists(objects<City>().slice(2, 9)), R"(SELECT 1 FROM "city" LIMIT 1 OFFSET 2)");
}

TEST(SelectExists, OfAnEmptySlice) {
    expect_statement(exists(objects<City>().slice(2, 2)), R"(SELECT 1 FROM "city" LIMIT 0 OFFSET 2)");
}

// ---- columns

TEST(SelectValues, FollowPaths) {
    const auto query = objects<Person>().handle().query();
    const std::vector<query::ColumnPath> paths{query::resolve_column(*query, "home__name"),
                                               query::resolve_column(*query, "home__province__name"),
                                               query::resolve_column(*query, "home")};
    expect_statement([&](const sql::Dialect& dialect) { return sql::select_values(*query, paths, dialect); },
                     R"(SELECT "city"."name", "province"."name", "person"."home_id" FROM "person"
           LEFT OUTER JOIN "city" ON ("person"."home_id" = "city"."id")
           LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id"))");
}

TEST(SelectAggregates, OverAllRows) {
    const auto query = objects<City>().filter("id__gt"_f = 7).handle().query();
    const std::vector<query::ResolvedAggregate> aggregates{
        query::resolve_aggregate(*query, {.function = detail::AggregateFunction::count}),
        query::resolve_aggregate(*query, {.function = detail::AggregateFunction::avg, .path = "id"}),
        query::resolve_aggregate(*query, {.function = detail::AggregateFunction::max, .path = "province__name"})};
    expect_statement([&](const sql::Dialect& dialect) { return sql::select_aggregates(*query, aggregates, dialect); },
                     {R"(SELECT COUNT(*), AVG("city"."id"), MAX("province"."name") FROM "city"
            LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id") WHERE "city"."id" > ?7)",
                      R"(SELECT COUNT(*), CAST(AVG("city"."id") AS double precision), MAX("province"."name") FROM "city"
            LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id") WHERE "city"."id" > ?7)",
                      R"(SELECT COUNT(*), AVG("city"."id" + 0e0), MAX("province"."name") FROM "city"
            LEFT OUTER JOIN "province" ON ("city"."province_id" = "province"."id") WHERE "city"."id" > ?7)"});
}

TEST(SelectAggregates, ThroughSetsEachByItself) {
    const auto query = objects<Province>().handle().query();
    const std::vector<query::ResolvedAggregate> aggregates{
        query::resolve_aggregate(*query, {.function = detail::AggregateFunction::count}),
        query::resolve_aggregate(*query, {.function = detail::AggregateFunction::count, .path = "cities"})};
    expect_statement([&](const sql::Dialect& dialect) { return sql::select_aggregates(*query, aggregates, dialect); },
                     R"(SELECT (SELECT COUNT(*) FROM "province"), (SELECT COUNT("city"."id") FROM "province"
           LEFT OUTER JOIN "city" ON ("province"."id" = "city"."province_id")))");
}

TEST(SelectColumnOfKeys, ComesWithTheKey) {
    expect_statement(
        [](const sql::Dialect& dialect) {
            return sql::select_column_of_keys(field<City>("name"), keys(field<City>("id"), {number(1), number(2)}),
                                              dialect);
        },
        {R"(SELECT "city"."id", "city"."name" FROM kith_keys(?{1, 2}) AS "kith_key" CROSS JOIN "city"
            WHERE "city"."id" = +"kith_key"."key0")",
         R"(SELECT "city"."id", "city"."name" FROM "city" WHERE "city"."id" = ANY(?{1, 2}))",
         R"(SELECT "kith_key"."ordinal", "city"."name" FROM JSON_TABLE(?{1, 2}, '$[*]'
            COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key" STRAIGHT_JOIN "city"
            WHERE "city"."id" = "kith_key"."key0")"});
}

} // namespace
} // namespace kith::test
