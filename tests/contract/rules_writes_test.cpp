#include "support/press_test.hpp"

#include <functional>
#include <type_traits>

/// The rules of docs/django.md about what a write through a set or a relation makes stale.

namespace rules_writes_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule161_EveryWriteThroughASetForgetsIt) {
    const auto forgets = [&](const std::function<void(const Author&)>& write, const Names& expected) {
        const auto ann = objects<Author>().prefetch_related("pupils").get("name"_f = "Ann");
        ASSERT_TRUE(ann->pupils.is_prefetched());
        write(*ann);
        EXPECT_FALSE(ann->pupils.is_prefetched());
        EXPECT_EQ(statements([&] { EXPECT_EQ(names_of(ann->pupils.all()), expected); }), 1u);
    };
    forgets([](const Author& ann) { ann.pupils.add(4); }, {"Bob", "Cyd", "Dee"});
    forgets([](const Author& ann) { ann.pupils.remove(2); }, {"Cyd", "Dee"});
    forgets([](const Author& ann) { ann.pupils.set(Keys{2, 3}); }, {"Bob", "Cyd"});
    forgets([](const Author& ann) { ann.pupils.create({.name = "Eve"}); }, {"Bob", "Cyd", "Eve"});
    forgets([](const Author& ann) { ann.pupils.clear(); }, {});
    const auto linked = [&](const std::function<void(const Book&)>& write, const Names& expected) {
        const auto ash = objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
        write(*ash);
        EXPECT_FALSE(ash->authors.is_prefetched());
        EXPECT_EQ(names_of(ash->authors.all()), expected);
    };
    linked([](const Book& ash) { ash.authors.add(3); }, {"Ann", "Bob", "Cyd"});
    linked([](const Book& ash) { ash.authors.remove(1); }, {"Bob", "Cyd"});
    linked([](const Book& ash) { ash.authors.set(Keys{4}); }, {"Dee"});
    linked([](const Book& ash) { ash.authors.create({.name = "Fay"}); }, {"Dee", "Fay"});
    linked([](const Book& ash) { ash.authors.clear(); }, {});
}

namespace {
template <class Set> concept AddsNothing = requires(const Set& set) { set.add(); };
template <class Set> concept RemovesNothing = requires(const Set& set) { set.remove(); };
} // namespace

TEST_F(Rules, Rule162_AddingAndRemovingTakeARowAtLeast) {
    static_assert(!AddsNothing<decltype(Book::authors)> && !RemovesNothing<decltype(Book::authors)>);
    static_assert(!AddsNothing<decltype(Publisher::books)> && !RemovesNothing<decltype(Publisher::books)>);
    const auto ash = objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
    EXPECT_EQ(statements([&] { ash->authors.set(Keys{}); }), 2u) << "a set of no rows is said like this";
    EXPECT_FALSE(ash->authors.is_prefetched());
}

TEST_F(Rules, Rule163_SettingTheSameRowsForgetsTheSet) {
    const auto ash = objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
    EXPECT_EQ(statements([&] { ash->authors.set(Keys{1, 2}); }), 1u) << "a look at the present links";
    EXPECT_FALSE(ash->authors.is_prefetched());
}

TEST_F(Rules, Rule164_WhatCreatesThroughASetForgetsIt) {
    const auto ann = objects<Author>().prefetch_related("pupils").get("name"_f = "Ann");
    EXPECT_TRUE(ann->pupils.all().get_or_create("name"_f = "Gil").second);
    EXPECT_FALSE(ann->pupils.is_prefetched());
    EXPECT_EQ(ann->pupils.count(), 3);
    (void)ann->pupils.all().size();
    ann->pupils.all().update_or_create("name"_f = "Hal", kith::defaults("born"_f = 1950));
    EXPECT_FALSE(ann->pupils.is_prefetched());
    (void)ann->pupils.all().size();
    ann->pupils.all().bulk_create({{.name = "Ida"}});
    EXPECT_EQ(ann->pupils.count(), 5);
}

TEST_F(Rules, Rule165_OtherInstancesAreNotSearched) {
    const auto ash = objects<Book>().prefetch_related("authors").get("title"_f = "Ash");
    const auto cyd = row<Author>("Cyd");
    cyd->books.add(ash);
    EXPECT_EQ(ash->authors.count(), 2) << "what was loaded stays: the write went through the other end";
    EXPECT_EQ(objects<Author>().filter("books"_f = ash).count(), 3);
    const auto ann = objects<Author>().prefetch_related("pupils").get("name"_f = "Ann");
    const auto dee = row<Author>("Dee");
    dee->mentor = ann;
    db_.save(*dee);
    EXPECT_EQ(ann->pupils.count(), 2);
}

TEST_F(Rules, Rule166_UpdatingOrRemovingAllOfASetForgetsIt) {
    const auto ann = objects<Author>().prefetch_related("pupils").get("name"_f = "Ann");
    EXPECT_EQ(ann->pupils.all().update("born"_f = 1), 2);
    EXPECT_EQ(ann->pupils.all()[0]->born, 1);
    EXPECT_EQ(ann->pupils.all().remove(), 2);
    EXPECT_EQ(ann->pupils.all().size(), 0u);
}

TEST_F(Rules, Rule167_SlotsOfTheSameRelationAreForgottenToo) {
    const auto ann = objects<Author>()
                         .prefetch_related(kith::Prefetch("pupils"_f, kith::None, "some_pupils"_f), "pupils")
                         .get("id"_f = 1);
    ann->pupils.add(4);
    EXPECT_FALSE(ann->some_pupils.is_loaded());
    EXPECT_THROW((void)ann->some_pupils.size(), kith::NotLoaded);
}

TEST_F(Rules, Rule168_ANullableKeyLetsRowsGo) {
    const auto acorn = row<Publisher>("Acorn");
    EXPECT_EQ(statements([&] { acorn->books.clear(); }), 1u);
    EXPECT_EQ(objects<Book>().filter("publisher__isnull"_f = true).count(), 3);
    // Where the key is not nullable, remove() and clear() do not compile: tests/compile_fail.
}

TEST_F(Rules, Rule169_AddingToAReverseSetIsOneUpdate) {
    const auto birch = row<Publisher>("Birch");
    EXPECT_EQ(statements([&] { birch->books.add(1, 4); }), 1u);
    EXPECT_TRUE(last_sql().starts_with("UPDATE \"press_book\" SET \"publisher_id\" = ")) << last_sql();
    EXPECT_EQ(names_of(birch->books.all()), (Names{"Ash", "Oak", "Yew"})) << "keys are taken like rows";
    EXPECT_THROW(birch->books.add(Book{.title = "New"}), kith::ValueError);
}

TEST_F(Rules, Rule170_RemovingAStrangerIsRefused) {
    const auto birch = row<Publisher>("Birch");
    EXPECT_THROW(birch->books.remove(1), kith::DoesNotExist);
    EXPECT_EQ(row<Book>("Ash")->publisher.key(), "Acorn") << "and nothing was changed";
}

TEST_F(Rules, Rule171_AddingLinksIsOneStatementAndEachLinkOnce) {
    const auto ash = row<Book>("Ash");
    EXPECT_EQ(statements([&] { ash->authors.add(1, row<Author>("Cyd"), 4); }), 2u) << "one of them looked up Cyd";
    EXPECT_TRUE(
        last_has(travel::by_backend("ON CONFLICT DO NOTHING", "ON CONFLICT DO NOTHING", "ON DUPLICATE KEY UPDATE")))
        << last_sql();
    EXPECT_EQ(ash->authors.count(), 4);
    EXPECT_THROW(ash->authors.add(Author{.name = "New"}), kith::ValueError);
}

TEST_F(Rules, Rule172_SetChangesWhatDiffers) {
    const auto ash = row<Book>("Ash");
    EXPECT_EQ(statements([&] { ash->authors.set(Keys{2, 3}); }), 3u) << "a look, what goes, what comes";
    EXPECT_EQ(names_of(ash->authors.all()), (Names{"Bob", "Cyd"}));
    EXPECT_EQ(statements([&] { ash->authors.set(Keys{2}); }), 2u);
    const auto acorn = row<Publisher>("Acorn");
    EXPECT_EQ(statements([&] { acorn->books.set(Keys{2, 4}); }), 3u);
    EXPECT_EQ(names_of(acorn->books.all()), (Names{"Elm", "Yew"}));
    // A key that cannot be null stays where it is: set() only adds.
    const auto elm = row<Book>("Elm");
    elm->listings.set(Keys{1});
    EXPECT_EQ(elm->listings.count(), 2);
}

TEST_F(Rules, Rule173_ASetIsNotAssigned) {
    static_assert(!std::is_assignable_v<decltype((Book::authors)), std::vector<kith::Ref<Author>>>);
    static_assert(!std::is_assignable_v<decltype((Publisher::books)), std::vector<kith::Ref<Book>>>);
    const auto ash = row<Book>("Ash");
    ash->authors.set(objects<Author>().filter("id"_f = 4));
    EXPECT_EQ(names_of(ash->authors.all()), Names{"Dee"});
}

TEST_F(Rules, Rule174_ARowThatWasNeverSavedCannotBeReferredTo) {
    const Author unsaved{.name = "New"};
    EXPECT_THROW((void)Author({.name = "Fir", .mentor = unsaved}), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
    // A key that refers to another column is there already; the database refuses it.
    const Publisher unknown{.name = "New"};
    EXPECT_THROW(objects<Book>().create({.title = "Fir", .publisher = unknown}), kith::IntegrityError);
}

TEST_F(Rules, Rule176_RefreshForgetsEverythingThatWasLoaded) {
    const auto ash = objects<Book>()
                         .select_related("publisher", "cover")
                         .prefetch_related("authors", kith::Prefetch("reviews"_f, kith::None, "some_reviews"_f))
                         .get("title"_f = "Ash");
    objects<Book>().filter("id"_f = 1).update("pages"_f = 77);
    EXPECT_EQ(statements([&] { db_.refresh(*ash); }), 1u);
    EXPECT_EQ(ash->pages, 77);
    EXPECT_FALSE(ash->publisher.is_loaded());
    EXPECT_FALSE(ash->cover.is_loaded());
    EXPECT_FALSE(ash->authors.is_prefetched());
    EXPECT_FALSE(ash->some_reviews.is_loaded());
}

} // namespace rules_writes_test
