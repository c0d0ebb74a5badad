#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>

namespace relation_writes_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

// ---- on_delete

struct Owner {
    kith::PrimaryKey<> id{};
};
struct Cascading {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Owner> owner{};
};
struct Nulling {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Owner, kith::null, kith::on_delete<kith::OnDelete::set_null>> owner{};
};
struct Restricting {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Owner, kith::on_delete<kith::OnDelete::restrict>> owner{};
};

class OnDelete : public FileTest {
protected:
    OnDelete() { db_.create_tables<Owner, Cascading, Nulling, Restricting>(); }
};

// ---- one-to-one

struct Passport;
struct Citizen {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseOne<Passport, "citizen"> passport{};
};
struct Passport {
    kith::PrimaryKey<> id{};
    std::string number{};
    kith::OneToOne<Citizen, kith::null> citizen{};
};

class OneToOneWrites : public FileTest {
protected:
    OneToOneWrites() {
        db_.create_tables<Citizen, Passport>();
        li_ = db_.objects<Citizen>().create({.name = "Li"});
        wang_ = db_.objects<Citizen>().create({.name = "Wang"});
    }
    kith::Ref<Citizen> li_{};
    kith::Ref<Citizen> wang_{};
};

// ---- relations to the same model

struct Worker {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Worker, kith::null> boss{};
    kith::ReverseSet<Worker, "boss"> staff{};
    kith::ManyToMany<Worker> admires{};
    kith::ReverseSet<Worker, "admires"> admirers{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class SelfRelations : public FileTest {
protected:
    SelfRelations() {
        db_.create_tables<Worker>();
        const auto a = db_.objects<Worker>().create({.name = "a"});
        const auto b = db_.objects<Worker>().create({.name = "b", .boss = a});
        const auto c = db_.objects<Worker>().create({.name = "c", .boss = a});
        const auto d = db_.objects<Worker>().create({.name = "d", .boss = b});
        a->admires.add(b, c);
        b->admires.add(a);
        d->admires.add(d);
    }
    kith::QuerySet<Worker> workers() const { return db_.objects<Worker>(); }
};

// ---- through a model of one's own

struct Membership;
struct Group;
struct Musician {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Group, kith::through<Membership, "musician", "group">> groups{};
    kith::ReverseSet<Membership, "musician"> memberships{};
};
struct Group {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Musician, "groups"> members{};
};
struct Membership {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Musician> musician{};
    kith::ForeignKey<Group> group{};
    std::optional<std::string> instrument{};
};

} // namespace

TEST_F(OnDelete, CascadeTakesTheRowsAlong) {
    const auto owner = db_.objects<Owner>().create({});
    const auto other = db_.objects<Owner>().create({});
    db_.objects<Cascading>().bulk_create({{.owner = owner}, {.owner = owner}, {.owner = other}});
    const kith::QueryLog log(db_);
    EXPECT_EQ(db_.objects<Owner>().filter("id"_f = owner->id.value).remove(), 1) << "without those it took along";
    EXPECT_EQ(log.size(), 1u);
    EXPECT_EQ(db_.objects<Cascading>().values_list<"owner_id">(), Keys{other->id});
}

TEST_F(OnDelete, SetNullLeavesTheRowsWithoutAKey) {
    const auto owner = db_.objects<Owner>().create({});
    const auto row = db_.objects<Nulling>().create({.owner = owner});
    db_.remove(*owner);
    db_.refresh(*row);
    EXPECT_TRUE(row->owner.is_null());
}

TEST_F(OnDelete, RestrictRefuses) {
    const auto owner = db_.objects<Owner>().create({});
    const auto row = db_.objects<Restricting>().create({.owner = owner});
    expect_parts(message_of<kith::IntegrityError>([&] { db_.remove(*owner); }), {"FOREIGN KEY", "on_delete"});
    EXPECT_THROW(db_.objects<Owner>().remove(), kith::IntegrityError);
    EXPECT_EQ(owner->id, 1) << "a row that was not removed keeps its key";
    EXPECT_EQ(db_.objects<Owner>().count(), 1);
    db_.remove(*row);
    db_.remove(*owner);
    EXPECT_EQ(db_.objects<Owner>().count(), 0);
}

TEST_F(OnDelete, LinksOfAManyToManyGoWithEitherEnd) {
    fill(db_);
    db_.remove(*db_.objects<City>().get("name"_f = "Guangzhou City"));
    const Raw raw = folder_.raw();
    EXPECT_EQ(raw.value(R"(SELECT count(*) FROM "QSOptimize_person_visitation" WHERE city_id = 2)"), "0");
    EXPECT_EQ(keys_of(db_.objects<Person>()), (Keys{1, 3})) << "hometown cascades";
    db_.objects<Person>().remove();
    EXPECT_EQ(raw.value(R"(SELECT count(*) FROM "QSOptimize_person_visitation")"), "0");
}

// ---- one-to-one

TEST_F(OneToOneWrites, WhatWasCreatedLeadsBothWays) {
    const auto passport = db_.objects<Passport>().create({.number = "1", .citizen = li_});
    const kith::QueryLog log(db_);
    EXPECT_EQ(&*passport->citizen, &*li_);
    EXPECT_EQ(log.size(), 0u);
    EXPECT_EQ(li_->passport->number, "1");
    EXPECT_TRUE(wang_->passport == nullptr);
}

TEST_F(OneToOneWrites, AssigningFillsBothEnds) {
    const auto passport = db_.objects<Passport>().create({.number = "1"});
    const kith::QueryLog log(db_);
    passport->citizen = wang_;
    EXPECT_EQ(&*wang_->passport, &*passport);
    EXPECT_EQ(&*passport->citizen, &*wang_);
    EXPECT_EQ(log.size(), 0u);
    db_.save(*passport);
    EXPECT_EQ(db_.objects<Citizen>().get("passport__number"_f = "1")->name, "Wang");
}

TEST_F(OneToOneWrites, AssigningAnotherLeavesTheFirstAlone) {
    const auto passport = db_.objects<Passport>().create({.number = "1", .citizen = li_});
    EXPECT_EQ(li_->passport->number, "1");
    passport->citizen = wang_;
    db_.save(*passport);
    db_.refresh(*li_);
    EXPECT_TRUE(li_->passport == nullptr);
    EXPECT_EQ(wang_->passport->number, "1");
}

TEST_F(OneToOneWrites, TwoForOneAreAnIntegrityError) {
    db_.objects<Passport>().create({.number = "1", .citizen = li_});
    EXPECT_THROW(db_.objects<Passport>().create({.number = "2", .citizen = li_}), kith::IntegrityError);
    db_.objects<Passport>().create({.number = "3"});
    db_.objects<Passport>().create({.number = "4"});
    EXPECT_EQ(db_.objects<Passport>().count(), 3) << "any number may have none";
}

TEST_F(OneToOneWrites, BothEndsLoadInOneStatement) {
    db_.objects<Passport>().create({.number = "1", .citizen = li_});
    db_.objects<Passport>().create({.number = "2"});
    const kith::QueryLog log(db_);
    const auto citizens = db_.objects<Citizen>().order_by("id").select_related("passport");
    EXPECT_EQ(citizens[0].passport->number, "1");
    EXPECT_EQ(&*citizens[0].passport->citizen, &citizens[0]);
    EXPECT_TRUE(citizens[1].passport == nullptr);
    EXPECT_THROW((void)citizens[1].passport->number, kith::DoesNotExist);
    EXPECT_EQ(log.size(), 1u);
    const auto prefetched = db_.objects<Citizen>().order_by("id").prefetch_related("passport");
    EXPECT_EQ(prefetched[0].passport->number, "1");
    EXPECT_EQ(&*prefetched[0].passport->citizen, &prefetched[0]);
    EXPECT_TRUE(prefetched[1].passport == nullptr);
    EXPECT_EQ(log.size(), 3u);
    const auto passports = db_.objects<Passport>().order_by("id").prefetch_related("citizen");
    EXPECT_EQ(passports[0].citizen->name, "Li");
    EXPECT_EQ(&*passports[0].citizen->passport, &passports[0]);
    EXPECT_TRUE(passports[1].citizen.is_null());
    EXPECT_EQ(log.size(), 5u);
}

TEST_F(OneToOneWrites, ConditionsFollowBothEnds) {
    db_.objects<Passport>().create({.number = "1", .citizen = li_});
    EXPECT_EQ(keys_of(db_.objects<Citizen>().filter("passport__isnull"_f = true)), Keys{2});
    EXPECT_EQ(keys_of(db_.objects<Citizen>().exclude("passport__number"_f = "1")), Keys{2});
    EXPECT_EQ(db_.objects<Passport>().filter("citizen__name"_f = "Li").count(), 1);
    EXPECT_EQ((db_.objects<Citizen>().order_by("id").values_list<"passport__number">()),
              (std::vector<std::optional<std::string>>{"1", std::nullopt}));
}

// ---- self relations

TEST_F(SelfRelations, ForeignKeysToTheModelItselfLoadBothWays) {
    const kith::QueryLog log(db_);
    const auto all = workers().prefetch_related("boss__boss", "staff__staff");
    EXPECT_TRUE(all[0].boss.is_null());
    EXPECT_EQ(all[3].boss->boss->name, "a");
    EXPECT_EQ(keys_of(all[0].staff.all()), (Keys{2, 3}));
    EXPECT_EQ(all[0].staff.all()[0]->staff.all()[0]->name, "d");
    EXPECT_EQ(log.size(), 5u);
}

TEST_F(SelfRelations, SelectRelatedJoinsTheTableWithItself) {
    const kith::QueryLog log(db_);
    const auto all = workers().select_related("boss__boss");
    EXPECT_EQ(all.size(), 4u);
    EXPECT_EQ(all[3].boss->boss->name, "a");
    EXPECT_TRUE(all[0].boss.is_null());
    EXPECT_TRUE(all[1].boss->boss.is_null());
    EXPECT_EQ(log.size(), 1u);
}

TEST_F(SelfRelations, ConditionsFollowThemBothWays) {
    EXPECT_EQ(keys_of(workers().filter("boss__name"_f = "a")), (Keys{2, 3}));
    EXPECT_EQ(keys_of(workers().filter("staff__name"_f = "d")), Keys{2});
    EXPECT_EQ(keys_of(workers().filter("boss__boss__name"_f = "a")), Keys{4});
    EXPECT_EQ(keys_of(workers().exclude("staff__name"_f = "b")), (Keys{2, 3, 4}));
    EXPECT_EQ(keys_of(workers().filter("admires__name"_f = "a")), Keys{2});
    EXPECT_EQ(keys_of(workers().filter("admirers__name"_f = "a")), (Keys{2, 3}));
    EXPECT_EQ(keys_of(workers().filter("admires"_f = "pk"_f)), Keys{4});
    EXPECT_EQ(keys_of(workers().exclude("admires__isnull"_f = true)), (Keys{1, 2, 4}));
}

TEST_F(SelfRelations, ManyToManyToItselfGoesOneWay) {
    const auto all = workers().prefetch_related("admires", "admirers");
    EXPECT_EQ(keys_of(all[0].admires.all()), (Keys{2, 3}));
    EXPECT_EQ(keys_of(all[0].admirers.all()), Keys{2});
    EXPECT_EQ(keys_of(all[2].admirers.all()), Keys{1});
    EXPECT_EQ(keys_of(all[3].admires.all()), Keys{4});
    EXPECT_EQ(keys_of(all[3].admirers.all()), Keys{4});
    EXPECT_EQ(folder_.raw().value("SELECT to_worker_id FROM worker_admires WHERE from_worker_id = 2"), "1");
}

TEST_F(SelfRelations, ManyToManyToItselfIsWrittenFromBothEnds) {
    const auto c = workers().get("name"_f = "c");
    c->admirers.add(std::int64_t{4});
    c->admires.set(Keys{1, 2});
    const auto all = workers().prefetch_related("admires", "admirers");
    EXPECT_EQ(keys_of(all[3].admires.all()), (Keys{3, 4}));
    EXPECT_EQ(keys_of(all[0].admirers.all()), (Keys{2, 3}));
    c->admirers.clear();
    EXPECT_EQ(keys_of(workers().filter("admires"_f = 3)), Keys{});
    EXPECT_EQ(keys_of(c->admires.all()), (Keys{1, 2})) << "the other direction is another set";
}

TEST_F(SelfRelations, ARowMayLeadToItself) {
    const auto a = workers().get("name"_f = "a");
    a->boss = a;
    db_.save(*a);
    EXPECT_EQ(&*a->boss, &*a);
    const auto again = workers().prefetch_related("boss__boss", "staff");
    EXPECT_EQ(again[0].boss->boss->name, "a");
    EXPECT_EQ(keys_of(again[0].staff.all()), (Keys{1, 2, 3}));
    a->staff.remove(a);
    EXPECT_TRUE(workers().get("name"_f = "a")->boss.is_null());
}

TEST_F(SelfRelations, DeletingCascadesDownTheTree) {
    db_.remove(*workers().get("name"_f = "b"));
    EXPECT_EQ(keys_of(workers()), (Keys{1, 3}));
}

// ---- through models

TEST(ThroughModels, LoadAndFilterLikeAnyManyToMany) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    db.create_tables<Musician, Group, Membership>();
    const auto ana = db.objects<Musician>().create({.name = "Ana"});
    const auto bo = db.objects<Musician>().create({.name = "Bo"});
    const auto band = db.objects<Group>().create({.name = "Band"});
    const auto duo = db.objects<Group>().create({.name = "Duo"});
    db.objects<Membership>().create({.musician = ana, .group = band, .instrument = "gusle"});
    db.objects<Membership>().create({.musician = ana, .group = duo, .instrument = "pipa"});
    db.objects<Membership>().create({.musician = bo, .group = band});
    const kith::QueryLog log(db);
    const auto musicians = db.objects<Musician>().order_by("id").prefetch_related("groups", "memberships");
    EXPECT_EQ(musicians[0].groups.count(), 2);
    EXPECT_EQ(musicians[0].memberships.count(), 2);
    EXPECT_EQ(musicians[1].groups.all()[0]->name, "Band");
    EXPECT_EQ(log.size(), 3u);
    const auto groups = db.objects<Group>().order_by("id").prefetch_related("members");
    EXPECT_EQ(groups[0].members.count(), 2);
    EXPECT_EQ(log.size(), 5u);
    EXPECT_EQ(db.objects<Musician>()
                  .filter("memberships__instrument"_f = "pipa", "memberships__group__name"_f = "Duo")
                  .count(),
              1);
    EXPECT_EQ(db.objects<Group>().filter("members__name"_f = "Bo").count(), 1);
}

TEST(ThroughModels, AreWrittenThroughTheSetOrByThemselves) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    db.create_tables<Musician, Group, Membership>();
    const auto ana = db.objects<Musician>().create({.name = "Ana"});
    const auto band = db.objects<Group>().create({.name = "Band"});
    ana->groups.add(band);
    EXPECT_EQ(db.objects<Membership>().get()->musician->name, "Ana");
    EXPECT_FALSE(db.objects<Membership>().get()->instrument.has_value());
    db.objects<Membership>().create({.musician = ana, .group = band, .instrument = "erhu"});
    const auto twice = db.objects<Musician>().prefetch_related("groups");
    EXPECT_EQ(twice[0].groups.count(), 2) << "a duplicate link gives the row twice";
    EXPECT_EQ(&twice[0].groups.all()[0]->name, &twice[0].groups.all()[1]->name) << "and the same instance";
    ana->groups.remove(band);
    EXPECT_EQ(db.objects<Membership>().count(), 0);
}

// ---- tables

TEST(Tables, AreCreatedOnceAndKeepWhatIsInThem) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    fill(db);
    db.create_tables<Province, City, Person>();
    EXPECT_EQ(db.objects<Person>().count(), 4);
    EXPECT_EQ(db.objects<Person>().get("id"_f = 1)->visitation.count(), 3);
}

TEST(Tables, OfSqliteHaveJoinTablesForeignKeysAndIndexesOnThem) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    db.create_tables<Province, City, Person>();
    const Raw raw = folder.raw();
    EXPECT_EQ(raw.value("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"), "4");
    EXPECT_EQ(raw.value("SELECT count(*) FROM pragma_foreign_key_list('QSOptimize_person_visitation')"), "2");
    EXPECT_EQ(
        raw.value("SELECT on_delete FROM pragma_foreign_key_list('QSOptimize_person') WHERE \"from\" = 'living_id'"),
        "SET NULL");
    const auto plan = [&](const std::string& column) {
        return raw.value("SELECT group_concat(detail) FROM pragma_index_list('QSOptimize_person') AS l, "
                         "pragma_index_info(l.name) AS i, (SELECT '' AS detail) WHERE i.name = '" +
                         column + "'");
    };
    EXPECT_NE(plan("hometown_id"), "NULL");
    EXPECT_NE(plan("living_id"), "NULL");
    EXPECT_EQ(plan("firstname"), "NULL");
}

TEST(Tables, AreDroppedWithAllThatIsInThemAndMadeAgain) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    fill(db);
    db.drop_tables<Province, City, Person>();
    EXPECT_THROW((void)db.objects<Person>().count(), kith::OperationalError);
    EXPECT_EQ(folder.raw().value(by_backend("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite%'",
                                            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
                                            "SELECT count(*) FROM information_schema.tables WHERE table_schema = "
                                            "database()")),
              "0");
    db.drop_tables<Province, City, Person>();
    fill(db);
    EXPECT_EQ(db.objects<Person>().count(), 4);
}

} // namespace relation_writes_test
