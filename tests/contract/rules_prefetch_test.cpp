#include "support/press_test.hpp"

/// The rules of docs/django.md about Prefetch objects, slices for each parent, and reading a set that was prefetched.

namespace rules_prefetch_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule132_TheSlotReplacesTheLastStepOfThePath) {
    const auto lookup = kith::Prefetch("authors__books"_f, kith::None, "some_books"_f);
    const auto books = objects<Book>().prefetch_related(lookup, "authors__some_books__cover");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 4u);
    EXPECT_EQ(log_[2].lookup, "authors__some_books");
    EXPECT_EQ(log_[3].lookup, "authors__some_books__cover");
}

TEST_F(Rules, Rule134_TheQuerysetIsForTheLastStepOnly) {
    const auto french = objects<Country>().filter("code"_f = "fr");
    const auto books = objects<Book>().prefetch_related(kith::Prefetch("authors__country"_f, french));
    EXPECT_EQ(names_of(books[2].authors.all()), (Names{"Cyd", "Dee"}));
    EXPECT_TRUE(books[2].authors.all()[0]->country == nullptr);
    EXPECT_EQ(books[0].authors.all()[0]->country->name, "France");
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule136_AQuerysetOfAnotherModelIsRefusedAtOnce) {
    // With a literal it does not compile: tests/compile_fail/prefetch_object_other_queryset.cpp.
    const auto books = objects<Book>().all();
    EXPECT_THROW((void)objects<Book>().prefetch_related(kith::Prefetch(kith::runtime("authors"), books)),
                 kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule137_ASlotHoldsRowsOrOneRow) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150);
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones, "some_books"_f),
                                                            kith::Prefetch("country"_f, kith::None, "some_country"_f));
    EXPECT_EQ(names_of(authors[0].some_books), Names{"Elm"});
    EXPECT_TRUE(authors[1].some_books.empty());
    EXPECT_EQ(authors[0].some_country->name, "France");
    EXPECT_TRUE(authors[3].some_country == nullptr);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Rules, Rule138_ASlotLeavesTheSetAlone) {
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, kith::None, "some_books"_f));
    (void)authors.size();
    EXPECT_FALSE(authors[0].books.is_prefetched());
    EXPECT_EQ(statements([&] { (void)authors[0].books.all().size(); }), 1u);
}

TEST_F(Rules, Rule139_ASlotIsThereForLaterLookupsOnly) {
    const auto lookup = kith::Prefetch("books"_f, kith::None, "some_books"_f);
    EXPECT_NO_THROW((void)objects<Author>().prefetch_related(lookup, "some_books__cover"));
    EXPECT_THROW((void)objects<Author>().prefetch_related("some_books__cover", lookup), kith::FieldError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule140_ASlotIsFilledOnce) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150);
    const auto first = kith::Prefetch("books"_f, long_ones, "some_books"_f);
    EXPECT_EQ(statements([&] { (void)objects<Author>().prefetch_related(first, "books").size(); }), 3u);
    EXPECT_THROW((void)objects<Author>().prefetch_related(first, first), kith::ValueError);
    const auto plain = kith::Prefetch("books"_f, kith::None, "some_books"_f);
    EXPECT_EQ(
        statements([&] { EXPECT_EQ(objects<Author>().prefetch_related(first, plain)[0]->some_books.size(), 1u); }), 2u);
}

TEST_F(Rules, Rule141_ASlotIsNoOtherMember) {
    const auto all = objects<Author>().all();
    const auto into = [&](const char* name) { return kith::Prefetch("authors"_f, all, kith::runtime(name)); };
    EXPECT_THROW((void)objects<Book>().prefetch_related(into("authors")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().prefetch_related(into("title")), kith::FieldError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule142_ASlotThatDoesNotFitIsRefusedAtOnce) {
    const auto all = objects<Author>().all();
    const auto into = [&](const char* name) { return kith::Prefetch("authors"_f, all, kith::runtime(name)); };
    EXPECT_THROW((void)objects<Book>().prefetch_related(into("nothing")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().prefetch_related(into("some_reviews")), kith::FieldError) << "of another model";
    EXPECT_THROW((void)objects<Book>().prefetch_related(into("some_publisher")), kith::FieldError) << "for one row";
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule144_AFilteredSetStaysFilteredWhenItIsRefined) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150).order_by("-pages");
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones));
    EXPECT_EQ(names_of(authors[0].books.all()), Names{"Elm"});
    EXPECT_EQ(names_of(authors[0].books.filter("title__contains"_f = "h")), Names{}) << "Ash is not in the set";
    EXPECT_EQ(names_of(authors[0].books.exclude("title"_f = "x")), Names{"Elm"});
    EXPECT_TRUE(last_has("ORDER BY \"press_book\".\"pages\" DESC")) << last_sql();
}

TEST_F(Rules, Rule145_AnEvaluatedQuerysetIsAskedAgain) {
    const auto books = objects<Book>().all();
    (void)books.size();
    EXPECT_EQ(statements([&] { (void)objects<Author>().prefetch_related(kith::Prefetch("books"_f, books)).size(); }),
              2u);
}

TEST_F(Rules, Rule145_ASetOfARowMayBeTheQueryset) {
    const auto bob = row<Author>("Bob");
    const auto authors =
        objects<Author>().prefetch_related(kith::Prefetch("books"_f, bob->books.filter("pages__gt"_f = 1)));
    EXPECT_EQ(names_of(authors[0].books.all()), Names{"Ash"}) << "of Ann's books those that are Bob's, too";
    EXPECT_EQ(names_of(authors[1].books.all()), Names{"Ash"});
    EXPECT_TRUE(authors[2].books.all().empty());
}

TEST_F(Rules, Rule145_ASetOfARowStillNarrowsWhenTheLoadedSetIsRefined) {
    const auto bob = row<Author>("Bob");
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, bob->books.all()));
    ASSERT_EQ(names_of(authors[0].books.all()), Names{"Ash"});
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(names_of(authors[0].books.filter("pages__gt"_f = 1)), Names{"Ash"}) << "Elm is not Bob's";
              }),
              1u);
    EXPECT_EQ(names_of(authors[2].books.filter("pages__gt"_f = 1)), Names{});
    EXPECT_EQ(authors[0].books.filter("pages__gt"_f = 150).count(), 0);
    const auto ann = row<Author>("Ann");
    const auto mentors = objects<Author>().prefetch_related(kith::Prefetch("pupils"_f, ann->pupils.all()));
    EXPECT_EQ(names_of(mentors[0].pupils.exclude("name"_f = "Cyd")), Names{"Bob"});
    EXPECT_EQ(names_of(mentors[1].pupils.exclude("name"_f = "Cyd")), Names{}) << "Dee is Bob's pupil, but not Ann's";
}

TEST_F(Rules, Rule146_JoinsInTheQuerysetSaveAStatement) {
    const auto joined = objects<Book>().select_related("publisher");
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, joined));
    EXPECT_EQ(statements([&] { EXPECT_EQ(authors[0].books.all()[0]->publisher->name, "Acorn"); }), 2u);
    const auto more = joined.prefetch_related("cover");
    EXPECT_EQ(statements([&] { (void)objects<Author>().prefetch_related(kith::Prefetch("books"_f, more)).size(); }),
              3u);
}

TEST_F(Rules, Rule147_NoneAsksNothingAndLeavesEverythingEmpty) {
    const auto none = objects<Book>().none();
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, none), "books__cover");
    EXPECT_EQ(statements([&] {
                  for (const Author& author : authors) {
                      EXPECT_TRUE(author.books.all().empty());
                  }
              }),
              1u);
    EXPECT_TRUE(authors[0].books.is_prefetched());
}

TEST_F(Rules, Rule148_ASetIsNarrowedToItsRowOnlyWhenItIsAskedAgain) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150);
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones));
    EXPECT_EQ(statements([&] {
                  for (const Author& author : authors) (void)author.books.all().size();
              }),
              2u);
    EXPECT_EQ(statements([&] { (void)authors[0].books.filter("id__gt"_f = 0).size(); }), 1u);
    EXPECT_TRUE(last_has(travel::by_backend(R"("author_id" = ?)", R"("author_id" = $1)", R"("author_id" = ?)")))
        << last_sql();
}

TEST_F(Rules, Rule149_ConditionsOfTheQuerysetTheRowAndTheRefinementAllHold) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150);
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones));
    EXPECT_EQ(names_of(authors[0].books.filter("pages__lt"_f = 250)), Names{"Elm"});
    EXPECT_EQ(names_of(authors[2].books.filter("pages__lt"_f = 250)), Names{}) << "Oak is too long";
    EXPECT_EQ(log_[log_.size() - 1].parameters.size(), 3u);
}

// ---- slices for each parent

TEST_F(Rules, Rule150_ASliceIsForEachParent) {
    const auto longest = objects<Book>().order_by("-pages").slice(0, 1);
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, longest, "some_books"_f));
    EXPECT_EQ(names_of(authors[0].some_books), Names{"Elm"});
    EXPECT_EQ(names_of(authors[1].some_books), Names{"Ash"});
    EXPECT_EQ(log_.size(), 2u);
    const auto by = R"(ROW_NUMBER() OVER (PARTITION BY "press_book_authors"."author_id" ORDER BY)";
    const auto by_ordinal = R"(ROW_NUMBER() OVER (PARTITION BY "kith_key"."ordinal" ORDER BY)";
    EXPECT_TRUE(last_has(travel::by_backend(by, by, by_ordinal))) << last_sql();
    EXPECT_FALSE(last_has("LIMIT")) << last_sql();
    const auto reverse = objects<Country>().prefetch_related(
        kith::Prefetch("authors"_f, objects<Author>().order_by("-born").slice(0, 1), "some_authors"_f));
    EXPECT_EQ(names_of(reverse[0].some_authors), Names{"Bob"});
}

TEST_F(Rules, Rule151_AnOpenEndHasNoUpperConditionAndAnEmptySliceNoRows) {
    const auto rest = objects<Book>().order_by("-pages").slice(1, std::string::npos);
    EXPECT_EQ(names_of(objects<Author>().prefetch_related(kith::Prefetch("books"_f, rest))[0]->books.all()),
              Names{"Ash"});
    EXPECT_FALSE(last_has("\"n\" <=")) << last_sql();
    const auto nothing = objects<Book>().slice(1, 1);
    EXPECT_TRUE(objects<Author>().prefetch_related(kith::Prefetch("books"_f, nothing))[0]->books.all().empty());
}

TEST_F(Rules, Rule152_ARelationToOneRowCannotBeSliced) {
    const auto two = objects<Publisher>().slice(0, 2);
    EXPECT_THROW((void)objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, two)), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule153_ASliceNeedsNoSlotButTheSetCannotBeRefined) {
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, objects<Book>().slice(0, 1)));
    EXPECT_EQ(authors[0].books.count(), 1);
    EXPECT_THROW((void)authors[0].books.filter("pages__gt"_f = 1), kith::ValueError);
}

TEST_F(Rules, Rule155_TheNumberedRowsAreWrappedAndOrdered) {
    (void)objects<Author>().prefetch_related(kith::Prefetch("books"_f, objects<Book>().slice(1, 3))).size();
    EXPECT_TRUE(last_has(") AS \"numbered\" WHERE \"n\" > 1 AND \"n\" <= 3 ORDER BY \"n\" ASC")) << last_sql();
}

TEST_F(Rules, Rule156_AReversedOrderHoldsInTheWindow) {
    const auto last = objects<Book>().order_by("pages").reverse().slice(0, 1);
    EXPECT_EQ(names_of(objects<Author>().prefetch_related(kith::Prefetch("books"_f, last))[0]->books.all()),
              Names{"Elm"});
}

// ---- reading a set that was prefetched

TEST_F(Rules, Rule157_WhatTheCacheOfASetAnswers) {
    const auto books = objects<Book>().prefetch_related("authors", "reviews");
    const auto ann = row<Author>("Ann");
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  const Book& ash = books[0];
                  EXPECT_EQ(ash.authors.all().size(), 2u);
                  EXPECT_EQ(ash.authors.count(), 2);
                  EXPECT_TRUE(ash.authors.exists());
                  EXPECT_TRUE(ash.authors.contains(ann));
                  EXPECT_EQ(ash.authors.first()->name, "Ann");
                  EXPECT_EQ(ash.authors.all().last()->name, "Bob");
                  EXPECT_EQ(ash.authors.all().get("pk"_f = 2)->name, "Bob");
                  EXPECT_EQ(ash.reviews.first()->stars, 5) << "a model without an order: by the key";
                  EXPECT_EQ(ash.authors.all().slice(0, 1).size(), 1u);
                  EXPECT_TRUE(ash.authors.all().none().empty());
              }),
              0u);
}

TEST_F(Rules, Rule158_WhatAsksTheDatabaseInSpiteOfTheCache) {
    const auto books = objects<Book>().prefetch_related("authors");
    const Book& ash = books[0];
    const auto one = [&](auto&& work) { EXPECT_EQ(statements(work), 1u) << last_sql(); };
    one([&] { (void)ash.authors.filter("born__gt"_f = 1).size(); });
    one([&] { (void)ash.authors.exclude("born"_f = 1).size(); });
    one([&] { (void)ash.authors.order_by("-born").size(); });
    one([&] { (void)ash.authors.all().reverse().size(); });
    one([&] { (void)ash.authors.all().distinct().size(); });
    one([&] { (void)ash.authors.all().select_related("country").size(); });
    one([&] { (void)ash.authors.all().values_list<"name">(); });
    one([&] { (void)ash.authors.all().aggregate(kith::Max("born"_f)); });
    one([&] { (void)ash.authors.all().in_bulk({1}); });
    one([&] { (void)ash.authors.all().get("name"_f = "Ann"); });
    one([&] { (void)ash.authors.all().all().size(); });
    one([&] {
        for (const Author& author : ash.authors.all().iterator()) (void)author;
    });
}

TEST_F(Rules, Rule159_TheRowsOfASetAreTheSameEachTime) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(&*books[0].authors.all()[0], &*books[0].authors.all()[0]);
}

TEST_F(Rules, Rule160_ASliceOfAPrefetchedSetCannotBeRefined) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_THROW((void)books[0].authors.all().slice(0, 1).filter("born__gt"_f = 1), kith::ValueError);
}

} // namespace rules_prefetch_test
