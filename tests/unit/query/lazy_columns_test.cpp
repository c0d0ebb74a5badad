#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace kith::test {
namespace {

using namespace library;

struct Article {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::Lazy<std::string> body{};
    kith::Lazy<std::string> notes{};
    kith::ForeignKey<Author> author{};
};

using Paths = std::vector<std::string_view>;

query::QueryPtr only(const Query& query, const Paths& columns) { return query::with_only(query, columns); }
query::QueryPtr deferred(const Query& query, const Paths& columns) { return query::with_deferred(query, columns); }

Names left_out(const query::QueryPtr& query) { return names(query::left_out(*query, {}, *query->model)); }

/// For the author that select_related joins.
Names left_out_of_author(const query::QueryPtr& query) {
    const std::vector<const detail::RelationInfo*> way{&relation<Article>("author")};
    return names(query::left_out(*query, way, model<Author>()));
}

TEST(LazyColumns, AreAllLoadedByDefault) {
    EXPECT_EQ(left_out(std::make_shared<const Query>(all<Article>())), Names{});
}

TEST(LazyColumns, OnlyLeavesOutAllOthers) {
    EXPECT_EQ(left_out(only(all<Article>(), {"body"})), Names{"notes"});
    EXPECT_EQ(left_out(only(all<Article>(), {})), (Names{"body", "notes"}));
}

TEST(LazyColumns, ALaterOnlyReplacesAnEarlierOne) {
    EXPECT_EQ(left_out(only(*only(all<Article>(), {"body"}), {"notes"})), Names{"body"});
}

TEST(LazyColumns, DeferAddsUp) {
    EXPECT_EQ(left_out(deferred(all<Article>(), {"body"})), Names{"body"});
    EXPECT_EQ(left_out(deferred(*deferred(all<Article>(), {"body"}), {"notes"})), (Names{"body", "notes"}));
}

TEST(LazyColumns, DeferAndOnlyCombineInEitherOrder) {
    EXPECT_EQ(left_out(deferred(*only(all<Article>(), {"body", "notes"}), {"body"})), Names{"body"});
    EXPECT_EQ(left_out(only(*deferred(all<Article>(), {"body"}), {"body", "notes"})), Names{"body"});
}

TEST(LazyColumns, OfARelatedRowAreLeftOutIfNamed) {
    const auto query = deferred(all<Article>(), {"author__biography"});
    EXPECT_EQ(left_out(query), Names{});
    EXPECT_EQ(left_out_of_author(query), Names{"biography"});
}

TEST(LazyColumns, OnlyForTheRowLeavesRelatedRowsAlone) {
    EXPECT_EQ(left_out_of_author(only(all<Article>(), {"body"})), Names{});
    EXPECT_EQ(left_out(only(all<Article>(), {"author__biography"})), (Names{"body", "notes"}));
}

TEST(LazyColumns, OtherColumnsAreRefused) {
    KITH_EXPECT_ERROR(only(all<Article>(), {"title"}), FieldError,
                      "Article.title is always loaded (in \"title\"): only() and defer() take kith::Lazy columns");
    KITH_EXPECT_ERROR(only(all<Article>(), {"author"}), FieldError, "Article.author is always loaded");
    KITH_EXPECT_ERROR(only(all<Article>(), {"bodi"}), FieldError, "Article has no member 'bodi'");
    KITH_EXPECT_ERROR(only(all<Author>(), {"book_count"}), FieldError, "Author.book_count is always loaded");
}

TEST(LazyColumns, BehindASetASlotOrAColumnAreRefused) {
    for (const auto* path : {"books__text", "early_books__text", "first_mentor__biography", "name__text"}) {
        KITH_EXPECT_ERROR(deferred(all<Author>(), {path}), FieldError, "is not a to-one relation");
    }
    KITH_EXPECT_ERROR(deferred(all<Remark>(), {"about__text"}), FieldError, "is a generic foreign key");
}

TEST(LazyColumns, EmptyPartsAreRefused) {
    for (const auto* path : {"", "body__", "__body", "author____biography"}) {
        EXPECT_THROW(deferred(all<Article>(), {path}), FieldError) << path;
    }
}

} // namespace
} // namespace kith::test
