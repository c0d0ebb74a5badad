#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace kith::test {
namespace {

using namespace library;
using detail::QueryHandle;

/// Updates no rows: the assignment is checked, and no statement runs.
template <class M>
std::int64_t update(const std::string& path, Operand operand) {
    return QueryHandle::of_model(memory(), model<M>()).none().update({is(path, std::move(operand))});
}

TEST(Assignments, NameColumnsOfTheModelItself) {
    EXPECT_EQ(update<Book>("title", text("x")), 0);
    EXPECT_EQ(update<Book>("author", number(1)), 0);
    EXPECT_EQ(update<Book>("writer", number(1)), 0) << "the column of the foreign key";
    EXPECT_EQ(update<Book>("pk", number(1)), 0);
    EXPECT_EQ(update<Book>("title", detail::FieldName{"author__name"}), 0) << "refused by the statement that is run";
}

TEST(Assignments, HaveNoPathAndNoLookup) {
    for (const auto* path : {"author__id", "author__name", "title__exact", "author__exact", "author_id__name"}) {
        EXPECT_THROW(update<Book>(path, text("x")), FieldError) << path;
    }
    KITH_EXPECT_ERROR(update<Book>("author__id", number(1)), FieldError,
                      "\"author__id\" cannot be assigned: name a column of Book itself, without a lookup");
}

TEST(Assignments, NeedAColumn) {
    for (const auto* path : {"loans", "genres", "longest_loan"}) {
        EXPECT_THROW(update<Book>(path, number(1)), FieldError) << path;
    }
    EXPECT_THROW(update<Loan>("seat", Value{}), FieldError) << "its columns are assigned one by one";
    for (const auto* path : {"about", "about_id", "about_type"}) {
        EXPECT_THROW(update<Remark>(path, number(1)), FieldError) << path;
    }
}

TEST(Assignments, NeedAValueThatFits) {
    EXPECT_THROW(update<Book>("title", Value{}), ValueError);
    EXPECT_EQ(update<Book>("price", Value{}), 0);
    EXPECT_THROW(update<Book>("pages", text("many")), ValueError);
    EXPECT_THROW(update<Author>("name", text(std::string(51, 'x'))), ValueError) << "longer than max_length";
    EXPECT_THROW(update<Book>("pages", std::vector<Value>{number(1)}), ValueError);
}

TEST(Defaults, AreAssignmentsToo) {
    const auto books = QueryHandle::of_model(memory(), model<Book>());
    for (const auto* path : {"author__id", "title__exact", "loans"}) {
        EXPECT_THROW((void)books.get_or_create({is("id", number(1))}, {is(path, number(1))}), FieldError) << path;
        EXPECT_THROW((void)books.update_or_create({is("id", number(1))}, {is(path, number(1))}), FieldError) << path;
    }
}

} // namespace
} // namespace kith::test
