#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/model/names.hpp"

#include <gtest/gtest.h>

namespace kith::test {
namespace {

using namespace library;

struct Copy {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Book> book{};
    kith::ManyToMany<Author> readers{};

    static constexpr kith::Table table{.ordering = {"book__id", "-book", "book__author__country__name", "readers"}};
};

struct Draft {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Book> book{};

    static constexpr kith::Table table{.ordering = {"book__titel"}};
};

TEST(ModelOrdering, IsEmptyByDefault) { EXPECT_TRUE(model<Author>().ordering.empty()); }

TEST(ModelOrdering, AMinusDescends) {
    const auto& title = model<Book>().ordering[0];
    EXPECT_EQ(title.column, &field<Book>("title"));
    EXPECT_TRUE(title.descending);
    EXPECT_FALSE(model<Book>().ordering[2].descending);
}

TEST(ModelOrdering, FollowsRelations) {
    const auto& name = model<Book>().ordering[1];
    EXPECT_EQ(name.column, &field<Author>("name"));
    EXPECT_EQ(names(name.relations), Names{"Book.author"});
    EXPECT_EQ(names(model<Copy>().ordering[2].relations), (Names{"Copy.book", "Book.author", "Author.country"}));
}

TEST(ModelOrdering, TheKeyOfARelatedRowIsTheForeignKey) {
    for (const auto i : {0U, 1U}) {
        EXPECT_EQ(model<Copy>().ordering[i].column, &field<Copy>("book"));
        EXPECT_TRUE(model<Copy>().ordering[i].relations.empty());
    }
}

TEST(ModelOrdering, ByAManyToManyUsesTheKeyInTheJoinTable) {
    const auto& readers = model<Copy>().ordering[3];
    EXPECT_TRUE(readers.joined);
    EXPECT_EQ(readers.column, &field<Author>("id"));
    EXPECT_EQ(names(readers.relations), Names{"Copy.readers"});
}

TEST(ModelOrdering, AnUnknownMemberIsRefused) {
    KITH_EXPECT_ERROR((void)model<Draft>(), FieldError, "Book has no member 'titel' (in \"book__titel\")");
}

} // namespace
} // namespace kith::test
