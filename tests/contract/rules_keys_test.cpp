#include "support/dangling_keys.hpp"
#include "support/press_test.hpp"
#include "support/travel.hpp"

/// The rules of docs/django.md about foreign keys, in both directions.

namespace rules_keys_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule065_ForwardPrefetchAsksForDistinctKeysOnce) {
    const auto books = objects<Book>().prefetch_related("publisher");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
    EXPECT_EQ(log_[1].parameters[0], "<2 keys: 'Acorn', 'Birch'>") << "neither a key twice nor the null one";
    const auto yew = objects<Book>().filter("title"_f = "Yew").prefetch_related("publisher");
    EXPECT_EQ(statements([&] { EXPECT_TRUE(yew[0].publisher == nullptr); }), 1u) << "only nulls: no statement";
    EXPECT_TRUE(yew[0].publisher.is_loaded());
}

TEST_F(Rules, Rule066_ForwardPrefetchDoesNotJoinTheSource) {
    (void)objects<Review>().prefetch_related("reviewer").size();
    EXPECT_FALSE(last_has("press_review")) << last_sql() << " (a key to which no set leads back)";
    (void)objects<Book>().prefetch_related("publisher").size();
    EXPECT_FALSE(last_has("press_book")) << last_sql() << " (a key that refers to another column)";
}

TEST_F(Rules, Rule067_ForwardPrefetchDropsOrdering) {
    (void)objects<Book>().prefetch_related("publisher").size();
    EXPECT_FALSE(last_has("ORDER BY")) << last_sql();
    const auto sorted = objects<Publisher>().order_by("-name");
    (void)objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, sorted)).size();
    EXPECT_FALSE(last_has("ORDER BY")) << last_sql();
    (void)objects<Biography>().prefetch_related("author").size();
    EXPECT_FALSE(last_has("ORDER BY")) << last_sql();
}

TEST_F(Rules, Rule069_RowsWithTheSameKeyShareOneInstance) {
    const auto books = objects<Book>().prefetch_related("publisher");
    EXPECT_EQ(&*books[0].publisher, &*books[1].publisher);
    EXPECT_NE(&*books[0].publisher, &*books[2].publisher);
}

TEST_F(Rules, Rule070_AKeyThatNoRowHasIsKnownToLeadNowhere) {
    const travel::TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    create_tables(db);
    const auto raw = folder.raw();
    travel::allow_dangling_keys(raw);
    raw.run("INSERT INTO press_book (id, title, pages, publisher_id) VALUES (1, 'Lost', 9, 'Gone')");
    kith::QueryLog log(db);
    const auto books = db.objects<Book>().prefetch_related("publisher");
    EXPECT_FALSE(books[0].publisher.is_null());
    EXPECT_TRUE(books[0].publisher == nullptr);
    travel::expect_parts(travel::message_of<kith::DoesNotExist>([&] { (void)books[0].publisher->name; }),
                         {"Publisher matching query does not exist", "Gone"});
    EXPECT_EQ(log.size(), 2u) << "and nothing later";
}

TEST_F(Rules, Rule071_AQuerysetThatLeavesTheTargetOutIsTheSame) {
    const auto acorns = objects<Publisher>().filter("name"_f = "Acorn");
    const auto books = objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, acorns));
    EXPECT_TRUE(books[2].publisher == nullptr);
    EXPECT_THROW((void)books[2].publisher->name, kith::DoesNotExist);
    EXPECT_EQ(books[2].publisher.key(), "Birch");
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Rules, Rule072_ASlotForOneRowLeavesTheRelationAlone) {
    const auto books = objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, kith::None, "some_publisher"_f));
    EXPECT_EQ(books[0].some_publisher->name, "Acorn");
    EXPECT_TRUE(books[3].some_publisher == nullptr);
    EXPECT_FALSE(books[0].publisher.is_loaded());
    EXPECT_EQ(statements([&] { (void)books[0].publisher->name; }), 1u);
}

TEST_F(Rules, Rule073_ForwardPrefetchFillsNoSetOfTheTarget) {
    const auto books = objects<Book>().prefetch_related("publisher");
    EXPECT_FALSE(books[0].publisher->books.is_prefetched());
}

TEST_F(Rules, Rule074_AKeyMayReferToAnotherColumn) {
    const auto books = objects<Book>().prefetch_related("publisher");
    EXPECT_EQ(books[2].publisher->name, "Birch");
    EXPECT_EQ(books[2].publisher.key(), "Birch");
    EXPECT_TRUE(last_has("\"press_publisher\".\"name\" = ")) << last_sql();
}

TEST_F(Rules, Rule075_ReadingAKeyLoadsItOnce) {
    const auto books = objects<Book>().all();
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(books[0].publisher->name, "Acorn");
                  EXPECT_EQ(books[0].publisher->name, "Acorn");
              }),
              1u);
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(books[3].publisher == nullptr);
                  EXPECT_THROW((void)books[3].publisher->name, kith::DoesNotExist);
              }),
              0u);
}

TEST_F(Rules, Rule076_AssigningARowSetsTheKeyAndKeepsTheRow) {
    const auto yew = row<Book>("Yew");
    const auto birch = row<Publisher>("Birch");
    EXPECT_EQ(statements([&] {
                  yew->publisher = birch;
                  EXPECT_EQ(yew->publisher.key(), "Birch");
                  EXPECT_EQ(&*yew->publisher, &*birch);
                  yew->publisher = nullptr;
                  EXPECT_TRUE(yew->publisher.is_null());
              }),
              0u);
}

TEST_F(Rules, Rule077_ChangingTheKeyForgetsTheRow) {
    const auto ash = objects<Book>().select_related("publisher").get("title"_f = "Ash");
    ash->publisher.set_key("Birch");
    EXPECT_FALSE(ash->publisher.is_loaded());
    EXPECT_EQ(statements([&] { EXPECT_EQ(ash->publisher->name, "Birch"); }), 1u);
}

// ---- the other direction

TEST_F(Rules, Rule080_ReversePrefetchAsksTheChildrenAloneAndGivesEmptySets) {
    const auto countries = objects<Country>().prefetch_related("authors");
    EXPECT_EQ(statements([&] { (void)countries.size(); }), 2u);
    EXPECT_FALSE(last_has("press_country")) << last_sql();
    EXPECT_TRUE(countries[2].authors.is_prefetched());
    EXPECT_TRUE(countries[2].authors.all().empty());
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Rules, Rule081_ChildrenKeepTheOrderOfTheirModelOrQueryset) {
    const auto biographies = objects<Biography>().prefetch_related("notes");
    EXPECT_EQ(names_of(biographies[0].notes.all()), (Names{"second", "first"}));
    const auto by_text = objects<Note>().order_by("text");
    const auto again = objects<Biography>().prefetch_related(kith::Prefetch("notes"_f, by_text));
    EXPECT_EQ(names_of(again[0].notes.all()), (Names{"first", "second"}));
}

TEST_F(Rules, Rule083_ChildrenLeadBackToTheirParentUnlessSomethingIsThere) {
    const auto publishers = objects<Publisher>().prefetch_related("books");
    for (const Book& book : publishers[0].books.all()) EXPECT_EQ(&*book.publisher, &publishers[0]);
    EXPECT_EQ(log_.size(), 2u);
    const auto joined =
        objects<Publisher>().prefetch_related(kith::Prefetch("books"_f, objects<Book>().select_related("publisher")));
    EXPECT_NE(&*joined[0].books.all()[0]->publisher, &joined[0]) << "what the queryset brought wins";
    const auto acorns = objects<Publisher>().filter("name"_f = "Acorn");
    const auto nested = objects<Publisher>().prefetch_related(
        kith::Prefetch("books"_f, objects<Book>().prefetch_related(kith::Prefetch("publisher"_f, acorns))));
    EXPECT_EQ(statements([&] { (void)nested.size(); }), 3u);
    EXPECT_NE(&*nested[0].books.all()[0]->publisher, &nested[0]);
    EXPECT_TRUE(nested[1].books.all()[0]->publisher == nullptr) << "left out by the queryset";
}

TEST_F(Rules, Rule084_ChildrenOfDuplicateParentsLeadToTheFirst) {
    const auto acorn = row<Publisher>("Acorn");
    const auto again = row<Publisher>("Acorn");
    kith::prefetch_related_objects(std::vector<kith::Ref<Publisher>>{acorn, again}, "books");
    EXPECT_EQ(&*acorn->books.all()[0]->publisher, &*acorn);
    EXPECT_EQ(&*again->books.all()[0]->publisher, &*acorn);
}

TEST_F(Rules, Rule085_DuplicateParentsEachSeeAllChildren) {
    const auto acorn = row<Publisher>("Acorn");
    const auto again = row<Publisher>("Acorn");
    kith::prefetch_related_objects(std::vector<kith::Ref<Publisher>>{acorn, again}, "books");
    EXPECT_EQ(names_of(acorn->books.all()), (Names{"Ash", "Elm"}));
    EXPECT_EQ(names_of(again->books.all()), (Names{"Ash", "Elm"}));
    EXPECT_EQ(&*acorn->books.all()[0], &*again->books.all()[0]) << "one instance for both";
}

TEST_F(Rules, Rule086_RowsOfAnUnloadedSetLeadBackToItsOwner) {
    const auto acorn = row<Publisher>("Acorn");
    const auto all = acorn->books.all();
    EXPECT_EQ(statements([&] {
                  for (const Book& book : all) {
                      EXPECT_EQ(&*book.publisher, &*acorn);
                  }
              }),
              1u);
    const auto long_ones = acorn->books.filter("pages__gt"_f = 150);
    EXPECT_EQ(statements([&] {
                  for (const Book& book : long_ones) {
                      EXPECT_EQ(&*book.publisher, &*acorn);
                  }
              }),
              1u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(&*acorn->books.order_by("-pages").first()->publisher, &*acorn); }), 1u);
    EXPECT_EQ(statements([&] {
                  for (const Book& book : acorn->books.order_by("id").iterator()) {
                      EXPECT_EQ(&*book.publisher, &*acorn);
                  }
              }),
              1u);
    const auto joined = acorn->books.order_by("id").select_related("publisher");
    EXPECT_NE(&*joined[0].publisher, &*acorn) << "what was joined stays";
}

TEST_F(Rules, Rule087_TheParentsKeyMayBeAnotherColumn) {
    const auto publishers = objects<Publisher>().prefetch_related("books");
    EXPECT_EQ(publishers[0].books.count(), 2);
    EXPECT_EQ(log_[1].parameters[0], "<2 keys: 'Acorn', 'Birch'>");
    EXPECT_TRUE(last_has("\"press_book\".\"publisher_id\" = ")) << last_sql();
}

TEST_F(Rules, Rule088_ASetOfAnUnsavedRowIsRefused) {
    const Publisher publisher{.name = "New"};
    EXPECT_THROW((void)publisher.books.all().size(), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

} // namespace rules_keys_test
