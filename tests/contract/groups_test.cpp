#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

/// group_by: aggregates for each group of rows.
namespace groups_test {

using namespace kith::literals;
using kith::Avg;
using kith::Count;
using kith::Decimal;
using kith::having;
using kith::Max;
using kith::Sum;
using travel::expect_parts;
using travel::message_of;

namespace {

enum class State : std::uint8_t { draft = 1, out = 2 };

struct Post;

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Post, "author"> posts{};
    kith::ReverseSet<Post, "editor"> edited{};
};

struct Tag {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Post, "tags"> posts{};
};

struct Post {
    kith::PrimaryKey<> id{};
    State state{State::draft};
    std::optional<std::string> topic{};
    std::int32_t views{};
    Decimal price{};
    kith::ForeignKey<Author> author{};
    kith::ForeignKey<Author, kith::null> editor{};
    kith::ManyToMany<Tag> tags{};
    kith::Annotation<std::int64_t> total{};

    static constexpr kith::Table table{.ordering = {"-id"}};
};

using Row = std::tuple<std::string, std::int64_t>;
using Rows = std::vector<Row>;

/// Ann's posts have 10, 20 and 5 views, the last one without a topic; Bob's has 1 and costs as much as her first.
class Groups : public travel::FileTest {
protected:
    Groups() {
        db_.create_tables<Author, Tag, Post>();
        const auto ann = db_.objects<Author>().create({.name = "Ann"});
        const auto bob = db_.objects<Author>().create({.name = "Bob"});
        db_.objects<Author>().create({.name = "Cid"});
        const auto red = db_.objects<Tag>().create({.name = "red"});
        const auto blue = db_.objects<Tag>().create({.name = "blue"});
        const auto add = [&](State state, std::optional<std::string> topic, std::int32_t views, const char* price,
                             const auto& author, const auto& editor) {
            return posts().create({.state = state,
                                   .topic = std::move(topic),
                                   .views = views,
                                   .price = Decimal(price),
                                   .author = author,
                                   .editor = editor});
        };
        add(State::out, "tea", 10, "1.5", ann, bob)->tags.add(red, blue);
        add(State::out, "tea", 20, "2", ann, nullptr)->tags.add(red);
        add(State::draft, std::nullopt, 5, "2.00", ann, nullptr);
        add(State::out, "ink", 1, "1.50", bob, nullptr);
    }

    kith::QuerySet<Post> posts() const { return db_.objects<Post>(); }
    kith::QueryLog log_{db_};
};

} // namespace

TEST_F(Groups, ValuesComeFirstThenAggregates) {
    using Tuple = std::tuple<State, std::string, std::int64_t, std::optional<std::int64_t>>;
    log_.clear();
    const std::vector<Tuple> groups =
        posts().order_by("state", "author__name").group_by<"state", "author__name">(Count("id"_f), Sum("views"_f));
    EXPECT_EQ(groups,
              (std::vector<Tuple>{{State::draft, "Ann", 1, 5}, {State::out, "Ann", 2, 30}, {State::out, "Bob", 1, 1}}));
    EXPECT_EQ(log_.size(), 1U);
}

TEST_F(Groups, TheOrderOfTheModelDoesNotDivideGroups) {
    EXPECT_EQ(posts().group_by<"author__name">(Count()).size(), 2U);
    EXPECT_EQ(log_[log_.size() - 1].sql.find("ORDER BY"), std::string::npos);
    EXPECT_EQ(posts().order_by("-author__name").group_by<"author__name">(Count()), (Rows{{"Bob", 1}, {"Ann", 3}}));
    EXPECT_EQ(posts().order_by("author__name").reverse().group_by<"author__name">(Count()),
              (Rows{{"Bob", 1}, {"Ann", 3}}));
    expect_parts(message_of<kith::ValueError>([&] { posts().order_by("views").group_by<"topic">(Count()); }),
                 {"Post.views", "not among its values"});
}

TEST_F(Groups, NullIsAGroup) {
    using Tuple = std::tuple<std::optional<std::string>, std::int64_t>;
    EXPECT_EQ(posts().order_by("topic").group_by<"topic">(Count("id"_f)),
              (std::vector<Tuple>{{std::nullopt, 1}, {"ink", 1}, {"tea", 2}}));
    EXPECT_EQ(posts().order_by("editor__name").group_by<"editor__name">(Count("editor"_f)),
              (std::vector<Tuple>{{std::nullopt, 0}, {"Bob", 1}}));
}

TEST_F(Groups, DecimalsThatAreEqualAreOneGroup) {
    const auto groups = posts().order_by("price").group_by<"price">(Count(), Sum("views"_f));
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0], (std::tuple{Decimal("1.5"), std::int64_t{2}, std::optional<std::int64_t>{11}}));
    EXPECT_EQ(groups[1], (std::tuple{Decimal("2"), std::int64_t{2}, std::optional<std::int64_t>{25}}));
}

TEST_F(Groups, HavingChoosesGroups) {
    const auto named = posts().order_by("author__name");
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Count("id"_f) > 1)), (Rows{{"Ann", 3}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Count("id"_f) <= 1)), (Rows{{"Bob", 1}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Sum("views"_f) == 1, Count() >= 1)), (Rows{{"Bob", 1}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Sum("views"_f) != 1)), (Rows{{"Ann", 3}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Sum("price"_f) < 2)), (Rows{{"Bob", 1}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Max("price"_f) == Decimal("2.0"))), (Rows{{"Ann", 3}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Avg("views"_f) > 11.5)), (Rows{{"Ann", 3}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Max("topic"_f) == "tea")), (Rows{{"Ann", 3}}));
    EXPECT_EQ(named.group_by<"author__name">(Count(), having(Count("id"_f) > 1), having(Count("id"_f) > 9)), (Rows{}));
}

TEST_F(Groups, FiltersChooseRows) {
    const auto out = posts().filter("state"_f = State::out).order_by("author__name");
    EXPECT_EQ(out.group_by<"author__name">(Count()), (Rows{{"Ann", 2}, {"Bob", 1}}));
    EXPECT_EQ(out.group_by<"author__name">(Count().filter("views__gt"_f = 10)), (Rows{{"Ann", 1}, {"Bob", 0}}));
    EXPECT_EQ(posts().none().group_by<"author__name">(Count()), (Rows{}));
}

TEST_F(Groups, AggregatesTakeExpressions) {
    using Tuple = std::tuple<std::string, std::optional<Decimal>>;
    EXPECT_EQ(posts().order_by("author__name").group_by<"author__name">(Sum("price"_f * "views"_f)),
              (std::vector<Tuple>{{"Ann", Decimal("65")}, {"Bob", Decimal("1.5")}}));
}

TEST_F(Groups, SetsAreJoinedOnce) {
    EXPECT_EQ(
        posts().filter("tags__isnull"_f = false).order_by("tags__name").group_by<"tags__name">(Count("id"_f)).size(),
        2U);
    using Tuple = std::tuple<std::string, std::int64_t, std::optional<std::int64_t>>;
    EXPECT_EQ(db_.objects<Author>().order_by("name").group_by<"name">(Count("posts"_f), Sum("posts__views"_f)),
              (std::vector<Tuple>{{"Ann", 3, 35}, {"Bob", 1, 1}, {"Cid", 0, std::nullopt}}));
    const auto refused = [&](auto&& work) {
        expect_parts(message_of<kith::ValueError>(work), {"counted more than once"});
    };
    refused([&] { db_.objects<Author>().group_by<"name">(Count("posts"_f), Count("edited"_f)); });
    refused([&] { db_.objects<Author>().group_by<"name">(Count("posts"_f), Count("id"_f)); });
    refused([&] { posts().group_by<"tags__name">(Count("author__edited"_f)); });
}

TEST_F(Groups, AggregatesOfDifferentDepthAreRefused) {
    const auto authors = db_.objects<Author>().order_by("name");
    using Tuple = std::tuple<std::string, std::int64_t, std::optional<std::string>>;
    EXPECT_EQ(authors.group_by<"name">(Count("posts__tags"_f), Max("posts__tags__name"_f)),
              (std::vector<Tuple>{{"Ann", 3, "red"}, {"Bob", 0, std::nullopt}, {"Cid", 0, std::nullopt}}));
    const auto refused = [&](auto&& work) {
        expect_parts(message_of<kith::ValueError>(work), {"counted more than once"});
    };
    refused([&] { authors.group_by<"name">(Sum("posts__views"_f), Count("posts__tags"_f)); });
    refused([&] { authors.group_by<"name">(Count("posts__tags"_f), having(Sum("posts__views"_f) > 1)); });
}

TEST_F(Groups, AFilterThroughASetMultipliesNothing) {
    using Tuple = std::tuple<std::string, std::optional<std::int64_t>>;
    const auto authors = db_.objects<Author>().filter("posts__views__gt"_f = 1).order_by("-name");
    EXPECT_EQ(authors.group_by<"name">(Sum("posts__views"_f)), (std::vector<Tuple>{{"Ann", 35}}));
    EXPECT_EQ(posts()
                  .filter("tags__name__in"_f = {"red", "blue"})
                  .order_by("tags__name")
                  .group_by<"tags__name">(Count("id"_f)),
              (std::vector<std::tuple<std::optional<std::string>, std::int64_t>>{{"blue", 1}, {"red", 2}}));
}

TEST_F(Groups, ComputedValuesOrderTheirGroups) {
    using Tuple = std::tuple<std::int64_t, std::int64_t>;
    const auto posts = this->posts().annotate("total"_f = "views"_f + "views"_f);
    EXPECT_EQ(posts.order_by("-total").group_by<"total">(Count("id"_f)),
              (std::vector<Tuple>{{40, 1}, {20, 1}, {10, 1}, {2, 1}}));
    EXPECT_EQ((posts.annotate("total"_f = "views"_f * 0 + 3)
                   .order_by("author__name", "total")
                   .group_by<"total", "author__name">(Count("id"_f))),
              (std::vector<std::tuple<std::int64_t, std::string, std::int64_t>>{{3, "Ann", 3}, {3, "Bob", 1}}));
}

TEST_F(Groups, NoComparisonHoldsForAGroupWithoutAValue) {
    const auto authors = db_.objects<Author>().order_by("name");
    EXPECT_EQ(authors.group_by<"name">(Count("posts"_f), having(Sum("posts__views"_f) != 1)), (Rows{{"Ann", 3}}));
    EXPECT_EQ(authors.group_by<"name">(Count("posts"_f), having(Sum("posts__views"_f) < 9)), (Rows{{"Bob", 1}}));
}

TEST_F(Groups, SlicesAndDistinctAreRefused) {
    EXPECT_THROW(posts().order_by("id").slice(0, 2).group_by<"topic">(Count()), kith::ValueError);
    EXPECT_THROW(posts().distinct().group_by<"topic">(Count()), kith::ValueError);
    EXPECT_THROW(posts().group_by<"topic">(Count(kith::runtime("nothing"))), kith::FieldError);
    EXPECT_THROW(posts().group_by<"topic">(Count(), having(Sum(kith::runtime("topic")) > 1)), kith::FieldError);
}

} // namespace groups_test
