#include "query/resolve.hpp"
#include "sql/change.hpp"
#include "sql/kept_updates.hpp"
#include "unit/library.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::test {
namespace {

using namespace atlas;
using sql::Dialect;

using Fields = std::vector<const detail::FieldInfo*>;

Fields fields(const detail::ModelInfo& model, const std::vector<std::string_view>& members) {
    Fields found;
    for (const auto member : members) found.push_back(model.find(member));
    return found;
}

const std::vector<Value> two{number(1), number(2)};

// ---- single rows

auto inserting(std::vector<std::string_view> members, std::vector<Value> values,
               std::vector<std::string_view> returning = {}) {
    return [=](const Dialect& dialect) {
        return sql::insert_rows(model<City>(), fields(model<City>(), members), values, fields(model<City>(), returning),
                                dialect);
    };
}

TEST(InsertRows, OfSeveralRows) {
    expect_statement(inserting({"name", "province"}, {text("Wuhan"), number(1), text("Enshi"), Value{}}),
                     R"(INSERT INTO "city" ("name", "province_id") VALUES (?'Wuhan', ?1), (?'Enshi', ?NULL))");
}

TEST(InsertRows, ReturnColumns) {
    expect_statement(inserting({"name"}, {text("Wuhan")}, {"id", "province"}),
                     R"(INSERT INTO "city" ("name") VALUES (?'Wuhan') RETURNING "id", "province_id")");
}

TEST(InsertRows, WithoutAnyValue) {
    expect_statement(inserting({}, {}, {"id"}), {R"(INSERT INTO "city" DEFAULT VALUES RETURNING "id")",
                                                 R"(INSERT INTO "city" DEFAULT VALUES RETURNING "id")",
                                                 R"(INSERT INTO "city" () VALUES () RETURNING "id")"});
}

TEST(InsertRows, WithTheKeyZero) {
    expect_statement(
        inserting({"id", "name"}, {number(0), text("Nowhere")}),
        {R"(INSERT INTO "city" ("id", "name") VALUES (?0, ?'Nowhere'))",
         R"(INSERT INTO "city" ("id", "name") VALUES (?0, ?'Nowhere'))",
         R"(SET STATEMENT sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO') FOR INSERT INTO "city" ("id",
            "name") VALUES (?0, ?'Nowhere'))"});
}

TEST(InsertRows, RecordTheColumnOfEachValue) {
    const auto statement = inserting({"name", "province"}, {text("Wuhan"), number(1)})(backend::sqlite::Dialect(false));
    EXPECT_EQ(statement.stored, fields(model<City>(), {"name", "province"}));
    EXPECT_EQ(statement.table, "city");
}

TEST(GiveValues, ToAStatementOfAsManyRows) {
    const backend::sqlite::Dialect dialect(false);
    const auto columns = fields(model<City>(), {"name", "province"});
    auto statement = inserting({"name", "province"}, {text("Wuhan"), number(1)})(dialect);
    std::vector<Value> values{text("Enshi"), number(2)};
    EXPECT_TRUE(sql::give_values(statement, columns, values, dialect));
    EXPECT_EQ(std::get<Value>(statement.binds[0]), text("Enshi"));
    EXPECT_EQ(std::get<Value>(statement.binds[1]), number(2));
    std::vector<Value> more{text("a"), number(1), text("b"), number(2)};
    EXPECT_FALSE(sql::give_values(statement, columns, more, dialect));
    EXPECT_EQ(more[0], text("a")) << "nothing was taken";
}

#ifdef KITH_WITH_MARIADB
/// The key 0 needs another text.
TEST(GiveValues, NotIfTheTextWouldBeAnother) {
    const backend::mariadb::Dialect dialect;
    const auto columns = fields(model<City>(), {"id", "name"});
    auto statement = inserting({"id", "name"}, {number(1), text("a")})(dialect);
    std::vector<Value> zero{number(0), text("b")};
    EXPECT_FALSE(sql::give_values(statement, columns, zero, dialect));
    auto with_zero = inserting({"id", "name"}, zero)(dialect);
    std::vector<Value> one{number(1), text("c")};
    EXPECT_FALSE(sql::give_values(with_zero, columns, one, dialect));
    EXPECT_TRUE(sql::give_values(with_zero, columns, zero, dialect));
}

#endif

#ifdef KITH_WITH_POSTGRESQL
TEST(CopyRows, HaveATextWithoutMarks) {
    const backend::postgresql::Dialect dialect;
    const auto columns = fields(model<City>(), {"name", "province"});
    const auto statement =
        sql::copy_rows(model<City>(), columns, {text("Wuhan"), number(1), text("Enshi"), Value{}}, dialect);
    EXPECT_EQ(statement.text.str(), R"(COPY "city" ("name", "province_id") FROM STDIN (FORMAT binary))");
    EXPECT_EQ(statement.table, "city");
    ASSERT_EQ(statement.binds.size(), 4u);
    EXPECT_EQ(statement.stored, (Fields{columns[0], columns[1], columns[0], columns[1]}));
}

#endif

TEST(UpdateRow, ByItsPrimaryKey) {
    expect_statement(
        [](const Dialect& dialect) {
            return sql::update_row(model<City>(), fields(model<City>(), {"name", "province"}), {text("Wuhan"), Value{}},
                                   {number(7)}, dialect);
        },
        R"(UPDATE "city" SET "name" = ?'Wuhan', "province_id" = ?NULL WHERE "id" = ?7)");
}

TEST(UpdateRow, IsKeptWithoutItsValues) {
    struct Saved {
        const detail::ModelInfo& model;
        Fields members;
        std::vector<Value> key;
    };
    const std::vector<Saved> all{
        {model<City>(), fields(model<City>(), {"name", "province"}), {number(7)}},
        {model<City>(), fields(model<City>(), {"province", "name"}), {number(7)}},
        {model<City>(), fields(model<City>(), {"name"}), {number(7)}},
        {model<Province>(), fields(model<Province>(), {"name"}), {number(7)}},
        {model<library::Seat>(), model<library::Seat>().primary_key, {number(1), number(2)}},
    };
    for_each_dialect("", [&](const Dialect& dialect, std::string_view) {
        sql::KeptUpdates kept;
        for (const std::int64_t round : {1, 2, 3}) {
            for (const auto& [model, members, key] : all) {
                const std::vector<Value> values(members.size(), number(round));
                const auto made = sql::update_row(model, members, values, key, dialect);
                const auto again = kept.row(model, members, values, key, dialect);
                EXPECT_EQ(again.text.str(), made.text.str());
                EXPECT_EQ(again.binds, made.binds);
                EXPECT_EQ(again.stored, made.stored);
                EXPECT_EQ(again.table, made.table);
            }
            EXPECT_EQ(kept.size(), all.size());
        }
    });
}

TEST(UpdateRow, OfAModelThatMayGoIsNotKept) {
    detail::ModelInfo passing{};
    passing.table = "city";
    passing.primary_key = model<City>().primary_key;
    passing.made_at_run_time = true;
    sql::KeptUpdates kept;
    const auto columns = fields(model<City>(), {"name"});
    (void)kept.row(passing, columns, {text("Wuhan")}, {number(7)}, backend::sqlite::Dialect(false));
    EXPECT_EQ(kept.size(), 0u);
}

TEST(DeleteRow, ByItsPrimaryKey) {
    expect_statement(
        [](const Dialect& dialect) { return sql::delete_row(model<library::Seat>(), {number(1), number(2)}, dialect); },
        R"(DELETE FROM "seat" WHERE "row" = ?1 AND "number" = ?2)");
}

// ---- rows of a QuerySet

template <class M>
auto updating(const QuerySet<M>& set, const Expr& assignment) {
    return [query = set.handle().query(), assignment](const Dialect& dialect) {
        const std::vector resolved{query::resolve_condition(*query, assignment)};
        return sql::update_rows(*query, resolved, dialect);
    };
}
template <class M>
auto deleting(const QuerySet<M>& set) {
    return [query = set.handle().query()](const Dialect& dialect) { return sql::delete_rows(*query, dialect); };
}

TEST(UpdateRows, AllOfThem) {
    expect_statement(updating(memory().objects<City>(), is("name", text("Wuhan"))),
                     R"(UPDATE "city" SET "name" = ?'Wuhan')");
}

TEST(UpdateRows, OfOneTable) {
    expect_statement(updating(memory().objects<City>().filter("province"_f = 7), is("name", text("Wuhan"))),
                     R"(UPDATE "city" SET "name" = ?'Wuhan' WHERE "city"."province_id" = ?7)");
}

TEST(UpdateRows, ConditionsOnOtherTablesAreASubselect) {
    expect_statement(updating(memory().objects<City>().filter("province__name"_f = "Hubei"), is("name", text("Wuhan"))),
                     R"(UPDATE "city" SET "name" = ?'Wuhan' WHERE "city"."id" IN (SELECT "city"."id" FROM "city"
           INNER JOIN "province" ON ("city"."province_id" = "province"."id") WHERE "province"."name" = ?'Hubei'))");
}

TEST(UpdateRows, ToAnotherColumn) {
    expect_statement(updating(memory().objects<City>(), is("province", detail::FieldName{"id"})),
                     R"(UPDATE "city" SET "province_id" = "city"."id")");
}

TEST(UpdateRows, ToAColumnOfAnotherTableIsRefused) {
    const auto update = updating(memory().objects<City>(), is("name", detail::FieldName{"province__name"}));
    EXPECT_THROW(update(backend::sqlite::Dialect(false)), FieldError);
}

TEST(DeleteRows, OfOneTable) {
    expect_statement(deleting(memory().objects<City>().filter("name"_f = "Wuhan")),
                     R"(DELETE FROM "city" WHERE "city"."name" = ?'Wuhan')");
}

TEST(DeleteRows, ConditionsOnOtherTablesAreASubselect) {
    expect_statement(deleting(memory().objects<City>().filter("visitors__home"_f = 7)),
                     R"(DELETE FROM "city" WHERE "city"."id" IN (SELECT "city"."id" FROM "city"
           INNER JOIN "person_visited" ON ("city"."id" = "person_visited"."city_id")
           INNER JOIN "person" ON ("person_visited"."person_id" = "person"."id") WHERE "person"."home_id" = ?7))");
}

// ---- links

TEST(InsertLinks, SkipsThoseThatExist) {
    expect_statement(
        [](const Dialect& dialect) {
            return sql::insert_links(relation<Person>("visited"), number(7), keys(field<City>("id"), two),
                                     sql::Links::may_exist, dialect);
        },
        {R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM kith_keys(?{1, 2}) AS "kith_key" WHERE NOT EXISTS (SELECT 1 FROM "person_visited"
            WHERE "person_id" = ?7 AND "city_id" = "kith_key"."key0") ON CONFLICT DO NOTHING)",
         R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM unnest(?{1, 2}::bigint[]) WITH ORDINALITY AS "kith_key"("key0", "ordinal")
            WHERE NOT EXISTS (SELECT 1 FROM "person_visited"
            WHERE "person_id" = ?7 AND "city_id" = "kith_key"."key0") ON CONFLICT DO NOTHING)",
         R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            WHERE NOT EXISTS (SELECT 1 FROM "person_visited"
            WHERE "person_id" = ?7 AND "city_id" = "kith_key"."key0")
            ON DUPLICATE KEY UPDATE "person_id" = "person_visited"."person_id")"});
}

TEST(InsertLinks, DoNotLookForNewOnes) {
    expect_statement(
        [](const Dialect& dialect) {
            return sql::insert_links(relation<Person>("visited"), number(7), keys(field<City>("id"), two),
                                     sql::Links::are_new, dialect);
        },
        {R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM kith_keys(?{1, 2}) AS "kith_key" WHERE TRUE ON CONFLICT DO NOTHING)",
         R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM unnest(?{1, 2}::bigint[]) WITH ORDINALITY AS "kith_key"("key0", "ordinal")
            WHERE TRUE ON CONFLICT DO NOTHING)",
         R"(INSERT INTO "person_visited" ("person_id", "city_id") SELECT ?7, "kith_key"."key0"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "kith_key"
            WHERE TRUE ON DUPLICATE KEY UPDATE "person_id" = "person_visited"."person_id")"});
}

TEST(DeleteLinks, ToSomeOrToAll) {
    expect_statement(
        [](const Dialect& dialect) {
            return sql::delete_links(relation<Person>("visited"), number(7), keys(field<City>("id"), two), dialect);
        },
        {R"(DELETE FROM "person_visited" WHERE "person_id" = ?7 AND "city_id" IN (SELECT +"k"."key0"
            FROM kith_keys(?{1, 2}) AS "k"))",
         R"(DELETE FROM "person_visited" WHERE "person_id" = ?7 AND "city_id" = ANY(?{1, 2}))",
         R"(DELETE FROM "person_visited" WHERE "person_id" = ?7 AND "city_id" IN (SELECT "k"."key0"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "k"))"});
    expect_statement(
        [](const Dialect& dialect) {
            return sql::delete_links(relation<Person>("visited"), number(7), nullptr, dialect);
        },
        R"(DELETE FROM "person_visited" WHERE "person_id" = ?7)");
}

TEST(SelectLinkTargets, OfOneSource) {
    expect_statement(
        [](const Dialect& dialect) { return sql::select_link_targets(relation<City>("visitors"), number(7), dialect); },
        R"(SELECT "person_id" FROM "person_visited" WHERE "city_id" = ?7)");
}

// ---- children

auto children(std::vector<Value> parent, bool only_of) {
    return [=](const Dialect& dialect) {
        const std::vector<Value> old{number(7)};
        return sql::update_children(relation<Province>("cities"), parent, keys(field<City>("id"), two),
                                    only_of ? &old : nullptr, dialect);
    };
}

TEST(UpdateChildren, GetAParent) {
    expect_statement(children({number(7)}, false),
                     {R"(UPDATE "city" SET "province_id" = ?7 WHERE "id" IN (SELECT +"k"."key0"
            FROM kith_keys(?{1, 2}) AS "k"))",
                      R"(UPDATE "city" SET "province_id" = ?7 WHERE "id" = ANY(?{1, 2}))",
                      R"(UPDATE "city" SET "province_id" = ?7 WHERE "id" IN (SELECT "k"."key0"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "k"))"});
}

TEST(UpdateChildren, OfOneParentGetNone) {
    expect_statement(
        children({}, true),
        {R"(UPDATE "city" SET "province_id" = ?NULL WHERE "province_id" = ?7 AND "id" IN (SELECT +"k"."key0"
            FROM kith_keys(?{1, 2}) AS "k"))",
         R"(UPDATE "city" SET "province_id" = ?NULL WHERE "province_id" = ?7 AND "id" = ANY(?{1, 2}))",
         R"(UPDATE "city" SET "province_id" = ?NULL WHERE "province_id" = ?7 AND "id" IN (SELECT "k"."key0"
            FROM JSON_TABLE(?{1, 2}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY, "key0" BIGINT PATH '$')) AS "k"))"});
}

TEST(UpdateChildren, OfAGenericForeignKeyGetItsTypeToo) {
    expect_statement(
        [](const Dialect& dialect) {
            const std::vector<Value> one{number(1)};
            return sql::update_children(relation<library::Author>("remarks"), {number(7)},
                                        keys(field<library::Remark>("id"), one), nullptr, dialect);
        },
        {R"(UPDATE "remark" SET "about_id" = ?7, "about_type" = ?'author'
            WHERE "id" IN (SELECT +"k"."key0" FROM kith_keys(?{1}) AS "k"))",
         R"(UPDATE "remark" SET "about_id" = ?7, "about_type" = ?'author' WHERE "id" = ANY(?{1}))",
         R"(UPDATE "remark" SET "about_id" = ?7, "about_type" = ?'author'
            WHERE "id" IN (SELECT "k"."key0" FROM JSON_TABLE(?{1}, '$[*]' COLUMNS ("ordinal" FOR ORDINALITY,
            "key0" BIGINT PATH '$')) AS "k"))"});
}

TEST(DeleteChildren, OfAGenericForeignKeyAreThoseOfItsType) {
    expect_statement(
        [](const Dialect& dialect) {
            return sql::delete_children(relation<library::Author>("remarks"), number(7), nullptr, dialect);
        },
        R"(DELETE FROM "remark" WHERE "about_type" = ?'author' AND "about_id" = ?7)");
}

} // namespace
} // namespace kith::test
