#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>

namespace writes_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

class Writes : public TravelTest {
protected:
    /// The travel data as another connection to the file sees it.
    template <class M>
    kith::QuerySet<M> outside() const {
        return kith::connect(folder_.url()).objects<M>();
    }
};

} // namespace

// ---- single rows

TEST_F(Writes, CreateInsertsAndGivesTheKey) {
    const auto beijing = objects<Province>().create({.name = "Beijing"});
    EXPECT_EQ(beijing->id, 3);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(outside<Province>().get("id"_f = 3)->name, "Beijing");
}

TEST_F(Writes, CreateKeepsAGivenKey) {
    EXPECT_EQ(objects<Province>().create({.id = 70, .name = "x"})->id, 70);
    // PostgreSQL's sequences know nothing of keys that were given.
    EXPECT_EQ(objects<Province>().create({.name = "y"})->id, backend() == Backend::postgresql ? 3 : 71);
    expect_parts(message_of<kith::IntegrityError>([&] { objects<Province>().create({.id = 70, .name = "z"}); }),
                 {"UNIQUE"});
    EXPECT_EQ(outside<Province>().get("id"_f = 70)->name, "x");
}

TEST_F(Writes, KeysAreNotGivenAgain) {
    const auto last = objects<Province>().create({.name = "x"});
    const std::int64_t key = last->id;
    db_.remove(*last);
    EXPECT_GT(objects<Province>().create({.name = "y"})->id, key);
}

TEST_F(Writes, InsertSetsTheKeyAndBindsTheRow) {
    City city{.name = "Huanggang", .province = objects<Province>().first()};
    db_.insert(city);
    log_.clear();
    EXPECT_EQ(city.id, 4);
    EXPECT_EQ(city.province->name, "Hubei Province");
    EXPECT_TRUE(city.visitors.all().empty());
    EXPECT_EQ(log_.size(), 1u) << "the set alone: the province was given loaded";
}

TEST_F(Writes, SaveInsertsWhatHasNoKey) {
    Province province{.name = "Beijing"};
    db_.save(province);
    EXPECT_EQ(province.id, 3);
    EXPECT_EQ(log_.size(), 1u);
    province.name = "Peking";
    db_.save(province);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(outside<Province>().order_by("id").values_list<"name">(),
              (Texts{"Hubei Province", "Guangdong Province", "Peking"}));
}

TEST_F(Writes, SaveInsertsUnderAKeyThatNoRowHas) {
    Province province{.id = 50, .name = "Beijing"};
    db_.save(province);
    EXPECT_EQ(log_.size(), 2u) << "an update that finds nothing, then an insert";
    EXPECT_EQ(outside<Province>().get("id"_f = 50)->name, "Beijing");
}

TEST_F(Writes, SaveWritesForeignKeys) {
    const auto person = objects<Person>().get("id"_f = 1);
    person->hometown = objects<City>().get("name"_f = "Wuhan City");
    person->living = nullptr;
    db_.save(*person);
    const auto again = outside<Person>().get("id"_f = 1);
    EXPECT_EQ(again->hometown.key(), 1);
    EXPECT_TRUE(again->living.is_null());
}

TEST_F(Writes, AnAssignedRefIsTheLoadedRow) {
    const auto person = objects<Person>().get("id"_f = 1);
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    log_.clear();
    person->hometown = wuhan;
    EXPECT_EQ(&*person->hometown, &*wuhan);
    EXPECT_EQ(log_.size(), 0u);
    person->living = *wuhan;
    EXPECT_EQ(person->living.key(), 1);
    EXPECT_EQ(person->living->name, "Wuhan City");
    EXPECT_EQ(log_.size(), 1u) << "of a row only its key is taken";
    person->hometown.set_key(2);
    EXPECT_FALSE(person->hometown.is_loaded());
    EXPECT_EQ(person->hometown->name, "Guangzhou City");
}

TEST_F(Writes, RemoveDeletesTheRow) {
    const auto person = objects<Person>().get("id"_f = 2);
    log_.clear();
    db_.remove(*person);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(keys_of(outside<Person>()), (Keys{1, 3, 4}));
    EXPECT_THROW(db_.remove(*person), kith::ValueError) << "it has no key any more";
    EXPECT_THROW(db_.refresh(*person), kith::ValueError);
    db_.save(*person);
    EXPECT_EQ(person->id, 5) << "saved again, it is a new row";
}

TEST_F(Writes, RefreshReadsTheColumnsAndForgetsTheRelations) {
    const auto person = objects<Person>().prefetch_related("visitation").select_related("hometown").get("id"_f = 1);
    folder_.raw().run(R"(UPDATE "QSOptimize_person" SET firstname = 'Er', hometown_id = 2 WHERE id = 1;)"
                      R"(DELETE FROM "QSOptimize_person_visitation")");
    log_.clear();
    db_.refresh(*person);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(person->firstname, "Er");
    EXPECT_FALSE(person->visitation.is_prefetched());
    EXPECT_EQ(person->hometown->name, "Guangzhou City");
    EXPECT_TRUE(person->visitation.all().empty());
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Writes, RefreshOfARowThatIsGoneDoesNotExist) {
    const auto person = objects<Person>().get("id"_f = 4);
    folder_.raw().run(R"(DELETE FROM "QSOptimize_person" WHERE id = 4)");
    EXPECT_THROW(db_.refresh(*person), kith::DoesNotExist);
    EXPECT_EQ(person->firstname, "Si") << "and keeps what it had";
}

// ---- many rows

TEST_F(Writes, BulkCreateTakesBoundedBatchesInOneTransaction) {
    std::vector<Province> provinces(1200);
    for (std::size_t i = 0; i < provinces.size(); ++i) provinces[i].name = std::to_string(i);
    const auto rows = objects<Province>().bulk_create(provinces);
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(log_.transaction_control(), (Texts{travel::begin_of_a_block(), "COMMIT"}));
    ASSERT_EQ(rows.size(), 1200u);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i]->name, std::to_string(i));
        ASSERT_EQ(rows[i]->id, static_cast<std::int64_t>(i) + 3);
    }
    EXPECT_EQ(outside<Province>().get("id"_f = 1202)->name, "1199");
}

TEST_F(Writes, BulkCreateIsAllOrNothing) {
    std::vector<Province> provinces(600);
    provinces.push_back({.id = 1});
    EXPECT_THROW(objects<Province>().bulk_create(provinces), kith::IntegrityError);
    EXPECT_EQ(outside<Province>().count(), 2);
    EXPECT_TRUE(objects<Province>().bulk_create({}).empty());
}

TEST_F(Writes, BulkCreateMixesGivenAndMissingKeys) {
    const auto rows = objects<Province>().bulk_create({{.name = "a"}, {.id = 90, .name = "b"}, {.name = "c"}});
    EXPECT_EQ(rows[1]->id, 90);
    for (const auto& row : rows) EXPECT_EQ(objects<Province>().get("id"_f = row->id.value)->name, row->name);
}

TEST_F(Writes, UpdateChangesAllRowsInOneStatement) {
    EXPECT_EQ(objects<Person>().filter("lastname"_f = "Zhang").update("firstname"_f = "X", "living"_f = nullptr), 2);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(keys_of(outside<Person>().filter("firstname"_f = "X", "living"_f = nullptr)), (Keys{1, 4}));
}

TEST_F(Writes, UpdateTakesRowsAndOtherColumns) {
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    EXPECT_EQ(objects<Person>().filter("id__lte"_f = 2).update("living"_f = wuhan, "firstname"_f = "lastname"_f), 2);
    EXPECT_EQ(outside<Person>().get("id"_f = 2)->firstname, "Li");
    EXPECT_EQ(outside<Person>().get("id"_f = 2)->living.key(), 1);
    EXPECT_EQ(objects<Person>().update(), 0);
}

TEST_F(Writes, UpdateAndRemoveFilterAcrossRelations) {
    EXPECT_EQ(objects<Person>().filter("hometown__province__name"_f = "Hubei Province").update("firstname"_f = "X"), 2);
    EXPECT_EQ(objects<Person>().filter("visitation__name"_f = "Guangzhou City").update("lastname"_f = "Y"), 2);
    EXPECT_EQ(objects<Person>().exclude("visitation__name"_f = "Wuhan City").update("lastname"_f = "Z"), 2);
    EXPECT_EQ(objects<Person>().filter("hometown__name"_f = "Guangzhou City").remove(), 2);
    EXPECT_EQ(log_.size(), 4u);
    EXPECT_EQ(outside<Person>().values_list<"lastname">(), (Texts{"Y", "Z"}));
}

TEST_F(Writes, RemoveDeletesTheRowsThatAreFound) {
    EXPECT_EQ(objects<Person>().filter("firstname"_f = "Si").remove(), 2);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(keys_of(outside<Person>()), (Keys{1, 3}));
    EXPECT_EQ(objects<Person>().filter("firstname"_f = "nobody").remove(), 0);
}

// ---- get_or_create, update_or_create

TEST_F(Writes, GetOrCreateFindsOrMakes) {
    const auto [found, made] = objects<Province>().get_or_create("name"_f = "Hubei Province");
    EXPECT_FALSE(made);
    EXPECT_EQ(found->id, 1);
    EXPECT_EQ(log_.size(), 1u);
    const auto hubei = found;
    const auto [city, created] =
        objects<City>().get_or_create("name"_f = "Huanggang", kith::defaults("province"_f = hubei));
    EXPECT_TRUE(created);
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(city->province.key(), 1);
    EXPECT_FALSE(objects<City>().get_or_create("name"_f = "Huanggang", kith::defaults("province"_f = 2)).second);
    EXPECT_EQ(outside<City>().get("name"_f = "Huanggang")->province.key(), 1);
}

TEST_F(Writes, GetOrCreateRefusesSeveralRowsAndOpenConditions) {
    EXPECT_THROW(objects<Person>().get_or_create("firstname"_f = "Si"), kith::MultipleObjectsReturned);
    EXPECT_THROW(objects<Province>().get_or_create("name__icontains"_f = "nowhere"), kith::FieldError);
    EXPECT_EQ(objects<Person>().count(), 4);
}

TEST_F(Writes, UpdateOrCreateUpdatesOrMakes) {
    const auto [city, created] =
        objects<City>().update_or_create("name"_f = "Wuhan City", kith::defaults("province"_f = 2));
    EXPECT_FALSE(created);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(city->province.key(), 2);
    EXPECT_EQ(outside<City>().get("id"_f = 1)->province.key(), 2);
    EXPECT_TRUE(objects<City>().update_or_create("name"_f = "Huanggang", kith::defaults("province"_f = 1)).second);
    EXPECT_EQ(outside<City>().get("name"_f = "Huanggang")->province.key(), 1);
}

// ---- the reverse of a foreign key

namespace {

struct Player;
struct Team {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Player, "team"> players{};
    kith::PrefetchedSet<Player> stars{};
};
struct Player {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Team, kith::null, kith::on_delete<kith::OnDelete::set_null>> team{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class ReverseWrites : public FileTest {
protected:
    ReverseWrites() {
        db_.create_tables<Team, Player>();
        red_ = db_.objects<Team>().create({.name = "red"});
        blue_ = db_.objects<Team>().create({.name = "blue"});
        for (const char* name : {"a", "b", "c"})
            players_.push_back(db_.objects<Player>().create({.name = name, .team = red_}));
        players_.push_back(db_.objects<Player>().create({.name = "d"}));
        log_.clear();
    }
    Keys of(const kith::Ref<Team>& team) const {
        return keys_of(kith::connect(folder_.url()).objects<Player>().filter("team"_f = team->id.value));
    }
    kith::Ref<Team> red_{};
    kith::Ref<Team> blue_{};
    std::vector<kith::Ref<Player>> players_{};
    kith::QueryLog log_{db_};
};

} // namespace

TEST_F(ReverseWrites, AddMovesRowsInOneStatementAndForgetsTheSet) {
    EXPECT_TRUE(blue_->players.all().empty());
    log_.clear();
    blue_->players.add(players_[0], *players_[1], players_[3]->id);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_FALSE(blue_->players.is_prefetched());
    EXPECT_EQ(keys_of(blue_->players.all()), (Keys{1, 2, 4}));
    EXPECT_EQ(of(blue_), (Keys{1, 2, 4}));
    EXPECT_EQ(players_[0]->team->name, "blue") << "the row that was given sees it";
    EXPECT_EQ(&*players_[1]->team, &*blue_);
}

TEST_F(ReverseWrites, RemoveAndClearSetTheKeyToNull) {
    (void)red_->players.all().size();
    log_.clear();
    red_->players.remove(players_[0]);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_TRUE(players_[0]->team.is_null());
    EXPECT_EQ(of(red_), (Keys{2, 3}));
    EXPECT_EQ(red_->players.count(), 2);
    log_.clear();
    red_->players.clear();
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(of(red_), Keys{});
    EXPECT_TRUE(red_->players.all().empty());
}

TEST_F(ReverseWrites, RemovingAStrangerChangesNothing) {
    EXPECT_THROW(red_->players.remove(players_[0], players_[3]), kith::DoesNotExist);
    EXPECT_EQ(of(red_), (Keys{1, 2, 3}));
    EXPECT_EQ(players_[0]->team.key(), red_->id);
}

TEST_F(ReverseWrites, AddingAKeyThatNoRowHasChangesNothing) {
    EXPECT_THROW(blue_->players.add(players_[0], 99), kith::DoesNotExist);
    EXPECT_EQ(of(blue_), Keys{});
}

TEST_F(ReverseWrites, SetMakesItExactlyThese) {
    red_->players.set(std::vector{players_[1], players_[3]});
    EXPECT_EQ(log_.size(), 3u) << "what is there, what goes, what comes";
    EXPECT_EQ(of(red_), (Keys{2, 4}));
    log_.clear();
    red_->players.set(Keys{4, 2});
    EXPECT_EQ(log_.size(), 1u) << "nothing to change";
    red_->players.set(db_.objects<Player>().filter("id__gte"_f = 3));
    EXPECT_EQ(of(red_), (Keys{3, 4}));
    red_->players.set(Keys{});
    EXPECT_EQ(of(red_), Keys{});
}

TEST_F(ReverseWrites, CreateLeadsToTheOwner) {
    (void)blue_->players.all().size();
    log_.clear();
    const auto fresh = blue_->players.create({.name = "e"});
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(&*fresh->team, &*blue_);
    EXPECT_EQ(blue_->players.count(), 1) << "forgotten, and asked again";
    EXPECT_EQ(of(blue_), Keys{5});
}

TEST_F(ReverseWrites, CreateThroughAllLeadsToTheOwnerLoadedOrNot) {
    blue_->players.all().create({.name = "e"});
    EXPECT_EQ(blue_->players.all().size(), 1u);
    blue_->players.all().create({.name = "f"});
    EXPECT_EQ(of(blue_), (Keys{5, 6}));
    EXPECT_EQ(blue_->players.all().size(), 2u);
}

TEST_F(ReverseWrites, RowsMadeThroughAllOfASetBelongToIt) {
    (void)blue_->players.all().size();
    (void)blue_->players.all().bulk_create({{.name = "g"}, {.name = "h"}});
    EXPECT_EQ(blue_->players.filter("name__in"_f = {"g", "h"}).count(), 2);
    EXPECT_TRUE(blue_->players.all().get_or_create("name"_f = "i").second);
    EXPECT_FALSE(blue_->players.all().get_or_create("name"_f = "i").second);
    EXPECT_EQ(blue_->players.filter("name"_f = "i").count(), 1);
}

TEST_F(ReverseWrites, UpdatingAllOfASetForgetsIt) {
    EXPECT_EQ(red_->players.all()[0]->name, "a");
    EXPECT_EQ(red_->players.all().update("name"_f = "x"), 3);
    EXPECT_EQ(red_->players.all()[0]->name, "x");
    EXPECT_EQ(red_->players.all().remove(), 3);
    EXPECT_TRUE(red_->players.all().empty());
    EXPECT_EQ(db_.objects<Player>().count(), 1) << "those of others stay";
}

TEST_F(ReverseWrites, AWriteForgetsTheSlotsOfTheSameRelation) {
    const auto teams = db_.objects<Team>().order_by("id").prefetch_related(
        kith::Prefetch("players"_f, db_.objects<Player>().filter("name"_f = "a"), "stars"_f));
    EXPECT_EQ(teams[0].stars.size(), 1u);
    teams[0].players.remove(std::int64_t{1});
    EXPECT_FALSE(teams[0].stars.is_loaded());
    EXPECT_TRUE(teams[1].stars.is_loaded()) << "other rows are not searched";
}

TEST_F(ReverseWrites, UnsavedRowsAreRefusedAndNothingChanges) {
    Player fresh{.name = "new"};
    EXPECT_THROW(blue_->players.add(players_[0], fresh), kith::ValueError);
    EXPECT_THROW(blue_->players.set(std::vector<kith::Ref<Player>>{players_[0], nullptr}), kith::ValueError);
    EXPECT_THROW((void)Team{.name = "unsaved"}.players.all(), kith::Error);
    EXPECT_EQ(of(blue_), Keys{});
    EXPECT_EQ(log_.size(), 0u);
}

// ---- many-to-many

TEST_F(Writes, ManyToManyAddTakesOneStatementAndEachLinkOnce) {
    const auto person = objects<Person>().get("id"_f = 4);
    const auto wuhan = objects<City>().get("id"_f = 1);
    EXPECT_TRUE(person->visitation.all().empty());
    log_.clear();
    person->visitation.add(wuhan, *wuhan, std::int64_t{2}, 2);
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_EQ(person->visitation.count(), 2);
    person->visitation.add(wuhan);
    EXPECT_EQ(person->visitation.count(), 2) << "what is there is not added again";
    EXPECT_EQ(keys_of(outside<City>().filter("visitors"_f = 4)), (Keys{1, 2}));
}

TEST_F(Writes, ManyToManyAddToAKeyThatNoRowHasIsAnIntegrityError) {
    const auto person = objects<Person>().get("id"_f = 4);
    EXPECT_THROW(person->visitation.add(1, 99), kith::IntegrityError);
    EXPECT_EQ(person->visitation.count(), 0);
}

TEST_F(Writes, ManyToManyRemoveAndClearKeepTheRows) {
    const auto person = objects<Person>().prefetch_related("visitation").get("id"_f = 1);
    log_.clear();
    person->visitation.remove(std::int64_t{1}, std::int64_t{77});
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_FALSE(person->visitation.is_prefetched());
    EXPECT_EQ(keys_of(person->visitation.all()), (Keys{2, 3}));
    log_.clear();
    person->visitation.clear();
    EXPECT_EQ(log_.size(), 1u);
    EXPECT_TRUE(person->visitation.all().empty());
    EXPECT_EQ(objects<City>().count(), 3);
    EXPECT_EQ(outside<City>().get("id"_f = 1)->visitors.count(), 1) << "those of others stay";
}

TEST_F(Writes, RowsMadeThroughAllOfAManyToManyAreLinked) {
    const auto person = objects<Person>().get("id"_f = 1);
    const auto before = person->visitation.count();
    const auto home = objects<Province>().order_by("id").first();
    (void)person->visitation.all().bulk_create({{.name = "g", .province = home}, {.name = "h", .province = home}});
    EXPECT_EQ(person->visitation.count(), before + 2);
    EXPECT_TRUE(person->visitation.filter("name"_f = "h").exists());
}

TEST_F(Writes, ManyToManySetMakesItExactlyThese) {
    const auto person = objects<Person>().get("id"_f = 1);
    log_.clear();
    person->visitation.set(Keys{3, 3});
    EXPECT_EQ(log_.size(), 2u) << "what is there, what goes";
    EXPECT_EQ(keys_of(person->visitation.all()), Keys{3});
    log_.clear();
    person->visitation.set(objects<City>().filter("name"_f = "Wuhan City"));
    EXPECT_EQ(log_.size(), 4u) << "the argument, what is there, what goes, what comes";
    EXPECT_EQ(keys_of(person->visitation.all()), Keys{1});
}

TEST_F(Writes, ManyToManyIsWrittenFromTheOtherEndToo) {
    const auto wuhan = objects<City>().get("id"_f = 1);
    wuhan->visitors.add(std::int64_t{4});
    wuhan->visitors.remove(std::int64_t{1});
    EXPECT_EQ(keys_of(outside<Person>().filter("visitation"_f = 1)), (Keys{2, 4}));
    wuhan->visitors.set(Keys{3});
    EXPECT_EQ(keys_of(wuhan->visitors.all()), Keys{3});
    const auto fresh = wuhan->visitors.create({.firstname = "New", .hometown = wuhan});
    EXPECT_EQ(keys_of(outside<Person>().filter("visitation"_f = 1)), (Keys{3, fresh->id}));
    wuhan->visitors.clear();
    EXPECT_EQ(wuhan->visitors.count(), 0);
}

TEST_F(Writes, ManyToManyCreateInsertsTheRowAndTheLink) {
    const auto person = objects<Person>().get("id"_f = 4);
    log_.clear();
    const auto city =
        person->visitation.create({.name = "Huanggang", .province = objects<Province>().create({.name = "p"})});
    EXPECT_EQ(log_.size(), 3u) << "the province, the city, the link";
    EXPECT_TRUE(person->visitation.contains(city));
}

} // namespace writes_test
