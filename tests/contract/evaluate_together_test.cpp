#include "support/travel.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

/// Several QuerySets, counts and aggregates in one snapshot.

namespace evaluate_together_test {

using namespace kith::literals;
using namespace travel;

namespace {

class EvaluateTogether : public TravelTest {};

std::vector<std::string> names_of(const kith::QuerySet<City>& cities) {
    std::vector<std::string> names;
    for (const City& city : cities) names.push_back(city.name);
    return names;
}

} // namespace

TEST_F(EvaluateTogether, FillsTheCachesAndReturnsTheNumbers) {
    const auto people = objects<Person>();
    const auto user = people.filter("id"_f = 1).prefetch_related("visitation__province");
    const auto list = objects<City>().order_by("name").prefetch_related("natives").slice(0, 2);
    const auto [one, cities, total, last, range, none] = kith::evaluate_together(
        user, list, kith::count_of(people), kith::aggregates_of(people, kith::Max("id"_f)),
        kith::aggregates_of(objects<City>(), kith::Min("name"_f), kith::Count("visitors"_f)), objects<Person>().none());
    EXPECT_EQ(log_.size(), 8u) << "five, and three lookups";
    log_.clear();

    ASSERT_EQ(one.size(), 1u);
    EXPECT_EQ(&one[0], &user[0]) << "the argument has the same rows";
    EXPECT_EQ(one[0].visitation.all().size(), 3u);
    EXPECT_EQ(one[0].visitation.all()[0]->province->name.empty(), false);
    EXPECT_EQ(names_of(cities), (std::vector<std::string>{"Guangzhou City", "Shiyan City"}));
    EXPECT_EQ(list[0].natives.all().size(), 2u);
    EXPECT_EQ(total, 4);
    EXPECT_EQ(last, std::optional<std::int64_t>(4));
    EXPECT_EQ(std::get<0>(range), std::optional<std::string>("Guangzhou City"));
    EXPECT_EQ(std::get<1>(range), 5);
    EXPECT_EQ(none.size(), 0u);
    EXPECT_EQ(log_.size(), 0u) << "everything is there";
}

TEST_F(EvaluateTogether, AsksNothingTwice) {
    const auto people = objects<Person>().order_by("id");
    const auto copy = people;
    (void)kith::evaluate_together(people, copy, people);
    EXPECT_EQ(log_.size(), 1u);
    const auto [again, count] = kith::evaluate_together(people, kith::count_of(copy));
    EXPECT_EQ(again.size(), 4u);
    EXPECT_EQ(count, 4) << "by the rows that are there";
    EXPECT_EQ(log_.size(), 1u);
    const auto [nobody, sum] = kith::evaluate_together(
        kith::count_of(objects<Person>().none()), kith::aggregates_of(objects<Person>().none(), kith::Sum("id"_f)));
    EXPECT_EQ(nobody, 0);
    EXPECT_FALSE(sum.has_value());
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(std::tuple_size_v<decltype(kith::evaluate_together())>, 0u);
}

TEST_F(EvaluateTogether, SeesOneState) {
    const auto other = kith::connect(folder_.url());
    const auto people = objects<Person>();
    bool written = false;
    const auto token = db_.on_query([&](const kith::QueryEvent&) {
        if (std::exchange(written, true) || on_sqlite()) return;
        other.objects<Person>().filter("id"_f = 4).remove();
    });
    const auto [rows, count] = kith::evaluate_together(people, kith::count_of(people.filter("id__gt"_f = 0)));
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), count);
}

TEST_F(EvaluateTogether, TakesSetsThatAreNotLoaded) {
    const auto zhang = objects<Person>().get("id"_f = 1);
    const auto visited = zhang->visitation.all();
    const auto [set, provinces] = kith::evaluate_together(visited, objects<Province>());
    EXPECT_EQ(set.size(), 3u);
    EXPECT_EQ(provinces.size(), 2u);
    log_.clear();
    EXPECT_EQ(zhang->visitation.all().size(), 3u);
    EXPECT_EQ(log_.size(), 0u) << "loaded into its row";
}

TEST_F(EvaluateTogether, IsAllOrNothing) {
    folder_.raw().run("ALTER TABLE province RENAME TO elsewhere");
    const auto people = objects<Person>();
    const auto provinces = objects<Province>();
    EXPECT_THROW((void)kith::evaluate_together(people, provinces, kith::count_of(people)), kith::DatabaseError);
    log_.clear();
    EXPECT_EQ(people.size(), 4u);
    EXPECT_EQ(log_.size(), 1u) << "it was not evaluated, and the connection is usable";
}

TEST_F(EvaluateTogether, ASingleArgumentIsATupleToo) {
    const auto both =
        kith::evaluate_together(kith::aggregates_of(objects<Person>(), kith::Min("id"_f), kith::Max("id"_f)));
    EXPECT_EQ(std::get<0>(both), std::tuple(std::optional<std::int64_t>(1), std::optional<std::int64_t>(4)));
}

TEST_F(EvaluateTogether, RefusesSeveralDatabases) {
    const auto other = kith::connect(folder_.url());
    db_.atomic([&](const kith::Database& tx) {
        EXPECT_THROW((void)kith::evaluate_together(tx.objects<Person>(), objects<City>()), kith::ValueError);
    });
    try {
        (void)kith::evaluate_together(objects<Person>(), other.objects<City>());
        ADD_FAILURE() << "no snapshot in common";
    } catch (const kith::ValueError& e) {
        EXPECT_NE(std::string(e.what()).find("that of City"), std::string::npos) << e.what();
    }
}

TEST_F(EvaluateTogether, InsideABlockBelongsToIt) {
    db_.atomic([&] {
        objects<Province>().create({.name = "new"});
        const auto [provinces, count] = kith::evaluate_together(objects<Province>().prefetch_related("city_set"),
                                                                kith::count_of(objects<Province>()));
        EXPECT_EQ(provinces.size(), 3u);
        EXPECT_EQ(count, 3);
    });
    EXPECT_EQ(objects<Province>().count(), 3);
}

} // namespace evaluate_together_test
