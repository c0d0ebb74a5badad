#include "travel.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

using namespace kith::literals;
using namespace travel;

namespace querysets_guide {

// [snippet book]
struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::int32_t price{};
    std::int32_t stock{};
    std::int32_t sold{};
    kith::Date published{};
    std::optional<std::string> subtitle{};
};
// [/snippet]

// [snippet item]
struct Item {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> sku{};
    std::int32_t price{};
    std::int32_t stock{};
};
// [/snippet]

// [snippet annotation_model]
struct Visitor {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<City> visitation{};
    kith::Annotation<std::int64_t> visits{}; // no column: annotate() fills it
    kith::Annotation<std::int64_t> hubei_visits{};
    kith::Annotation<std::optional<std::string>> last_city{}; // Sum, Avg, Min and Max of nothing are NULL
};
// [/snippet]

// [snippet default_model]
struct Post {
    kith::PrimaryKey<> id{};
    std::string title{};
    bool hidden{};

    static auto objects(kith::QuerySet<Post> all) { return all.filter("hidden"_f = false).order_by("-id"); }
};
// [/snippet]

// [snippet lazy_model]
struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string> biography{};
    kith::Lazy<std::optional<std::string>, kith::max_length<80>> motto{};
};
// [/snippet]

class QuerySets : public Travel {
protected:
    QuerySets() {
        using namespace std::chrono;
        db.create_tables<Book>();
        db.objects<Book>().bulk_create({
            {.title = "Tea", .price = 12, .stock = 5, .sold = 7, .published = sys_days{year{2020} / 5 / 3}},
            {.title = "The River", .price = 30, .stock = 9, .sold = 2, .published = sys_days{year{2021} / 5 / 9}},
            {.title = "100% tea_time",
             .price = 8,
             .sold = 1,
             .published = sys_days{year{2021} / 1 / 3},
             .subtitle = ""},
        });
        log.clear();
    }

    template <class... C>
    std::int64_t count(const C&... conditions) {
        return db.objects<Book>().filter(conditions...).count();
    }
};

} // namespace querysets_guide

using namespace querysets_guide;

TEST_F(QuerySets, AreLazyAndCached) {
    // [snippet lazy]
    auto zhangs = db.objects<Person>().filter("lastname"_f = "Zhang"); // no statement
    auto ordered = zhangs.order_by("-firstname");                      // no statement

    for (const Person& person : ordered) // one statement
        fmt::print("{}\n", person.firstname);
    ordered.size();       // none: the rows are there
    ordered[0].firstname; // none

    auto copy = ordered;  // shares the rows
    copy.size();          // none
    ordered.all().size(); // one: all() is the same query without its rows
    // [/snippet]
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(QuerySets, SingleRows) {
    auto people = db.objects<Person>();
    // [snippet single]
    kith::Ref<Person> li = people.get("lastname"_f = "Li"); // DoesNotExist, MultipleObjectsReturned
    kith::Ref<Person> first = people.order_by("lastname").first();
    kith::Ref<Person> nobody = people.filter("lastname"_f = "Nobody").first();
    if (!nobody) fmt::print("first() returns an empty Ref if there is no row\n");

    people.filter("lastname"_f = "Zhang").count();  // SELECT COUNT(*)
    people.filter("lastname"_f = "Zhang").exists(); // SELECT 1 … LIMIT 1
    people.contains(li);
    std::map<std::int64_t, kith::Ref<Person>> some = people.in_bulk({1, 2, 99}); // 99 is left out
    // [/snippet]
    EXPECT_EQ(li->firstname, "Si");
    EXPECT_EQ(first->lastname, "Li");
    EXPECT_EQ(some.size(), 2u);
    EXPECT_EQ(log.size(), 7u);
}

TEST_F(QuerySets, Refine) {
    auto people = db.objects<Person>();
    // [snippet refine]
    people.filter("lastname"_f = "Zhang", "hometown__name"_f = "Shiyan"); // all of them hold
    people.exclude("hometown__province__name"_f = "Hubei");
    people.order_by("-lastname", "hometown__name").reverse();
    people.filter("visitation__name__startswith"_f = "G").distinct(); // a join may return a person twice
    people.slice(0, 2);                                               // OFFSET and LIMIT
    people.none();                                                    // no rows and no statement
    people.order_by(kith::None);                                      // no order at all
    // [/snippet]
    EXPECT_EQ(people.filter("lastname"_f = "Zhang", "hometown__name"_f = "Shiyan").size(), 1u);
    EXPECT_EQ(people.exclude("hometown__province__name"_f = "Hubei").size(), 2u);
    EXPECT_EQ(people.order_by(kith::None).sql().find("ORDER BY"), std::string::npos);
    EXPECT_THROW((void)people.slice(0, 2).filter("id"_f = 1), kith::ValueError);
    EXPECT_EQ(people.slice(1, 3).slice(1, 9).size(), 1u);
}

TEST_F(QuerySets, Conditions) {
    auto hubei = db.objects<Province>().get("name"_f = "Hubei");
    auto cities = db.objects<City>();
    auto people = db.objects<Person>();
    // [snippet conditions]
    people.filter(("lastname"_f = "Zhang") || ("lastname"_f = "Li"));
    people.filter(("lastname"_f = "Zhang") && !("firstname"_f = "San"));
    cities.filter("province"_f = hubei); // a row, a Ref or a key
    cities.filter("province_id"_f = 1);  // the raw column
    people.filter("living"_f = nullptr); // IS NULL
    people.filter("living__isnull"_f = false);
    cities.filter("id__in"_f = {1, 2, 3});
    cities.filter("id__range"_f = std::pair{1, 2});                              // both ends included
    people.filter("hometown__in"_f = cities.filter("name__startswith"_f = "W")); // a subselect
    cities.filter("visitors__lastname"_f = "Zhang");                             // through the reverse end
    people.filter("pk"_f = 1);                                                   // the primary key, whatever its name
    // [/snippet]
    EXPECT_EQ(people.filter(("lastname"_f = "Zhang") || ("lastname"_f = "Li")).size(), 3u);
    EXPECT_EQ(people.filter(("lastname"_f = "Zhang") && !("firstname"_f = "San")).size(), 1u);
    EXPECT_EQ(cities.filter("province"_f = hubei).size(), 2u);
    EXPECT_EQ(people.filter("living"_f = nullptr).size(), 1u);
    EXPECT_EQ(cities.filter("id__range"_f = std::pair{1, 2}).size(), 2u);
    EXPECT_EQ(people.filter("hometown__in"_f = cities.filter("name__startswith"_f = "W")).size(), 1u);
    EXPECT_EQ(cities.filter("visitors__lastname"_f = "Zhang").size(), 3u);
    EXPECT_EQ(people.exclude("living__name"_f = "Wuhan").size(), 3u) << "with him whose home is unknown";
    // [snippet fields]
    db.objects<Book>().filter("stock__lt"_f = "sold"_f); // two columns
    // [/snippet]
    EXPECT_EQ(count("stock__lt"_f = "sold"_f), 2);
}

TEST_F(QuerySets, Expressions) {
    // [snippet expressions]
    db.objects<Book>().filter("stock__lt"_f = "sold"_f * 2);
    db.objects<Book>().update("stock"_f = "stock"_f - 1, "sold"_f = "sold"_f + 1);
    std::optional<std::int64_t> worth = db.objects<Book>().aggregate(kith::Sum("price"_f * "stock"_f));
    // [/snippet]
    EXPECT_EQ(count("stock__lt"_f = "sold"_f * 2), 2);
    EXPECT_EQ(worth, 4 * 12 + 8 * 30 - 8);
    // [snippet functions]
    db.objects<Book>().update("subtitle"_f = kith::Case(kith::When("stock__lte"_f = 0, "sold out"),
                                                        kith::When("stock__lt"_f = 6, "a few are left"))
                                                 .otherwise("subtitle"_f));
    db.objects<Book>().filter("title"_f = kith::Upper(kith::Coalesce("subtitle"_f, "title"_f)));
    std::optional<std::int64_t> longest = db.objects<Book>().aggregate(kith::Max(kith::Length("title"_f)));
    // [/snippet]
    EXPECT_EQ(count("subtitle"_f = "sold out"), 1);
    EXPECT_EQ(longest, 13);
}

TEST_F(QuerySets, OtherRows) {
    auto people = db.objects<Person>();
    auto cities = db.objects<City>();
    // [snippet exists]
    auto natives = people.filter("hometown"_f = kith::OuterRef("pk"));
    cities.filter(kith::Exists(natives));
    cities.exclude(kith::Exists(natives.filter("lastname"_f = "Zhang")));
    // [/snippet]
    const auto homes = people.values_list<"hometown_id">();
    EXPECT_EQ(cities.filter(kith::Exists(natives)).size(), std::set(homes.begin(), homes.end()).size());
}

TEST_F(QuerySets, Groups) {
    auto people = db.objects<Person>();
    // [snippet groups]
    std::vector<std::tuple<std::string, std::int64_t>> families =
        people.order_by("lastname").group_by<"lastname">(kith::Count("id"_f), kith::having(kith::Count("id"_f) > 1));
    // [/snippet]
    EXPECT_EQ(families, (std::vector<std::tuple<std::string, std::int64_t>>{{"Zhang", 2}}));
}

TEST_F(QuerySets, Locks) {
    // [snippet select_for_update]
    db.atomic([&] {
        auto tea = db.objects<Book>().select_for_update().get("title"_f = "Tea"); // no one else changes it now
        if (tea->stock > 0) db.objects<Book>().filter("pk"_f = tea->id).update("stock"_f = tea->stock - 1);
    });
    // [/snippet]
    EXPECT_EQ(db.objects<Book>().get("title"_f = "Tea")->stock, 4);
}

TEST_F(QuerySets, SeveralValuesOfOneSet) {
    auto people = db.objects<Person>();
    // [snippet same_row]
    // One city that is both: none is called Wuhan and lies in Guangdong.
    people.filter("visitation__name"_f = "Wuhan", "visitation__province__name"_f = "Guangdong");
    // Two cities may serve, one for each call.
    people.filter("visitation__name"_f = "Wuhan").filter("visitation__province__name"_f = "Guangdong");
    // [/snippet]
    EXPECT_EQ(people.filter("visitation__name"_f = "Wuhan", "visitation__province__name"_f = "Guangdong").count(), 0);
    EXPECT_EQ(
        people.filter("visitation__name"_f = "Wuhan").filter("visitation__province__name"_f = "Guangdong").count(), 1);
}

TEST_F(QuerySets, Lookups) {
    EXPECT_EQ(count("title"_f = "Tea"), 1);
    EXPECT_EQ(count("title"_f = "tea"), 0);
    EXPECT_EQ(count("title__exact"_f = "Tea"), 1);
    EXPECT_EQ(count("title__iexact"_f = "tEA"), 1);
    EXPECT_EQ(count("title__contains"_f = "tea"), 1);
    EXPECT_EQ(count("title__icontains"_f = "TEA"), 2);
    EXPECT_EQ(count("title__contains"_f = "%"), 1) << "no wildcard";
    EXPECT_EQ(count("title__icontains"_f = "a_t"), 1);
    EXPECT_EQ(count("title__icontains"_f = "aXt"), 0);
    EXPECT_EQ(count("title__startswith"_f = "T"), 2);
    EXPECT_EQ(count("title__istartswith"_f = "t"), 2);
    EXPECT_EQ(count("title__endswith"_f = "River"), 1);
    EXPECT_EQ(count("title__iendswith"_f = "RIVER"), 1);
    EXPECT_EQ(count("price__gt"_f = 12), 1);
    EXPECT_EQ(count("price__gte"_f = 12), 2);
    EXPECT_EQ(count("price__lt"_f = 12), 1);
    EXPECT_EQ(count("price__lte"_f = 12), 2);
    EXPECT_EQ(count("price__gt"_f = 11.5), 2);
    EXPECT_EQ(count("price__in"_f = {8, 30}), 2);
    EXPECT_EQ(count("price__in"_f = std::vector<int>{}), 0);
    EXPECT_EQ(count("price__range"_f = std::pair{8, 12}), 2);
    EXPECT_EQ(count("subtitle__isnull"_f = true), 2);
    EXPECT_EQ(count("subtitle"_f = std::optional<std::string>{}), 2);
    EXPECT_EQ(count("title__regex"_f = "^T.*r$"), 1);
    EXPECT_EQ(count("title__iregex"_f = "^t"), 2);
    EXPECT_EQ(count("published__year"_f = 2021), 2);
    EXPECT_EQ(count("published__month"_f = 5), 2);
    EXPECT_EQ(count("published__day"_f = 3), 2);
    // LIKE of SQLite folds ASCII only; the regular expressions fold all of Unicode.
    db.objects<Book>().create({.title = "ÉTÉ"});
    EXPECT_EQ(count("title__iexact"_f = "été"), 0);
    EXPECT_EQ(count("title__iregex"_f = "^été$"), 1);
    EXPECT_THROW(count("title__regex"_f = "("), kith::ValueError);
}

TEST_F(QuerySets, Defer) {
    db.create_tables<Author>();
    db.objects<Author>().create({.name = "Lu Xun", .biography = "Born in Shaoxing."});
    log.clear();
    std::string printed;
    // [snippet defer]
    auto authors = db.objects<Author>().defer("biography");
    for (Author& author : authors)
        printed += fmt::format("{}: {}\n", author.name, author.biography);    // loaded here, once for each row
    db.objects<Author>().only("motto");                                       // of the Lazy columns, this one alone
    db.objects<Author>().only(kith::None).fetch_mode(kith::FetchMode::peers); // none; loaded for all rows at once
    // [/snippet]
    EXPECT_EQ(printed, "Lu Xun: Born in Shaoxing.\n");
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(QuerySets, Combine) {
    // [snippet combine]
    auto zhangs = db.objects<Person>().filter("lastname"_f = "Zhang");
    auto been_to_wuhan = db.objects<Person>().filter("visitation__name"_f = "Wuhan");
    auto both = zhangs & been_to_wuhan;   // in both
    auto either = zhangs | been_to_wuhan; // in either, each once
    // [/snippet]
    EXPECT_EQ(both.count(), 1);
    EXPECT_EQ(either.count(), 3);
}

TEST_F(QuerySets, Raw) {
    // [snippet raw]
    auto people =
        db.objects<Person>().raw("SELECT * FROM person WHERE length(lastname) < ?", 4).prefetch_related("visitation");
    auto names = db.raw<std::string, std::int64_t>("SELECT lastname, COUNT(*) FROM person GROUP BY lastname");
    std::int64_t changed = db.raw("UPDATE person SET lastname = upper(lastname) WHERE id = ?", 1);
    // [/snippet]
    EXPECT_EQ(people.size(), 1u);
    EXPECT_EQ(names.size(), 3u);
    EXPECT_EQ(changed, 1);
}

TEST_F(QuerySets, DefaultQueryset) {
    db.create_tables<Post>();
    db.objects<Post>().bulk_create({{.title = "a"}, {.title = "b", .hidden = true}});
    EXPECT_EQ(db.objects<Post>().values_list<"title">(), (std::vector<std::string>{"a"}));
}

TEST_F(QuerySets, Aggregate) {
    // [snippet aggregate]
    auto [titles, dearest, mean] =
        db.objects<Book>().aggregate(kith::Count(), kith::Max("price"_f), kith::Avg("stock"_f));
    std::int64_t cheap = db.objects<Book>().aggregate(kith::Count().filter("price__lt"_f = 10));
    std::optional<kith::Date> first = db.objects<Book>().filter("stock__gt"_f = 0).aggregate(kith::Min("published"_f));
    // [/snippet]
    EXPECT_EQ(titles, db.objects<Book>().count());
    EXPECT_EQ(dearest, 30);
    EXPECT_TRUE(mean.has_value() && first.has_value());
    EXPECT_EQ(cheap, 1);
    EXPECT_EQ(log.size(), 4u);
}

TEST_F(QuerySets, Annotate) {
    db.create_tables<Visitor>();
    db.objects<Visitor>().create({.name = "Zhang San"})->visitation.set(db.objects<City>());
    db.objects<Visitor>().create({.name = "Li Si"});
    log.clear();
    std::string printed;
    // [snippet annotate]
    auto visitors = db.objects<Visitor>().annotate(
        "visits"_f = kith::Count("visitation"_f),
        "hubei_visits"_f = kith::Count("visitation"_f).filter("visitation__province__name"_f = "Hubei"),
        "last_city"_f = kith::Max("visitation__name"_f));
    for (Visitor& visitor : visitors.filter("visits__gte"_f = 1).order_by("-visits", "name"))
        printed += fmt::format("{}: {}, {} of them in Hubei\n", visitor.name, visitor.visits, visitor.hubei_visits);
    // [/snippet]
    EXPECT_EQ(printed, "Zhang San: 3, 2 of them in Hubei\n");
    EXPECT_EQ(log.size(), 1u);
    EXPECT_EQ(visitors.order_by("name")[0]->last_city, std::nullopt);
}

TEST_F(QuerySets, Together) {
    // [snippet together]
    const auto people = db.objects<Person>();
    auto [one, newest, total, last] = kith::evaluate_together(
        people.filter("id"_f = 1).prefetch_related("visitation__province"), // a person with all travels
        people.order_by("-id").slice(0, 10), kith::count_of(people), kith::aggregates_of(people, kith::Max("id"_f)));
    fmt::print("{} visited {}; {} people, the last is number {}\n", one[0].firstname,
               one[0].visitation.all()[0]->province->name, total, last.value_or(0));
    // [/snippet]
    EXPECT_EQ(static_cast<std::int64_t>(newest.size()), total);
}

TEST_F(QuerySets, ValuesList) {
    // [snippet values_list]
    std::vector<std::tuple<std::string, std::string>> pairs =
        db.objects<City>().order_by("name").values_list<"name", "province__name">();
    std::vector<std::string> names = db.objects<City>().order_by("name").values_list<"name">();
    // Person::living may be null, and so may what lies behind it:
    std::vector<std::optional<std::string>> homes = db.objects<Person>().values_list<"living__name">();
    // [/snippet]
    EXPECT_EQ(pairs[0], (std::tuple{"Guangzhou", "Guangdong"}));
    EXPECT_EQ(names[2], "Wuhan");
    EXPECT_FALSE(homes[3]);
    EXPECT_EQ(log.size(), 3u);
}

TEST_F(QuerySets, Writing) {
    auto hubei = db.objects<Province>().get("name"_f = "Hubei");
    log.clear();
    // [snippet writing]
    auto jingzhou = db.objects<City>().create({.name = "Jingzhou", .province = hubei}); // kith::Ref<City>
    auto more = db.objects<City>().bulk_create({
        // std::vector<Ref<City>>
        {.name = "Yichang", .province = hubei},
        {.name = "Xiangyang", .province = hubei},
    });
    auto [city, created] = db.objects<City>().get_or_create("name"_f = "Enshi", kith::defaults("province"_f = hubei));
    auto [same, created_again] =
        db.objects<City>().update_or_create("name"_f = "Enshi", kith::defaults("province"_f = hubei));
    std::int64_t changed = db.objects<City>().filter("province"_f = hubei).update("name"_f = "X");
    std::int64_t removed = db.objects<City>().filter("name"_f = "X", "id__gt"_f = 3).remove();
    // [/snippet]
    EXPECT_TRUE(created);
    EXPECT_FALSE(created_again);
    EXPECT_EQ(changed, 6);
    EXPECT_EQ(removed, 4);
    // [snippet update_columns]
    db.objects<Book>().update("stock"_f = 0, "sold"_f = "stock"_f); // the values before the statement
    // [/snippet]
    EXPECT_EQ(db.objects<Book>().get("title"_f = "Tea")->sold, 5);
    // [snippet update_returning]
    for (const kith::Ref<Book>& book : db.objects<Book>().filter("title"_f = "Tea").update_returning("stock"_f = 3))
        fmt::print("{}: {}\n", book->title, book->stock); // as the database has it now
    // [/snippet]
    EXPECT_EQ(db.objects<Book>().get("title"_f = "Tea")->stock, 3);
}

TEST_F(QuerySets, WritingMany) {
    db.create_tables<Item>();
    const std::vector<Item> delivery{{.sku = {"A-17"}, .price = 3, .stock = 10}, {.sku = {"B-4"}, .price = 8}};
    // [snippet on_conflict]
    auto items = db.objects<Item>();
    auto stored = items.bulk_create(delivery, kith::on_conflict("sku"_f).update("price"_f, "stock"_f));
    auto added = items.bulk_create(delivery, kith::on_conflict("sku"_f).ignore()); // an empty Ref for each that exists
    auto one = items.create({.sku = {"A-17"}, .price = 4}, kith::on_conflict("sku"_f).update("price"_f));
    // [/snippet]
    EXPECT_FALSE(added[0]);
    EXPECT_EQ(one->id, stored[0]->id);
    EXPECT_EQ(one->stock, 10);
    // [snippet bulk_update]
    for (const kith::Ref<Item>& item : stored) item->price += 1;
    std::int64_t found = items.bulk_update(stored, "price"_f);
    // [/snippet]
    EXPECT_EQ(found, 2);
    std::vector<Item> many(2);
    many[0].sku = "C-1";
    many[1].sku = "A-17";
    // [snippet refused_row]
    try {
        items.bulk_create(many, {.progress = [](std::size_t done, std::size_t all) {
                              fmt::print("{} of {}\n", done, all); // after each statement
                          }});
    } catch (const kith::IntegrityError& error) {
        if (error.row()) fmt::print("row {}: {}\n", *error.row(), error.reason());
    }
    // [/snippet]
    EXPECT_EQ(items.count(), 2);
}

TEST_F(QuerySets, Looking) {
    // [snippet sql]
    fmt::print("{}\n", db.objects<City>().filter("name__icontains"_f = "wu").sql());
    // [/snippet]
    // [output sql]
    const std::string expected =
        R"(SELECT "city"."id", "city"."name", "city"."province_id" FROM "city" WHERE "city"."name" LIKE ?1 ESCAPE '\'
)";
    EXPECT_EQ(db.objects<City>().filter("name__icontains"_f = "wu").sql() + "\n", expected);
    EXPECT_EQ(log.size(), 0u);
    // [snippet log]
    kith::QueryLog queries(db); // records while it lives
    db.objects<City>().filter("id__in"_f = {1, 2, 3}).size();
    for (const auto& query : queries.entries())
        fmt::print("{} [{}] {} rows\n", query.sql, fmt::join(query.parameters, ", "), query.rows);
    // [/snippet]
    EXPECT_EQ(queries[0].parameters[0], "<3 keys: 1, 2, 3>");
    EXPECT_EQ(queries[0].rows, 3u);
}

TEST_F(QuerySets, InMemory) {
    // [snippet memory]
    auto people = db.objects<Person>();
    // A QuerySet is a random-access range of rows:
    for (const Person& person : people | std::views::filter([](const Person& p) { return p.lastname == "Zhang"; }))
        fmt::print("{}\n", person.firstname);

    // To sort in memory, sort handles:
    std::vector<kith::Ref<Person>> sorted = people.rows();
    std::ranges::sort(sorted, {}, [](const auto& ref) { return ref->firstname; });
    // [/snippet]
    EXPECT_EQ(sorted[0]->firstname, "San");
    EXPECT_EQ(log.size(), 1u);
}
