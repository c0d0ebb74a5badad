#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <vector>

/// kith::Exists and kith::OuterRef.
namespace exists_test {

using namespace kith::literals;
using kith::Exists;
using kith::OuterRef;
using travel::expect_parts;
using travel::message_of;

namespace {

struct Book;

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    std::optional<int> rate{};
    kith::ForeignKey<Author, kith::null> mentor{};
    kith::ReverseSet<Book, "author"> books{};
    kith::Annotation<bool> has_books{};
    kith::Annotation<std::string> kind{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    int pages{};
    bool first{};
    kith::ForeignKey<Author> author{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

using Texts = std::vector<std::string>;

/// Ann wrote Tea and Ink, Bob wrote Ash; Cid, whom Ann teaches, wrote nothing.
class ExistsOf : public travel::FileTest {
protected:
    ExistsOf() {
        db_.create_tables<Author, Book>();
        const auto ann = authors().create({.name = "Ann", .rate = 101});
        const auto bob = authors().create({.name = "Bob"});
        authors().create({.name = "Cid", .rate = 1, .mentor = ann});
        books().create({.title = "Tea", .pages = 50, .author = ann});
        books().create({.title = "Ink", .pages = 150, .author = ann});
        books().create({.title = "Ash", .pages = 10, .author = bob});
    }
    kith::QuerySet<Author> authors() const { return db_.objects<Author>(); }
    kith::QuerySet<Book> books() const { return db_.objects<Book>(); }
    /// The books of the author outside.
    kith::QuerySet<Book> own() const { return books().filter("author"_f = OuterRef("pk")); }
    template <class... C>
    Texts find(C... conditions) const {
        return authors().filter(conditions...).template values_list<"name">();
    }
};

} // namespace

TEST_F(ExistsOf, IsACondition) {
    kith::QueryLog log(db_);
    EXPECT_EQ(find(Exists(own())), (Texts{"Ann", "Bob"}));
    EXPECT_EQ(log.size(), 1U);
    EXPECT_EQ(find(!Exists(own())), (Texts{"Cid"}));
    EXPECT_EQ(find(Exists(own().filter("pages__gt"_f = 20))), (Texts{"Ann"}));
    EXPECT_EQ(find(Exists(own()) && ("name"_f = "Bob")), (Texts{"Bob"}));
    EXPECT_EQ(find(("name"_f = "Cid") || Exists(own().filter("title"_f = "Ash"))), (Texts{"Bob", "Cid"}));
    EXPECT_EQ(authors().exclude(Exists(own())).values_list<"name">(), (Texts{"Cid"}));
    EXPECT_EQ(authors().filter(Exists(own())).count(), 2);
    EXPECT_EQ(authors().filter(Exists(own())).order_by("-name").first()->name, "Bob");
}

TEST_F(ExistsOf, OuterPathsMayBeNullAndLeadThroughRelations) {
    EXPECT_EQ(find(Exists(books().filter("pages__gt"_f = OuterRef("rate")))), (Texts{"Ann", "Cid"}));
    EXPECT_EQ(find(!Exists(books().filter("pages__gt"_f = OuterRef("rate")))), (Texts{"Bob"}));
    EXPECT_EQ(find(Exists(books().filter("author__name"_f = OuterRef("mentor__name")))), (Texts{"Cid"}));
    EXPECT_EQ(find(Exists(books().filter("pages"_f = OuterRef("rate") / 2))), (Texts{"Ann"}));
}

TEST_F(ExistsOf, OfTheSameModel) {
    EXPECT_EQ(find(Exists(authors().filter("mentor"_f = OuterRef("pk")))), (Texts{"Ann"}));
    EXPECT_EQ(find(Exists(authors().filter("name__gt"_f = OuterRef("name"), Exists(own())))), (Texts{"Ann"}));
    EXPECT_EQ(find(Exists(authors().filter("rate__lt"_f = OuterRef("rate")))), (Texts{"Ann"}));
}

TEST_F(ExistsOf, AnnotatesRows) {
    const auto annotated = authors().annotate("has_books"_f = Exists(own()));
    EXPECT_EQ(annotated.values_list<"has_books">(), (std::vector<bool>{true, true, false}));
    EXPECT_EQ(annotated.filter("has_books"_f = false).values_list<"name">(), (Texts{"Cid"}));
    EXPECT_TRUE(annotated[0].has_books);
    EXPECT_EQ(authors().annotate("has_books"_f = !Exists(own())).values_list<"has_books">(),
              (std::vector<bool>{false, false, true}));
    EXPECT_EQ(authors().annotate(kith::runtime("has_books") = Exists(own())).values_list<"has_books">()[2], false);
    EXPECT_EQ(authors()
                  .annotate("kind"_f = kith::Case(kith::When(Exists(own()), "writer")).otherwise("reader"))
                  .values_list<"kind">(),
              (Texts{"writer", "writer", "reader"}));
}

TEST_F(ExistsOf, ChoosesRowsToChange) {
    EXPECT_EQ(authors().filter(!Exists(own())).update("name"_f = "none"), 1);
    EXPECT_EQ(books()
                  .filter(Exists(authors().filter("id"_f = OuterRef("author"), "name"_f = "Ann")))
                  .update("pages"_f = "pages"_f + 1),
              2);
    EXPECT_EQ(
        books().filter(Exists(books().filter("author"_f = OuterRef("author"), "id__lt"_f = OuterRef("id")))).remove(),
        1);
    EXPECT_EQ(books().values_list<"title">(), (Texts{"Tea", "Ash"}));
    books().update("first"_f = !Exists(books().filter("id__lt"_f = OuterRef("id"))));
    EXPECT_EQ(books().values_list<"first">(), (std::vector<bool>{true, false}));
}

TEST_F(ExistsOf, SlicesAndEmptyQuerySets) {
    EXPECT_EQ(find(Exists(own().none())), (Texts{}));
    EXPECT_EQ(find(Exists(own().order_by("id").slice(1, 2))), (Texts{"Ann"}));
    books().filter("title"_f = "Ink").update("title"_f = "Tea");
    EXPECT_EQ(find(Exists(own().order_by("title").distinct().slice(1, 2))), (Texts{"Ann"}));
    EXPECT_EQ(find(Exists(own().order_by(kith::None).distinct().slice(1, 3))), (Texts{"Ann"}));
    EXPECT_EQ(find(Exists(own().distinct().slice(2, 3))), (Texts{}));
}

TEST_F(ExistsOf, InAPrefetch) {
    const auto longest =
        books().filter(!Exists(books().filter("author"_f = OuterRef("author"), "pages__gt"_f = OuterRef("pages"))));
    const auto loaded = authors().prefetch_related(kith::Prefetch("books"_f, longest));
    ASSERT_EQ(loaded[0].books.all().size(), 1U);
    EXPECT_EQ(loaded[0].books.all()[0]->title, "Ink");
    EXPECT_EQ(loaded[1].books.all()[0]->title, "Ash");
}

TEST_F(ExistsOf, OuterPathsAreChecked) {
    expect_parts(message_of<kith::ValueError>([&] { own().size(); }),
                 {"OuterRef(\"pk\")", "only be used in kith::Exists"});
    expect_parts(message_of<kith::ValueError>([&] { find(Exists(books().filter("title"_f = OuterRef("rate") + 1))); }),
                 {"Book.title", "OuterRef(\"rate\")", "types differ"});
    const auto like_own = books().filter("pages"_f = OuterRef("books__pages"));
    expect_parts(message_of<kith::FieldError>([&] { find(Exists(like_own)); }), {"books__pages", "through a set"});
    expect_parts(
        message_of<kith::FieldError>([&] { (void)authors().annotate("has_books"_f = Exists(like_own)).size(); }),
        {"books__pages", "through a set"});
    expect_parts(message_of<kith::FieldError>([&] { find(Exists(books().filter("author"_f = OuterRef("ident")))); }),
                 {"Author", "ident"});
    expect_parts(message_of<kith::ValueError>([&] { find(Exists(books().filter("pages"_f = OuterRef("name")))); }),
                 {"Book.pages", "OuterRef(\"name\")"});
    const auto other = kith::connect(folder_.url());
    expect_parts(message_of<kith::ValueError>([&] { find(Exists(other.objects<Book>())); }),
                 {"Exists", "another database"});
}

} // namespace exists_test
