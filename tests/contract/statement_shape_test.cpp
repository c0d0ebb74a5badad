#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace statement_shape_test {

using namespace kith::literals;
using kith::Count;
using travel::FileTest;

/// Statements leave out what they can know without: tables between a foreign key and a set, and values selected twice.
namespace {

struct Mayor;
struct Villager;

struct Town {
    kith::PrimaryKey<> id{};
    std::string name{};
    std::int64_t code{};
    std::optional<std::string> river{};
    kith::ReverseSet<Villager, "town"> villagers{};
    kith::ReverseSet<Villager, "post"> receivers{};
    kith::ReverseSet<Villager, "visits"> visitors{};
    kith::ReverseOne<Mayor, "town"> mayor{};
};

struct Villager {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Town, kith::null> town{};
    kith::ForeignKey<Town, kith::null, kith::to_field<"code">> post{};
    kith::ManyToMany<Town> visits{};
    kith::Annotation<std::int64_t> neighbours{};
    kith::Annotation<std::int64_t> receivers{};
    kith::Annotation<std::int64_t> guests{};
    kith::Annotation<std::int64_t> named{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Mayor {
    kith::OneToOne<Town, kith::primary_key> town{};
    std::string name{};
    kith::ForeignKey<Villager, kith::null> deputy{};
};

struct Human;
struct Land {
    kith::PrimaryKey<std::string> code{};
    kith::ReverseSet<Human, "land"> humans{};
};
struct Human {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Land, kith::null> land{};
    kith::Annotation<std::int64_t> others{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

using Numbers = std::vector<std::int64_t>;

/// Others' tables, without constraints: Au (code 70) with the villagers 1 and 2 and a mayor, Bach (code 80) with
/// villager 3, nobody in Chur (code 90). Villager 4 is from nowhere; 5 and 6 from a town that does not exist, of whose
/// mayor there is a row.
class StatementShape : public FileTest {
protected:
    StatementShape() {
        const auto run = [&](const std::string& sql) { db_.raw(sql); };
        run("CREATE TABLE town (id bigint PRIMARY KEY, name varchar(20), code bigint, river varchar(20))");
        run("CREATE TABLE villager (id bigint PRIMARY KEY, town_id bigint, post_id bigint)");
        run("CREATE TABLE villager_visits (id bigint PRIMARY KEY, villager_id bigint, town_id bigint)");
        run("CREATE TABLE mayor (town_id bigint PRIMARY KEY, name varchar(20), deputy_id bigint)");
        run("INSERT INTO town VALUES (1, 'Au', 70, NULL), (2, 'Bach', 80, 'Bach'), (3, 'Chur', 90, NULL)");
        run("INSERT INTO villager VALUES (1, 1, 80), (2, 1, 80), (3, 2, 80), (4, NULL, NULL), (5, 9, 99), (6, 9, 70)");
        run("INSERT INTO villager_visits VALUES (1, 1, 2), (2, 3, 1), (3, 4, 1), (4, 2, 3), (5, 5, 9)");
        run("INSERT INTO mayor VALUES (1, 'Zoe', 2), (9, 'Nil', 5)");
        log_.emplace(db_);
    }
    kith::QuerySet<Villager> villagers() const { return db_.objects<Villager>(); }
    /// The only statement since the last call.
    std::string statement() {
        EXPECT_EQ(log_->size(), 1u);
        std::string sql(log_->size() == 1 ? (*log_)[0].sql : "");
        log_->clear();
        return sql;
    }
    static bool joins(const std::string& sql, const std::string& table) {
        const auto quote = travel::by_backend("\"", "\"", "`");
        return sql.find("JOIN " + quote + table + quote) != std::string::npos ||
               sql.find("FROM " + quote + table + quote + " AS") != std::string::npos;
    }
    /// How often `column` is selected.
    static std::size_t times(const std::string& sql, const std::string& column) {
        const auto quote = travel::by_backend("\"", "\"", "`");
        const auto selected = sql.substr(0, sql.find(" FROM "));
        const auto name = "." + quote + column + quote;
        std::size_t count = 0;
        for (auto at = selected.find(name); at != std::string::npos; at = selected.find(name, at + 1)) ++count;
        return count;
    }

    std::optional<kith::QueryLog> log_;
};

template <auto Member>
Numbers values(const kith::QuerySet<Villager>& rows) {
    Numbers found;
    for (const auto& row : rows) found.push_back(row.*Member);
    return found;
}

} // namespace

// ---- aggregates through a foreign key and a set

TEST_F(StatementShape, AnnotationsPassOverTheTableBetween) {
    const auto rows = villagers().filter("id__lte"_f = 4).annotate("neighbours"_f = Count("town__villagers"_f));
    EXPECT_EQ(values<&Villager::neighbours>(rows), (Numbers{2, 2, 1, 0})) << "nobody has NULL in common with anybody";
    EXPECT_FALSE(joins(statement(), "town"));
    const auto guests = villagers().filter("id__lte"_f = 4).annotate("guests"_f = Count("town__visitors"_f));
    EXPECT_EQ(values<&Villager::guests>(guests), (Numbers{2, 2, 1, 0}));
    EXPECT_FALSE(joins(statement(), "town"));
}

TEST_F(StatementShape, AnnotationsOverAColumnThatTheModelDoesNotCallUniqueJoin) {
    const auto rows = villagers().annotate("receivers"_f = Count("post__receivers"_f));
    EXPECT_EQ(values<&Villager::receivers>(rows), (Numbers{3, 3, 3, 0, 0, 1}));
    EXPECT_TRUE(joins(statement(), "town"));
    db_.raw("INSERT INTO town VALUES (4, 'Bach am Inn', 80, NULL)");
    EXPECT_EQ(values<&Villager::receivers>(rows.all()), (Numbers{6, 6, 6, 0, 0, 1})) << "as the join has it";
}

TEST_F(StatementShape, AggregatesOverAllRowsPassOverTheTableBetween) {
    const auto known = villagers().filter("id__lte"_f = 4);
    EXPECT_EQ(known.aggregate(Count("town__villagers"_f)), 5);
    EXPECT_FALSE(joins(statement(), "town"));
    EXPECT_EQ(known.aggregate(Count("town__visitors"_f).distinct()), 3);
    EXPECT_FALSE(joins(statement(), "town"));
    const auto [rows, most, visits] =
        known.aggregate(Count(), kith::Max("town__villagers__id"_f), Count("town__visitors"_f));
    EXPECT_EQ(rows, 4);
    EXPECT_EQ(most, 3);
    EXPECT_EQ(visits, 5);
    EXPECT_FALSE(joins(statement(), "town"));
}

TEST_F(StatementShape, ConditionsOnTheTableBetweenJoinIt) {
    const auto count = Count("town__villagers"_f);
    const auto rows = villagers().filter("id__lte"_f = 4).annotate("named"_f = count.filter("town__name"_f = "Au"));
    EXPECT_EQ(values<&Villager::named>(rows), (Numbers{2, 2, 0, 0}));
    EXPECT_TRUE(joins(statement(), "town"));
    const auto others = rows.annotate("named"_f = count.filter(!("town__name"_f = "Au")));
    EXPECT_EQ(values<&Villager::named>(others), (Numbers{0, 0, 1, 0}));
    EXPECT_TRUE(joins(statement(), "town"));
    EXPECT_EQ(villagers().filter("town__name"_f = "Au").aggregate(count), 4);
    EXPECT_TRUE(joins(statement(), "town"));
}

TEST_F(StatementShape, TheTableBetweenIsJoinedForWhatElseNeedsIt) {
    const auto rows = villagers()
                          .filter("town__name"_f = "Au")
                          .select_related("town")
                          .order_by("town__river", "id")
                          .annotate("neighbours"_f = Count("town__villagers"_f));
    EXPECT_EQ(values<&Villager::neighbours>(rows), (Numbers{2, 2}));
    EXPECT_EQ(rows[1].town->name, "Au");
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(StatementShape, AnnotationsPassOverAlsoInConditionsAndOrder) {
    const auto rows = villagers()
                          .filter("id__lte"_f = 4)
                          .annotate("neighbours"_f = Count("town__villagers"_f))
                          .filter("neighbours__gte"_f = 1)
                          .order_by("neighbours", "-id");
    EXPECT_EQ(values<&Villager::id>(rows), (Numbers{3, 2, 1}));
    EXPECT_FALSE(joins(statement(), "town"));
    EXPECT_EQ(rows.aggregate(kith::Sum("neighbours"_f)), 5);
}

TEST_F(StatementShape, AKeyThatLeadsNowhereIsStillTheSameKey) {
    const auto rows = villagers().filter("id__gt"_f = 4).annotate("neighbours"_f = Count("town__villagers"_f));
    EXPECT_EQ(values<&Villager::neighbours>(rows), (Numbers{2, 2})) << "both have the key 9";
    const auto joined = rows.annotate("named"_f = Count("town__villagers"_f).filter("town__name__isnull"_f = false));
    EXPECT_EQ(values<&Villager::named>(joined), (Numbers{0, 0})) << "a condition on the town needs the town";
}

// ---- select_related

TEST_F(StatementShape, JoinedRowsShareTheKey) {
    const auto rows = villagers().select_related("town");
    EXPECT_EQ(rows[0].town->id, 1);
    EXPECT_EQ(rows[0].town->name, "Au");
    EXPECT_EQ(&*rows[0].town, &*rows[1].town);
    EXPECT_EQ(rows[2].town->id, 2);
    EXPECT_EQ(rows[2].town->river, "Bach");
    EXPECT_TRUE(rows[3].town.is_null());
    auto sql = statement();
    EXPECT_EQ(times(sql, "town_id"), 1u);
    EXPECT_EQ(times(sql, "id"), 2u) << "the key of the town tells whether there is one";
    EXPECT_EQ(db_.objects<Mayor>().select_related("town").size(), 1u);
    sql = statement();
    EXPECT_EQ(times(sql, "town_id"), 1u);
    EXPECT_EQ(times(sql, "id"), 0u) << "a mayor has a town";
}

TEST_F(StatementShape, AKeyThatLeadsNowhereJoinsNoRow) {
    const auto rows = villagers().select_related("town__mayor__deputy");
    for (const auto i : {4u, 5u}) {
        EXPECT_TRUE(rows[i].town.is_loaded());
        EXPECT_TRUE(rows[i].town == nullptr) << "there is no town 9, though it has a mayor";
        EXPECT_FALSE(rows[i].town.is_null());
        EXPECT_EQ(rows[i].town.key(), 9);
        EXPECT_THROW((void)rows[i].town->name, kith::DoesNotExist);
    }
    EXPECT_EQ(log_->size(), 1u);
}

TEST_F(StatementShape, ARowWithoutAValueThatItsModelRequiresIsAnError) {
    // The town has no name: it is not taken for one that does not exist.
    db_.raw("UPDATE town SET name = NULL WHERE id = 2");
    const auto message = travel::message_of<kith::DatabaseError>(
        [&] { (void)villagers().filter("id"_f = 3).select_related("town").size(); });
    travel::expect_parts(message, {"NULL", "Town.name"});
    db_.raw("UPDATE town SET code = NULL, river = NULL WHERE id = 2");
    EXPECT_THROW((void)villagers().filter("id"_f = 3).select_related("town").size(), kith::DatabaseError)
        << "not even with nothing but its key";
}

TEST_F(StatementShape, TheOtherEndOfAOneToOneSharesTheKey) {
    const auto towns = db_.objects<Town>().order_by("id").select_related("mayor__deputy__town");
    ASSERT_EQ(towns.size(), 3u);
    EXPECT_EQ(towns[0].mayor->name, "Zoe");
    EXPECT_EQ(towns[0].mayor->town.key(), 1);
    EXPECT_EQ(&*towns[0].mayor->town, &towns[0]);
    EXPECT_EQ(towns[0].mayor->deputy->id, 2);
    EXPECT_EQ(towns[0].mayor->deputy->town->name, "Au");
    EXPECT_TRUE(towns[1].mayor == nullptr);
    EXPECT_TRUE(towns[2].mayor == nullptr);
    EXPECT_EQ(times(statement(), "deputy_id"), 1u);
}

TEST_F(StatementShape, APathThatLeadsBackIsNotJoinedAgain) {
    const auto mayors = db_.objects<Mayor>().filter("name"_f = "Zoe").select_related("town__mayor__deputy");
    EXPECT_EQ(mayors[0].town->id, 1);
    EXPECT_EQ(&*mayors[0].town->mayor, &mayors[0]);
    EXPECT_EQ(mayors[0].deputy->town.key(), 1) << "what lies behind the way back is joined";
    EXPECT_EQ(log_->size(), 1u);
    EXPECT_EQ(times(statement(), "name"), 2u);
    const auto towns = db_.objects<Town>().order_by("id").select_related("mayor__town__mayor");
    EXPECT_EQ(&*towns[0].mayor->town, &towns[0]);
    EXPECT_TRUE(towns[1].mayor == nullptr);
    EXPECT_EQ(times(statement(), "code"), 1u);
}

TEST_F(StatementShape, AForeignKeyToAnotherColumnSharesThatColumn) {
    const auto rows = villagers().filter("id__in"_f = {1, 3, 4, 5, 6}).select_related("post");
    EXPECT_EQ(rows[0].post->code, 80);
    EXPECT_EQ(rows[0].post->id, 2);
    EXPECT_EQ(&*rows[0].post, &*rows[1].post);
    EXPECT_TRUE(rows[2].post.is_null());
    EXPECT_TRUE(rows[3].post == nullptr) << "no town has the code 99";
    EXPECT_EQ(rows[4].post->id, 1);
    EXPECT_EQ(times(statement(), "code"), 0u);
}

TEST_F(StatementShape, StreamsAndLookupsShareTheKeyToo) {
    std::size_t towns = 0;
    for (const auto& row : villagers().select_related("town").iterator({.chunk_size = 2})) {
        if (row.town == nullptr) continue;
        EXPECT_EQ(row.town->id, row.town.key());
        ++towns;
    }
    EXPECT_EQ(towns, 3u);
    const auto with_town = villagers().select_related("town").slice(0, 2);
    const auto all = db_.objects<Town>().order_by("id").prefetch_related(kith::Prefetch("receivers"_f, with_town));
    EXPECT_EQ(all[1].receivers.all().size(), 2u);
    EXPECT_EQ(all[1].receivers.all()[0]->town->name, "Au");
    const auto distinct = villagers().select_related("town").distinct().order_by("town__name", "id");
    EXPECT_EQ(values<&Villager::id>(distinct), (Numbers{4, 5, 6, 1, 2, 3}));
}

TEST_F(StatementShape, SavingWhatWasJoinedWritesItsKey) {
    const auto rows = villagers().select_related("town");
    rows[2].town->name = "Bad Bach";
    db_.save(*rows[2].town);
    EXPECT_EQ(db_.objects<Town>().get("id"_f = 2)->name, "Bad Bach");
    EXPECT_EQ(db_.objects<Town>().count(), 3);
}

// ---- keys that are equal and differ

TEST_F(StatementShape, TextsWithoutCaseAreReadAndJoinedOnBothSides) {
    const auto text = travel::by_backend("text COLLATE NOCASE", "citext",
                                         "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
    db_.raw("CREATE TABLE land (code " + text + " PRIMARY KEY)");
    db_.raw("CREATE TABLE human (id bigint PRIMARY KEY, land_id " + text + ")");
    db_.raw("INSERT INTO land VALUES ('No')");
    db_.raw("INSERT INTO human VALUES (1, 'NO'), (2, 'no'), (3, 'se'), (4, NULL)");
    log_->clear();
    const auto humans = db_.objects<Human>().select_related("land").annotate("others"_f = Count("land__humans"_f));
    EXPECT_EQ(humans[0].land.key(), "NO");
    EXPECT_EQ(humans[1].land.key(), "no");
    EXPECT_EQ(humans[0].land->code.value, "No");
    EXPECT_EQ(&*humans[0].land, &*humans[1].land);
    EXPECT_TRUE(humans[2].land == nullptr);
    EXPECT_EQ(humans[2].land.key(), "se");
    EXPECT_TRUE(humans[3].land.is_null());
    Numbers others;
    for (const auto& human : humans) others.push_back(human.others);
    EXPECT_EQ(others, (Numbers{2, 2, 0, 0}));
    EXPECT_TRUE(joins(statement(), "land"));
}

} // namespace statement_shape_test
