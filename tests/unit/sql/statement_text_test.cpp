#include "sql/statement_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>

namespace kith::test {
namespace {

using sql::StatementText;

TEST(StatementText, CopiesShareTheText) {
    const StatementText text(std::string("SELECT 1"));
    const auto copy = text;
    EXPECT_EQ(copy.c_str(), text.c_str());
}

TEST(StatementText, IsFoundByWhatItSays) {
    std::unordered_map<StatementText, int, StatementText::Hash> numbers;
    numbers.emplace("SELECT 1", 1);
    numbers.emplace("SELECT 2", 2);
    EXPECT_EQ(numbers.at(std::string("SELECT ") + "1"), 1);
    EXPECT_EQ(numbers.at("SELECT 2"), 2);
    EXPECT_FALSE(numbers.contains("SELECT 3"));
}

TEST(StatementText, NoTextIsTheEmptyText) {
    EXPECT_EQ(StatementText(), StatementText(""));
    EXPECT_EQ(StatementText::Hash{}(StatementText()), StatementText::Hash{}(""));
    EXPECT_TRUE(StatementText().empty());
    EXPECT_EQ(StatementText().str(), "");
}

} // namespace
} // namespace kith::test
