#include "inspect/models.hpp"
#include "inspect/schema.hpp"
#include "rows/page.hpp"
#include "rows/row_value.hpp"
#include "unit/database_support.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/sets.hpp>
#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace kith::test {
namespace {

TEST(RuntimeModels, LoadGraphs) {
    const WithTable made;
    execute(made.db, "CREATE TABLE a(id INTEGER PRIMARY KEY, \"x__y\" TEXT)");
    execute(made.db, "CREATE TABLE b(id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a(id))");
    execute(made.db, "INSERT INTO a VALUES (1, 'one'), (2, NULL)");
    execute(made.db, "INSERT INTO b VALUES (1, 1), (2, 1), (3, NULL)");
    const auto schema = inspect::read_schema(made.db);
    const inspect::Models models(schema, {.slots = {{.table = "a", .name = "kept", .relation = "b_set"}}});
    const auto& model = models.of("a");
    const auto query = detail::QueryHandle::of_model(made.db, model);
    const std::array<std::string_view, 1> order{"id"};
    auto loaded = query.order_by(order).prefetch_related(
        {{.path = "b_set__a"},
         {.path = "b_set",
          .queryset = detail::QueryHandle::of_model(made.db, models.of("b")).query(),
          .to_attr = "kept"}});
    QueryLog log(made.db);
    const auto rows = loaded.rows();
    ASSERT_EQ(rows.size, 2u);
    EXPECT_EQ(log.size(), 3u);
    EXPECT_EQ(std::get<std::string>(rows::read_value(rows.data[0], *model.find("x__y"))), "one");
    EXPECT_TRUE(detail::is_null(rows::read_value(rows.data[1], *model.find("x__y"))));
    const auto& set = rows::state_of(rows.data[0], *model.find("b_set"));
    const auto all = detail::QueryHandle::of_set(set).rows();
    ASSERT_EQ(all.size, 2u);
    EXPECT_EQ(detail::slot_rows(rows::state_of(rows.data[0], *model.find("kept"))).size, 2u);
    EXPECT_EQ(rows::state_of(all.data[0], *models.of("b").find("a")).loaded_row(), rows.data[0]);
    EXPECT_EQ(log.size(), 3u);
    EXPECT_EQ(query.filter({{.path = "x__y__startswith", .operand = detail::Value(std::string("o"))}}).count(), 1);
    EXPECT_EQ(query.filter({{.path = "b_set__a__x__y", .operand = detail::Value(std::string("one"))}}).count(), 2);
    EXPECT_THROW((void)query.filter({{.path = "x__z", .operand = detail::Value(std::string("o"))}}), FieldError);
}

TEST(RuntimeModels, WithoutSomeColumns) {
    const WithTable made;
    execute(made.db, "CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT, big TEXT)");
    execute(made.db, "INSERT INTO a VALUES (1, 'n', 'b')");
    const auto schema = inspect::read_schema(made.db);
    const inspect::Models models(schema, {.columns = {{"a", {"name"}}}});
    const auto query = detail::QueryHandle::of_model(made.db, models.of("a"))
                           .filter({{.path = "big", .operand = detail::Value(std::string("b"))}});
    EXPECT_EQ(query.rows().size, 1u);
    EXPECT_EQ(query.sql(), R"(SELECT "a"."id", "a"."name" FROM "a" WHERE "a"."big" = ?1)");
}

TEST(RuntimeModels, RefuseSlotsThatCannotBe) {
    const WithTable made;
    execute(made.db, "CREATE TABLE a(id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a(id))");
    const auto schema = inspect::read_schema(made.db);
    const auto with = [&](const std::string& name, const std::string& relation) {
        const inspect::Models models(schema, {.slots = {{.table = "a", .name = name, .relation = relation}}});
    };
    EXPECT_THROW(with("slot", "nothing"), FieldError);
    EXPECT_THROW(with("a_id", "a_set"), ValueError);
    EXPECT_NO_THROW(with("slot", "a_set"));
}

} // namespace
} // namespace kith::test
