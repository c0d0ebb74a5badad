#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace aggregates_test {

using namespace kith::literals;
using kith::Avg;
using kith::Case;
using kith::Count;
using kith::Decimal;
using kith::Max;
using kith::Min;
using kith::Sum;
using kith::When;
using travel::expect_parts;
using travel::message_of;

namespace {

struct Book;

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Author, kith::null> mentor{};
    kith::ReverseSet<Book, "author"> book_set{};
    kith::ReverseSet<Author, "mentor"> pupils{};
    kith::Annotation<std::int64_t> books{};
    kith::Annotation<std::int64_t> thick_books{};
    kith::Annotation<int> pupil_count{};
    kith::Annotation<std::int64_t> labels{};
    kith::Annotation<std::optional<std::int64_t>> pages{};
    kith::Annotation<std::optional<double>> mean_pages{};
    kith::Annotation<std::optional<Decimal>> worth{};
    kith::Annotation<std::optional<std::string>> last_title{};
    kith::Annotation<std::optional<kith::Date>> first_day{};
    kith::PrefetchedSet<Book> top_books{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Tag {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Book, "tags"> book_set{};
    kith::Annotation<std::int64_t> uses{};

    static constexpr kith::Table table{.ordering = {"name"}};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ForeignKey<Author> author{};
    int pages{};
    double weight{};
    Decimal price{};
    kith::Date day{};
    std::optional<std::int64_t> sold{};
    kith::ManyToMany<Tag> tags{};
    kith::Annotation<std::int64_t> label_count{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

using Numbers = std::vector<std::int64_t>;

/// Ann with three books (two tags, one tag, none), Bob with one, Cid, Ann's and Bob's pupil, with none.
class Aggregates : public travel::FileTest {
protected:
    Aggregates() {
        using namespace std::chrono;
        db_.create_tables<Author, Tag, Book>();
        const auto ann = db_.objects<Author>().create({.name = "Ann"});
        const auto bob = db_.objects<Author>().create({.name = "Bob", .mentor = ann});
        db_.objects<Author>().create({.name = "Cid", .mentor = ann});
        const auto red = db_.objects<Tag>().create({.name = "red"});
        const auto blue = db_.objects<Tag>().create({.name = "blue"});
        const auto book = [&](const char* title, const kith::Ref<Author>& author, int pages, const char* price,
                              int day_of) {
            return db_.objects<Book>().create({.title = title,
                                               .author = author,
                                               .pages = pages,
                                               .weight = pages / 4.0,
                                               .price = Decimal(price),
                                               .day = sys_days(2020y / January / day_of)});
        };
        const auto apples = book("Apples", ann, 100, "10.10", 3);
        apples->tags.add(red, blue);
        book("Birds", ann, 200, "0.05", 1)->tags.add(red);
        book("Clouds", ann, 300, "-2.15", 2);
        book("Dunes", bob, 50, "7", 9)->tags.add(blue);
        apples->sold = 7;
        db_.save(*apples);
        log_.emplace(db_);
    }
    std::size_t statements() const { return log_->size(); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

// ---- annotate

TEST_F(Aggregates, AnAnnotationIsComputedInTheMainStatement) {
    const auto authors = db_.objects<Author>().annotate("books"_f = Count("book_set"_f));
    EXPECT_EQ(statements(), 0u);
    Numbers books;
    for (const Author& author : authors) books.push_back(author.books);
    EXPECT_EQ(books, (Numbers{3, 1, 0}));
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, EachFunctionGivesItsTypeAndNullForNothing) {
    const auto authors =
        db_.objects<Author>().annotate("pages"_f = Sum("book_set__pages"_f), "mean_pages"_f = Avg("book_set__pages"_f),
                                       "worth"_f = Sum("book_set__price"_f), "last_title"_f = Max("book_set__title"_f),
                                       "first_day"_f = Min("book_set__day"_f));
    const Author& ann = authors[0];
    EXPECT_EQ(ann.pages, 600);
    EXPECT_DOUBLE_EQ(*ann.mean_pages, 200.0);
    EXPECT_EQ(*ann.worth, Decimal("8.00"));
    EXPECT_EQ(*ann.last_title, "Clouds");
    EXPECT_EQ(*ann.first_day, kith::Date(std::chrono::year(2020) / 1 / 1));
    const Author& cid = authors[2];
    EXPECT_FALSE(cid.pages.value().has_value() || cid.mean_pages.value() || cid.worth.value() ||
                 cid.last_title.value() || cid.first_day.value());
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, SeveralSetsDoNotMultiplyEachOther) {
    // Two pupils and three books with three labels would make six and nine of each other in one join.
    const auto authors = db_.objects<Author>().annotate(
        "books"_f = Count("book_set"_f), "pupil_count"_f = Count("pupils"_f), "labels"_f = Count("book_set__tags"_f));
    EXPECT_EQ(authors[0].books, 3);
    EXPECT_EQ(authors[0].pupil_count, 2);
    EXPECT_EQ(authors[0].labels, 3);
}

TEST_F(Aggregates, DistinctCountsEachValueOnce) {
    const auto ann = db_.objects<Author>().annotate("labels"_f = Count("book_set__tags"_f).distinct()).get("pk"_f = 1);
    EXPECT_EQ(ann->labels, 2);
}

TEST_F(Aggregates, AFilterOfItsOwnNarrowsWhatIsCounted) {
    const auto authors = db_.objects<Author>().annotate(
        "books"_f = Count("book_set"_f),
        "thick_books"_f = Count("book_set"_f).filter("book_set__pages__gte"_f = 200, !("book_set__title"_f = "Birds")));
    EXPECT_EQ(authors[0].books, 3);
    EXPECT_EQ(authors[0].thick_books, 1);
    EXPECT_EQ(authors[1].thick_books, 0);
    const auto red = db_.objects<Author>().annotate(
        "labels"_f = Count("book_set__tags"_f).filter("book_set__tags__name"_f = "red", "book_set__pages__lt"_f = 150));
    EXPECT_EQ(red[0].labels, 1);
}

TEST_F(Aggregates, FilterOfTheQuerySetDoesNotChangeWhatIsCounted) {
    for (const bool first : {true, false}) {
        const auto count = "books"_f = Count("book_set"_f);
        const auto all = db_.objects<Author>();
        const auto authors = first ? all.filter("book_set__title"_f = "Apples").annotate(count)
                                   : all.annotate(count).filter("book_set__title"_f = "Apples");
        ASSERT_EQ(authors.size(), 1u);
        EXPECT_EQ(authors[0].books, 3);
    }
}

TEST_F(Aggregates, AnnotationsCanBeFilteredOrderedAndListed) {
    const auto authors = db_.objects<Author>().annotate("books"_f = Count("book_set"_f));
    EXPECT_EQ(travel::keys_of(authors.filter("books__gte"_f = 1)), (Numbers{1, 2}));
    EXPECT_EQ(travel::keys_of(authors.exclude("books"_f = 3)), (Numbers{2, 3}));
    EXPECT_EQ(authors.filter(("books"_f = 0) || ("name"_f = "Ann")).count(), 2);
    EXPECT_TRUE(authors.filter("books__in"_f = {1, 5}).exists());
    EXPECT_EQ(authors.order_by("books").values_list<"books">(), (Numbers{0, 1, 3}));
    EXPECT_EQ((authors.order_by("-books", "name").values_list<"name", "books">()[0]),
              (std::tuple<std::string, std::int64_t>("Ann", 3)));
    EXPECT_EQ(authors.filter("books__lt"_f = "id"_f).count(), 2);
    EXPECT_EQ(authors.order_by("books").first()->books, 0);
    EXPECT_EQ(authors.order_by("books").last()->books, 3);
    EXPECT_EQ(authors.reverse().slice(0, 1)[0]->books, 0);
    EXPECT_EQ(authors.filter("books"_f = 0).update("name"_f = "Nobody"), 1);
    EXPECT_EQ(authors.filter("books"_f = 0).remove(), 1);
}

TEST_F(Aggregates, AnAnnotatedQuerySetServesAsASubquery) {
    const auto busy = db_.objects<Author>().annotate("books"_f = Count("book_set"_f)).filter("books__gt"_f = 1);
    EXPECT_EQ(db_.objects<Book>().filter("author__in"_f = busy).count(), 3);
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, APrefetchQuerysetCanBeAnnotated) {
    const auto labelled =
        db_.objects<Book>().annotate("label_count"_f = Count("tags"_f)).order_by("-label_count", "id");
    const auto authors = db_.objects<Author>().prefetch_related(
        kith::Prefetch("book_set"_f, labelled), kith::Prefetch("book_set"_f, labelled.slice(0, 2), "top_books"_f));
    EXPECT_EQ(authors[0].book_set.all()[0]->label_count, 2);
    ASSERT_EQ(authors[0].top_books.size(), 2u);
    EXPECT_EQ(authors[0].top_books[1].label_count, 1);
    EXPECT_EQ(statements(), 3u);
    // What is asked of such a set goes on from its queryset.
    EXPECT_EQ(authors[0].book_set.filter("label_count"_f = 0).count(), 1);

    const auto used = db_.objects<Tag>().annotate("uses"_f = Count("book_set"_f));
    const auto books = db_.objects<Book>().prefetch_related(kith::Prefetch("tags"_f, used));
    EXPECT_EQ(books[0].tags.all()[0]->uses, 2);
}

TEST_F(Aggregates, AnnotatedRowsStreamAndJoin) {
    Numbers books;
    for (const Author& author :
         db_.objects<Author>().annotate("books"_f = Count("book_set"_f)).select_related("mentor").iterator()) {
        books.push_back(author.books);
    }
    EXPECT_EQ(books, (Numbers{3, 1, 0}));
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, ASetCountsTheSelfRelationFromEachRow) {
    EXPECT_EQ((db_.objects<Author>().annotate("pupil_count"_f = Count("pupils"_f)).values_list<"pupil_count">()),
              (std::vector<int>{2, 0, 0}));
    const auto deep = db_.objects<Author>().annotate("books"_f = Count("pupils__book_set"_f));
    EXPECT_EQ(deep.values_list<"books">(), (Numbers{1, 0, 0}));
    // From a row through its own foreign key into a set: Ann's books, for her pupils.
    const auto up = db_.objects<Author>().annotate("books"_f = Count("mentor__book_set"_f));
    EXPECT_EQ(up.values_list<"books">(), (Numbers{0, 3, 3}));
}

TEST_F(Aggregates, AnnotatingAgainReplaces) {
    const auto authors =
        db_.objects<Author>().annotate("books"_f = Count("book_set"_f)).annotate("books"_f = Count("pupils"_f));
    EXPECT_EQ(authors[0].books, 2);
}

TEST_F(Aggregates, CopiesKeepTheValueAndWritesLeaveItAlone) {
    const auto authors = db_.objects<Author>().annotate("books"_f = Count("book_set"_f));
    Author copy = authors[0];
    EXPECT_EQ(copy.books, 3);
    copy.name = "Anna";
    db_.save(copy);
    db_.refresh(copy);
    EXPECT_EQ(copy.books, 3);
    EXPECT_EQ(kith::detached(authors[1]).books, 1);
}

TEST_F(Aggregates, ReadingWhatWasNotAnnotatedSaysWhatToAdd) {
    const auto authors = db_.objects<Author>();
    const auto message = message_of<kith::NotLoaded>([&] { (void)authors[0].books.value(); });
    expect_parts(message, {"Author.books", "annotate(\"books\"_f"});
    const Author copy = authors[0];
    EXPECT_FALSE(copy.books.is_loaded());
    expect_parts(message_of<kith::NotLoaded>([&] { (void)copy.books.value(); }), {"Author.books"});
    const Author made{};
    EXPECT_THROW((void)made.books.value(), kith::NotLoaded);
    EXPECT_THROW((void)kith::detached(copy).books.value(), kith::NotLoaded);
}

TEST_F(Aggregates, AnnotationsOfTheQuerySetAloneCanBeNamed) {
    const auto authors = db_.objects<Author>();
    expect_parts(message_of<kith::FieldError>([&] { (void)authors.filter("books__gt"_f = 1); }),
                 {"Author.books", "annotate"});
    expect_parts(message_of<kith::FieldError>([&] { (void)authors.order_by("books"); }), {"Author.books"});
    expect_parts(
        message_of<kith::FieldError>([&] { (void)db_.objects<Book>().filter(kith::runtime("author__books") = 1); }),
        {"Author.books"});
    EXPECT_THROW((void)authors.annotate("books"_f = Count("book_set"_f)).update(kith::runtime("books") = 1),
                 kith::FieldError);
}

TEST_F(Aggregates, NamesFromRunTimeAreCheckedAtOnce) {
    const auto authors = db_.objects<Author>();
    EXPECT_EQ((authors.annotate(kith::runtime("books") = Count(kith::runtime("book_set")))[0]->books), 3);
    const auto refused = [&](auto&& annotation) {
        return message_of<kith::FieldError>([&] { (void)authors.annotate(annotation); });
    };
    expect_parts(refused(kith::runtime("nothing") = Count("book_set"_f)), {"no member 'nothing'"});
    expect_parts(refused(kith::runtime("name") = Count("book_set"_f)), {"Author.name", "kith::Annotation"});
    expect_parts(refused("books"_f = Count(kith::runtime("name"))), {"aggregate over a set"});
    expect_parts(refused("pages"_f = Sum(kith::runtime("book_set__title"))), {"Book.title", "numbers"});
    expect_parts(refused("pages"_f = Max(kith::runtime("book_set__title"))), {"Author.pages"});
    expect_parts(refused(kith::runtime("books") = Sum("book_set__pages"_f)), {"Author.books", "NULL"});
    expect_parts(refused("books"_f = Count()), {"aggregate over a set"});
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, AFilterThroughAnotherSetIsRefused) {
    const auto authors =
        db_.objects<Author>().annotate("books"_f = Count("book_set"_f).filter("pupils__name"_f = "Cid"));
    EXPECT_THROW((void)authors.size(), kith::FieldError);
}

// ---- aggregate

TEST_F(Aggregates, AggregateComputesOverAllRowsInOneStatement) {
    const auto books = db_.objects<Book>();
    const auto [n, pages, mean, heaviest, worth, sold] =
        books.aggregate(Count(), Sum("pages"_f), Avg("pages"_f), Max("weight"_f), Sum("price"_f), Count("sold"_f));
    EXPECT_EQ(n, 4);
    EXPECT_EQ(pages, 650);
    EXPECT_DOUBLE_EQ(*mean, 162.5);
    EXPECT_DOUBLE_EQ(*heaviest, 75.0);
    EXPECT_EQ(worth, Decimal("15.00"));
    EXPECT_EQ(sold, 1);
    EXPECT_EQ(books.filter("title"_f = "Dunes").aggregate(Min("day"_f)), kith::Date(std::chrono::year(2020) / 1 / 9));
    EXPECT_EQ(statements(), 2u);
}

TEST_F(Aggregates, OfNothingIsNullAndCountIsZero) {
    const auto nothing = db_.objects<Book>().filter("title"_f = "Nothing");
    EXPECT_EQ(nothing.aggregate(Count()), 0);
    EXPECT_EQ(nothing.aggregate(Sum("price"_f)), std::nullopt);
    EXPECT_EQ(statements(), 2u);
    const auto [n, most] = db_.objects<Book>().none().aggregate(Count("id"_f), Max("pages"_f));
    EXPECT_EQ(n, 0);
    EXPECT_EQ(most, std::nullopt);
    EXPECT_EQ(statements(), 2u);
}

TEST_F(Aggregates, AggregatesThroughSetsDoNotMultiplyTheOthers) {
    const auto [authors, books, pages] =
        db_.objects<Author>().aggregate(Count("id"_f), Count("book_set"_f), Sum("book_set__pages"_f));
    EXPECT_EQ(authors, 3);
    EXPECT_EQ(books, 4);
    EXPECT_EQ(pages, 650);
    EXPECT_EQ(statements(), 1u);
}

TEST_F(Aggregates, TakesSlicesDistinctAndRelations) {
    const auto books = db_.objects<Book>();
    EXPECT_EQ(books.order_by("-pages").slice(0, 2).aggregate(Sum("pages"_f)), 500);
    EXPECT_EQ(books.aggregate(Count("author"_f).distinct()), 2);
    EXPECT_EQ(books.aggregate(Max("author__name"_f)), "Bob");
    EXPECT_EQ(db_.objects<Author>().filter("book_set__pages__gt"_f = 10).distinct().aggregate(Count()), 2);
    EXPECT_EQ(db_.objects<Author>().filter("book_set__pages__gt"_f = 10).aggregate(Count()), 4); // as count() does
    const auto ann = db_.objects<Author>().get("name"_f = "Ann");
    EXPECT_EQ(ann->book_set.all().aggregate(Sum("pages"_f)), 600);
}

TEST_F(Aggregates, AFilterThroughASetMultipliesNoOtherSet) {
    const auto authors = db_.objects<Author>().filter("book_set__pages__gt"_f = 10);
    EXPECT_EQ(authors.aggregate(Sum("book_set__pages"_f)), 650);
    EXPECT_EQ(authors.aggregate(Count("id"_f), Count("book_set"_f)), (std::tuple<std::int64_t, std::int64_t>{4, 4}));
    const auto tagged = db_.objects<Book>().filter("tags__name__in"_f = {"red", "blue"});
    EXPECT_EQ(tagged.aggregate(Count("tags"_f)), 4);
    EXPECT_EQ(tagged.exclude("tags__name"_f = "blue").aggregate(Count("tags"_f)), 1);
}

TEST_F(Aggregates, AConditionOfAnExpressionLeadsThroughItsSet) {
    const auto thick = Sum(Case(When("book_set__pages__gt"_f = 100, 1)).otherwise(0));
    EXPECT_EQ(db_.objects<Author>().aggregate(thick), 2);
    const auto pages = Sum(Case(When("book_set__pages__gt"_f = 100, "book_set__pages"_f)).otherwise(0));
    EXPECT_EQ(db_.objects<Author>().annotate("pages"_f = pages).values_list<"pages">(),
              (std::vector<std::optional<std::int64_t>>{500, 0, std::nullopt}));
    EXPECT_THROW((void)db_.objects<Author>().aggregate(
                     Sum(Case(When("book_set__pages__gt"_f = 100, "pupils__id"_f)).otherwise(0))),
                 kith::FieldError);
}

TEST_F(Aggregates, ASliceOfDistinctRowsIsASubselect) {
    const auto last = db_.objects<Author>().order_by("-name").distinct().slice(0, 2);
    EXPECT_EQ(last.aggregate(Sum("id"_f)), 5);
    EXPECT_EQ(last.aggregate(Count("id"_f), Count("book_set"_f)), (std::tuple<std::int64_t, std::int64_t>{2, 1}));
    EXPECT_EQ(db_.objects<Book>().filter("author__in"_f = last).count(), 1);
    const auto first = db_.objects<Author>().order_by("name").distinct().slice(0, 2);
    EXPECT_EQ(db_.objects<Book>().filter("author__in"_f = first).count(), 4);
}

TEST_F(Aggregates, EachAggregateHasItsOwnFilter) {
    const auto [thin, thick] =
        db_.objects<Book>().aggregate(Count().filter("pages__lt"_f = 150), Sum("pages"_f).filter("pages__gte"_f = 150));
    EXPECT_EQ(thin, 2);
    EXPECT_EQ(thick, 500);
}

TEST_F(Aggregates, AnnotationsCanBeAggregated) {
    const auto authors = db_.objects<Author>().annotate("books"_f = Count("book_set"_f));
    const auto [most, mean] = authors.aggregate(Max("books"_f), Avg("books"_f));
    EXPECT_EQ(most, 3);
    EXPECT_DOUBLE_EQ(*mean, 4.0 / 3);
    EXPECT_EQ(authors.order_by("-books").slice(0, 2).aggregate(Sum("books"_f)), 4);
    EXPECT_EQ(statements(), 2u);
}

TEST_F(Aggregates, SumsThatDoNotFitAreAnError) {
    db_.objects<Book>().update("sold"_f = std::int64_t{1} << 62);
    EXPECT_THROW((void)db_.objects<Book>().aggregate(Sum("sold"_f)), kith::DatabaseError);
}

TEST_F(Aggregates, ExcludingByASetOnTheRightKeepsEachRowOnce) {
    // "Not so that one of the books is called like the author", not "one of the books is not called so".
    db_.objects<Book>().filter("title"_f = "Birds").update("title"_f = "Ann");
    const auto others = db_.objects<Author>().exclude("name"_f = "book_set__title"_f);
    EXPECT_EQ(travel::keys_of(others), (Numbers{2, 3}));
}

TEST_F(Aggregates, DecimalsAreAddedExactly) {
    db_.objects<Book>().update("price"_f = Decimal("0.1"));
    EXPECT_EQ(db_.objects<Book>().slice(0, 3).aggregate(Sum("price"_f)), Decimal("0.3"));
    db_.objects<Book>().filter("pk"_f = 1).update("price"_f = Decimal("99999999999999999999.9"));
    EXPECT_EQ(db_.objects<Book>().filter("pk__lte"_f = 2).aggregate(Sum("price"_f)),
              Decimal("100000000000000000000.0"));
    EXPECT_EQ(db_.objects<Book>().aggregate(Max("price"_f)), Decimal("99999999999999999999.9"));
    db_.objects<Book>().filter("pk"_f = 1).update("price"_f = Decimal("-0.4"));
    EXPECT_EQ(db_.objects<Book>().aggregate(Sum("price"_f)), Decimal("-0.1"));
    EXPECT_EQ(db_.objects<Book>().aggregate(Count("price"_f).distinct()), 2);
}

} // namespace aggregates_test
