#include "support/press_test.hpp"

/// The rules of docs/django.md about many-to-manys, one-to-ones and a one-to-one that is the primary key.

namespace rules_many_to_many_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule089_ManyToManyPrefetchJoinsTheLinksAndNotTheSource) {
    EXPECT_EQ(statements([&] { (void)objects<Book>().prefetch_related("authors").size(); }), 2u);
    EXPECT_TRUE(last_has("\"press_book_authors\"")) << last_sql();
    EXPECT_FALSE(last_has("\"press_book\"")) << last_sql();
    EXPECT_EQ(statements([&] { (void)objects<Author>().prefetch_related("books").size(); }), 2u);
    EXPECT_FALSE(last_has("\"press_author\"")) << last_sql();
}

TEST_F(Rules, Rule090_ThePlaceOfTheParentsKeyRidesBesideTheRow) {
    (void)objects<Book>().prefetch_related("authors").size();
    EXPECT_TRUE(last_sql().starts_with("SELECT \"press_author\".\"id\", ")) << last_sql();
    const auto place = R"(, "press_book_authors"."book_id" FROM )";
    EXPECT_TRUE(last_has(travel::by_backend(place, place, R"(, "kith_key"."ordinal" FROM )"))) << last_sql();
}

TEST_F(Rules, Rule091_TextAndUuidKeysAreMatched) {
    const auto shops = objects<Shop>().prefetch_related("books");
    EXPECT_EQ(names_of(shops[1].books.all()), Names{"Ash"});
    const auto acorn = objects<Publisher>().in_bulk({kith::Uuid::parse("000102030405060708090a0b0c0d0e0f")});
    EXPECT_EQ(acorn.begin()->second->name, "Acorn");
    const auto countries = objects<Country>().prefetch_related("authors");
    EXPECT_EQ(names_of(countries[0].authors.all()), (Names{"Ann", "Bob"}));
}

TEST_F(Rules, Rule092_ARowUnderTwoSourcesIsOneInstance) {
    const auto books = objects<Book>().prefetch_related("authors__country");
    EXPECT_EQ(statements([&] { EXPECT_EQ(&*books[0].authors.all()[0], &*books[1].authors.all()[0]); }), 3u);
    EXPECT_EQ(log_[1].rows, 5u) << "a row for each link";
    EXPECT_EQ(log_[2].parameters[0], "<2 keys: 'fr', 'jp'>") << "its relations are loaded once";
}

TEST_F(Rules, Rule093_ALinkThatStandsTwiceGivesTheRowTwiceUnlessDistinct) {
    const auto shops = objects<Shop>().prefetch_related("books");
    EXPECT_EQ(names_of(shops[0].books.all()), (Names{"Ash", "Ash", "Elm"}));
    const auto each = objects<Shop>().prefetch_related(kith::Prefetch("books"_f, objects<Book>().distinct()));
    EXPECT_EQ(names_of(each[0].books.all()), (Names{"Ash", "Elm"}));
    EXPECT_EQ(names_of(each[1].books.all()), Names{"Ash"}) << "once for each source, not once in all";
    EXPECT_TRUE(last_sql().starts_with("SELECT DISTINCT ")) << last_sql();
    EXPECT_TRUE(last_has(", \"kith_key\".\"ordinal\" FROM ")) << last_sql();
    const auto counted = objects<Book>().annotate("review_count"_f = kith::Count("reviews"_f));
    const auto with_counts = objects<Shop>().prefetch_related(kith::Prefetch("books"_f, counted));
    EXPECT_EQ(with_counts[0].books.all()[0]->review_count, 2);
}

TEST_F(Rules, Rule094_TargetsKeepTheOrderOfTheirModelOrQueryset) {
    const auto books = objects<Book>().prefetch_related("shops");
    EXPECT_EQ(names_of(books[0].shops.all()), (Names{"North", "North", "South"}));
    EXPECT_TRUE(last_has("ORDER BY \"press_shop\".\"name\" ASC")) << last_sql();
    const auto turned = objects<Shop>().order_by("-name");
    const auto again = objects<Book>().prefetch_related(kith::Prefetch("shops"_f, turned));
    EXPECT_EQ(names_of(again[0].shops.all()), (Names{"South", "North", "North"}));
}

TEST_F(Rules, Rule095_TargetsDoNotLeadBack) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_FALSE(books[0].authors.all()[0]->books.is_prefetched());
}

TEST_F(Rules, Rule096_ARelationToItselfHasTwoDirections) {
    const auto authors = objects<Author>().prefetch_related("follows", "followers");
    EXPECT_EQ(names_of(authors[0].follows.all()), (Names{"Bob", "Cyd"}));
    EXPECT_NE(sql(1).find(R"(WHERE "press_author_follows"."from_author_id" = )"), std::string::npos) << sql(1);
    EXPECT_EQ(names_of(authors[0].followers.all()), Names{"Bob"});
    EXPECT_NE(sql(2).find(R"(WHERE "press_author_follows"."to_author_id" = )"), std::string::npos) << sql(2);
    EXPECT_EQ(names_of(authors[3].follows.all()), Names{"Dee"}) << "itself";
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule097_AJoinModelMayReferToOtherColumns) {
    (void)objects<Book>().prefetch_related("shops").size();
    EXPECT_TRUE(last_has("\"press_shop\".\"name\" = \"press_listing\".\"shop_id\"")) << last_sql();
    (void)objects<Shop>().prefetch_related("books").size();
    EXPECT_EQ(log_[log_.size() - 1].parameters[0], "<2 keys: 'North', 'South'>");
    EXPECT_TRUE(
        last_has("\"press_listing\".\"shop_id\" = " + std::string(travel::by_backend("+", "", "")) + "\"kith_key\""))
        << last_sql();
}

TEST_F(Rules, Rule098_NoReverseEndIsNeeded) {
    const auto reviews = objects<Review>().order_by("id").prefetch_related("reviewer");
    EXPECT_EQ(statements([&] { EXPECT_EQ(reviews[0].reviewer->name, "Bob"); }), 2u);
}

TEST_F(Rules, Rule099_AFilterOverTheSameRelationSpeaksOfTheSameLinks) {
    // Of each author the books that somebody of that name wrote: with the author's own link, not with anybody's.
    const auto by_ann = objects<Book>().filter("authors__name"_f = "Ann");
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, by_ann));
    EXPECT_EQ(names_of(authors[0].books.all()), (Names{"Ash", "Elm"}));
    EXPECT_TRUE(authors[1].books.all().empty()) << "Bob wrote Ash too, but his link is not Ann's";
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(last_sql().find("press_book_authors\" AS"), std::string::npos) << last_sql();
    // The columns of a join model: where each shop sells a book for less than ten.
    const auto cheap = objects<Book>().filter("listings__price__lt"_f = 11);
    const auto shops = objects<Shop>().prefetch_related(kith::Prefetch("books"_f, cheap));
    EXPECT_EQ(names_of(shops[0].books.all()), (Names{"Ash", "Ash"})) << "two listings below eleven";
    EXPECT_TRUE(shops[1].books.all().empty()) << "sold in the south, but not that cheap there";
    // And of a single row's set.
    const auto south = row<Shop>("South");
    EXPECT_EQ(south->books.filter("listings__price__lt"_f = 11).count(), 0);
    EXPECT_EQ(row<Author>("Bob")->books.filter("authors__name"_f = "Ann").count(), 0);
}

TEST_F(Rules, Rule100_RelationsOfAParentModelAreReachedOverItsKey) {
    const auto biographies = objects<Biography>().prefetch_related("author__books");
    EXPECT_EQ(statements([&] { (void)biographies.size(); }), 3u);
    EXPECT_EQ(names_of(biographies[0].author->books.all()), (Names{"Ash", "Elm"}));
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule102_ASetOfARowWithoutAKeyIsRefused) {
    const Book book{.title = "New"};
    EXPECT_THROW(book.authors.add(1), kith::ValueError);
    EXPECT_THROW((void)book.authors.all().size(), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule103_CountingAnUnloadedSetIsOneStatement) {
    const auto ash = row<Book>("Ash");
    EXPECT_EQ(statements([&] { EXPECT_EQ(ash->authors.count(), 2); }), 1u);
    EXPECT_EQ(statements([&] { EXPECT_TRUE(ash->authors.exists()); }), 1u);
    EXPECT_FALSE(ash->authors.is_prefetched());
}

// ---- one-to-ones

TEST_F(Rules, Rule104_ForwardOneToOneFillsBothEnds) {
    const auto covers = objects<Cover>().order_by("id").prefetch_related("book");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(covers[0].book->title, "Ash");
                  EXPECT_EQ(&*covers[0].book->cover, &covers[0]);
              }),
              2u);
    EXPECT_FALSE(last_has("ORDER BY")) << last_sql();
    EXPECT_TRUE(covers[2].book == nullptr);
}

TEST_F(Rules, Rule105_ReverseOneToOneFillsBothEnds) {
    const auto books = objects<Book>().prefetch_related("cover");
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(books[0].cover->colour, "red");
                  EXPECT_EQ(&*books[0].cover->book, &books[0]);
              }),
              2u);
    EXPECT_FALSE(last_has("ORDER BY")) << last_sql() << " though Cover has an order";
    (void)objects<Author>().prefetch_related("biography").size();
    EXPECT_EQ(log_[log_.size() - 1].parameters[0], "<4 keys: 'Ann', 'Bob', 'Cyd', 'Dee'>")
        << "by the column it refers to";
}

TEST_F(Rules, Rule106_AMissingCounterpartIsRemembered) {
    const auto books = objects<Book>().prefetch_related("cover");
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(books[3].cover == nullptr);
                  travel::expect_parts(travel::message_of<kith::DoesNotExist>([&] { (void)books[3].cover->colour; }),
                                       {"this Book has no cover"});
              }),
              0u);
}

TEST_F(Rules, Rule107_ReadingAMissingCounterpartAsksOnce) {
    const auto yew = row<Book>("Yew");
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(yew->cover == nullptr);
                  EXPECT_TRUE(yew->cover == nullptr);
              }),
              1u);
}

TEST_F(Rules, Rule108_ReadingOneEndFillsTheOther) {
    const auto ash = row<Book>("Ash");
    EXPECT_EQ(statements([&] { EXPECT_EQ(&*ash->cover->book, &*ash); }), 1u);
    const auto red = objects<Cover>().get("colour"_f = "red");
    EXPECT_EQ(statements([&] { EXPECT_EQ(&*red->book->cover, &*red); }), 1u);
}

TEST_F(Rules, Rule109_BothEndsAreTheSameInstances) {
    const auto joined = objects<Book>().select_related("cover");
    EXPECT_EQ(&*joined[0].cover->book, &joined[0]);
    const auto there_and_back = objects<Book>().select_related("cover__book");
    EXPECT_EQ(&*there_and_back[0].cover->book, &there_and_back[0]);
    const auto forward = objects<Cover>().order_by("id").select_related("book");
    EXPECT_EQ(&*forward[0].book->cover, &forward[0]);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule110_AssigningAOneToOneSavesNothing) {
    const auto yew = row<Book>("Yew");
    const auto grey = objects<Cover>().get("colour"_f = "grey");
    EXPECT_EQ(statements([&] {
                  grey->book = yew;
                  EXPECT_EQ(&*yew->cover, &*grey);
                  EXPECT_EQ(grey->book.key(), yew->id);
              }),
              0u);
    EXPECT_EQ(objects<Cover>().filter("book"_f = yew).count(), 0);
}

TEST_F(Rules, Rule111_WhatWasNotCreatedIsNotLeftInTheOtherEnd) {
    const auto ash = row<Book>("Ash");
    EXPECT_EQ(ash->cover->colour, "red");
    const auto found = objects<Cover>().get_or_create("book"_f = ash, kith::defaults("colour"_f = "pink"));
    EXPECT_FALSE(found.second);
    EXPECT_EQ(ash->cover->colour, "red");
    EXPECT_THROW((void)objects<Cover>().create({.colour = "pink", .book = ash}), kith::IntegrityError);
    EXPECT_EQ(ash->cover->colour, "red");
}

// ---- a one-to-one that is the primary key

TEST_F(Rules, Rule112_TheWayToTheParentModelIsAnOrdinaryRelation) {
    const auto life = objects<Biography>().get("text"_f = "A life");
    EXPECT_EQ(statements([&] { EXPECT_EQ(life->author->born, 1900); }), 1u)
        << "a Biography does not hold Ann's columns";
    EXPECT_EQ(statements([&] { (void)objects<Biography>().prefetch_related("author").size(); }), 2u);
}

TEST_F(Rules, Rule113_TheWayToTheChildModelIsAReverseOneToOne) {
    const auto authors = objects<Author>().prefetch_related("biography");
    EXPECT_EQ(statements([&] { (void)authors.size(); }), 2u);
    EXPECT_TRUE(last_has(travel::by_backend("FROM kith_keys(", "FROM unnest(", "FROM JSON_TABLE("))) << last_sql();
    EXPECT_TRUE(authors[2].biography == nullptr);
}

TEST_F(Rules, Rule114_RelationsToTheChildsKeyAreLoaded) {
    const auto notes = objects<Note>().prefetch_related("biography__author");
    EXPECT_EQ(statements([&] { EXPECT_EQ(notes[0].biography->author->name, "Ann"); }), 3u);
    const auto back = objects<Biography>().prefetch_related("notes");
    EXPECT_EQ(statements([&] { EXPECT_EQ(back[0].notes.count(), 2); }), 2u);
}

TEST_F(Rules, Rule115_TheChildModelIsJoinedOuter) {
    const auto authors = objects<Author>().select_related("biography");
    EXPECT_EQ(statements([&] { (void)authors.size(); }), 1u);
    EXPECT_TRUE(last_has("LEFT OUTER JOIN \"press_biography\"")) << last_sql();
    EXPECT_EQ(statements([&] { EXPECT_TRUE(authors[3].biography == nullptr); }), 0u);
}

} // namespace rules_many_to_many_test
