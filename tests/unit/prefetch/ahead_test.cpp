#include "backend/sqlite/dialect.hpp"
#include "prefetch/ahead.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ahead {

/// A view: its rows may be others each time.
struct Summary {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<library::Author> author{};

    static constexpr kith::Table table{.read_only = true};
};

} // namespace ahead

namespace kith::test {
namespace {

using namespace library;
using namespace std::chrono_literals;
using prefetch::Choice;
using prefetch::Circumstances;
using Reason = Choice::Reason;

/// Which lookups go ahead on a database that sends statements together.
class Ahead {
public:
    template <class M>
    explicit Ahead(const QuerySet<M>& queryset, LoadStrategy strategy = LoadStrategy::one_trip,
                   const Circumstances& circumstances = {.sends_together = true, .one_state = true})
        : query_(queryset.handle().query()),
          plan_(prefetch::plan_ahead(*query_, strategy, backend::sqlite::Dialect(false), circumstances)) {}

    Names paths() const {
        Names paths;
        for (const auto& lookup : plan_.lookups) paths.push_back(lookup.node->path);
        return paths;
    }
    /// Those whose keys are known.
    Names with_keys() const {
        Names paths;
        for (const auto& lookup : plan_.lookups) {
            if (lookup.from.keys != nullptr) paths.push_back(lookup.node->path);
        }
        return paths;
    }
    bool are_all() const { return plan_.are_all; }
    const Choice& choice() const { return plan_.choice; }

private:
    std::shared_ptr<const detail::Query> query_;
    prefetch::AheadPlan plan_;
};

template <class M>
QuerySet<M> rows() {
    return memory().objects<M>();
}

TEST(AheadPlan, GoesDownTheTree) {
    const Ahead ahead(rows<Author>().prefetch_related("books__loans", "mentor"));
    EXPECT_EQ(ahead.paths(), (Names{"books", "books__loans", "mentor"}));
    EXPECT_EQ(ahead.with_keys(), Names());
    EXPECT_TRUE(ahead.are_all());
    EXPECT_EQ(ahead.choice().strategy, LoadStrategy::one_trip);
    EXPECT_EQ(ahead.choice().reason, Reason::set);
}

TEST(AheadPlan, LeavesOutWhatCannotBeMatchedByKey) {
    const Ahead ahead(rows<Author>().prefetch_related("country__authors", "books"));
    EXPECT_EQ(ahead.paths(), Names{"books"}) << "a country has a text as its key";
    EXPECT_FALSE(ahead.are_all());
    const Ahead seats(rows<Loan>().prefetch_related("seat"));
    EXPECT_EQ(seats.paths(), Names()) << "two columns";
    const Ahead generic(rows<Remark>().prefetch_related("about"));
    EXPECT_EQ(generic.paths(), Names());
}

TEST(AheadPlan, LeavesOutWhatTheLevelAboveMayBring) {
    const Ahead ahead(rows<Author>().prefetch_related("pupils__mentor__books"));
    EXPECT_EQ(ahead.paths(), Names{"pupils"}) << "mentor leads back";
    const Ahead shared(rows<Author>().prefetch_related("pupils__mentor__books", "books"));
    EXPECT_EQ(shared.paths(), Names{"pupils"}) << "the books may be loaded by the other lookup";
}

TEST(AheadPlan, TakesNoRowsThatCouldBeOthers) {
    const auto authors = rows<Author>().prefetch_related("books");
    const auto reason = [](const auto& queryset) { return Ahead(queryset).choice().reason; };
    EXPECT_EQ(reason(authors.order_by("born").slice(0, 2)), Reason::not_repeatable);
    EXPECT_EQ(reason(authors.order_by("born", "-id").slice(0, 2)), Reason::set);
    EXPECT_EQ(reason(authors.order_by("books__id").slice(0, 2)), Reason::not_repeatable) << "another model's key";
    EXPECT_EQ(reason(authors.filter("id"_f = 1).order_by(None).slice(0, 2)), Reason::set) << "there is one at most";
    EXPECT_EQ(reason(authors.order_by("id").distinct().slice(0, 2)), Reason::not_repeatable);
    EXPECT_EQ(reason(authors.distinct()), Reason::set);
    EXPECT_EQ(reason(authors.select_related("mentor")), Reason::not_repeatable);
}

TEST(AheadPlan, LooksIntoTheConditions) {
    const auto some = rows<Author>().order_by("born").slice(0, 3);
    const auto same = rows<Author>().order_by("born", "id").slice(0, 3);
    const auto books = [](const auto& authors) {
        return Ahead(rows<Book>().filter("author__in"_f = authors).prefetch_related("loans")).paths();
    };
    EXPECT_EQ(books(some), Names()) << "other authors may be among the three";
    EXPECT_EQ(books(same), Names{"loans"});
    EXPECT_EQ(books(rows<Author>().filter("mentor__in"_f = some)), Names());
    EXPECT_EQ(Ahead(rows<Book>().exclude("author__in"_f = some).prefetch_related("loans")).paths(), Names());
    const Prefetch of_some("books"_f, rows<Book>().filter("author__in"_f = some).prefetch_related("loans"));
    EXPECT_EQ(Ahead(rows<Author>().prefetch_related(of_some)).paths(), Names{"books"}) << "they are not repeated";
}

TEST(AheadPlan, SelectsNoViewAgain) {
    const auto summaries = rows<ahead::Summary>().prefetch_related("author__books");
    EXPECT_EQ(Ahead(summaries).paths(), Names());
    EXPECT_EQ(Ahead(summaries.filter("author"_f = 1)).paths(), (Names{"author", "author__books"}))
        << "the author is known, whatever the view has";
}

TEST(AheadPlan, KnowsTheKeysThatConditionsName) {
    const auto by_id = rows<Author>().filter("id"_f = 1, "name"_f = "Ada");
    EXPECT_EQ(Ahead(by_id.prefetch_related("books", "mentor")).with_keys(), Names{"books"});
    const auto by_mentor = rows<Author>().filter("mentor"_f = 2);
    EXPECT_EQ(Ahead(by_mentor.prefetch_related("books", "mentor")).with_keys(), Names{"mentor"});
    for (const auto& other : {rows<Author>().exclude("id"_f = 1), rows<Author>().filter(("id"_f = 1) || ("id"_f = 2)),
                              rows<Author>().filter("id__gt"_f = 1), rows<Author>().filter("mentor__id"_f = 1)}) {
        EXPECT_EQ(Ahead(other.prefetch_related("books")).with_keys(), Names());
    }
}

TEST(AheadPlan, WithoutOneStateOnlyKnownKeysGo) {
    const Circumstances changing{.sends_together = true, .one_state = false};
    const auto author = rows<Author>().filter("id"_f = 1).prefetch_related("books__loans", "mentor");
    const Ahead ahead(author, LoadStrategy::one_trip, changing);
    EXPECT_EQ(ahead.paths(), Names{"books"});
    EXPECT_FALSE(ahead.are_all());
    EXPECT_EQ(ahead.choice().reason, Reason::may_change);
    EXPECT_EQ(Ahead(author, LoadStrategy::one_trip, {}).choice().reason, Reason::one_at_a_time);
    EXPECT_EQ(Ahead(author, LoadStrategy::levels).paths(), Names());
}

TEST(AheadPlan, WeighsRowsAgainstRoundTrips) {
    const auto chosen = [](const auto& queryset, std::chrono::nanoseconds round_trip) {
        return Ahead(queryset.prefetch_related("books__loans"), LoadStrategy::automatic,
                     {.sends_together = true, .one_state = true, .round_trip = round_trip})
            .choice();
    };
    const auto some = rows<Author>().order_by("id").slice(0, 20);
    EXPECT_EQ(chosen(some, 10us).strategy, LoadStrategy::levels);
    EXPECT_EQ(chosen(some, 2ms).strategy, LoadStrategy::one_trip);
    EXPECT_EQ(chosen(some, 2ms).most_rows, 20u);
    EXPECT_EQ(chosen(some, 2ms).round_trips, 4ms) << "two levels";
    EXPECT_EQ(chosen(rows<Author>().order_by("id").slice(0, 100'000), 2ms).strategy, LoadStrategy::levels);
    EXPECT_EQ(chosen(rows<Author>(), 20ms).reason, Reason::not_bounded);
    EXPECT_EQ(chosen(rows<Author>().filter("id__in"_f = std::vector{1, 2, 3}), 2ms).most_rows, 3u);
    EXPECT_EQ(chosen(rows<Author>().filter("id"_f = 1), 200us).strategy, LoadStrategy::one_trip);
}

} // namespace
} // namespace kith::test
