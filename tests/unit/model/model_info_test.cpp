#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/model/names.hpp"

#include <gtest/gtest.h>

namespace kith::test {
namespace {

using namespace library;

TEST(SnakeCase, SeparatesWordsAtCapitals) {
    EXPECT_EQ(detail::snake_case("Person"), "person");
    EXPECT_EQ(detail::snake_case("OrderLine"), "order_line");
    EXPECT_EQ(detail::snake_case("orderLine"), "order_line");
    EXPECT_EQ(detail::snake_case(""), "");
}

TEST(SnakeCase, KeepsAbbreviationsTogether) {
    EXPECT_EQ(detail::snake_case("HTTPServer"), "http_server");
    EXPECT_EQ(detail::snake_case("UserID"), "user_id");
    EXPECT_EQ(detail::snake_case("A"), "a");
}

TEST(SnakeCase, AddsNoSecondUnderscore) {
    EXPECT_EQ(detail::snake_case("Order_Line"), "order_line");
    EXPECT_EQ(detail::snake_case("Order2Line"), "order2_line");
}

TEST(ModelInfo, FindsMembersByTheirNames) {
    EXPECT_EQ(model<Author>().find("name")->label(), "Author.name");
    EXPECT_EQ(model<Author>().find("nmae"), nullptr);
    EXPECT_EQ(model<Author>().find("country_id"), nullptr) << "that is the name of a column";
    EXPECT_EQ(model<Author>().find(""), nullptr);
}

TEST(ModelInfo, FindsRelationsByTheirOffsets) {
    for (const auto* state : model<Author>().states) EXPECT_EQ(&model<Author>().state_at(state->offset), state);
}

TEST(ModelInfo, ReturnsTheOnlyColumnOfThePrimaryKey) {
    EXPECT_EQ(model<Author>().key().name, "id");
    EXPECT_EQ(model<Portrait>().key().name, "sitter");
}

TEST(ModelInfo, RefusesCompositeAndMissingPrimaryKeys) {
    KITH_EXPECT_ERROR((void)model<Seat>().key(), ValueError, "Seat has a primary key of several columns");
    KITH_EXPECT_ERROR((void)model<Report>().key(), ValueError, "Report has no primary key");
}

TEST(ModelInfo, IsBuiltOnce) { EXPECT_EQ(&model<Author>(), relation<Book>("author").target); }

} // namespace
} // namespace kith::test
