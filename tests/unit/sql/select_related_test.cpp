#include "sql/select.hpp"
#include "unit/library.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace atlas;

/// Selects the rows behind `relation` for keys, with an optional queryset.
template <class M = City>
auto related(const detail::RelationInfo& relation, const std::vector<Value>& values,
             const std::optional<QuerySet<M>>& queryset = std::nullopt) {
    auto set = keys(*relation.source_columns.front(), values);
    auto query = queryset ? queryset->handle().query() : nullptr;
    return [&relation, set, query](const sql::Dialect& dialect) {
        sql::RowPlan plan;
        return sql::select_related_rows(relation, set, query.get(), dialect, plan);
    };
}

const std::vector<Value> two_keys{number(1), number(2)};

TEST(SelectRelatedRows, OfAForeignKeyHaveNoOrder) {
    expect_statement(
        related(relation<Person>("home"), two_keys),
        {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM kith_keys(?{1, 2}) AS "kith_key"
            CROSS JOIN "city" WHERE "city"."id" = +"kith_key"."key0")",
         R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city" WHERE "city"."id" = ANY(?{1, 2}))",
         R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "city" WHERE "city"."id" = "kith_key"."key0")"});
}

TEST(SelectRelatedRows, OfAReverseEndHaveTheOrderOfTheModel) {
    expect_statement(related(relation<Province>("cities"), two_keys),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM kith_keys(?{1, 2}) AS "kith_key"
            CROSS JOIN "city" WHERE "city"."province_id" = +"kith_key"."key0" ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ANY(?{1, 2}) ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "city"
            WHERE "city"."province_id" = "kith_key"."key0" ORDER BY "city"."name" ASC)"});
}

TEST(SelectRelatedRows, OfAManyToManyComeThroughTheLinks) {
    expect_statement(related(relation<Person>("visited"), two_keys),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id", "person_visited"."person_id"
            FROM kith_keys(?{1, 2}) AS "kith_key" CROSS JOIN "person_visited" CROSS JOIN "city"
            WHERE "person_visited"."person_id" = +"kith_key"."key0" AND "city"."id" = "person_visited"."city_id"
            ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", "person_visited"."person_id"
            FROM "person_visited" CROSS JOIN "city" WHERE "person_visited"."person_id" = ANY(?{1, 2})
            AND "city"."id" = "person_visited"."city_id" ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "person_visited" STRAIGHT_JOIN "city"
            WHERE "person_visited"."person_id" = "kith_key"."key0" AND "city"."id" = "person_visited"."city_id"
            ORDER BY "city"."name" ASC)"});
}

TEST(SelectRelatedRows, FollowTheQuerysetOfThePrefetch) {
    expect_statement(related<City>(relation<Province>("cities"), two_keys,
                                   memory().objects<City>().filter("name__startswith"_f = "W").order_by("-id")),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM kith_keys(?{1, 2}) AS "kith_key"
            CROSS JOIN "city" WHERE "city"."province_id" = +"kith_key"."key0" AND "city"."name" GLOB ?'W*'
            ORDER BY "city"."id" DESC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ANY(?{1, 2}) AND "city"."name"::text LIKE ?'W%'
            ORDER BY "city"."id" DESC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "city"
            WHERE "city"."province_id" = "kith_key"."key0" AND CONVERT("city"."name" USING utf8mb4)
            COLLATE utf8mb4_nopad_bin LIKE ?'W%' ESCAPE '!' ORDER BY "city"."id" DESC)"});
}

TEST(SelectRelatedRows, AConditionOnTheWayBackIsAboutTheSameLinks) {
    expect_statement(
        related<City>(relation<Person>("visited"), two_keys, memory().objects<City>().filter("visitors__home"_f = 7)),
        {R"(SELECT "city"."id", "city"."name", "city"."province_id", "person_visited"."person_id"
            FROM kith_keys(?{1, 2}) AS "kith_key" CROSS JOIN "person_visited" CROSS JOIN "city"
            INNER JOIN "person" ON ("person_visited"."person_id" = "person"."id")
            WHERE "person_visited"."person_id" = +"kith_key"."key0" AND "city"."id" = "person_visited"."city_id"
            AND "person"."home_id" = ?7 ORDER BY "city"."name" ASC)",
         R"(SELECT "city"."id", "city"."name", "city"."province_id", "person_visited"."person_id"
            FROM "person_visited" CROSS JOIN "city"
            INNER JOIN "person" ON ("person_visited"."person_id" = "person"."id")
            WHERE "person_visited"."person_id" = ANY(?{1, 2}) AND "city"."id" = "person_visited"."city_id"
            AND "person"."home_id" = ?7 ORDER BY "city"."name" ASC)",
         R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "person_visited" STRAIGHT_JOIN "city"
            INNER JOIN "person" ON ("person_visited"."person_id" = "person"."id")
            WHERE "person_visited"."person_id" = "kith_key"."key0" AND "city"."id" = "person_visited"."city_id"
            AND "person"."home_id" = ?7 ORDER BY "city"."name" ASC)"});
}

TEST(SelectRelatedRows, ASliceIsTakenForEachParent) {
    expect_statement(
        related<City>(relation<Province>("cities"), two_keys, memory().objects<City>().order_by("-name").slice(1, 3)),
        {R"(SELECT "c0", "c1", "c2" FROM (SELECT "city"."id" AS "c0", "city"."name" AS "c1",
            "city"."province_id" AS "c2", ROW_NUMBER() OVER (PARTITION BY "city"."province_id"
            ORDER BY "city"."name" DESC, "city"."id" ASC) AS "n" FROM kith_keys(?{1, 2}) AS "kith_key"
            CROSS JOIN "city" WHERE "city"."province_id" = +"kith_key"."key0") AS "numbered"
            WHERE "n" > 1 AND "n" <= 3 ORDER BY "n" ASC)",
         R"(SELECT "c0", "c1", "c2" FROM (SELECT "city"."id" AS "c0", "city"."name" AS "c1",
            "city"."province_id" AS "c2", ROW_NUMBER() OVER (PARTITION BY "city"."province_id"
            ORDER BY "city"."name" DESC, "city"."id" ASC) AS "n" FROM "city"
            WHERE "city"."province_id" = ANY(?{1, 2})) AS "numbered" WHERE "n" > 1 AND "n" <= 3 ORDER BY "n" ASC)",
         R"(SELECT "c0", "c1", "c2", "c3" FROM (SELECT "city"."id" AS "c0", "city"."name" AS "c1",
            "city"."province_id" AS "c2", "kith_key"."ordinal" AS "c3",
            ROW_NUMBER() OVER (PARTITION BY "kith_key"."ordinal"
            ORDER BY "city"."name" DESC, "city"."id" ASC) AS "n"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "city"
            WHERE "city"."province_id" = "kith_key"."key0") AS "numbered" WHERE "n" > 1 AND "n" <= 3
            ORDER BY "n" ASC)"});
}

TEST(SelectRelatedRows, OfOneParentNeedNoSet) {
    expect_statement(related(relation<Province>("cities"), {number(7)}),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" ASC)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", 1 FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" ASC)"});
}

TEST(SelectRelatedRows, ASliceForOneParentIsALimit) {
    expect_statement(related<City>(relation<Province>("cities"), {number(7)},
                                   memory().objects<City>().order_by("-name").slice(1, 3)),
                     {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" DESC, "city"."id" ASC LIMIT 2 OFFSET 1)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" DESC, "city"."id" ASC LIMIT 2 OFFSET 1)",
                      R"(SELECT "city"."id", "city"."name", "city"."province_id", 1 FROM "city"
            WHERE "city"."province_id" = ?7 ORDER BY "city"."name" DESC, "city"."id" ASC LIMIT 2 OFFSET 1)"});
}

// ---- before the rows above have arrived

/// The rows behind `relation`, from rows that are selected again.
template <class M>
auto behind(const detail::RelationInfo& relation, const QuerySet<M>& first) {
    return [&relation, query = first.handle().query()](const sql::Dialect& dialect) {
        const sql::RowsAbove above{.query = query.get()};
        sql::RowPlan plan;
        return sql::select_related_rows(relation, sql::KeyOrigin(above), nullptr, dialect, plan);
    };
}

TEST(SelectRelatedRows, OfRowsThatHaveNotArrivedSelectThemAgain) {
    expect_statement(behind(relation<Province>("cities"), memory().objects<Province>().filter("name"_f = "Hubei")),
                     R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city"
            WHERE "city"."province_id" IN (SELECT "province"."id" FROM "province"
            WHERE "province"."name" = ?'Hubei') ORDER BY "city"."name" ASC)");
}

TEST(SelectRelatedRows, OfASliceThatHasNotArrivedSliceAgain) {
    expect_statement(behind(relation<City>("province"), memory().objects<City>().order_by("-id").slice(2, 5)),
                     R"(SELECT "province"."id", "province"."name" FROM "province"
            WHERE "province"."id" IN (SELECT "city"."province_id" FROM "city"
            ORDER BY "city"."id" DESC LIMIT 3 OFFSET 2))");
}

TEST(SelectRelatedRows, OfTwoLevelsThatHaveNotArrivedSelectBothAgain) {
    const auto people = memory().objects<Person>().filter("id"_f = 7);
    const auto cities = memory().objects<City>().filter("name__gt"_f = "W");
    expect_statement(
        [&](const sql::Dialect& dialect) {
            const auto person = people.handle().query();
            const auto city = cities.handle().query();
            const sql::RowsAbove first{.query = person.get()};
            const sql::RowsAbove second{
                .relation = &relation<Person>("visited"), .from = sql::KeyOrigin(first), .queryset = city.get()};
            sql::RowPlan plan;
            return sql::select_related_rows(relation<City>("province"), sql::KeyOrigin(second), nullptr, dialect, plan);
        },
        {R"(SELECT "province"."id", "province"."name" FROM "province" WHERE "province"."id" IN
            (SELECT "city"."province_id" FROM "person_visited" CROSS JOIN "city"
            WHERE "person_visited"."person_id" IN (SELECT "person"."id" FROM "person" WHERE "person"."id" = ?7)
            AND "city"."id" = "person_visited"."city_id" AND "city"."name" > ?'W'))",
         R"(SELECT "province"."id", "province"."name" FROM "province" WHERE "province"."id" IN
            (SELECT "city"."province_id" FROM "person_visited" CROSS JOIN "city"
            WHERE "person_visited"."person_id" IN (SELECT "person"."id" FROM "person" WHERE "person"."id" = ?7)
            AND "city"."id" = "person_visited"."city_id" AND "city"."name" > ?'W'))",
         R"(SELECT "province"."id", "province"."name" FROM "province" WHERE "province"."id" IN
            (SELECT "city"."province_id" FROM "person_visited" STRAIGHT_JOIN "city"
            WHERE "person_visited"."person_id" IN (SELECT "person"."id" FROM "person" WHERE "person"."id" = ?7)
            AND "city"."id" = "person_visited"."city_id" AND "city"."name" > ?'W'))"});
}

TEST(SelectRelatedRows, ByTextComeWithTheOrdinalOfTheirKey) {
    expect_statement(
        related(relation<library::Country>("authors"), {text("no")}),
        {R"(SELECT "author"."id", "author"."name", "author"."born", "author"."biography", "author"."country_id",
            "author"."mentor_id", "kith_key"."ordinal" FROM kith_keys(?{'no'}) AS "kith_key" CROSS JOIN "author"
            WHERE "author"."country_id" = +"kith_key"."key0")",
         R"(SELECT "author"."id", "author"."name", "author"."born", "author"."biography", "author"."country_id",
            "author"."mentor_id", "kith_key"."ordinal"
            FROM unnest(CASE WHEN TRUE THEN ?{'no'} ELSE ARRAY(SELECT NULLIF("country_id", "country_id")
            FROM "author") END) WITH ORDINALITY AS "kith_key"("key0", "ordinal") CROSS JOIN "author"
            WHERE "author"."country_id" = "kith_key"."key0")",
         R"(SELECT "author"."id", "author"."name", "author"."born", "author"."biography", "author"."country_id",
            "author"."mentor_id", "kith_key"."ordinal" FROM (SELECT "ordinal", IFNULL((SELECT "country_id"
            FROM "author" LIMIT 0), JSON_UNQUOTE(JSON_QUOTE("key0"))) AS "key0"
            FROM JSON_TABLE(?{'no'}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" LONGTEXT CHARACTER
            SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) AS "part"
            WHERE CONVERT(IFNULL((SELECT "country_id"
            FROM "author" LIMIT 0), JSON_UNQUOTE(JSON_QUOTE("key0"))) USING utf8mb4)
            COLLATE utf8mb4_nopad_bin = "key0") AS "kith_key" STRAIGHT_JOIN "author"
            WHERE "author"."country_id" = "kith_key"."key0")"});
}

TEST(SelectRelatedRows, ByKeysOfSeveralColumns) {
    const auto& loans = relation<library::Seat>("loans");
    const std::vector types{loans.source_columns[0]->type, loans.source_columns[1]->type};
    auto set = std::make_shared<sql::KeySet>(types);
    set->add(std::vector<Value>{number(1), number(2)});
    set->add(std::vector<Value>{number(3), number(4)});
    expect_statement(
        [&](const sql::Dialect& dialect) {
            sql::RowPlan plan;
            return sql::select_related_rows(loans, sql::KeyOrigin(set), nullptr, dialect, plan);
        },
        {R"(SELECT "loan"."id", "loan"."book_id", "loan"."days", "loan"."seat_row", "loan"."seat_number",
            "loan"."cover", "kith_key"."ordinal" FROM kith_keys(?{1, 3; 2, 4}) AS "kith_key" CROSS JOIN "loan"
            WHERE "loan"."seat_row" = +"kith_key"."key0" AND "loan"."seat_number" = +"kith_key"."key1")",
         R"(SELECT "loan"."id", "loan"."book_id", "loan"."days", "loan"."seat_row", "loan"."seat_number",
            "loan"."cover", "kith_key"."ordinal" FROM unnest(?{1, 3}::bigint[], ?{2, 4}::bigint[])
            WITH ORDINALITY AS "kith_key"("key0", "key1", "ordinal") CROSS JOIN "loan"
            WHERE "loan"."seat_row" = "kith_key"."key0" AND "loan"."seat_number" = "kith_key"."key1")",
         R"(SELECT "loan"."id", "loan"."book_id", "loan"."days", "loan"."seat_row", "loan"."seat_number",
            "loan"."cover", "kith_key"."ordinal" FROM JSON_TABLE(?{1, 3; 2, 4}, '$[*]'
            COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$[0]',
            "key1" BIGINT PATH '$[1]')) AS "kith_key" STRAIGHT_JOIN "loan"
            WHERE "loan"."seat_row" = "kith_key"."key0" AND "loan"."seat_number" = "kith_key"."key1")"});
}

TEST(SelectRelatedRows, OfAGenericReverseEndHaveItsType) {
    expect_statement(
        related(relation<library::Author>("remarks"), two_keys),
        {R"(SELECT "remark"."id", "remark"."words", "remark"."about_id", "remark"."about_type"
            FROM kith_keys(?{1, 2}) AS "kith_key" CROSS JOIN "remark"
            WHERE "remark"."about_id" = +"kith_key"."key0" AND "remark"."about_type" = ?'author')",
         R"(SELECT "remark"."id", "remark"."words", "remark"."about_id", "remark"."about_type" FROM "remark"
            WHERE "remark"."about_id" = ANY(?{1, 2}) AND "remark"."about_type" = ?'author')",
         R"(SELECT "remark"."id", "remark"."words", "remark"."about_id", "remark"."about_type",
            "kith_key"."ordinal" FROM JSON_TABLE(?{1, 2}, '$[*]'
            COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key" STRAIGHT_JOIN "remark"
            WHERE "remark"."about_id" = "kith_key"."key0" AND "remark"."about_type" = ?'author')"});
}

// ---- in two statements

TEST(SelectLinks, ArePairsOfKeys) {
    expect_statement(
        [](const sql::Dialect& dialect) {
            const auto& visited = relation<Person>("visited");
            return sql::select_links(visited, keys(field<Person>("id"), two_keys), dialect);
        },
        {R"(SELECT "person_visited"."person_id", "person_visited"."city_id"
            FROM kith_keys(?{1, 2}) AS "kith_key" CROSS JOIN "person_visited"
            WHERE "person_visited"."person_id" = +"kith_key"."key0" AND "person_visited"."city_id" IS NOT NULL)",
         R"(SELECT "person_visited"."person_id", "person_visited"."city_id" FROM "person_visited"
            WHERE "person_visited"."person_id" = ANY(?{1, 2}) AND "person_visited"."city_id" IS NOT NULL)",
         R"(SELECT "kith_key"."ordinal", "person_visited"."city_id"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "person_visited"
            WHERE "person_visited"."person_id" = "kith_key"."key0" AND "person_visited"."city_id" IS NOT NULL)"});
}

TEST(SelectTargets, ComeOnceEach) {
    expect_statement(
        [](const sql::Dialect& dialect) {
            sql::RowPlan plan;
            const auto& visited = relation<Person>("visited");
            return sql::select_targets(visited, keys(field<City>("id"), two_keys), nullptr, dialect, plan);
        },
        {R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM kith_keys(?{1, 2}) AS "kith_key"
            CROSS JOIN "city" WHERE "city"."id" = +"kith_key"."key0" ORDER BY "city"."name" ASC)",
         R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city" WHERE "city"."id" = ANY(?{1, 2})
            ORDER BY "city"."name" ASC)",
         R"(SELECT "city"."id", "city"."name", "city"."province_id", "kith_key"."ordinal"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            STRAIGHT_JOIN "city" WHERE "city"."id" = "kith_key"."key0"
            ORDER BY "city"."name" ASC)"});
}

// ---- what the columns are

sql::RowPlan plan_of(const detail::RelationInfo& relation, const sql::Dialect& dialect) {
    sql::RowPlan plan;
    (void)sql::select_related_rows(relation, keys(*relation.source_columns.front(), two_keys), nullptr, dialect, plan);
    return plan;
}

TEST(RowPlan, TheMatchedColumnHoldsTheKey) {
    const backend::sqlite::Dialect sqlite(false);
    EXPECT_EQ(plan_of(relation<Province>("cities"), sqlite).matched_column, 2) << "city.province_id";
    EXPECT_EQ(plan_of(relation<Person>("visited"), sqlite).matched_column, 3) << "the key in the links, behind the row";
}

TEST(RowPlan, PartsFollowEachOther) {
    const auto query = memory().objects<Person>().select_related("home__province").handle().query();
    sql::RowPlan plan;
    (void)sql::select_rows(*query, backend::sqlite::Dialect(false), plan);
    ASSERT_EQ(plan.parts.size(), 3U);
    EXPECT_EQ(plan.parts[0].relation, nullptr);
    EXPECT_EQ(plan.parts[1].relation, &relation<Person>("home"));
    EXPECT_EQ(plan.parts[1].first_column, 2);
    EXPECT_EQ(plan.parts[2].parent, 1U);
    EXPECT_EQ(plan.parts[2].first_column, 4);
    EXPECT_EQ(plan.parts[1].key_columns, std::vector{1}) << "person.home_id";
    EXPECT_EQ(plan.parts[2].key_columns, std::vector{4});
}

TEST(RowPlan, LazyColumnsThatAreLeftOutHaveNoSlot) {
    using namespace library;
    const auto query = memory().objects<Portrait>().defer("scan").handle().query();
    sql::RowPlan plan;
    (void)sql::select_rows(*query, backend::sqlite::Dialect(false), plan);
    EXPECT_EQ(plan.parts[0].slots.size(), 2U);
    EXPECT_EQ(names(plan.parts[0].left_out), Names{"scan"});
}

} // namespace
} // namespace kith::test
