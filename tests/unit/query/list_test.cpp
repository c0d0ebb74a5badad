#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace library;

using NameList = query::List<std::string>;

TEST(List, CopiesShareUntilOneChanges) {
    NameList first{"Lu"};
    auto second = first;
    EXPECT_EQ(&first.front(), &second.front());
    second.push_back("Mo");
    EXPECT_EQ(first.items(), (std::vector<std::string>{"Lu"}));
    EXPECT_EQ(second.items(), (std::vector<std::string>{"Lu", "Mo"}));
    const auto third = second;
    second.own().front() = "Xu";
    EXPECT_EQ(third.items(), (std::vector<std::string>{"Lu", "Mo"}));
    second.clear();
    EXPECT_TRUE(second.empty());
    EXPECT_EQ(third.size(), 2U);
}

TEST(List, OneThatNobodySharesIsChangedWhereItIs) {
    NameList names{"Lu", "Mo"};
    const auto* first = &names.front();
    names.own().front() = "Xu";
    EXPECT_EQ(&names.front(), first);
}

TEST(List, ARefinementSharesWhatItDoesNotChange) {
    const auto thick = filtered<Book>({is("pages__gt", number(500))});
    const auto ordered = query::reversed(*thick);
    EXPECT_EQ(&ordered->filters.front(), &thick->filters.front());
    const auto cheap = query::filtered(*ordered, {is("price__lt", Value{10.0})}, false);
    EXPECT_EQ(cheap->filters.size(), 2U);
    EXPECT_EQ(thick->filters.size(), 1U);
    EXPECT_EQ(ordered->filters.size(), 1U);
}

} // namespace
} // namespace kith::test
