#include "backend/sqlite/affinity.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace kith::backend::sqlite {
namespace {

TEST(SqliteAffinity, IsThatOfSqlitesRules) {
    EXPECT_EQ(affinity_of(""), Affinity::none);
    EXPECT_EQ(affinity_of("bigint unsigned"), Affinity::integer);
    EXPECT_EQ(affinity_of("CHARINT"), Affinity::integer) << "the first rule that fits";
    EXPECT_EQ(affinity_of("varchar(40)"), Affinity::text);
    EXPECT_EQ(affinity_of("CLOB"), Affinity::text);
    EXPECT_EQ(affinity_of("blob"), Affinity::none);
    EXPECT_EQ(affinity_of("DOUBLE PRECISION"), Affinity::real);
    EXPECT_EQ(affinity_of("FLOATING POINT"), Affinity::integer) << "for POINT";
    EXPECT_EQ(affinity_of("STRING"), Affinity::numeric);
    EXPECT_EQ(affinity_of("datetime"), Affinity::numeric);
}

TEST(SqliteAffinity, TakesForNumbersWhatSqliteDoes) {
    for (const std::string_view text :
         {"7", "007", "-5", "+5", " 5", "5 ", "5.", ".5", "1e5", "1E+2", "\t3\n", "1e999"}) {
        EXPECT_TRUE(looks_like_a_number(text)) << text;
    }
    for (const std::string_view text : {"", "a", "0x10", "1e", "e1", "inf", "nan", "-", ".", "5 a", "12 3", "1e+"}) {
        EXPECT_FALSE(looks_like_a_number(text)) << text;
    }
    EXPECT_FALSE(looks_like_a_number(std::string_view("5\0", 2)));
}

} // namespace
} // namespace kith::backend::sqlite
