#include "support/dangling_keys.hpp"
#include "support/press_test.hpp"
#include "support/travel.hpp"

/// The rules of docs/django.md about streams, select_related, fetch modes, instances and databases.

namespace rules_streams_test {

using namespace kith::literals;
using namespace press;

TEST_F(Rules, Rule187_AStreamNeitherUsesNorFillsTheCache) {
    const auto books = objects<Book>().all();
    (void)books.size();
    std::size_t rows = 0;
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books.iterator()) rows += book.id > 0 ? 1 : 0;
              }),
              1u);
    EXPECT_EQ(rows, 4u);
}

TEST_F(Rules, Rule188_AStreamWithLookupsNeedsAChunkSize) {
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(travel::message_of<kith::ValueError>([&] { (void)books.iterator(); }),
              "chunk_size must be provided when using QuerySet.iterator() after prefetch_related().");
    EXPECT_NO_THROW((void)books.prefetch_related(kith::None).iterator());
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Rules, Rule189_AChunkHasARowAtLeast) {
    EXPECT_EQ(travel::message_of<kith::ValueError>([&] { (void)objects<Book>().iterator({.chunk_size = 0}); }),
              "Chunk size must be strictly positive.");
}

TEST_F(Rules, Rule190_EachChunkIsPrefetchedByItself) {
    const auto stream = [&](const kith::QuerySet<Book>& books, std::size_t chunk) {
        return statements([&] {
            for (const Book& book : books.iterator({.chunk_size = chunk})) (void)book.publisher.is_null();
        });
    };
    const auto books = objects<Book>().prefetch_related("authors");
    EXPECT_EQ(stream(books, 2), 3u);
    EXPECT_EQ(stream(books, 3), 3u);
    EXPECT_EQ(stream(books, 1), 5u);
    EXPECT_EQ(stream(books.filter("pages"_f = -1), 2), 1u);
    std::vector<kith::Ref<Publisher>> publishers;
    for (Book& book : objects<Book>().prefetch_related("publisher").iterator({.chunk_size = 1})) {
        if (book.publisher != nullptr)
            publishers.push_back(kith::Ref<Publisher>(kith::detail::RowHandle(&*book.publisher)));
    }
    EXPECT_EQ(publishers[0]->name, publishers[1]->name);
    EXPECT_NE(&*publishers[0], &*publishers[1]) << "chunks share no instances";
}

TEST_F(Rules, Rule192_WithoutLookupsTheChunkSizeCostsNothing) {
    EXPECT_EQ(statements([&] {
                  for (const Book& book : objects<Book>().iterator({.chunk_size = 1})) (void)book.id;
              }),
              1u);
}

// ---- select_related

TEST_F(Rules, Rule197_NullableRelationsAreJoinedOuterAndOthersInner) {
    const auto listings = objects<Listing>().select_related("book__publisher", "shop");
    EXPECT_EQ(listings[0].book->publisher->name, "Acorn");
    EXPECT_TRUE(last_has("INNER JOIN \"press_book\"")) << last_sql();
    EXPECT_TRUE(last_has("LEFT OUTER JOIN \"press_publisher\"")) << last_sql();
    (void)objects<Review>().select_related("book__publisher").size();
    EXPECT_TRUE(last_has("LEFT OUTER JOIN \"press_book\""))
        << last_sql() << " and what is below an outer join is outer";
    (void)objects<Book>().select_related("publisher").filter("publisher__name"_f = "Acorn").size();
    const auto filtered = objects<Review>().select_related("book").filter("book__title"_f = "Ash");
    EXPECT_EQ(filtered.size(), 2u);
    EXPECT_TRUE(last_has("INNER JOIN \"press_book\"")) << last_sql() << " because the condition needs a row";
    EXPECT_FALSE(last_has("OUTER")) << last_sql() << " and the join serves both";
    (void)objects<Author>().select_related("mentor").size();
    EXPECT_TRUE(last_has("LEFT OUTER JOIN \"press_author\" AS \"T2\"")) << last_sql();
}

TEST_F(Rules, Rule198_PathsTakeEveryStepAndCallsAddUp) {
    const auto authors = objects<Author>().select_related("mentor__country").select_related("biography");
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(authors[1].mentor.is_loaded());
                  EXPECT_EQ(authors[1].mentor->country->name, "France");
                  EXPECT_EQ(authors[1].biography->text, "B life");
              }),
              1u);
    const auto cleared = authors.select_related(kith::None);
    EXPECT_FALSE(cleared[1].mentor.is_loaded());
}

TEST_F(Rules, Rule200_AJoinedNullIsKnownToBeNone) {
    const auto books = objects<Book>().select_related("publisher", "cover");
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(books[3].publisher == nullptr);
                  EXPECT_TRUE(books[3].cover == nullptr);
                  EXPECT_THROW((void)books[3].cover->colour, kith::DoesNotExist);
              }),
              1u);
}

TEST_F(Rules, Rule201_JoinedRowsAreShared) {
    const auto books = objects<Book>().select_related("publisher");
    EXPECT_EQ(&*books[0].publisher, &*books[1].publisher);
    EXPECT_FALSE(books[0].publisher->books.is_prefetched());
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Rules, Rule202_OnlyRelationsToOneRowAreJoined) {
    EXPECT_THROW((void)objects<Book>().select_related(kith::runtime("title")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().select_related(kith::runtime("authors")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().select_related(kith::runtime("publisher__books")), kith::FieldError);
    EXPECT_THROW((void)objects<Book>().select_related(kith::runtime("nothing")), kith::FieldError);
    EXPECT_EQ(log_.size(), 0u);
}

// ---- fetch modes

TEST_F(Rules, Rule204_TheModeBelongsToTheQuerySetAndOneIsTheDefault) {
    const auto books = objects<Book>().all();
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books) (void)(book.publisher != nullptr ? book.publisher->name : "");
              }),
              3u);
    const auto peers = objects<Book>().fetch_mode(kith::FetchMode::peers).filter("id__gt"_f = 0);
    (void)peers.size();
    EXPECT_EQ(statements([&] {
                  for (const Book& book : peers) (void)(book.publisher != nullptr ? book.publisher->name : "");
              }),
              1u);
}

TEST_F(Rules, Rule205_TheModeGovernsSetsToo) {
    const auto books = objects<Book>().fetch_mode(kith::FetchMode::peers);
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books) (void)book.authors.all().size();
              }),
              1u);
    const auto strict = objects<Book>().fetch_mode(kith::FetchMode::raise);
    EXPECT_THROW((void)strict[0].authors.all().size(), kith::FetchBlocked);
}

TEST_F(Rules, Rule206_WhereNothingIsToBeLoadedTheModeIsNotAsked) {
    const auto strict = objects<Book>().fetch_mode(kith::FetchMode::raise).prefetch_related("authors");
    EXPECT_TRUE(strict[3].publisher == nullptr);
    EXPECT_EQ(strict[0].authors.count(), 2);
    EXPECT_EQ(strict[0].publisher.key(), "Acorn");
}

TEST_F(Rules, Rule207_PeersAreTheRowsOfOneEvaluationOrOneChunk) {
    const auto books = objects<Book>().fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books.iterator({.chunk_size = 2})) (void)book.authors.all().size();
              }),
              3u);
    EXPECT_EQ(log_[1].parameters[0], "<2 keys: 1, 2>");
    const auto first = books.slice(0, 1);
    const auto rest = books.slice(1, 4);
    (void)rest.size();
    EXPECT_EQ(statements([&] { (void)first[0].authors.all().size(); }), 2u);
    EXPECT_EQ(log_[log_.size() - 1].parameters[0], "1") << "the rows of another QuerySet are none";
}

TEST_F(Rules, Rule208_PeersAreLoadedByOneStatement) {
    const auto books = objects<Book>().fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books) (void)(book.cover == nullptr);
              }),
              2u);
    EXPECT_EQ(log_[1].parameters[0], "<4 keys: 1, 2, 3, 4>");
}

TEST_F(Rules, Rule210_RaiseNamesTheRelationAndTheLineToAdd) {
    const auto books = objects<Book>().fetch_mode(kith::FetchMode::raise);
    const auto message = travel::message_of<kith::FetchBlocked>([&] { (void)books[0].publisher->name; });
    travel::expect_parts(message, {"Fetching of Book.publisher blocked", ".select_related(\"publisher\")"});
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Rules, Rule211_TheModeIsCopiedToWhatIsLoadedThroughARow) {
    const auto authors = objects<Author>().fetch_mode(kith::FetchMode::peers).prefetch_related("books");
    (void)authors.size();
    EXPECT_EQ(statements([&] {
                  for (const Author& author : authors) {
                      for (const Book& book : author.books.all()) (void)(book.cover == nullptr);
                  }
              }),
              1u);
}

TEST_F(Rules, Rule212_AQuerysetOfAPrefetchKeepsItsOwnMode) {
    const auto strict = objects<Book>().fetch_mode(kith::FetchMode::raise);
    const auto authors = objects<Author>().prefetch_related(kith::Prefetch("books"_f, strict));
    EXPECT_THROW((void)authors[0].books.all()[0]->publisher->name, kith::FetchBlocked);
    EXPECT_NO_THROW((void)authors[0].country->name);
}

TEST_F(Rules, Rule213_JoinedRowsHavePeers) {
    const auto books = objects<Book>().fetch_mode(kith::FetchMode::peers).select_related("publisher");
    (void)books.size();
    EXPECT_EQ(statements([&] {
                  for (const Book& book : books) {
                      if (book.publisher != nullptr) (void)book.publisher->books.all().size();
                  }
              }),
              1u);
}

TEST_F(Rules, Rule214_ADanglingKeyDoesNotExistInEveryMode) {
    const travel::TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    create_tables(db);
    const auto raw = folder.raw();
    travel::allow_dangling_keys(raw);
    raw.run("INSERT INTO press_book (id, title, pages, publisher_id) VALUES (1, 'A', 9, 'Gone'), (2, 'B', 9, 'Gone')");
    for (const auto mode : {kith::FetchMode::one, kith::FetchMode::peers}) {
        const auto books = db.objects<Book>().fetch_mode(mode);
        EXPECT_THROW((void)books[0].publisher->name, kith::DoesNotExist);
    }
}

TEST(RulesOfADatabase, Rule216_ADatabaseHasAModeOfItsOwn) {
    const auto db = kith::connect("sqlite::memory:", {.fetch_mode = kith::FetchMode::raise});
    fill(db);
    const auto books = db.objects<Book>().all();
    EXPECT_THROW((void)books[0].publisher->name, kith::FetchBlocked);
    const auto allowed = db.objects<Book>().fetch_mode(kith::FetchMode::one);
    EXPECT_EQ(allowed[0].publisher->name, "Acorn");
}

// ---- instances

TEST_F(Rules, Rule217_TwoLevelsBackAreNewInstances) {
    const auto books = objects<Book>().prefetch_related("publisher__books");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 3u);
    const auto again = books[0].publisher->books.all()[0];
    EXPECT_EQ(again->id, books[0].id);
    EXPECT_NE(&*again, &books[0]);
}

TEST_F(Rules, Rule218_TheMainRowsAreNotUsedAsTargets) {
    const auto authors = objects<Author>().prefetch_related("mentor");
    EXPECT_EQ(authors[1].mentor->id, authors[0].id);
    EXPECT_NE(&*authors[1].mentor, &authors[0]);
}

// ---- databases

TEST_F(Rules, Rule220_LookupsAskTheDatabaseOfTheirRows) {
    const auto other = kith::connect("sqlite::memory:");
    fill(other);
    const kith::QueryLog log(other);
    const auto books = objects<Book>().prefetch_related("authors").on(other);
    EXPECT_EQ(books[0].authors.count(), 2);
    EXPECT_EQ(log.size(), 2u);
    EXPECT_EQ(books[0].publisher->name, "Acorn");
    EXPECT_EQ(log.size(), 3u);
    EXPECT_EQ(log_.size(), 0u);
}

// ---- and besides

TEST_F(Rules, Rule229_KeysOfAnyNumberAreOneParameterAndTheTextIsConstant) {
    std::vector<Shop> shops;
    for (int i = 0; i < 40'000; ++i) shops.push_back({.name = "shop " + std::to_string(i)});
    (void)objects<Shop>().filter("id"_f = 1).prefetch_related("listings").size();
    const auto text = last_sql();
    objects<Shop>().bulk_create(shops);
    EXPECT_EQ(statements([&] { (void)objects<Shop>().prefetch_related("listings").size(); }), 2u);
    EXPECT_EQ(last_sql(), text);
    EXPECT_EQ(log_[log_.size() - 1].parameters.size(), 1u);
}

TEST(RulesInAFile, Rule231_TheMainRowsAndTheirLookupsSeeOneState) {
    const travel::TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    fill(db);
    const auto other = folder.raw();
    // A statement observer stands between the main statement and its lookup.
    bool deleted = false;
    const auto token = db.on_query([&](const auto&) {
        if (std::exchange(deleted, true)) return;
        other.run("DELETE FROM press_review");
    });
    const auto books = db.objects<Book>().prefetch_related("reviews");
    EXPECT_EQ(books[0].reviews.count(), 2) << "deleted after the main statement, and seen all the same";
    EXPECT_EQ(db.objects<Review>().count(), 0);
}

} // namespace rules_streams_test
