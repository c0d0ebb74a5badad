// PrimaryKey and Field as the values they hold.

#include <kith/model.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using kith::Field;
using kith::PrimaryKey;

TEST(TypedColumn, PrimaryKeyReadsAsItsValue) {
    PrimaryKey<> id;
    EXPECT_EQ(id, 0);
    id = 7;
    const std::int64_t number = id;
    EXPECT_EQ(number, 7);
    EXPECT_TRUE(id == 7 && 7 == id && id < 8 && id != 6);
    EXPECT_EQ(id, PrimaryKey<>(7));
    const PrimaryKey<std::string> code = "north";
    EXPECT_TRUE(code == "north" && code == std::string("north"));
}

TEST(TypedColumn, PrimaryKeyIsNotAssignedFromItsOwnKind) {
    static_assert(!std::is_copy_assignable_v<PrimaryKey<>> && !std::is_move_assignable_v<PrimaryKey<>>);
    static_assert(std::is_copy_constructible_v<PrimaryKey<>> && std::is_assignable_v<PrimaryKey<>&, std::int64_t>);
}

TEST(TypedColumn, FieldReadsAsItsValue) {
    Field<std::string, kith::unique> name = "Wuhan";
    const std::string& text = name;
    EXPECT_EQ(text, "Wuhan");
    EXPECT_EQ(name->size(), 5U);
    name = "Hubei";
    EXPECT_TRUE(name == "Hubei" && "Hubei" == name && name < std::string("I"));
    EXPECT_EQ(&*name, &name.value);
}

TEST(TypedColumn, FieldOfAnOptionalLeadsIntoIt) {
    Field<std::optional<int>, kith::indexed> number;
    EXPECT_FALSE(number);
    number = 4;
    EXPECT_TRUE(number && *number == 4 && number == 4);
    number = std::nullopt;
    EXPECT_EQ(number, std::nullopt);
}

TEST(TypedColumn, FieldOfAKeyIsNotAssignedFromItsOwnKind) {
    static_assert(!std::is_copy_assignable_v<Field<int, kith::primary_key>>);
    static_assert(std::is_copy_assignable_v<Field<int, kith::unique>>);
    Field<int, kith::primary_key> key = 3;
    key = 4;
    EXPECT_EQ(key, 4);
}

TEST(TypedColumn, ValueStandsAtTheFront) {
    Field<std::int64_t, kith::server_default> number;
    EXPECT_EQ(static_cast<void*>(&number), static_cast<void*>(&number.value));
    static_assert(sizeof(Field<std::string, kith::unique>) == sizeof(std::string));
    static_assert(sizeof(PrimaryKey<>) == sizeof(std::int64_t));
}

TEST(TypedColumn, ServerDefaultTellsGivenFromZero) {
    Field<int, kith::server_default> number;
    EXPECT_FALSE(number.is_given());
    const Field<int, kith::server_default> zero = 0;
    EXPECT_TRUE(zero.is_given());
    number = zero;
    EXPECT_TRUE(number.is_given());
}

TEST(TypedColumn, FormatsAsItsValue) {
    EXPECT_EQ(fmt::format("{:>3}|{}", PrimaryKey<>(7), Field<std::string, kith::unique>("x")), "  7|x");
    EXPECT_EQ(fmt::format("{:>4}", Field<std::string, kith::unique>("ab")), "  ab");
}

TEST(TypedColumn, KeysOfMapsAndComparisonsBetweenColumns) {
    std::map<std::int64_t, int> by_key;
    const PrimaryKey<> id = 3;
    by_key[id] = 1;
    EXPECT_TRUE(by_key.contains(3));
    const Field<int> a = 1;
    const Field<int> b = 2;
    EXPECT_TRUE(a < b && a != b);
}

} // namespace
