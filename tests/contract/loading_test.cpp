#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace loading_test {

using namespace kith::literals;
using namespace travel;

namespace {

std::vector<std::string> names(const kith::QuerySet<City>& cities) {
    std::vector<std::string> result;
    for (const City& city : cities) result.push_back(city.name);
    std::ranges::sort(result);
    return result;
}

using Names = std::vector<std::string>;
const Names all_cities{"Guangzhou City", "Shiyan City", "Wuhan City"};

class Loading : public TravelTest {};

} // namespace

TEST_F(Loading, ForwardForeignKeyTakesTwoStatements) {
    const auto people = objects<Person>().prefetch_related("hometown");
    for (const Person& person : people) EXPECT_FALSE(person.hometown->name.empty());
    EXPECT_EQ(people[0].hometown->name, "Shiyan City");
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(log_[1].lookup, "hometown");
    EXPECT_EQ(log_[1].rows, 3u) << "each city once, however many people come from it";
    EXPECT_EQ(&*people[1].hometown, &*people[3].hometown) << "one instance per related row";
}

TEST_F(Loading, NullForeignKeysAreNotAskedFor) {
    const auto people =
        objects<Person>().filter("firstname"_f = "Si", "lastname"_f = "Zhang").prefetch_related("living");
    EXPECT_TRUE(people[0].living.is_null());
    EXPECT_TRUE(people[0].living == nullptr);
    EXPECT_EQ(log_.size(), 1u) << "no key, no statement";
}

TEST_F(Loading, ReverseForeignKeyTakesTwoStatements) {
    const auto provinces = objects<Province>().order_by("name").prefetch_related("city_set");
    EXPECT_EQ(names(provinces[0].city_set.all()), Names{"Guangzhou City"});
    EXPECT_EQ(names(provinces[1].city_set.all()), (Names{"Shiyan City", "Wuhan City"}));
    for (const City& city : provinces[1].city_set.all()) EXPECT_EQ(&*city.province, &provinces[1]);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, ManyToManyForwardTakesTwoStatements) {
    const auto people = objects<Person>().prefetch_related("visitation");
    EXPECT_EQ(names(people[0].visitation.all()), all_cities);
    EXPECT_EQ(names(people[1].visitation.all()), Names{"Wuhan City"});
    EXPECT_TRUE(people[3].visitation.all().empty());
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, ManyToManySharesOneInstancePerRow) {
    const auto people = objects<Person>().prefetch_related("visitation");
    const auto find = [](const Person& person, std::string_view name) {
        const auto cities = person.visitation.all();
        return &*std::ranges::find(cities, name, &City::name);
    };
    EXPECT_EQ(find(people[0], "Wuhan City"), find(people[1], "Wuhan City"));
    EXPECT_EQ(find(people[0], "Guangzhou City"), find(people[2], "Guangzhou City"));
}

TEST_F(Loading, ManyToManyReverseTakesTwoStatements) {
    const auto cities = objects<City>().order_by("id").prefetch_related("visitors");
    EXPECT_EQ(cities[0].visitors.all().size(), 2u);
    EXPECT_EQ(cities[0].visitors.all()[0]->firstname, "San") << "in the order of the model";
    EXPECT_EQ(cities[2].visitors.all().size(), 1u);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, ThePairsShapeGivesTheSame) {
    const auto db = kith::connect(folder_.url(), {.pairs_threshold = 1});
    kith::QueryLog log(db);
    const auto people =
        db.objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, db.objects<City>().order_by("-name")));
    const auto of_first = people[0].visitation.all();
    ASSERT_EQ(of_first.size(), 3u);
    EXPECT_EQ(of_first[0].name, "Wuhan City");
    EXPECT_EQ(of_first[1].name, "Shiyan City");
    EXPECT_EQ(of_first[2].name, "Guangzhou City");
    EXPECT_EQ(&of_first[0], &*people[1].visitation.all()[0]);
    EXPECT_TRUE(people[3].visitation.all().empty());
    EXPECT_EQ(log.size(), 3u) << "main statement, links, targets";
}

TEST_F(Loading, DeepLookupTakesThreeStatements) {
    const auto zhangs =
        objects<Person>().filter("lastname__iexact"_f = "zhang").prefetch_related("visitation__province");
    std::set<std::string> provinces;
    for (const Person& person : zhangs) {
        for (const City& city : person.visitation.all()) provinces.insert(city.province->name);
    }
    EXPECT_EQ(provinces, (std::set<std::string>{"Hubei Province", "Guangdong Province"}));
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(log_[2].lookup, "visitation__province");
}

TEST_F(Loading, SeveralLookupsEachTakeOne) {
    const auto people = objects<Person>().prefetch_related("hometown", "living", "visitation");
    (void)people.size();
    EXPECT_EQ(log_.size(), 4u);
}

TEST_F(Loading, RepeatedAndOverlappingLookupsAreLoadedOnce) {
    const auto people = objects<Person>()
                            .prefetch_related("visitation", "visitation__province", "visitation")
                            .prefetch_related("visitation__province");
    (void)people.size();
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Loading, ChainedCallsAddAndNoneClears) {
    const auto base = objects<Person>().prefetch_related("visitation");
    const auto more = base.prefetch_related("hometown");
    (void)more.size();
    EXPECT_EQ(log_.size(), 3u);
    log_.clear();
    const auto cleared = more.prefetch_related(kith::None);
    (void)cleared.size();
    EXPECT_EQ(log_.size(), 1u);
    log_.clear();
    (void)base.size();
    EXPECT_EQ(log_.size(), 2u) << "what was derived from it did not change it";
}

TEST_F(Loading, GetPrefetches) {
    const auto zhang =
        objects<Person>().prefetch_related("visitation").get("firstname"_f = "San", "lastname"_f = "Zhang");
    EXPECT_EQ(names(zhang->visitation.all()), all_cities);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, PrefetchObjectsFillTheirSlots) {
    const auto wus = objects<City>().filter("name__icontains"_f = "wu");
    const auto zhous = objects<City>().filter("name__icontains"_f = "zhou");
    const auto people = objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus, "wu_city"_f),
                                                           kith::Prefetch("visitation"_f, zhous, "zhou_city"_f));
    ASSERT_EQ(people[0].wu_city.size(), 1u);
    EXPECT_EQ(people[0].wu_city[0].name, "Wuhan City");
    ASSERT_EQ(people[0].zhou_city.size(), 1u);
    EXPECT_EQ(people[0].zhou_city[0].name, "Guangzhou City");
    EXPECT_TRUE(people[1].zhou_city.empty());
    EXPECT_TRUE(people[3].wu_city.empty());
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_FALSE(people[0].visitation.is_prefetched()) << "a slot leaves the relation itself alone";
}

TEST_F(Loading, StringsAndPrefetchObjectsMix) {
    const auto wus = objects<City>().filter("name__icontains"_f = "wu");
    const auto people = objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus, "wu_city"_f),
                                                           "hometown__province", "wu_city__province");
    EXPECT_EQ(people[0].wu_city[0].province->name, "Hubei Province");
    EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
    EXPECT_EQ(log_.size(), 5u);
}

TEST_F(Loading, AllCostsNothingAndFilterAsksAgain) {
    const auto people = objects<Person>().prefetch_related("visitation");
    std::size_t found = 0;
    for (const Person& person : people) found += person.visitation.filter("name__icontains"_f = "city").size();
    EXPECT_EQ(found, 5u);
    EXPECT_EQ(log_.size(), 2u + 4u) << "what the seeds warn of";

    log_.clear();
    found = 0;
    for (const Person& person : people) {
        const auto cities = person.visitation.all();
        found += static_cast<std::size_t>(
            std::ranges::distance(cities | std::views::filter([](const City& c) { return c.name.ends_with("City"); })));
    }
    EXPECT_EQ(found, 5u);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Loading, WithoutPrefetchARelationIsLoadedOnceAndKept) {
    const auto people = objects<Person>().all();
    EXPECT_EQ(people[0].hometown->name, "Shiyan City");
    EXPECT_EQ(people[0].hometown->name, "Shiyan City");
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(names(people[0].visitation.all()), all_cities);
    EXPECT_EQ(names(people[0].visitation.all()), all_cities);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Loading, SelectRelatedJoinsInOneStatement) {
    const auto people = objects<Person>().select_related("hometown__province", "living");
    EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
    EXPECT_EQ(people[0].living->name, "Wuhan City");
    EXPECT_TRUE(people[3].living.is_null());
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_NE(log_[0].sql.find(by_backend("INNER JOIN \"city\" ON", "INNER JOIN \"city\" ON", "INNER JOIN `city` ON")),
              std::string::npos)
        << log_[0].sql;
    EXPECT_NE(log_[0].sql.find("LEFT OUTER JOIN"), std::string::npos) << log_[0].sql;
}

TEST_F(Loading, SelectRelatedAndPrefetchCombine) {
    const auto people =
        objects<Person>().select_related("hometown").prefetch_related("hometown__province", "visitation");
    EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
    EXPECT_EQ(log_.size(), 3u) << "hometown came with the main statement";
}

TEST_F(Loading, StreamsPrefetchPerChunk) {
    std::vector<std::string> seen;
    for (const Person& person :
         objects<Person>().prefetch_related("visitation__province").iterator({.chunk_size = 2})) {
        for (const City& city : person.visitation.all()) seen.push_back(city.province->name);
    }
    EXPECT_EQ(seen.size(), 5u);
    EXPECT_EQ(log_.size(), 1u + 2u * 2u);
    EXPECT_EQ(log_[0].lookup, "") << "in the order in which they began";
    EXPECT_EQ(log_[1].lookup, "visitation");
}

TEST_F(Loading, AChunkWithoutLinksNeedsNoDeeperStatement) {
    for (const Person& person :
         objects<Person>().prefetch_related("visitation__province").iterator({.chunk_size = 3})) {
        (void)person;
    }
    EXPECT_EQ(log_.size(), 1u + 2u + 1u) << "the last chunk is the man who has been nowhere";
}

TEST_F(Loading, StreamsWithoutLookupsCacheNothing) {
    const auto people = objects<Person>();
    std::size_t count = 0;
    for (const Person& person : people.iterator()) count += person.id > 0 ? 1 : 0;
    for (const Person& person : people.iterator()) count += person.id > 0 ? 1 : 0;
    EXPECT_EQ(count, 8u);
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, StreamsAfterPrefetchNeedAChunkSize) {
    const auto people = objects<Person>().prefetch_related("visitation");
    try {
        (void)people.iterator();
        FAIL();
    } catch (const kith::ValueError& error) {
        EXPECT_STREQ(error.what(),
                     "chunk_size must be provided when using QuerySet.iterator() after prefetch_related().");
    }
    EXPECT_THROW((void)people.iterator({.chunk_size = 0}), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Loading, PerParentSlices) {
    const auto first_two = objects<City>().order_by("name").slice(0, 2);
    const auto people = objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, first_two, "wu_city"_f));
    ASSERT_EQ(people[0].wu_city.size(), 2u);
    EXPECT_EQ(people[0].wu_city[0].name, "Guangzhou City");
    EXPECT_EQ(people[0].wu_city[1].name, "Shiyan City");
    EXPECT_EQ(people[1].wu_city.size(), 1u) << "each parent has its own two";
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(Loading, SlicesOfDistinctRowsCountEachRowOnce) {
    const auto visited = objects<City>().filter("visitors__id__gt"_f = 0).order_by("-name");
    const auto plain = objects<Province>().prefetch_related(kith::Prefetch("city_set"_f, visited.slice(0, 2)));
    EXPECT_EQ(column(plain[0].city_set.all(), &City::name), (std::vector<std::string>{"Wuhan City", "Wuhan City"}))
        << "once for each visitor";
    const auto once = visited.distinct().slice(0, 2);
    const auto provinces = objects<Province>().prefetch_related(kith::Prefetch("city_set"_f, once));
    log_.clear();
    EXPECT_EQ(column(provinces[0].city_set.all(), &City::name),
              (std::vector<std::string>{"Wuhan City", "Shiyan City"}));
    EXPECT_EQ(column(provinces[1].city_set.all(), &City::name), std::vector<std::string>{"Guangzhou City"});
    EXPECT_EQ(log_.size(), 2u);
    const auto by_province = objects<City>().order_by("-province__name", "name").distinct().slice(1, 3);
    const auto people = objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, by_province, "wu_city"_f));
    EXPECT_EQ(column(people[0].wu_city, &City::name), (std::vector<std::string>{"Wuhan City", "Guangzhou City"}));
    EXPECT_TRUE(people[1].wu_city.empty());
}

TEST_F(Loading, ConflictingQuerysetsAreRefusedAtOnce) {
    const auto wus = objects<City>().filter("name__icontains"_f = "wu");
    EXPECT_THROW((void)objects<Person>().prefetch_related("visitation__province", kith::Prefetch("visitation"_f, wus)),
                 kith::ValueError);
    EXPECT_NO_THROW(
        (void)objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, wus), "visitation__province"));
    EXPECT_THROW((void)objects<Person>().select_related("hometown").prefetch_related(kith::Prefetch("hometown"_f, wus)),
                 kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Loading, RuntimeNamesGiveFieldErrorsAtOnce) {
    EXPECT_THROW((void)objects<Person>().prefetch_related(kith::runtime("visitation__provinc")), kith::FieldError);
    EXPECT_THROW((void)objects<Person>().prefetch_related(kith::runtime("lastname")), kith::FieldError);
    EXPECT_THROW((void)objects<Person>().filter(kith::runtime("lastname__icontainz") = "x"), kith::FieldError);
    EXPECT_THROW((void)objects<Person>().order_by(kith::runtime("nmae")), kith::FieldError);
    EXPECT_THROW((void)objects<Person>().select_related(kith::runtime("")), kith::FieldError);
    try {
        (void)objects<Person>().prefetch_related(kith::runtime("visitation__provinc"));
    } catch (const kith::FieldError& error) {
        EXPECT_EQ(error.model(), "City");
        EXPECT_EQ(error.lookup(), "visitation__provinc");
        EXPECT_NE(std::string(error.what()).find("id, name, province"), std::string::npos) << error.what();
    }
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Loading, ObjectsThatExistGetWhatTheyMiss) {
    const auto people = objects<Person>().all();
    (void)people[0].visitation.all().size();
    log_.clear();
    kith::prefetch_related_objects(people, "visitation__province");
    EXPECT_EQ(log_.size(), 2u);
    for (const Person& person : people) {
        for (const City& city : person.visitation.all()) EXPECT_FALSE(city.province->name.empty());
    }
    EXPECT_EQ(log_.size(), 2u) << "also for the set that had been loaded before";
}

TEST_F(Loading, PeersAreLoadedTogetherAndRaiseRefuses) {
    const auto people = objects<Person>().fetch_mode(kith::FetchMode::peers);
    for (const Person& person : people) EXPECT_FALSE(person.hometown->name.empty());
    EXPECT_EQ(log_.size(), 2u);
    for (const Person& person : people) (void)person.visitation.all().size();
    EXPECT_EQ(log_.size(), 3u);

    const auto strict = objects<Person>().fetch_mode(kith::FetchMode::raise);
    EXPECT_THROW((void)strict[0].hometown->name, kith::FetchBlocked);
    EXPECT_THROW((void)strict[0].visitation.all().size(), kith::FetchBlocked);
}

TEST_F(Loading, ExplainLoadingSaysAfterwardsWhatHappened) {
    const auto people = objects<Person>().prefetch_related("visitation__province");
    EXPECT_EQ(people.explain_loading().find("took"), std::string::npos);
    (void)people.size();
    const auto text = people.explain_loading();
    EXPECT_NE(text.find("took 1 for 4 keys, 3 rows"), std::string::npos) << text;
    EXPECT_NE(text.find("took 1 for 2 keys, 2 rows"), std::string::npos) << text;
}

TEST_F(Loading, ExplainLoadingTouchesNoDatabase) {
    const auto text =
        objects<Person>().select_related("living").prefetch_related("visitation__province").explain_loading();
    EXPECT_NE(text.find("visitation"), std::string::npos) << text;
    EXPECT_NE(text.find("province"), std::string::npos) << text;
    EXPECT_NE(text.find("one snapshot"), std::string::npos) << text;
    EXPECT_EQ(log_.size(), 0u);
}

} // namespace loading_test
