#include "support/press_test.hpp"

/// The rules of docs/django.md about the order in which lookups are loaded, and about what is loaded already.

namespace rules_traversal_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule041_MainRowsFirstThenLookupByLookupDepthFirst) {
    const auto with_country = objects<Author>().prefetch_related("country");
    (void)objects<Book>()
        .prefetch_related(kith::Prefetch("authors"_f, with_country), "authors__mentor", "cover")
        .size();
    std::vector<std::string> order;
    for (const auto& entry : log_.entries()) order.push_back(entry.lookup);
    if (travel::backend() == travel::Backend::postgresql) {
        EXPECT_EQ(order, (Names{"", "authors", "cover", "authors__country", "authors__mentor"})) << "level by level";
    } else {
        EXPECT_EQ(order, (Names{"", "authors", "authors__country", "authors__mentor", "cover"}));
    }
}

TEST_F(Rules, Rule041_ExplainKnowsThatTheSameRowsWereReachedBefore) {
    const auto listings = objects<Listing>().select_related("shop").prefetch_related("shop__listings");
    const auto covers = objects<Cover>().select_related("book").prefetch_related(
        "book__cover__book__listings", kith::Prefetch("book__listings"_f, listings));
    EXPECT_EQ(covers.explain_loading().find("shop → Shop  foreign key; no statement"), std::string::npos)
        << "the first lookup brings the listings, without their shops: " << covers.explain_loading();
}

TEST_F(Rules, Rule042_ALevelThatWasFetchedIsUsedAgain) {
    const auto books = objects<Book>().prefetch_related("authors__country", "authors__mentor");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 4u);
    const auto ann = books[0].authors.first();
    EXPECT_TRUE(ann->country.is_loaded());
    EXPECT_TRUE(ann->mentor.is_loaded());
}

TEST_F(Rules, Rule043_NoRowsNeedNoLookupsButWrongOnesAreRefused) {
    EXPECT_EQ(
        statements([&] { (void)objects<Book>().filter("pages"_f = -1).prefetch_related("authors__country").size(); }),
        1u);
    EXPECT_THROW((void)objects<Book>().filter("pages"_f = -1).prefetch_related(kith::runtime("autors")),
                 kith::FieldError);
}

TEST_F(Rules, Rule044_WhereALevelIsEmptyTheRestCostsNothing) {
    const auto yew = objects<Book>().filter("title"_f = "Yew").prefetch_related("publisher__books__authors");
    EXPECT_EQ(statements([&] { (void)yew.size(); }), 1u);
    EXPECT_THROW((void)objects<Book>().prefetch_related(kith::runtime("publisher__bucks")), kith::FieldError);
}

TEST_F(Rules, Rule046_AnUnknownMemberNamesTheModelAndTheLookup) {
    const auto message = travel::message_of<kith::FieldError>(
        [&] { (void)objects<Author>().prefetch_related(kith::runtime("books__xyz")); });
    travel::expect_parts(message,
                         {"Cannot find 'xyz' on Book", "'books__xyz' is an invalid parameter to prefetch_related()"});
}

TEST_F(Rules, Rule047_AColumnIsNoLookup) {
    const auto message = travel::message_of<kith::FieldError>(
        [&] { (void)objects<Book>().prefetch_related(kith::runtime("authors__name")); });
    travel::expect_parts(message, {"'authors__name' does not resolve to an item that supports prefetching"});
}

TEST_F(Rules, Rule048_AColumnOnTheWayIsRefused) {
    EXPECT_THROW((void)objects<Book>().prefetch_related(kith::runtime("title__foo")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().prefetch_related(kith::runtime("some_authors__country")), kith::FieldError)
        << "a slot that nothing fills";
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule049_SetsRowsAndSlotsAreWalkedThrough) {
    const auto french = objects<Author>().filter("country"_f = "fr");
    const auto books = objects<Book>().prefetch_related(kith::Prefetch("authors"_f, french, "some_authors"_f),
                                                        "some_authors__biography__notes");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 4u);
    EXPECT_EQ(books[0].some_authors[0].biography->notes.count(), 2);
    EXPECT_EQ(log_.size(), 4u);
}

TEST_F(Rules, Rule051_WhatIsCachedIsNotFetched) {
    const auto books = objects<Book>().select_related("publisher").prefetch_related("publisher", "authors");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
    EXPECT_EQ(statements([&] { kith::prefetch_related_objects(books, "publisher", "authors"); }), 0u);
}

TEST_F(Rules, Rule052_OnlyWhatIsMissingIsAskedFor) {
    const auto books = objects<Book>().all();
    (void)books[0].authors.all().size();
    log_.clear();
    kith::prefetch_related_objects(books, "authors");
    ASSERT_EQ(log_.size(), 1u);
    EXPECT_EQ(log_[0].parameters[0], "<3 keys: 2, 3, 4>");
    EXPECT_EQ(statements([&] { kith::prefetch_related_objects(books, "authors"); }), 0u);
}

TEST_F(Rules, Rule053_DeeperLevelsGoOnWithAllRows) {
    const auto books = objects<Book>().all();
    (void)books[0].authors.all().size();
    EXPECT_EQ(statements([&] { kith::prefetch_related_objects(books, "authors__country"); }), 2u);
    for (const Author& author : books[0].authors.all()) EXPECT_TRUE(author.country.is_loaded()) << "loaded before";
    for (const Author& author : books[2].authors.all()) EXPECT_TRUE(author.country.is_loaded()) << "loaded now";
}

TEST_F(Rules, Rule054_AFetchedLevelIsWalkedThroughWithoutAStatement) {
    const auto books = objects<Book>().prefetch_related("authors");
    (void)books.size();
    EXPECT_EQ(statements([&] { kith::prefetch_related_objects(books, "authors__country"); }), 1u);
    EXPECT_EQ(log_[log_.size() - 1].lookup, "authors__country");
}

TEST_F(Rules, Rule055_JoinedRowsCountAsFetchedAndNullsAreSkipped) {
    const auto authors = objects<Author>().select_related("mentor").prefetch_related("mentor__books");
    EXPECT_EQ(statements([&] { (void)authors.size(); }), 2u);
    EXPECT_EQ(log_[1].parameters[0], "<2 keys: 1, 2>");
    EXPECT_EQ(authors[1].mentor->books.count(), 2);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Rules, Rule056_AQuerysetForWhatIsJoinedIsRefused) {
    const auto acorns = objects<Publisher>().filter("name"_f = "Acorn");
    const auto books = objects<Book>().select_related("publisher");
    EXPECT_THROW((void)books.prefetch_related(kith::Prefetch("publisher"_f, acorns)), kith::ValueError);
    // Also below a queryset of its own, and for the way back to the row that was joined.
    const auto joined = kith::Prefetch("books"_f, books);
    EXPECT_THROW((void)objects<Author>().prefetch_related(joined, kith::Prefetch("books__publisher"_f, acorns)),
                 kith::ValueError);
    EXPECT_THROW((void)objects<Book>().select_related("cover").prefetch_related(
                     kith::Prefetch("cover__book"_f, objects<Book>().filter("pages"_f = 1))),
                 kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
    const auto apart = books.prefetch_related(kith::Prefetch("publisher"_f, acorns, "some_publisher"_f));
    EXPECT_EQ(statements([&] { (void)apart.size(); }), 2u);
    EXPECT_EQ(apart[0].some_publisher->name, "Acorn");
    EXPECT_EQ(apart[2].publisher->name, "Birch");
    EXPECT_TRUE(apart[2].some_publisher == nullptr);
}

TEST_F(Rules, Rule057_NullKeysAreDroppedFromTheNextLevel) {
    const auto authors = objects<Author>().prefetch_related("mentor__pupils");
    EXPECT_EQ(statements([&] { (void)authors.size(); }), 3u);
    EXPECT_TRUE(authors[0].mentor == nullptr);
    EXPECT_EQ(names_of(authors[3].mentor->pupils.all()), Names{"Dee"});
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule059_PrefetchObjectsAndQuerysetsMayBeUsedAgain) {
    const auto authors = objects<Author>().prefetch_related("country");
    const kith::Prefetch lookup("authors"_f, authors);
    EXPECT_EQ(statements([&] { (void)objects<Book>().prefetch_related(lookup).size(); }), 3u);
    EXPECT_EQ(statements([&] { (void)objects<Book>().prefetch_related(lookup).size(); }), 3u);
    EXPECT_EQ(log_[2].lookup, "authors__country");
    EXPECT_EQ(log_[5].lookup, "authors__country");
}

TEST_F(Rules, Rule060_NestedLookupsRunInTheSameTreeForEveryKindOfRelation) {
    const auto by_cover = kith::Prefetch("books"_f, objects<Book>().prefetch_related("cover"));
    const auto blue = kith::Prefetch("books__cover"_f, objects<Cover>().filter("colour"_f = "blue"));
    EXPECT_THROW((void)objects<Publisher>().prefetch_related(by_cover, blue), kith::ValueError) << "reverse key";
    EXPECT_THROW((void)objects<Author>().prefetch_related(by_cover, blue), kith::ValueError) << "many-to-many";
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule061_NestedThenFlattenedIsLoadedOnce) {
    const auto books = objects<Book>().prefetch_related("cover");
    EXPECT_EQ(statements([&] {
                  (void)objects<Publisher>().prefetch_related(kith::Prefetch("books"_f, books), "books__cover").size();
              }),
              3u);
    EXPECT_EQ(statements([&] {
                  (void)objects<Publisher>()
                      .prefetch_related(kith::Prefetch("books"_f, books, "some_books"_f), "some_books__cover")
                      .size();
              }),
              3u);
}

TEST_F(Rules, Rule062_ARelationMayBeLoadedTwiceWithDifferentLookupsBehindIt) {
    const auto covers = objects<Book>().prefetch_related("cover");
    const auto authors = objects<Book>().prefetch_related("authors");
    const auto all = objects<Publisher>().prefetch_related(kith::Prefetch("books"_f, covers, "some_books"_f),
                                                           kith::Prefetch("books"_f, authors));
    EXPECT_EQ(statements([&] { (void)all.size(); }), 5u);
    EXPECT_FALSE(all[0].some_books[0].authors.is_prefetched());
    EXPECT_TRUE(all[0].books.all()[0]->authors.is_prefetched());
}

TEST_F(Rules, Rule063_RowsOfAnyRangeAreLoaded) {
    const auto books = objects<Book>().all();
    const auto ash = row<Book>("Ash");
    const auto elm = row<Book>("Elm");
    log_.clear();
    kith::prefetch_related_objects(std::vector<kith::Ref<Book>>{}, "authors");
    EXPECT_EQ(log_.size(), 0u);
    const std::vector<kith::Ref<Book>> mixed{ash, elm};
    kith::prefetch_related_objects(mixed, "authors__country");
    EXPECT_EQ(log_.size(), 2u) << "rows of two evaluations";
    EXPECT_EQ(ash->authors.all()[0]->country->name, "France");
    kith::prefetch_related_objects(ash, "cover");
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(ash->cover->colour, "red");
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule064_TheSameRowTwiceIsOneKey) {
    const auto ash = row<Book>("Ash");
    const auto again = row<Book>("Ash");
    log_.clear();
    kith::prefetch_related_objects(std::vector<kith::Ref<Book>>{ash, ash, again}, "authors");
    ASSERT_EQ(log_.size(), 1u);
    EXPECT_EQ(log_[0].parameters[0], "1");
    EXPECT_EQ(ash->authors.count(), 2);
    EXPECT_EQ(again->authors.count(), 2);
    EXPECT_EQ(log_.size(), 1u);
}

} // namespace rules_traversal_test
