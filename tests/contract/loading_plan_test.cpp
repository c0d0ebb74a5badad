#include "support/press_test.hpp"

#include <kith/kith.hpp>

/// What QuerySet::loading_plan() says, before and after an evaluation.

namespace loading_plan_test {

using namespace kith::literals;
using namespace press;
using Source = kith::LoadingPlan::Source;
using Shape = kith::LoadingPlan::Shape;
using Isolation = kith::LoadingPlan::Isolation;

namespace {

class LoadingPlans : public PressTest {
protected:
    /// The lookup at `path`, in the names of members.
    static const kith::LoadingPlan::Lookup& at(const kith::LoadingPlan& plan, std::string_view path) {
        const auto* found = find(plan.lookups, path);
        if (found == nullptr) throw std::runtime_error("there is no lookup " + std::string(path) + ":\n" + plan.text());
        return *found;
    }

private:
    static const kith::LoadingPlan::Lookup* find(const std::vector<kith::LoadingPlan::Lookup>& lookups,
                                                 std::string_view path) {
        for (const auto& lookup : lookups) {
            if (lookup.path == path) return &lookup;
            if (const auto* behind = find(lookup.lookups, path)) return behind;
        }
        return nullptr;
    }
};

} // namespace

TEST_F(LoadingPlans, SayWhatIsAskedAndHow) {
    const auto books = objects<Book>()
                           .select_related("publisher")
                           .prefetch_related("authors__country",
                                             kith::Prefetch("reviews"_f, objects<Review>().filter("stars__gte"_f = 3),
                                                            "some_reviews"_f),
                                             "cover", "listings__shop");
    const auto plan = books.loading_plan();
    EXPECT_EQ(log_.size(), 0u);

    EXPECT_EQ(plan.model, "Book");
    EXPECT_EQ(plan.statements, 1u);
    EXPECT_FALSE(plan.is_evaluated);
    EXPECT_EQ(plan.isolation, Isolation::snapshot);
    ASSERT_EQ(plan.joined.size(), 1u);
    EXPECT_EQ(plan.joined[0].path, "publisher");
    EXPECT_EQ(plan.joined[0].model, "Publisher");

    const auto& authors = at(plan, "authors");
    EXPECT_EQ(authors.kind, "many-to-many");
    EXPECT_EQ(authors.model, "Author");
    EXPECT_EQ(authors.keys, Names{"press_book_authors.book_id"});
    EXPECT_EQ(authors.shape, Shape::join);
    EXPECT_EQ(authors.pairs_beyond, db_.options().pairs_threshold);
    EXPECT_EQ(authors.statements(0), 0u);
    EXPECT_EQ(authors.statements(db_.options().pairs_threshold), 1u);
    EXPECT_EQ(authors.statements(db_.options().pairs_threshold + 1), 2u);
    EXPECT_EQ(at(plan, "authors__country").keys, Names{"press_country.code"});

    const auto& reviews = at(plan, "some_reviews");
    EXPECT_EQ(reviews.member, "some_reviews");
    EXPECT_EQ(reviews.relation, "reviews");
    EXPECT_EQ(reviews.kind, "reverse of a foreign key");
    EXPECT_TRUE(reviews.has_queryset);
    EXPECT_FALSE(reviews.is_default_queryset);
    EXPECT_EQ(reviews.shape, Shape::related);
    EXPECT_EQ(reviews.keys, Names{"press_review.book_id"});
    EXPECT_EQ(at(plan, "cover").kind, "reverse of a one-to-one");
    EXPECT_EQ(at(plan, "listings__shop").keys, Names{"press_shop.name"}) << "the column that to_field names";
}

TEST_F(LoadingPlans, SayAfterwardsWhatWasTaken) {
    const auto books = objects<Book>().prefetch_related("authors__country", "cover");
    (void)books.size();
    const auto plan = books.loading_plan();
    EXPECT_TRUE(plan.is_evaluated);
    const auto& authors = at(plan, "authors");
    ASSERT_TRUE(authors.taken.has_value());
    EXPECT_EQ(authors.taken->shape, Shape::join);
    EXPECT_EQ(authors.taken->statements, 1u);
    EXPECT_EQ(authors.taken->keys, 4u);
    EXPECT_EQ(authors.taken->rows, 4u);
    EXPECT_EQ(at(plan, "authors__country").taken->keys, 2u);
    EXPECT_NE(plan.text().find("took 1 for 2 keys, 2 rows"), std::string::npos) << plan.text();

    const auto nobody = objects<Book>().filter("title"_f = "Yew").prefetch_related("authors__country");
    (void)nobody.size();
    EXPECT_FALSE(at(nobody.loading_plan(), "authors__country").taken.has_value()) << "there were no keys";
}

TEST_F(LoadingPlans, SayInWhichTransaction) {
    EXPECT_EQ(objects<Book>().loading_plan().isolation, Isolation::statement);
    EXPECT_EQ(objects<Book>().prefetch_related("cover").loading_plan().isolation, Isolation::snapshot);
    db_.atomic(
        [&] { EXPECT_EQ(objects<Book>().prefetch_related("cover").loading_plan().isolation, Isolation::transaction); });
}

TEST_F(LoadingPlans, NothingAsksNothing) {
    const auto plan =
        objects<Book>().none().prefetch_related(kith::Prefetch("reviews"_f, objects<Review>().none())).loading_plan();
    EXPECT_EQ(plan.statements, 0u);
    EXPECT_EQ(at(plan, "reviews").source, Source::nothing);
    EXPECT_EQ(at(plan, "reviews").statements(100), 0u);
}

TEST_F(LoadingPlans, AWayBackIsTheRowsAbove) {
    const auto plan = objects<Book>().prefetch_related("reviews__book__cover").loading_plan();
    EXPECT_EQ(at(plan, "reviews__book").source, Source::above);
    EXPECT_EQ(at(plan, "reviews__book").keys, Names{});
    EXPECT_EQ(at(plan, "reviews__book__cover").source, Source::statement);
}

TEST_F(LoadingPlans, WhatSelectRelatedJoinsOnTheWayBackIsTheRowsAbove) {
    // author__biography is the biography itself: the notes behind it are those that are loaded last.
    const auto lives =
        objects<Biography>()
            .select_related("author__biography")
            .prefetch_related(kith::Prefetch("author__biography__notes__biography"_f, objects<Biography>()),
                              "notes__biography__author");
    const auto plan = lives.loading_plan();
    EXPECT_EQ(at(plan, "author").source, Source::joined);
    EXPECT_EQ(at(plan, "author__biography").source, Source::above);
    EXPECT_EQ(at(plan, "notes__biography__author").source, Source::statement);
    ASSERT_EQ(lives.size(), 2u);
    std::size_t asked = 0;
    for (const auto& entry : log_.entries()) asked += entry.lookup == "notes__biography__author" ? 1 : 0;
    EXPECT_EQ(asked, 1u) << "the biographies of the notes were replaced by those of a queryset, which joins nothing";
}

TEST_F(LoadingPlans, WhatIsJoinedBeforeAWayBackIsJoined) {
    const auto covers = objects<Cover>().select_related("book__cover").prefetch_related("book__publisher");
    const auto plan = covers.loading_plan();
    EXPECT_EQ(at(plan, "book").source, Source::joined);
    ASSERT_EQ(covers.size(), 3u);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(LoadingPlans, RawStatementsHaveOne) {
    const auto rows = objects<Book>().raw("SELECT * FROM press_book").prefetch_related("cover");
    EXPECT_EQ(at(rows.loading_plan(), "cover").keys, Names{"press_cover.book_id"});
    EXPECT_EQ(log_.size(), 0u);
}

} // namespace loading_plan_test
