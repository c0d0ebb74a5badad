#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <vector>

namespace generic_relations_test {

using namespace kith::literals;
using travel::column;
using travel::expect_parts;
using travel::message_of;

namespace {

using Names = std::vector<std::string>;

struct Tag;
struct Sticker;

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseGeneric<Tag, "content"> tags{};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ForeignKey<Author, kith::null> author{};
    kith::ReverseGeneric<Tag, "content"> tags{};

    static constexpr kith::Table table{.name = "generic_book", .generic_type = "Book"};
};

struct Tag {
    kith::PrimaryKey<> id{};
    std::string label{};
    kith::GenericForeignKey<std::monostate, Book, Author> content{};
    kith::ReverseGeneric<Sticker, "on"> stickers{};

    static constexpr kith::Table table{.ordering = {"label"}};
};

/// A second step: what it is on may itself be on something. Never null.
struct Sticker {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::GenericForeignKey<Tag, Author> on{};
};

struct Parcel {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string name{};
};
struct Letter {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string name{};
};
struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Parcel, Letter> about{};
};

struct Naming {
    std::string operator()(const Book& book) const { return "book " + book.title; }
    std::string operator()(const Author& author) const { return "author " + author.name; }
    std::string operator()(const Tag& tag) const { return "tag " + tag.label; }
    std::string operator()(std::monostate) const { return "nothing"; }
};

/// Two authors with a book of the first one. Tags: "apt" and "new" on the book, "old" on the second author, "zero" on
/// nothing.
class GenericRelations : public travel::FileTest {
protected:
    GenericRelations() {
        db_.create_tables<Author, Book, Tag, Sticker>();
        db_.objects<Author>().bulk_create({{.name = "Ann"}, {.name = "Bob"}});
        const auto ann = db_.objects<Author>().get("name"_f = "Ann");
        const auto book = db_.objects<Book>().create({.title = "Elm", .author = ann});
        db_.objects<Tag>().create({.label = "new", .content = book});
        db_.objects<Tag>().create({.label = "apt", .content = book});
        db_.objects<Tag>().create({.label = "old", .content = db_.objects<Author>().get("name"_f = "Bob")});
        db_.objects<Tag>().create({.label = "zero"});
        log_.emplace(db_);
    }

    template <class Work>
    std::size_t statements(Work&& work) const {
        const auto before = log_->size();
        work();
        return log_->size() - before;
    }
    kith::QuerySet<Tag> tags() const { return db_.objects<Tag>(); }
    kith::Ref<Book> book() const { return db_.objects<Book>().get("title"_f = "Elm"); }
    kith::Ref<Author> author(const char* name) const { return db_.objects<Author>().get("name"_f = name); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

TEST_F(GenericRelations, Rule116_OneStatementForEachModelThatOccurs) {
    const auto all = tags().prefetch_related("content");
    EXPECT_EQ(statements([&] { EXPECT_EQ(all.size(), 4u); }), 3u);
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(all[0].content.visit(Naming{}), "book Elm");
                  EXPECT_EQ(all[2].content.visit(Naming{}), "author Bob");
                  EXPECT_EQ(all[3].content.visit(Naming{}), "nothing");
              }),
              0u);
    const auto of_books = tags().filter("label__in"_f = Names{"apt", "new", "zero"}).prefetch_related("content");
    EXPECT_EQ(statements([&] { (void)of_books.size(); }), 2u) << "no author occurs";
    const auto of_nothing = tags().filter("label"_f = "zero").prefetch_related("content");
    EXPECT_EQ(statements([&] { (void)of_nothing.size(); }), 1u);
}

TEST_F(GenericRelations, Rule118_ModelsWithTheSameKeysAreKeptApartAndRowsShared) {
    const auto all = tags().prefetch_related("content");
    EXPECT_EQ(all[0].content.get_if<Book>(), all[1].content.get_if<Book>());
    EXPECT_EQ(all[0].content.get_if<Author>(), nullptr);
    EXPECT_TRUE(all[2].content.holds<Author>());
    EXPECT_FALSE(all[2].content.holds<Book>());
    EXPECT_EQ(all[2].content.key(), author("Bob")->id);
}

TEST_F(GenericRelations, Rule118_KeysOfOtherTypes) {
    db_.create_tables<Parcel, Letter, Note>();
    const auto letter = db_.objects<Letter>().create({.name = "dear"});
    db_.objects<Note>().create({.about = letter});
    const auto notes = db_.objects<Note>().prefetch_related("about");
    EXPECT_EQ(notes[0].about.get_if<Letter>()->name, "dear");
    EXPECT_EQ(notes[0].about.key(), letter->id);
    EXPECT_FALSE(notes[0].about.holds<Parcel>());
}

TEST_F(GenericRelations, Rule119_WhatIsNullOrDeletedIsKnownToLeadNowhere) {
    const auto before = tags().filter("label"_f = "old");
    EXPECT_TRUE(before[0].content);
    // Past Kith, so that its tag stays.
    folder_.raw().run("DELETE FROM \"author\" WHERE \"name\" = 'Bob'");
    const auto all = tags().prefetch_related("content");
    (void)all.size();
    EXPECT_EQ(statements([&] {
                  EXPECT_TRUE(all[2].content == nullptr);
                  EXPECT_FALSE(all[2].content.is_null());
                  EXPECT_EQ(all[2].content.get_if<Author>(), nullptr);
                  EXPECT_EQ(all[2].content.visit(Naming{}), "nothing");
                  EXPECT_TRUE(all[3].content.is_null());
                  EXPECT_TRUE(all[3].content.is_loaded());
              }),
              0u);
}

TEST_F(GenericRelations, Rule120_TargetsComeWithoutADefaultQueryset) {
    const auto all = tags().prefetch_related("content");
    expect_parts(all.explain_loading(), {"content → Book  generic foreign key; 1 statement, 0 without keys",
                                         "content → Author  generic foreign key"});
}

TEST_F(GenericRelations, Rule121_WhatLiesBehindNeedsAQuerysetOfTheModel) {
    const auto message =
        message_of<kith::FieldError>([&] { (void)tags().prefetch_related(kith::runtime("content__author")); });
    expect_parts(message, {"Tag.content is a generic foreign key", "several models", "content__author"});
    const auto all =
        tags().prefetch_related(kith::Prefetch("content"_f, db_.objects<Book>().prefetch_related("author")));
    EXPECT_EQ(statements([&] { (void)all.size(); }), 4u) << "tags, books, their authors, authors";
    EXPECT_EQ(statements([&] { EXPECT_EQ(all[0].content.get_if<Book>()->author->name, "Ann"); }), 0u);
}

TEST_F(GenericRelations, Rule122_AnotherKeyIsAnotherRow) {
    const auto tag = tags().get("label"_f = "apt");
    EXPECT_EQ(tag->content.visit(Naming{}), "book Elm");
    tag->content.set_key<Author>(author("Ann")->id.value);
    EXPECT_EQ(statements([&] { EXPECT_EQ(tag->content.visit(Naming{}), "author Ann"); }), 1u);
    tag->content = author("Bob");
    EXPECT_EQ(statements([&] { EXPECT_EQ(tag->content.visit(Naming{}), "author Bob"); }), 0u);
    db_.refresh(*tag);
    EXPECT_EQ(tag->content.visit(Naming{}), "book Elm");
}

TEST_F(GenericRelations, Rule123_AQuerysetForEachModel) {
    const auto none = db_.objects<Author>().filter("name"_f = "Ann");
    const auto joined = db_.objects<Book>().select_related("author");
    const auto all = tags().prefetch_related(kith::Prefetch("content"_f, joined), kith::Prefetch("content"_f, none));
    EXPECT_EQ(statements([&] { (void)all.size(); }), 3u);
    EXPECT_EQ(statements([&] {
                  EXPECT_EQ(all[0].content.get_if<Book>()->author->name, "Ann");
                  EXPECT_EQ(all[2].content.visit(Naming{}), "nothing") << "the queryset has no Bob";
              }),
              0u);
    const auto twice = message_of<kith::ValueError>([&] {
        (void)tags().prefetch_related(kith::Prefetch("content"_f, joined), kith::Prefetch("content"_f, joined));
    });
    expect_parts(twice, {"'content' lookup was already seen with a different queryset"});
    const auto other = message_of<kith::ValueError>(
        [&] { (void)tags().prefetch_related(kith::Prefetch(kith::runtime("content"), tags())); });
    expect_parts(other, {"a QuerySet of Tag", "Tag.content does not lead to"});
}

TEST_F(GenericRelations, Rule124_APlainLookupAfterOneWithAQuerysetIsNoConflict) {
    const auto all =
        tags().prefetch_related(kith::Prefetch("content"_f, db_.objects<Book>().prefetch_related("author")), "content");
    EXPECT_EQ(statements([&] { (void)all.size(); }), 4u);
}

TEST_F(GenericRelations, Rule125_APrefetchIsForTheRowsOfItsModel) {
    const auto all = tags().prefetch_related(kith::Prefetch("content"_f, db_.objects<Book>().none()));
    EXPECT_EQ(statements([&] { (void)all.size(); }), 2u);
    EXPECT_EQ(all[0].content.visit(Naming{}), "nothing");
    EXPECT_EQ(all[2].content.visit(Naming{}), "author Bob");
}

TEST_F(GenericRelations, Rule126_LookupsOfTheQuerysetAreOfTheSameTree) {
    const auto all =
        tags().prefetch_related(kith::Prefetch("content"_f, db_.objects<Book>().prefetch_related("author__tags")));
    expect_parts(all.explain_loading(), {"    author → Author", "      tags → Tag  reverse of a generic foreign key"});
    EXPECT_EQ(statements([&] { (void)all.size(); }), 5u);
}

TEST_F(GenericRelations, Rule127_TheReverseEndTakesOneStatement) {
    const auto books = db_.objects<Book>().prefetch_related("tags");
    EXPECT_EQ(statements([&] { (void)books.size(); }), 2u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(column(books[0].tags.all(), &Tag::label), (Names{"apt", "new"})); }), 0u);
    const auto authors = db_.objects<Author>().order_by("name").prefetch_related("tags");
    EXPECT_EQ(column(authors[0].tags.all(), &Tag::label), Names{})
        << "Ann has the key of the book, whose tags are not hers";
    EXPECT_EQ(column(authors[1].tags.all(), &Tag::label), Names{"old"});
    EXPECT_EQ(statements([&] { EXPECT_EQ(book()->tags.count(), 2); }), 2u);
}

TEST_F(GenericRelations, Rule128_RowsOfTheSetLeadBack) {
    const auto books = db_.objects<Book>().prefetch_related("tags");
    EXPECT_EQ(books[0].tags.all()[0]->content.get_if<Book>(), &books[0]);
    EXPECT_EQ(statements([&] { EXPECT_EQ(books[0].tags.all()[1]->content.visit(Naming{}), "book Elm"); }), 0u);
}

TEST_F(GenericRelations, Rule129_FiltersOfThePrefetchStayOnTheSet) {
    const auto apt = tags().filter("label__startswith"_f = "a");
    const auto books = db_.objects<Book>().prefetch_related(kith::Prefetch("tags"_f, apt));
    EXPECT_EQ(column(books[0].tags.all(), &Tag::label), Names{"apt"});
    EXPECT_EQ(statements([&] { EXPECT_EQ(column(books[0].tags.filter("id__gt"_f = 0), &Tag::label), Names{"apt"}); }),
              1u);
    EXPECT_EQ(books[0].tags.filter("label"_f = "new").count(), 0);
}

TEST_F(GenericRelations, Rule130_RemovingFromTheSetDeletes) {
    const auto elm = book();
    const auto apt = tags().get("label"_f = "apt");
    EXPECT_EQ(statements([&] { elm->tags.remove(apt); }), 1u);
    EXPECT_EQ(column(tags(), &Tag::label), (Names{"new", "old", "zero"}));
    EXPECT_EQ(message_of<kith::DoesNotExist>([&] { elm->tags.remove(tags().get("label"_f = "old")); }).empty(), false);
    EXPECT_EQ(statements([&] { elm->tags.clear(); }), 1u);
    EXPECT_EQ(column(tags(), &Tag::label), (Names{"old", "zero"}));
    elm->tags.set(std::vector{tags().get("label"_f = "zero")});
    EXPECT_EQ(tags().get("label"_f = "zero")->content.visit(Naming{}), "book Elm");
    elm->tags.set(std::vector<kith::Ref<Tag>>{});
    EXPECT_EQ(column(tags(), &Tag::label), Names{"old"});
}

TEST_F(GenericRelations, Rule131_FetchModesApply) {
    const auto one = tags();
    EXPECT_EQ(statements([&] {
                  for (const auto& tag : one) (void)tag.content.visit(Naming{});
              }),
              4u)
        << "the tags, and each of the three that lead somewhere";
    const auto peers = tags().fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(statements([&] {
                  for (const auto& tag : peers) (void)tag.content.visit(Naming{});
              }),
              3u)
        << "the tags, the books of all, the authors of all";
    const auto blocked = tags().fetch_mode(kith::FetchMode::raise);
    expect_parts(message_of<kith::FetchBlocked>([&] { (void)blocked[0].content.get_if<Book>(); }), {"Tag.content"});
}

TEST_F(GenericRelations, AreWrittenToBothColumns) {
    EXPECT_EQ(folder_.raw().value("SELECT \"content_type\" FROM \"tag\" WHERE \"label\" = 'apt'"), "Book");
    EXPECT_EQ(folder_.raw().value("SELECT \"content_type\" FROM \"tag\" WHERE \"label\" = 'old'"), "author");
    EXPECT_EQ(folder_.raw().value("SELECT \"content_id\" FROM \"tag\" WHERE \"label\" = 'zero'"), "NULL");
    auto tag = tags().get("label"_f = "old");
    tag->content = book();
    EXPECT_EQ(statements([&] { db_.save(*tag); }), 1u);
    EXPECT_EQ(tags().get("label"_f = "old")->content.visit(Naming{}), "book Elm");
    tag->content = nullptr;
    db_.save(*tag);
    EXPECT_TRUE(tags().get("label"_f = "old")->content.is_null());
    EXPECT_EQ(folder_.raw().value("SELECT \"content_type\" FROM \"tag\" WHERE \"label\" = 'old'"), "NULL");
}

TEST_F(GenericRelations, OfOnesOwnRows) {
    Tag tag{.label = "mine", .content = book()};
    EXPECT_TRUE(tag.content.holds<Book>());
    EXPECT_EQ(statements([&] { EXPECT_EQ(tag.content.visit(Naming{}), "book Elm"); }), 0u);
    db_.save(tag);
    Tag copy(*tags().get("label"_f = "mine"));
    EXPECT_EQ(copy.content.visit(Naming{}), "book Elm");
    const auto alone = kith::detached(copy);
    EXPECT_EQ(alone.content.key(), book()->id);
    EXPECT_EQ(message_of<kith::NotLoaded>([&] { (void)alone.content.get_if<Book>(); }).empty(), false);
    const Book unsaved{.title = "?"};
    EXPECT_EQ(message_of<kith::ValueError>([&] { tag.content = unsaved; }).empty(), false);
}

TEST_F(GenericRelations, ThatMustNotBeNullAreRefused) {
    const auto message = message_of<kith::IntegrityError>([&] { db_.objects<Sticker>().create({.text = "?"}); });
    expect_parts(message, {"Sticker.on"});
    const Sticker sticker{.text = "?"};
    expect_parts(message_of<kith::DoesNotExist>([&] { (void)sticker.on.visit(Naming{}); }),
                 {"null foreign key was followed"});
}

TEST_F(GenericRelations, CreateAndAddThroughTheReverseEnd) {
    const auto elm = book();
    const auto made = elm->tags.create({.label = "made"});
    EXPECT_EQ(statements([&] { EXPECT_EQ(made->content.get_if<Book>(), elm.get()); }), 0u);
    auto old = tags().get("label"_f = "old");
    EXPECT_EQ(statements([&] { elm->tags.add(old); }), 1u);
    EXPECT_EQ(column(elm->tags.all(), &Tag::label), (Names{"apt", "made", "new", "old"}));
    const auto [found, created] = elm->tags.all().get_or_create("label"_f = "apt");
    EXPECT_FALSE(created);
}

TEST_F(GenericRelations, ConditionsGoThroughTheReverseEnd) {
    EXPECT_EQ(db_.objects<Book>().filter("tags__label"_f = "apt").count(), 1);
    EXPECT_EQ(db_.objects<Book>().filter("tags__label"_f = "old").count(), 0) << "that is an author's";
    EXPECT_EQ(column(db_.objects<Author>().filter("tags__label"_f = "old"), &Author::name), Names{"Bob"});
    EXPECT_EQ(column(db_.objects<Author>().exclude("tags__label"_f = "old"), &Author::name), Names{"Ann"});
    EXPECT_EQ(db_.objects<Book>().filter("author__tags__isnull"_f = true).count(), 1);
}

TEST_F(GenericRelations, ChainsOfThem) {
    const auto apt = tags().get("label"_f = "apt");
    db_.objects<Sticker>().create({.text = "look", .on = apt});
    const auto stickers =
        db_.objects<Sticker>().prefetch_related(kith::Prefetch("on"_f, tags().prefetch_related("content")));
    EXPECT_EQ(statements([&] { (void)stickers.size(); }), 3u);
    EXPECT_EQ(stickers[0].on.get_if<Tag>()->content.visit(Naming{}), "book Elm");
}

TEST_F(GenericRelations, RemovingARowRemovesWhatLeadsToIt) {
    const auto elm = book();
    EXPECT_EQ(statements([&] { db_.remove(*elm); }), 2u) << "its tags and the book, in one transaction";
    EXPECT_EQ(column(tags(), &Tag::label), (Names{"old", "zero"}));
    EXPECT_EQ(db_.objects<Author>().filter("name"_f = "Bob").remove(), 1);
    EXPECT_EQ(column(tags(), &Tag::label), Names{"zero"});
}

TEST_F(GenericRelations, ATypeThatIsNotKnownIsAnError) {
    folder_.raw().run("UPDATE \"tag\" SET \"content_type\" = 'shoe' WHERE \"label\" = 'apt'");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)tags().size(); }),
                 {"content_type of Tag holds 'shoe'", "Book, author"});
}

TEST_F(GenericRelations, WithRawStatementsAndStreams) {
    const auto raw = tags().raw("SELECT * FROM tag ORDER BY label");
    EXPECT_EQ(raw[2].content.visit(Naming{}), "author Bob");
    std::size_t seen = 0;
    EXPECT_EQ(statements([&] {
                  for (const Tag& tag : tags().prefetch_related("content").iterator({.chunk_size = 2})) {
                      seen += tag.content ? 1 : 0;
                  }
              }),
              1u + 1u + 1u)
        << "books in the first chunk, authors in the second";
    EXPECT_EQ(seen, 3u);
}

TEST_F(GenericRelations, OnRowsThatAreThere) {
    const auto all = tags();
    (void)all[0].content.visit(Naming{});
    EXPECT_EQ(statements([&] { kith::prefetch_related_objects(all, "content"); }), 2u);
    EXPECT_EQ(statements([&] { EXPECT_EQ(all[2].content.visit(Naming{}), "author Bob"); }), 0u);
}

TEST_F(GenericRelations, CopiesOfRowsGoTheirOwnWay) {
    const auto all = tags().prefetch_related("content");
    Tag copy(all[2]);
    EXPECT_EQ(copy.content.get_if<Author>(), all[2].content.get_if<Author>());
    copy.content = book();
    EXPECT_EQ(copy.content.visit(Naming{}), "book Elm");
    EXPECT_EQ(all[2].content.visit(Naming{}), "author Bob");
    Tag other(all[0]);
    other.content = copy.content;
    EXPECT_EQ(other.content.visit(Naming{}), "book Elm");
    other.content = all[3].content;
    EXPECT_TRUE(other.content.is_null());
}

} // namespace generic_relations_test
