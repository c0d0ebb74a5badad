#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <ranges>
#include <tuple>

namespace queryset_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

class QuerySets : public TravelTest {};

Keys order_of(const kith::QuerySet<Person>& people) {
    Keys keys;
    for (const Person& person : people) keys.push_back(person.id);
    return keys;
}

} // namespace

// ---- laziness and the cache

TEST_F(QuerySets, BuildingOneAsksNothing) {
    const auto people = objects<Person>()
                            .filter("lastname"_f = "Zhang")
                            .exclude("firstname"_f = "Si")
                            .order_by("-lastname")
                            .reverse()
                            .distinct()
                            .select_related("hometown")
                            .prefetch_related("visitation")
                            .slice(0, 3)
                            .fetch_mode(kith::FetchMode::peers)
                            .all();
    EXPECT_FALSE(people.sql().empty());
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(QuerySets, EvaluatesOnce) {
    const auto people = objects<Person>();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(people.size(), 4u);
        EXPECT_FALSE(people.empty());
        EXPECT_EQ(std::ranges::distance(people), 4);
        EXPECT_EQ(people.count(), 4);
        EXPECT_TRUE(people.exists());
        EXPECT_TRUE(people.contains(std::int64_t{2}));
        EXPECT_FALSE(people.contains(std::int64_t{99}));
        EXPECT_EQ(people.first()->id, 1);
        EXPECT_EQ(people.last()->id, 4);
        EXPECT_EQ(people[3].firstname, "Si");
        EXPECT_EQ(people.rows().size(), 4u);
    }
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, IndexingEvaluatesAllOfIt) {
    const auto people = objects<Person>();
    EXPECT_EQ(people[0].firstname, "San");
    EXPECT_EQ(people[1].firstname, "Si");
    EXPECT_EQ(&people[0], &people[0]);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, CopiesShareTheCache) {
    const auto people = objects<Person>();
    const auto copy = people;
    EXPECT_EQ(&people[2], &copy[2]);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, RefinementsAreNewAndUnevaluated) {
    const auto people = objects<Person>();
    (void)people.size();
    log_.clear();
    const auto zhangs = people.filter("lastname"_f = "Zhang");
    const auto again = people.all();
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(zhangs.size(), 2u);
    EXPECT_EQ(again.size(), 4u);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_NE(&again[0], &people[0]) << "other rows, loaded anew";
    EXPECT_EQ(people.size(), 4u) << "what it was refined from stays as it was";
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(QuerySets, CountAndExistsFillNoCache) {
    const auto people = objects<Person>().prefetch_related("visitation");
    EXPECT_EQ(people.count(), 4);
    EXPECT_TRUE(people.exists());
    EXPECT_EQ(log_.size(), 2u) << "and load no lookups";
    EXPECT_EQ(people.size(), 4u);
    EXPECT_EQ(log_.size(), 4u);
}

TEST_F(QuerySets, OneThatWasNeverMadeIsNotLoaded) {
    const kith::QuerySet<Person> nothing;
    EXPECT_THROW((void)nothing.size(), kith::NotLoaded);
    EXPECT_THROW((void)nothing.filter("id"_f = 1), kith::NotLoaded);
    EXPECT_THROW((void)nothing.count(), kith::NotLoaded);
}

// ---- filter, exclude

TEST_F(QuerySets, FilterTakesConditionsThatAllHold) {
    EXPECT_EQ(order_of(objects<Person>().filter("firstname"_f = "Si", "lastname"_f = "Zhang")), Keys{4});
    EXPECT_EQ(order_of(objects<Person>().filter("firstname"_f = "Si").filter("lastname"_f = "Zhang")), Keys{4});
    EXPECT_EQ(order_of(objects<Person>().filter()), (Keys{1, 2, 3, 4}));
}

TEST_F(QuerySets, ExcludeKeepsTheRowsForWhichNotAllHold) {
    EXPECT_EQ(order_of(objects<Person>().exclude("firstname"_f = "Si", "lastname"_f = "Zhang")), (Keys{1, 2, 3}));
    EXPECT_EQ(order_of(objects<Person>().exclude("firstname"_f = "Si").exclude("lastname"_f = "Zhang")), Keys{3});
}

// ---- order

TEST_F(QuerySets, OrderByReplacesTheOrder) {
    EXPECT_EQ(order_of(objects<Person>().order_by("lastname", "-id")), (Keys{2, 3, 4, 1}));
    EXPECT_EQ(order_of(objects<Person>().order_by("lastname", "-id").order_by("-id")), (Keys{4, 3, 2, 1}));
    EXPECT_EQ(order_of(objects<Person>().order_by("-pk")), (Keys{4, 3, 2, 1}));
}

TEST_F(QuerySets, OrderByFollowsRelations) {
    EXPECT_EQ(order_of(objects<Person>().order_by("hometown__name", "id")), (Keys{2, 4, 1, 3}));
    EXPECT_EQ(order_of(objects<Person>().order_by("hometown__province__name", "-id")), (Keys{4, 2, 3, 1}));
    EXPECT_EQ(order_of(objects<Person>().order_by("-living_id")), (Keys{3, 2, 1, 4}));
}

TEST_F(QuerySets, OrderingOverANullableRelationKeepsItsRows) {
    EXPECT_EQ(order_of(objects<Person>().order_by("living__name", "id")), (Keys{4, 2, 3, 1}));
}

TEST_F(QuerySets, WithoutNamesThereIsNoOrder) {
    EXPECT_NE(objects<Person>().sql().find("ORDER BY"), std::string::npos) << "the model's own";
    EXPECT_EQ(objects<Person>().order_by().sql().find("ORDER BY"), std::string::npos);
    EXPECT_EQ(objects<City>().sql().find("ORDER BY"), std::string::npos);
}

TEST_F(QuerySets, ReverseTurnsTheOrderRound) {
    EXPECT_EQ(order_of(objects<Person>().reverse()), (Keys{4, 3, 2, 1}));
    EXPECT_EQ(order_of(objects<Person>().order_by("lastname", "-id").reverse()), (Keys{1, 4, 3, 2}));
    EXPECT_EQ(order_of(objects<Person>().reverse().reverse()), (Keys{1, 2, 3, 4}));
}

// ---- distinct

TEST_F(QuerySets, DistinctGivesEachRowOnce) {
    const auto visitors = objects<Person>().filter("visitation__id__gt"_f = 0);
    EXPECT_EQ(order_of(visitors), (Keys{1, 1, 1, 2, 3}));
    EXPECT_EQ(order_of(visitors.distinct()), (Keys{1, 2, 3}));
    EXPECT_EQ(visitors.count(), 5) << "answered from its cache";
    EXPECT_EQ(visitors.all().count(), 5);
    EXPECT_EQ(visitors.distinct().count(), 3);
    EXPECT_TRUE(visitors.distinct().exists());
}

TEST_F(QuerySets, DistinctAndSliceCombineInEveryQuestion) {
    const auto visitors = objects<Person>().filter("visitation__id__gt"_f = 0).distinct();
    EXPECT_EQ(order_of(visitors.slice(1, 3)), (Keys{2, 3}));
    EXPECT_EQ(visitors.slice(1, 3).count(), 2);
    EXPECT_TRUE(visitors.slice(1, 3).exists());
    EXPECT_FALSE(visitors.slice(3, 5).exists());
    EXPECT_TRUE(visitors.slice(1, 3).contains(std::int64_t{3}));
    EXPECT_FALSE(visitors.slice(1, 3).contains(std::int64_t{1}));
}

// ---- slices

TEST_F(QuerySets, SlicesCountWithinEachOther) {
    const auto people = objects<Person>();
    EXPECT_EQ(order_of(people.slice(1, 3)), (Keys{2, 3}));
    EXPECT_EQ(order_of(people.slice(1, 4).slice(1, 3)), (Keys{3, 4}));
    EXPECT_EQ(order_of(people.slice(1, 3).slice(1, 9)), Keys{3}) << "never beyond the outer one";
    EXPECT_TRUE(people.slice(1, 3).slice(5, 9).empty());
    EXPECT_TRUE(people.slice(2, 2).empty());
    EXPECT_TRUE(people.slice(9, 12).empty());
}

TEST_F(QuerySets, ASliceIsLazyAndAskedInTheDatabase) {
    const auto two = objects<Person>().slice(1, 3);
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(two.count(), 2);
    EXPECT_EQ(two.size(), 2u);
    EXPECT_EQ(log_[1].rows, 2u);
}

TEST_F(QuerySets, ASliceOfAnEvaluatedQuerySetCostsNothing) {
    const auto people = objects<Person>();
    (void)people.size();
    log_.clear();
    const auto middle = people.slice(1, 3);
    ASSERT_EQ(middle.size(), 2u);
    EXPECT_EQ(&middle[0], &people[1]);
    EXPECT_EQ(middle.first().get(), &people[1]);
    EXPECT_EQ(middle.last().get(), &people[2]);
    EXPECT_EQ(middle.count(), 2);
    EXPECT_TRUE(people.slice(7, 9).empty());
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(QuerySets, ASliceThatEndsBeforeItBeginsIsRefused) {
    expect_parts(message_of<kith::ValueError>([&] { (void)objects<Person>().slice(3, 2); }), {"3", "2"});
}

TEST_F(QuerySets, ASliceCannotBeRefined) {
    const auto slice = objects<Person>().slice(0, 2);
    EXPECT_EQ(message_of<kith::ValueError>([&] { (void)slice.filter("id"_f = 1); }),
              "Cannot filter a query once a slice has been taken.");
    EXPECT_EQ(message_of<kith::ValueError>([&] { (void)slice.exclude("id"_f = 1); }),
              "Cannot filter a query once a slice has been taken.");
    EXPECT_EQ(message_of<kith::ValueError>([&] { (void)slice.order_by("id"); }),
              "Cannot reorder a query once a slice has been taken.");
    EXPECT_EQ(message_of<kith::ValueError>([&] { (void)slice.reverse(); }),
              "Cannot reverse a query once a slice has been taken.");
    EXPECT_THROW((void)slice.distinct(), kith::ValueError);
    EXPECT_THROW((void)slice.update("firstname"_f = "x"), kith::ValueError);
    EXPECT_THROW((void)slice.remove(), kith::ValueError);
    EXPECT_EQ(slice.filter().size(), 2u) << "no condition, no change";
}

// ---- select_related

TEST_F(QuerySets, SelectRelatedAddsUpAndNoneEmptiesIt) {
    const auto both = objects<Person>().select_related("hometown").select_related("living");
    EXPECT_TRUE(both[0].hometown.is_loaded());
    EXPECT_TRUE(both[0].living.is_loaded());
    const auto none = both.select_related(kith::None);
    EXPECT_FALSE(none[0].hometown.is_loaded());
    EXPECT_EQ(log_.size(), 2u);
}

TEST_F(QuerySets, SelectRelatedOverANullIsNullWithoutAStatement) {
    const auto people = objects<Person>().select_related("living__province");
    EXPECT_TRUE(people[3].living.is_null());
    EXPECT_TRUE(people[3].living.is_loaded());
    EXPECT_EQ(people[1].living->province->name, "Guangdong Province");
    EXPECT_EQ(people.size(), 4u) << "the join loses no row";
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, SelectRelatedIsLeftOutOfCounts) {
    EXPECT_EQ(objects<Person>().select_related("living__province").count(), 4);
    EXPECT_EQ(log_[0].sql.find("JOIN"), std::string::npos) << log_[0].sql;
}

// ---- first and last

TEST_F(QuerySets, FirstAndLastGoByTheOrder) {
    EXPECT_EQ(objects<Person>().order_by("lastname", "-id").first()->id, 2);
    EXPECT_EQ(objects<Person>().order_by("lastname", "-id").last()->id, 1);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(log_[0].rows, 1u) << "one row is fetched";
}

TEST_F(QuerySets, FirstAndLastWithoutAnOrderGoByTheKey) {
    EXPECT_EQ(objects<City>().first()->id, 1);
    EXPECT_EQ(objects<City>().last()->id, 3);
    EXPECT_EQ(objects<Person>().order_by().last()->id, 4);
    const auto cities = objects<City>().order_by("-name").order_by();
    (void)cities.size();
    EXPECT_EQ(cities.first()->id, 1);
    EXPECT_EQ(cities.last()->id, 3);
}

TEST_F(QuerySets, FirstAndLastOfASliceAreItsEnds) {
    EXPECT_EQ(objects<Person>().slice(1, 3).first()->id, 2);
    const auto slice = objects<Person>().slice(1, 3);
    (void)slice.size();
    EXPECT_EQ(slice.last()->id, 3);
}

TEST_F(QuerySets, FirstAndLastOfNothingAreEmpty) {
    const auto nobody = objects<Person>().filter("id"_f = 99);
    EXPECT_TRUE(nobody.first() == nullptr);
    EXPECT_TRUE(nobody.last() == nullptr);
    (void)nobody.size();
    EXPECT_TRUE(nobody.first() == nullptr);
    EXPECT_THROW((void)nobody.first()->id, kith::DoesNotExist);
}

TEST_F(QuerySets, FirstLoadsTheLookups) {
    const auto person = objects<Person>().prefetch_related("visitation").first();
    EXPECT_EQ(person->visitation.all().size(), 3u);
    EXPECT_EQ(log_.size(), 2u);
}

// ---- get

TEST_F(QuerySets, GetGivesTheOneRow) {
    EXPECT_EQ(objects<Person>().get("id"_f = 3)->firstname, "Wu");
    EXPECT_EQ(objects<Person>().filter("firstname"_f = "Si").get("lastname"_f = "Li")->id, 2);
    EXPECT_EQ(objects<Person>().filter("id"_f = 4).get()->id, 4);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(QuerySets, GetWithoutARowDoesNotExist) {
    try {
        (void)objects<Person>().get("id"_f = 99);
        FAIL();
    } catch (const kith::DoesNotExist& error) {
        EXPECT_STREQ(error.what(), "Person matching query does not exist.");
        EXPECT_EQ(error.model(), "Person");
    }
}

TEST_F(QuerySets, GetWithSeveralRowsSaysHowMany) {
    EXPECT_EQ(message_of<kith::MultipleObjectsReturned>([&] { (void)objects<Person>().get("firstname"_f = "Si"); }),
              "get() returned more than one Person -- it returned 2!");
    std::vector<Province> many(30);
    objects<Province>().bulk_create(many);
    log_.clear();
    EXPECT_EQ(message_of<kith::MultipleObjectsReturned>([&] { (void)objects<Province>().get("name"_f = ""); }),
              "get() returned more than one Province -- it returned more than 20!");
    EXPECT_EQ(log_[0].rows, 21u) << "enough to know";
}

TEST_F(QuerySets, GetLeavesTheCacheAlone) {
    const auto people = objects<Person>();
    (void)people.get("id"_f = 1);
    (void)people.size();
    EXPECT_EQ(people.get("id"_f = 1)->id, 1);
    EXPECT_EQ(log_.size(), 3u);
}

// ---- contains, in_bulk

TEST_F(QuerySets, ContainsTakesRowsRefsAndKeys) {
    const auto zhangs = objects<Person>().filter("lastname"_f = "Zhang");
    const auto li = objects<Person>().get("lastname"_f = "Li");
    const auto san = objects<Person>().get("firstname"_f = "San");
    log_.clear();
    EXPECT_TRUE(zhangs.contains(san));
    EXPECT_TRUE(zhangs.contains(*san));
    EXPECT_TRUE(zhangs.contains(1));
    EXPECT_FALSE(zhangs.contains(li));
    EXPECT_EQ(log_.size(), 4u);
}

TEST_F(QuerySets, ContainsRefusesWhatWasNeverSaved) {
    const Person fresh{.firstname = "new"};
    EXPECT_THROW((void)objects<Person>().contains(fresh), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(QuerySets, InBulkGivesRowsByKey) {
    const auto people = objects<Person>().prefetch_related("visitation").in_bulk({1, 3, 99});
    ASSERT_EQ(people.size(), 2u);
    EXPECT_EQ(people.at(1)->firstname, "San");
    EXPECT_EQ(people.at(3)->firstname, "Wu");
    EXPECT_TRUE(people.at(3)->visitation.is_prefetched());
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_TRUE(objects<Person>().in_bulk(Keys{}).empty());
    EXPECT_EQ(log_.size(), 2u) << "no keys, no statement";
    EXPECT_THROW((void)objects<Person>().slice(0, 2).in_bulk({1}), kith::ValueError);
}

// ---- access by index, rows

TEST_F(QuerySets, AnIndexGivesAReferenceOrOfATemporaryARef) {
    const auto people = objects<Person>();
    static_assert(std::same_as<decltype(people[0]), Person&>);
    static_assert(std::same_as<decltype(objects<Person>()[0]), kith::Ref<Person>>);
    const auto kept = objects<Person>()[2];
    EXPECT_EQ(kept->firstname, "Wu");
}

TEST_F(QuerySets, AnIndexBeyondTheEndIsRefused) {
    const auto people = objects<Person>();
    expect_parts(message_of<kith::ValueError>([&] { (void)people[4]; }), {"row 4", "of 4", "Person"});
    EXPECT_THROW((void)objects<Person>().none()[0], kith::ValueError);
}

TEST_F(QuerySets, RowsAreHandlesToSortAndKeep) {
    auto rows = objects<Person>().rows();
    std::ranges::sort(rows, {}, [](const kith::Ref<Person>& p) { return std::tuple(p->lastname, -p->id.value); });
    Keys keys;
    for (const auto& row : rows) keys.push_back(row->id);
    EXPECT_EQ(keys, (Keys{2, 3, 4, 1}));
}

// ---- none, on, iterator

TEST_F(QuerySets, NoneAsksNothing) {
    const auto none = objects<Person>().prefetch_related("visitation").none();
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.count(), 0);
    EXPECT_FALSE(none.exists());
    EXPECT_TRUE(none.filter("id"_f = 1).first() == nullptr);
    EXPECT_FALSE(none.contains(std::int64_t{1}));
    EXPECT_TRUE(none.values_list<"id">().empty());
    EXPECT_EQ(none.update("firstname"_f = "x"), 0);
    EXPECT_EQ(none.remove(), 0);
    EXPECT_THROW((void)none.get("id"_f = 1), kith::DoesNotExist);
    for (const Person& person : objects<Person>().none().iterator()) ADD_FAILURE() << person.firstname;
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(objects<Person>().count(), 4);
}

TEST_F(QuerySets, OnAsksAnotherDatabase) {
    const auto other = kith::connect(folder_.url("other.db"));
    other.create_tables<Province, City, Person>();
    other.objects<Province>().create({.name = "Elsewhere"});
    const auto provinces = objects<Province>();
    EXPECT_EQ(provinces.size(), 2u);
    EXPECT_EQ(provinces.on(other).values_list<"name">(), Texts{"Elsewhere"});
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, ASubselectOfAnotherDatabaseIsRefusedBeforeItRuns) {
    const auto other = kith::connect(folder_.url("other.db"));
    other.create_tables<Province, City, Person>();
    const auto far = other.objects<Province>().filter("name__startswith"_f = "Hubei");
    const auto cities = objects<City>();
    kith::QueryLog elsewhere(other);
    const auto in_far = "province__in"_f = far;
    const auto refused = [&](const char* what, auto&& use) {
        const auto message = message_of<kith::ValueError>(use);
        EXPECT_NE(message.find("City.province"), std::string::npos) << what << ": " << message;
        EXPECT_NE(message.find("Province in another database"), std::string::npos) << what << ": " << message;
    };
    refused("filter", [&] { (void)cities.filter(in_far).size(); });
    refused("exclude", [&] { (void)cities.exclude(in_far).size(); });
    refused("||", [&] { (void)cities.filter(("id"_f = 1) || in_far).size(); });
    refused("!", [&] { (void)cities.filter(!(("id"_f = 1) && in_far)).size(); });
    refused("through a set", [&] { (void)objects<Person>().exclude("visitation__province__in"_f = far).size(); });
    refused("in a subselect", [&] { (void)objects<Person>().filter("hometown__in"_f = cities.filter(in_far)).size(); });
    refused("&", [&] { (void)(cities & cities.filter(in_far)).size(); });
    refused("|", [&] { (void)(cities.filter("visitors__id"_f = 1) | cities.filter(in_far)).size(); });
    refused("count", [&] { (void)cities.filter(in_far).count(); });
    refused("exists", [&] { (void)cities.filter(in_far).exists(); });
    refused("get", [&] { (void)cities.get(in_far); });
    refused("values_list", [&] { (void)cities.filter(in_far).values_list<"name">(); });
    refused("iterator", [&] { (void)cities.filter(in_far).iterator().begin(); });
    refused("sql", [&] { (void)cities.filter(in_far).sql(); });
    refused("update", [&] { (void)cities.filter(in_far).update("name"_f = "x"); });
    refused("remove", [&] { (void)cities.filter(in_far).remove(); });
    refused("aggregate", [&] {
        (void)cities.aggregate(kith::Count("visitors"_f).filter("visitors__hometown__province__in"_f = far));
    });
    refused("aggregate of some", [&] { (void)cities.filter(in_far).aggregate(kith::Count("visitors"_f)); });
    refused("Prefetch", [&] {
        (void)objects<Province>().prefetch_related(kith::Prefetch("city_set"_f, cities.filter(in_far))).size();
    });
    refused("a set", [&] { (void)objects<Province>().get("pk"_f = 1)->city_set.filter(in_far).size(); });
    refused("on", [&] { (void)cities.filter("province__in"_f = objects<Province>()).on(other).size(); });
    EXPECT_EQ(elsewhere.size(), 0u);
    EXPECT_EQ(cities.filter("name"_f = "x").count(), 0);
}

TEST_F(QuerySets, SubselectsOfTheSameDatabaseRunWhereTheStatementRuns) {
    const auto other = kith::connect(folder_.url("other.db"));
    fill(other);
    const auto far = other.objects<Province>().filter("name__startswith"_f = "Hubei");
    EXPECT_EQ(objects<City>().filter("province__in"_f = far).on(other).count(), 2);
    EXPECT_EQ(objects<City>().filter("province__in"_f = far.on(db_)).count(), 2);
    // What Kith itself makes a subselect of moves with the rest.
    const auto visited = objects<City>().filter("visitors__id"_f = 1) | objects<City>().filter("visitors__id"_f = 3);
    other.objects<City>().create({.name = "Wuhan City", .province = other.objects<Province>()[0]});
    EXPECT_EQ(visited.on(other).distinct().count(), 3);
    db_.atomic([&](kith::Database& tx) {
        EXPECT_EQ(objects<City>().filter("province__in"_f = tx.objects<Province>()).count(), 3);
        EXPECT_EQ(tx.objects<City>().filter("province__in"_f = objects<Province>()).count(), 3);
    });
}

TEST_F(QuerySets, StreamsCacheNothing) {
    const auto people = objects<Person>();
    (void)people.size();
    std::int64_t sum = 0;
    for (const Person& person : people.iterator()) sum += person.id;
    EXPECT_EQ(sum, 10);
    EXPECT_EQ(log_.size(), 2u) << "asked again, although it was evaluated";
}

// ---- looking

TEST_F(QuerySets, SqlIsWhatRuns) {
    const auto people = objects<Person>().filter("lastname"_f = "Zhang").select_related("hometown").slice(0, 2);
    const auto text = people.sql();
    EXPECT_EQ(log_.size(), 0u);
    (void)people.size();
    EXPECT_EQ(log_[0].sql, text);
    EXPECT_EQ(log_[0].parameters.size(), 1u);
    EXPECT_EQ(text.find("Zhang"), std::string::npos) << "values are bound, not spliced";
}

TEST_F(QuerySets, ExplainGivesTheDatabasesPlan) {
    const auto plan = objects<Person>().filter("id"_f = 1).explain();
    EXPECT_NE(plan.find(by_backend("SEARCH", "Index Scan", "PRIMARY")), std::string::npos) << plan;
    EXPECT_EQ(log_.size(), 1u);
}

// ---- ranges

TEST_F(QuerySets, AreRandomAccessRanges) {
    using People = kith::QuerySet<Person>;
    static_assert(std::ranges::random_access_range<const People>);
    static_assert(std::ranges::sized_range<const People>);
    static_assert(std::ranges::common_range<const People>);
    static_assert(std::same_as<std::ranges::range_reference_t<const People>, Person&>);
    static_assert(std::random_access_iterator<std::ranges::iterator_t<const People>>);
    static_assert(!std::sortable<std::ranges::iterator_t<People>>,
                  "sorting rows in place would change them under others");
    const auto people = objects<Person>();
    EXPECT_EQ((people.end() - 1)->id, 4);
    EXPECT_EQ(people.begin()[2].id, 3);
    EXPECT_EQ(std::ranges::size(people), 4u);
}

TEST_F(QuerySets, WorkWithAlgorithmsAndViews) {
    const auto people = objects<Person>();
    EXPECT_EQ(std::ranges::count(people, "Si", &Person::firstname), 2);
    EXPECT_EQ(std::ranges::find(people, "Wang", &Person::lastname)->id, 3);
    EXPECT_TRUE(std::ranges::is_sorted(people, {}, [](const Person& p) { return p.id.value; }));
    EXPECT_EQ(std::ranges::lower_bound(people, 3, {}, [](const Person& p) { return p.id.value; })->firstname, "Wu");
    Texts names;
    for (const Person& p :
         people | std::views::filter([](const Person& p) { return p.lastname == "Zhang"; }) | std::views::reverse) {
        names.push_back(p.firstname);
    }
    EXPECT_EQ(names, (Texts{"Si", "San"}));
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(QuerySets, RowsInARangeCanBeChanged) {
    const auto people = objects<Person>();
    for (Person& person : people) person.firstname += "!";
    EXPECT_EQ(people[0].firstname, "San!");
    EXPECT_EQ(objects<Person>().first()->firstname, "San") << "in memory only, before save";
}

// ---- prefetched sets answer like evaluated QuerySets

TEST_F(QuerySets, APrefetchedSetAnswersFromMemory) {
    const auto people =
        objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, objects<City>().order_by("name")));
    const auto& set = people[0].visitation;
    (void)set.all().size();
    log_.clear();
    EXPECT_TRUE(set.is_prefetched());
    EXPECT_EQ(set.count(), 3);
    EXPECT_TRUE(set.exists());
    EXPECT_EQ(set.first()->name, "Guangzhou City");
    EXPECT_EQ(set.all().last()->name, "Wuhan City");
    EXPECT_TRUE(set.contains(std::int64_t{1}));
    EXPECT_FALSE(set.contains(std::int64_t{9}));
    EXPECT_EQ(set.all().get("pk"_f = 1)->name, "Wuhan City");
    EXPECT_EQ(set.all().slice(1, 2)[0]->name, "Shiyan City");
    EXPECT_EQ(set.all().rows().size(), 3u);
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(set.filter("name"_f = "Wuhan City").size(), 1u);
    EXPECT_EQ(set.exclude("name"_f = "Wuhan City").size(), 2u);
    EXPECT_EQ(set.order_by("-name")[0]->name, "Wuhan City");
    EXPECT_EQ(set.all().values_list<"name">().size(), 3u);
    EXPECT_EQ(set.all().all().size(), 3u);
    EXPECT_EQ(log_.size(), 5u) << "each of these asks the database";
}

} // namespace queryset_test
