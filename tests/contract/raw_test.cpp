#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace raw_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Page {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::Lazy<std::string> body{};
    kith::Annotation<std::int64_t> length{};
};

class RawStatements : public TravelTest {
protected:
    std::string people() const { return with_names(R"(SELECT * FROM "QSOptimize_person")"); }
    /// Names in double quotes as the database wants them, and `?` as its placeholders.
    static std::string with_names(std::string sql) {
        if (backend() == Backend::mariadb) std::ranges::replace(sql, '"', '`');
        int number = 0;
        for (auto at = sql.find('?'); backend() == Backend::postgresql && at != std::string::npos; at = sql.find('?')) {
            sql.replace(at, 1, "$" + std::to_string(++number));
        }
        return sql;
    }
};
class Combined : public TravelTest {};

} // namespace

// ---- statements of one's own

TEST_F(RawStatements, Rule193_RowsComeWithTheirLookupsFromBothSides) {
    const auto zhangs = objects<Person>()
                            .raw(people() + with_names(" WHERE lastname = ? ORDER BY id DESC"), "Zhang")
                            .prefetch_related("visitation__province");
    EXPECT_EQ(log_.size(), 0u);
    ASSERT_EQ(zhangs.size(), 2u);
    EXPECT_EQ(zhangs[0].id, 4);
    EXPECT_EQ(zhangs[1].visitation.all().size(), 3u);
    EXPECT_EQ(zhangs[1].visitation.all()[0]->province->name, "Hubei Province");
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(log_[0].parameters.size(), 1u);
    // Lookups that stand before raw() count as well, and None empties them.
    EXPECT_EQ(objects<Person>().prefetch_related("visitation").raw(people())[0]->visitation.all().size(), 3u);
    EXPECT_EQ(log_.size(), 5u);
    EXPECT_EQ(zhangs.prefetch_related(kith::None).size(), 2u);
    EXPECT_EQ(log_.size(), 6u);
}

TEST_F(RawStatements, ItsRowsAreRowsLikeOthers) {
    const auto all = objects<Person>().raw(people() + " ORDER BY id").fetch_mode(kith::FetchMode::peers);
    Texts homes;
    for (const Person& person : all) homes.push_back(person.hometown->name);
    EXPECT_EQ(homes.size(), 4u);
    EXPECT_EQ(log_.size(), 2u);
    all[0].firstname = "Renamed";
    db_.save(all[0]);
    EXPECT_EQ(objects<Person>().get("pk"_f = 1)->firstname, "Renamed");
    std::size_t streamed = 0;
    for (const Person& person : all.prefetch_related("visitation").iterator({.chunk_size = 2})) {
        streamed += person.visitation.all().size();
    }
    EXPECT_EQ(streamed, 5u);
}

TEST_F(RawStatements, Rule194_AllRowsAreReadOnceAndKept) {
    const auto all = objects<Person>().raw(people() + " ORDER BY id");
    EXPECT_EQ(all[2].id, 3);
    EXPECT_EQ(all[0].id, 1);
    EXPECT_EQ(all.size(), 4u);
    EXPECT_EQ(log_.size(), 1u);
    const auto copy = all;
    EXPECT_EQ(&copy[1], &all[1]);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(RawStatements, Rule196_DatabaseLookupsAndFetchModeStay) {
    const auto raw = objects<Person>().fetch_mode(kith::FetchMode::raise).prefetch_related("visitation").raw(people());
    const auto more = raw.prefetch_related("living");
    EXPECT_EQ(more[0].visitation.all().size(), 3u);
    EXPECT_TRUE(more[0].living.is_loaded());
    EXPECT_THROW((void)more[0].hometown->name, kith::FetchBlocked);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(RawStatements, ColumnsAreFoundByName) {
    db_.create_tables<Page>();
    db_.objects<Page>().create({.title = "One", .body = "a long text"});
    const auto pages = db_.objects<Page>().raw("SELECT length(body) AS length, title, id FROM page");
    EXPECT_EQ(pages[0].length, 11);
    EXPECT_FALSE(pages[0].body.is_loaded());
    EXPECT_EQ(pages[0].body, "a long text");
}

TEST_F(RawStatements, Rule195_ColumnsThatDoNotFitAreNamed) {
    const auto refused = [&](const char* sql) {
        return message_of<kith::ValueError>([&] { (void)objects<City>().raw(sql).size(); });
    };
    expect_parts(refused("SELECT id, name FROM city"), {"City", "\"province_id\"", "Lazy"});
    expect_parts(refused("SELECT name, province_id FROM city"), {"\"id\"", "primary key"});
    expect_parts(refused("SELECT *, 1 AS extra FROM city"), {"\"extra\"", "Annotation"});
    expect_parts(refused("SELECT *, name FROM city"), {"\"name\" twice"});
    EXPECT_THROW((void)objects<City>().raw("SELEKT").size(), kith::DatabaseError);
    expect_parts(message_of<kith::ValueError>([&] { (void)objects<City>().filter("name"_f = "x").raw("SELECT 1"); }),
                 {"objects<City>()"});
}

TEST_F(RawStatements, ADatabaseRunsStatements) {
    EXPECT_EQ(db_.raw(with_names("UPDATE city SET name = ? WHERE id < ?"), "Wuhan City!", 3), 2);
    EXPECT_EQ(objects<City>().get("pk"_f = 1)->name, "Wuhan City!");
    const auto rows = db_.raw<std::string, std::int64_t>(
        with_names(R"(SELECT lastname, COUNT(*) FROM "QSOptimize_person" GROUP BY lastname ORDER BY lastname)"));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[2], (std::tuple<std::string, std::int64_t>("Zhang", 2)));
    EXPECT_EQ(db_.raw<std::optional<std::string>>("SELECT NULL"),
              (std::vector<std::optional<std::string>>{std::nullopt}));
    EXPECT_EQ(log_.size(), 4u);
    EXPECT_THROW((void)db_.raw<std::int64_t>("SELECT 1, 2"), kith::ValueError);
    EXPECT_THROW((void)db_.raw<std::string>("SELECT NULL"), kith::DatabaseError);
    EXPECT_THROW(db_.atomic([&] {
        db_.raw("DELETE FROM city");
        throw std::runtime_error("no");
    }),
                 std::runtime_error);
    EXPECT_EQ(objects<City>().count(), 3);
}

// ---- two QuerySets in one

TEST_F(RawStatements, ParametersMayHaveTheTypesThatAreRead) {
    const auto sql = with_names("SELECT COUNT(*) FROM city WHERE id > ?");
    EXPECT_EQ(db_.raw<std::int64_t>(sql, std::int64_t{1}).front(), 2);
    const auto named = with_names("SELECT name FROM city WHERE name = ?");
    EXPECT_EQ(db_.raw<std::string>(named, std::string("Wuhan City")), Texts{"Wuhan City"});
    EXPECT_EQ(db_.raw<std::string>(named, std::string()), Texts{});
    const auto both = with_names("SELECT name, id FROM city WHERE name = ? AND id < ?");
    const auto rows = db_.raw<std::string, std::int64_t>(both, std::string("Wuhan City"), std::int64_t{9});
    EXPECT_EQ(rows, (std::vector<std::tuple<std::string, std::int64_t>>{{"Wuhan City", 1}}));
    EXPECT_EQ(db_.raw(with_names("UPDATE city SET name = ? WHERE id = ?"), std::string("x"), std::int64_t{1}), 1);
    EXPECT_EQ(db_.raw<std::optional<std::string>>(named, std::optional<std::string>("x")).size(), 1u);
}

TEST_F(Combined, Rule027_TheLookupsAreThoseOfTheLeftSide) {
    const auto zhangs = objects<Person>().filter("lastname"_f = "Zhang");
    const auto sis = objects<Person>().filter("firstname"_f = "Si").prefetch_related("visitation");
    EXPECT_EQ(keys_of(zhangs & sis), (Keys{4}));
    EXPECT_EQ(log_.size(), 1u); // the lookups are those of the left one
    EXPECT_EQ(keys_of(sis & zhangs), (Keys{4}));
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ((zhangs & sis.none()).size() + (zhangs.none() & sis).size(), 0u);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Combined, OrKeepsWhatIsInEither) {
    const auto people = objects<Person>();
    const auto zhangs = people.filter("lastname"_f = "Zhang");
    EXPECT_EQ(keys_of(zhangs | people.filter("firstname"_f = "Wu")), (Keys{1, 3, 4}));
    EXPECT_EQ(keys_of(zhangs | people.exclude("firstname"_f = "Wu")), (Keys{1, 2, 4}));
    EXPECT_EQ(keys_of(zhangs.filter("firstname"_f = "San") | people.filter("pk"_f = 2)), (Keys{1, 2}));
    EXPECT_EQ(keys_of(zhangs | people).size(), 4u);
    EXPECT_EQ(keys_of(zhangs | people.none()), (Keys{1, 4}));
    EXPECT_EQ((people.none() | people.none()).size(), 0u);
    EXPECT_EQ(log_.size(), 5u);
    EXPECT_EQ(keys_of((zhangs | people.filter("pk"_f = 2)).filter("firstname"_f = "Si")), (Keys{2, 4}));
}

TEST_F(Combined, OrThroughSetsGivesEachRowOnce) {
    const auto people = objects<Person>();
    const auto been = people.filter("visitation__name__startswith"_f = "G");
    EXPECT_EQ(keys_of(been | people.filter("visitation__name__startswith"_f = "W")), (Keys{1, 2, 3}));
    EXPECT_EQ(keys_of(been & people.filter("visitation__name__startswith"_f = "W")), (Keys{1}));
    // Each filter() call speaks about a city of its own, also on one side of an or.
    const auto everywhere = been.filter("visitation__name__startswith"_f = "S");
    EXPECT_EQ(keys_of(everywhere | people.filter("pk"_f = 4)), (Keys{1, 4}));
}

TEST_F(Combined, SetsOfRowsCombine) {
    const auto zhang = objects<Person>().get("pk"_f = 1);
    const auto li = objects<Person>().get("pk"_f = 2);
    const auto in_hubei = objects<City>().filter("province__name__startswith"_f = "Hubei");
    EXPECT_EQ(keys_of(zhang->visitation.filter("name__contains"_f = "") & in_hubei), (Keys{1, 3}));
    EXPECT_EQ(keys_of(in_hubei & li->visitation.filter("name__contains"_f = "")), (Keys{1}));
    EXPECT_EQ(keys_of(li->visitation.filter("name__contains"_f = "") | objects<City>().filter("pk"_f = 2)),
              (Keys{1, 2}));
}

TEST_F(Combined, WhatCannotBeCombinedIsRefused) {
    const auto people = objects<Person>();
    EXPECT_THROW((void)(people & people.slice(0, 2)), kith::ValueError);
    EXPECT_THROW((void)(people.slice(0, 2) | people), kith::ValueError);
    EXPECT_THROW((void)(people | people.distinct()), kith::ValueError);
    const auto other = kith::connect("sqlite::memory:");
    EXPECT_THROW((void)(people | other.objects<Person>()), kith::ValueError);
}

} // namespace raw_test
