#include "query/resolve.hpp"
#include "sql/select.hpp"
#include "unit/library.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"
#include "unit/sql/selected.hpp"

#include <gtest/gtest.h>

namespace kith::test {
namespace {

using namespace atlas;

/// Counts what `path` leads to, over all rows of `set`.
template <class M>
auto counted(const QuerySet<M>& set, std::string_view path) {
    return [query = set.handle().query(), path](const sql::Dialect& dialect) {
        const auto aggregate =
            query::resolve_aggregate(*query, {.function = detail::AggregateFunction::count, .path = std::string(path)});
        return sql::select_aggregates(*query, std::span(&aggregate, 1), dialect);
    };
}

/// A shop that offers lead to by a number which is unique, but not its primary key.
struct Offer;
struct Shop {
    kith::PrimaryKey<> id{};
    kith::Field<std::int64_t, kith::unique> number{};
    std::int64_t street{};
    kith::ReverseSet<Offer, "shop"> offers{};
    kith::ReverseSet<Offer, "street"> in_street{};
};
struct Offer {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Shop, kith::null, kith::to_field<"number">> shop{};
    kith::ForeignKey<Shop, kith::to_field<"street">> street{};
    kith::Annotation<std::int64_t> others{};
};

/// A key of two columns.
struct Trip;
struct Leg {
    std::int64_t line{};
    std::int64_t stop{};
    kith::ReverseSet<Trip, "from"> trips{};

    static constexpr kith::Table table{.primary_key = {"line", "stop"}};
};
struct Trip {
    kith::PrimaryKey<> id{};
    std::int64_t line{};
    std::int64_t stop{};
    kith::ForeignKey<Leg, kith::from_fields<"line", "stop">> from{};
    kith::Annotation<std::int64_t> others{};
};

// ---- between a foreign key and a set

TEST(Joins, PassOverTheTableBetweenAForeignKeyAndASet) {
    expect_statement(rows(objects<Person>().annotate("neighbours"_f = Count("home__residents"_f))),
                     R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U2"."id") FROM "person" AS "U2"
           WHERE "person"."home_id" = "U2"."home_id") FROM "person")");
    expect_statement(counted(objects<Person>(), "home__residents"),
                     R"(SELECT COUNT("T3"."id") FROM "person"
           LEFT OUTER JOIN "person" AS "T3" ON ("person"."home_id" = "T3"."home_id"))");
}

TEST(Joins, PassOverTheTableBetweenAForeignKeyAndLinks) {
    expect_statement(rows(objects<Person>().annotate("neighbours"_f = Count("home__visitors"_f))),
                     R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U2"."person_id")
           FROM "person_visited" AS "U2" WHERE "person"."home_id" = "U2"."city_id") FROM "person")");
    expect_statement(rows(objects<Person>().annotate("neighbours"_f = Count("home__visitors__home"_f))),
                     R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U3"."home_id")
           FROM "person_visited" AS "U2" INNER JOIN "person" AS "U3" ON ("U2"."person_id" = "U3"."id")
           WHERE "person"."home_id" = "U2"."city_id") FROM "person")");
}

TEST(Joins, PassOverTheLastOfSeveralForeignKeys) {
    expect_statement(rows(objects<Person>().annotate("neighbours"_f = Count("home__province__cities"_f))),
                     R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U3"."id") FROM "city" AS "U1"
           INNER JOIN "city" AS "U3" ON ("U1"."province_id" = "U3"."province_id")
           WHERE "person"."home_id" = "U1"."id") FROM "person")");
}

TEST(Joins, PassOverForeignKeysBehindSets) {
    expect_statement(rows(objects<Person>().annotate("neighbours"_f = Count("visited__residents__home__visitors"_f))),
                     R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U5"."person_id")
           FROM "person_visited" AS "U1" INNER JOIN "city" AS "U2" ON ("U1"."city_id" = "U2"."id")
           INNER JOIN "person" AS "U3" ON ("U2"."id" = "U3"."home_id")
           INNER JOIN "person_visited" AS "U5" ON ("U3"."home_id" = "U5"."city_id")
           WHERE "person"."id" = "U1"."person_id") FROM "person")");
}

TEST(Joins, IncludeTheTableBetweenIfAConditionNeedsIt) {
    expect_statement(
        rows(objects<Person>().annotate("neighbours"_f = Count("home__residents"_f).filter("home__name"_f = "Wuhan"))),
        R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U2"."id") FROM "city" AS "U1"
           INNER JOIN "person" AS "U2" ON ("U1"."id" = "U2"."home_id")
           WHERE "person"."home_id" = "U1"."id" AND "U1"."name" = ?'Wuhan') FROM "person")");
    expect_statement(counted(objects<Person>().filter("home__name"_f = "Wuhan"), "home__residents"),
                     R"(SELECT COUNT("T3"."id") FROM "person" INNER JOIN "city" ON ("person"."home_id" = "city"."id")
           LEFT OUTER JOIN "person" AS "T3" ON ("city"."id" = "T3"."home_id") WHERE "city"."name" = ?'Wuhan')");
}

TEST(Joins, AConditionOnAnotherWayChangesNothing) {
    expect_statement(
        rows(objects<Person>().annotate("neighbours"_f = Count("home__residents"_f).filter("id__gt"_f = 7))),
        R"(SELECT "person"."id", "person"."home_id", (SELECT COUNT("U2"."id") FROM "person" AS "U2"
           WHERE "person"."home_id" = "U2"."home_id" AND "person"."id" > ?7) FROM "person")");
}

TEST(Joins, PassOverAForeignKeyToAnotherUniqueColumn) {
    expect_statement(rows(objects<Offer>().annotate("others"_f = Count("shop__offers"_f))),
                     R"(SELECT "offer"."id", "offer"."shop_id", "offer"."street_id", (SELECT COUNT("U2"."id")
           FROM "offer" AS "U2" WHERE "offer"."shop_id" = "U2"."shop_id") FROM "offer")");
}

TEST(Joins, PassOverAForeignKeyOfSeveralColumns) {
    expect_statement(rows(objects<Trip>().annotate("others"_f = Count("from__trips"_f))),
                     R"(SELECT "trip"."id", "trip"."line", "trip"."stop", (SELECT COUNT("U2"."id") FROM "trip" AS "U2"
           WHERE "trip"."line" = "U2"."line" AND "trip"."stop" = "U2"."stop") FROM "trip")");
}

// ---- where the two are not the same

TEST(Joins, IncludeATableWithSeveralRowsOfTheKey) {
    // Two shops in the street: each offer there counts twice.
    expect_statement(rows(objects<Offer>().annotate("others"_f = Count("street__in_street"_f))),
                     R"(SELECT "offer"."id", "offer"."shop_id", "offer"."street_id", (SELECT COUNT("U2"."id")
           FROM "shop" AS "U1" INNER JOIN "offer" AS "U2" ON ("U1"."street" = "U2"."street_id")
           WHERE "offer"."street_id" = "U1"."street") FROM "offer")");
}

TEST(Joins, IncludeATableThatSharesAnotherColumn) {
    expect_statement(rows(objects<Offer>().annotate("others"_f = Count("shop__in_street"_f))),
                     R"(SELECT "offer"."id", "offer"."shop_id", "offer"."street_id", (SELECT COUNT("U2"."id")
           FROM "shop" AS "U1" INNER JOIN "offer" AS "U2" ON ("U1"."street" = "U2"."street_id")
           WHERE "offer"."shop_id" = "U1"."number") FROM "offer")");
}

TEST(Joins, IncludeATableOfTexts) {
    // 'NO' and 'no' may be equal to 'No', and yet not to each other.
    expect_statement(counted(objects<library::Author>(), "country__authors"),
                     R"(SELECT COUNT("T3"."id") FROM "author"
           LEFT OUTER JOIN "country" ON ("author"."country_id" = "country"."code")
           LEFT OUTER JOIN "author" AS "T3" ON ("country"."code" = "T3"."country_id"))");
}

TEST(Joins, OfConditionsIncludeAllTables) {
    expect_statement(rows(objects<Person>().filter("home__residents"_f = 7)),
                     R"(SELECT "person"."id", "person"."home_id" FROM "person"
           INNER JOIN "city" ON ("person"."home_id" = "city"."id")
           INNER JOIN "person" AS "T3" ON ("city"."id" = "T3"."home_id") WHERE "T3"."id" = ?7)");
}

} // namespace
} // namespace kith::test
