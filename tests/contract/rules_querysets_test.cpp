#include "support/press_test.hpp"

/// The rules of docs/django.md about when a QuerySet asks the database, and how refinements of it behave.

namespace rules_querysets_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule001_BuildingAsksNothingAndChecksAtOnce) {
    EXPECT_EQ(statements([&] { (void)objects<Book>().filter("pages__gt"_f = 1).prefetch_related("authors"); }), 0u);
    EXPECT_THROW((void)objects<Book>().select_related(kith::runtime("zzz")), kith::FieldError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule002_IteratingSizeAndEmptyEvaluate) {
    const auto runs = [&](auto&& use) {
        const auto books = objects<Book>().all();
        return statements([&] { use(books); });
    };
    EXPECT_EQ(runs([](const auto& books) { EXPECT_EQ(books.size(), 4u); }), 1u);
    EXPECT_EQ(runs([](const auto& books) { EXPECT_FALSE(books.empty()); }), 1u);
    EXPECT_EQ(runs([](const auto& books) { EXPECT_EQ(names_of(books).size(), 4u); }), 1u);
}

TEST_F(Rules, Rule003_EvaluationLoadsTheLookupsOnce) {
    const auto books = objects<Book>().prefetch_related("authors", "publisher");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 3u);
    EXPECT_EQ(statements([&] { (void)books[0].authors.all().size(); }), 0u);
    EXPECT_EQ(statements([&] { (void)books.size(); }), 0u);
}

TEST_F(Rules, Rule004_TheCacheAnswersWhatComesAfterEvaluation) {
    const auto books = objects<Book>().all();
    EXPECT_EQ(statements([&] { EXPECT_EQ(books.count(), 4); }), 1u);
    EXPECT_EQ(statements([&] { (void)books.size(); }), 1u);
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(books.count(), 4);
                  EXPECT_TRUE(books.exists());
                  EXPECT_TRUE(books.contains(books[1]));
                  EXPECT_EQ(books.slice(0, 2).size(), 2u);
              }),
              0u);
}

TEST_F(Rules, Rule005_IndexingEvaluatesTheWholeQuerySet) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(statements([&] { EXPECT_EQ(books[0].title, "Ash"); }), 2u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(books[1].title, "Elm"); }), 0u) << "Django asks for each index anew";
}

TEST_F(Rules, Rule006_AnIndexOfTheCacheIsTheSameRowAndASliceIsAQuerySet) {
    const auto books = objects<Book>().all();
    EXPECT_EQ(&books[1], &books[1]);
    const auto part = books.slice(1, 3);
    EXPECT_EQ(&part[0], &books[1]) << "over the cache where there is one";
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Rules, Rule007_ASliceIsLazyAndKeepsItsLookups) {
    const auto books = objects<Book>().prefetch_related("authors").slice(0, 2);
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(books.size(), 2u);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_NE(log_[0].sql.find("LIMIT 2"), std::string::npos) << log_[0].sql;
}

TEST_F(Rules, Rule008_ASliceThatEndsBeforeItBeginsIsRefused) {
    EXPECT_THROW((void)objects<Book>().slice(3, 1), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule009_AnIndexBeyondTheEndIsAnError) {
    EXPECT_THROW((void)objects<Book>()[99], kith::ValueError);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Rules, Rule011_AskingForEmptinessAndIteratingIsOneStatement) {
    const auto books = objects<Book>().all();
    EXPECT_FALSE(books.empty());
    EXPECT_EQ(names_of(books).size(), 4u);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Rules, Rule012_CountAndExistsRunNoLookupsAndFillNoCache) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(statements([&] { (void)books.count(); }), 1u);
    EXPECT_TRUE(last_has("COUNT(*)")) << last_sql();
    EXPECT_EQ(statements([&] { (void)books.exists(); }), 1u);
    EXPECT_TRUE(last_has("LIMIT 1")) << last_sql();
    EXPECT_EQ(statements([&] { (void)books.aggregate(kith::Sum("pages"_f)); }), 1u);
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
}

TEST_F(Rules, Rule013_ContainsAsksOnceOrTheCache) {
    const auto books = objects<Book>().filter("pages__gt"_f = 150);
    const auto elm = row<Book>("Elm");
    EXPECT_EQ(statements([&] { EXPECT_TRUE(books.contains(elm)); }), 1u);
    EXPECT_TRUE(last_has("LIMIT 1")) << last_sql();
    (void)books.size();
    EXPECT_EQ(statements([&] { EXPECT_TRUE(books.contains(elm)); }), 0u);
    EXPECT_EQ(statements([&] { EXPECT_THROW((void)books.contains(Book{}), kith::ValueError); }), 0u);
}

TEST_F(Rules, Rule014_GetLoadsTheLookupsAndLeavesTheCacheAlone) {
    const auto books = objects<Book>().order_by("-title").prefetch_related("authors");
    kith::Ref<Book> ash;
    EXPECT_EQ(statements([&] { ash = books.get("title"_f = "Ash"); }), 2u);
    EXPECT_NE(log_[0].sql.find("LIMIT 21"), std::string::npos) << log_[0].sql;
    EXPECT_EQ(log_[0].sql.find("ORDER BY"), std::string::npos) << log_[0].sql;
    EXPECT_EQ(ash->authors.all().size(), 2u);
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
}

TEST_F(Rules, Rule015_GetOfSeveralSaysHowMany) {
    EXPECT_EQ(travel::message_of<kith::MultipleObjectsReturned>([&] { (void)objects<Book>().get(); }),
              "get() returned more than one Book -- it returned 4!");
    EXPECT_EQ(travel::message_of<kith::DoesNotExist>([&] { (void)objects<Book>().get("title"_f = "Fir"); }),
              "Book matching query does not exist.");
    objects<Shop>().bulk_create([] {
        std::vector<Shop> shops;
        for (int i = 0; i < 30; ++i) shops.push_back({.name = "shop " + std::to_string(i)});
        return shops;
    }());
    EXPECT_EQ(travel::message_of<kith::MultipleObjectsReturned>([&] { (void)objects<Shop>().get(); }),
              "get() returned more than one Shop -- it returned more than 20!");
}

TEST_F(Rules, Rule016_FirstAndLastOrderByTheKeyAndReadTheCache) {
    EXPECT_EQ(objects<Review>().first()->id, 1);
    EXPECT_TRUE(last_has("ORDER BY \"press_review\".\"id\" ASC LIMIT 1")) << last_sql();
    EXPECT_EQ(objects<Book>().order_by("-pages").last()->title, "Yew");
    const auto reviews = objects<Review>().all();
    (void)reviews.size();
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(reviews.first()->id, 1);
                  EXPECT_EQ(reviews.last()->id, 4);
              }),
              0u);
}

TEST_F(Rules, Rule017_FirstWithoutAnOrderGoesByTheKey) {
    EXPECT_EQ(objects<Author>().order_by(kith::None).first()->id, 1);
    EXPECT_TRUE(last_has("ORDER BY \"press_author\".\"id\"")) << last_sql();
}

TEST_F(Rules, Rule019_InBulkAsksOnceAndLoadsTheLookups) {
    EXPECT_EQ(statements([&] { EXPECT_TRUE(objects<Book>().in_bulk(std::vector<std::int64_t>{}).empty()); }), 0u);
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(statements([&] {
                  const auto found = books.in_bulk({1, 3, 99});
                  ASSERT_EQ(found.size(), 2u);
                  EXPECT_EQ(found.at(3)->authors.all().size(), 2u);
              }),
              2u);
    EXPECT_EQ(objects<Country>().in_bulk({"fr", "xx"}).size(), 1u);
    EXPECT_THROW((void)books.slice(0, 2).in_bulk({1}), kith::ValueError);
}

TEST_F(Rules, Rule021_UpdateAndRemoveThroughASetForgetWhatItHolds) {
    const auto acorn = objects<Publisher>().prefetch_related("books").get("name"_f = "Acorn");
    EXPECT_EQ(acorn->books.all().update("pages"_f = 7), 2);
    EXPECT_FALSE(acorn->books.is_prefetched());
    EXPECT_EQ(acorn->books.all()[0]->pages, 7);
}

TEST_F(Rules, Rule022_ASliceCannotBeRefined) {
    const auto two = objects<Book>().slice(0, 2);
    EXPECT_EQ(travel::message_of<kith::ValueError>([&] { (void)two.filter("pages"_f = 1); }),
              "Cannot filter a query once a slice has been taken.");
    EXPECT_EQ(travel::message_of<kith::ValueError>([&] { (void)two.order_by("pages"); }),
              "Cannot reorder a query once a slice has been taken.");
    EXPECT_EQ(travel::message_of<kith::ValueError>([&] { (void)two.reverse(); }),
              "Cannot reverse a query once a slice has been taken.");
    EXPECT_THROW((void)two.distinct(), kith::ValueError);
    EXPECT_EQ(names_of(objects<Book>().slice(1, 4).slice(1, 2)), Names{"Oak"}) << "slices add up";
    EXPECT_EQ(log_.size(), 1u);
}

// ---- refinements are copies

TEST_F(Rules, Rule023_ARefinementHasNoCache) {
    const auto books = objects<Book>().prefetch_related("authors");
    (void)books.size();
    EXPECT_EQ(statements([&] { (void)books.filter("pages__gt"_f = 0).size(); }), 2u) << "but the lookups";
}

TEST_F(Rules, Rule024_AllOfAQuerySetIsACopyAndOfASetIsTheSet) {
    const auto books = objects<Book>().prefetch_related("authors");
    (void)books.size();
    EXPECT_EQ(statements([&] { (void)books.all().size(); }), 2u);
    EXPECT_EQ(statements([&] { (void)books[0].authors.all().size(); }), 0u);
    EXPECT_EQ(statements([&] { (void)books[0].authors.all().all().size(); }), 1u);
}

TEST_F(Rules, Rule025_LookupsSurviveEveryRefinement) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(statements([&] { (void)books.filter("pages__gt"_f = 1).exclude("title"_f = "x").size(); }), 2u);
    EXPECT_EQ(statements([&] { (void)books.order_by("-title").reverse().distinct().slice(0, 3).size(); }), 2u);
    EXPECT_EQ(statements([&] { EXPECT_TRUE(books.first()->authors.is_prefetched()); }), 2u);
    EXPECT_EQ(statements([&] { (void)books.on(db_).size(); }), 2u);
}

TEST_F(Rules, Rule026_WhatIsDerivedLeavesTheBaseAlone) {
    const auto base = objects<Book>().all();
    const auto more = base.prefetch_related("authors");
    EXPECT_EQ(statements([&] { (void)base.size(); }), 1u);
    EXPECT_EQ(statements([&] { (void)more.size(); }), 2u);
}

TEST_F(Rules, Rule029_ACopySharesTheCache) {
    const auto books = objects<Book>().all();
    const auto copy = books; // NOLINT: a copy is what is tested
    (void)books.size();
    EXPECT_EQ(statements([&] { EXPECT_EQ(&copy[0], &books[0]); }), 0u) << "Django's deep copy asks again";
}

TEST_F(Rules, Rule030_AQuerySetGivenToAPrefetchIsNotChanged) {
    const auto long_ones = objects<Book>().filter("pages__gt"_f = 150);
    const auto before = long_ones.sql();
    EXPECT_EQ(objects<Author>().prefetch_related(kith::Prefetch("books"_f, long_ones))[0]->books.count(), 1);
    EXPECT_EQ(long_ones.sql(), before);
    EXPECT_EQ(long_ones.size(), 2u);
}

// ---- what prefetch_related takes

TEST_F(Rules, Rule031_StringsAndPrefetchObjectsMix) {
    const auto books = objects<Book>().prefetch_related("publisher", kith::Prefetch("authors"_f), "reviews__reviewer");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 5u);
    EXPECT_EQ(log_[1].lookup, "publisher");
    EXPECT_EQ(log_[2].lookup, "authors");
    EXPECT_EQ(log_[3].lookup, "reviews");
    EXPECT_EQ(log_[4].lookup, "reviews__reviewer");
}

TEST_F(Rules, Rule032_CallsAddUp) {
    EXPECT_EQ(
        statements([&] { (void)objects<Book>().prefetch_related("publisher").prefetch_related("authors").size(); }),
        3u);
}

TEST_F(Rules, Rule033_NoneClearsAndStandsAlone) {
    const auto books = objects<Book>().prefetch_related("publisher", "authors");
    EXPECT_EQ(statements([&] { (void)books.prefetch_related(kith::None).size(); }), 1u);
    EXPECT_EQ(statements([&] { (void)books.prefetch_related().size(); }), 3u) << "nothing given, nothing changed";
    EXPECT_THROW((void)books.prefetch_related("authors", kith::None), kith::ValueError);
}

TEST_F(Rules, Rule034_AfterClearingLookupsMayBeAdded) {
    const auto books =
        objects<Book>().prefetch_related("authors").prefetch_related(kith::None).prefetch_related("cover");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
    EXPECT_FALSE(books[0].authors.is_prefetched());
}

TEST_F(Rules, Rule035_RepeatedLookupsAndPrefixesCostNothing) {
    EXPECT_EQ(
        statements([&] { (void)objects<Book>().prefetch_related("authors", "authors__country", "authors").size(); }),
        3u);
    EXPECT_EQ(statements([&] { (void)objects<Book>().prefetch_related("authors__country", "authors").size(); }), 3u);
}

TEST_F(Rules, Rule036_ASecondQuerysetForAPathIsRefusedAtOnce) {
    const auto french = objects<Author>().filter("country"_f = "fr");
    const auto message = travel::message_of<kith::ValueError>(
        [&] { (void)objects<Book>().prefetch_related("authors__country", kith::Prefetch("authors"_f, french)); });
    travel::expect_parts(message, {"'authors' lookup was already seen with a different queryset"});
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule037_AQuerysetFirstServesTheLookupsBehindIt) {
    const auto french = objects<Author>().filter("country"_f = "fr");
    const auto books =
        objects<Book>().prefetch_related(kith::Prefetch("authors"_f, french), "authors", "authors__country");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 3u);
    EXPECT_TRUE(books[2].authors.all().empty());
}

TEST_F(Rules, Rule038_APrefetchWithoutAQuerysetIsTheString) {
    EXPECT_EQ(
        statements([&] { (void)objects<Book>().prefetch_related("authors", kith::Prefetch("authors"_f)).size(); }), 2u);
}

TEST_F(Rules, Rule040_ValuesLoadNoLookups) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(statements([&] { EXPECT_EQ((books.values_list<"title">()).size(), 4u); }), 1u);
}

} // namespace rules_querysets_test
