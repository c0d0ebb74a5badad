#include "support/meanwhile.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <thread>

namespace atomic_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

struct OddRow {
    kith::PrimaryKey<> id{};
    kith::Field<std::optional<std::int64_t>, kith::server_default> number{};
};

class Atomic : public TravelTest {
protected:
    /// The number of provinces that another connection to the file sees. There are two at the start.
    std::int64_t outside() const { return kith::connect(folder_.url()).objects<Province>().count(); }
    void add(const kith::Database& db, const char* name) const { db.objects<Province>().create({.name = name}); }
    void fail(const kith::Database& db) const { db.objects<Province>().create({.id = 1, .name = "taken"}); }
    Texts control() const { return log_.transaction_control(); }
    Raw raw() const { return folder_.raw(); }
};

const Texts one_transaction{travel::begin_of_a_block(), "COMMIT"};
const Texts one_snapshot{by_backend("BEGIN DEFERRED", "BEGIN ISOLATION LEVEL REPEATABLE READ", "SET autocommit = 0"),
                         "COMMIT"};

} // namespace

// ---- both forms

TEST_F(Atomic, CommitsAtTheEnd) {
    db_.atomic([&] {
        add(db_, "a");
        add(db_, "b");
        EXPECT_EQ(outside(), 2);
        EXPECT_EQ(db_.objects<Province>().count(), 4);
    });
    EXPECT_EQ(outside(), 4);
    EXPECT_EQ(control(), one_transaction);
}

TEST_F(Atomic, RollsBackWhenAnExceptionLeavesIt) {
    EXPECT_THROW(db_.atomic([&] {
        add(db_, "a");
        throw std::logic_error("mine");
    }),
                 std::logic_error);
    EXPECT_THROW(db_.atomic([&]() -> int {
        add(db_, "b");
        throw 7;
    }),
                 int);
    EXPECT_EQ(outside(), 2);
    EXPECT_EQ(db_.objects<Province>().count(), 2);
    EXPECT_EQ(control(), (Texts{one_transaction[0], "ROLLBACK", one_transaction[0], "ROLLBACK"}));
}

TEST_F(Atomic, HandsTheTransactionOn) {
    db_.atomic([&](kith::Database& tx) {
        add(tx, "a");
        EXPECT_EQ(tx.objects<Province>().count(), 3);
        EXPECT_EQ(outside(), 2);
    });
    EXPECT_EQ(outside(), 3);
    EXPECT_THROW(db_.atomic([&](kith::Database& tx) {
        add(tx, "b");
        throw std::runtime_error("mine");
    }),
                 std::runtime_error);
    EXPECT_EQ(outside(), 3);
}

TEST_F(Atomic, GivesWhatItsWorkGives) {
    EXPECT_EQ(db_.atomic([&] { return db_.objects<Province>().count(); }), 2);
    const auto row = db_.atomic([&](kith::Database& tx) { return tx.objects<Province>().create({.name = "a"}); });
    EXPECT_EQ(row->id, 3);
    row->name = "b";
    db_.save(*row);
    EXPECT_EQ(outside(), 3);
}

TEST_F(Atomic, AnotherThreadWorksInATransactionThatItIsGiven) {
    const auto work = [&](bool keep) {
        db_.atomic([&](kith::Database& tx) {
            std::thread([&] { add(tx, "elsewhere"); }).join();
            EXPECT_EQ(tx.objects<Province>().filter("name"_f = "elsewhere").count(), 1);
            if (!keep) throw std::runtime_error("mine");
        });
    };
    EXPECT_THROW(work(false), std::runtime_error);
    EXPECT_EQ(outside(), 2);
    work(true);
    EXPECT_EQ(outside(), 3);
}

TEST_F(Atomic, ABlockOfOneThreadDoesNotCatchTheStatementsOfAnother) {
    db_.atomic([&] {
        std::int64_t seen = 0;
        add(db_, "a");
        std::thread([&] { seen = db_.objects<Province>().count(); }).join();
        EXPECT_EQ(seen, 2);
    });
}

TEST_F(Atomic, RowsCreatedInARolledBackBlockAreNotThere) {
    kith::Ref<Province> kept;
    EXPECT_THROW(db_.atomic([&] {
        kept = db_.objects<Province>().create({.name = "a"});
        throw std::runtime_error("mine");
    }),
                 std::runtime_error);
    EXPECT_EQ(kept->name, "a") << "the object stays";
    EXPECT_THROW(db_.refresh(*kept), kith::DoesNotExist);
    db_.save(*kept);
    EXPECT_EQ(outside(), 3) << "and can be saved again";
}

// ---- nesting

TEST_F(Atomic, InsideAnotherItIsASavepoint) {
    db_.atomic([&] {
        add(db_, "a");
        db_.atomic([&] { add(db_, "b"); });
        EXPECT_THROW(db_.atomic([&] {
            add(db_, "c");
            throw std::runtime_error("mine");
        }),
                     std::runtime_error);
        add(db_, "d");
    });
    EXPECT_EQ(db_.objects<Province>().order_by("id").values_list<"name">(),
              (Texts{"Hubei Province", "Guangdong Province", "a", "b", "d"}));
    const auto statements = control();
    ASSERT_EQ(statements.size(), 7u);
    EXPECT_TRUE(statements[1].starts_with("SAVEPOINT")) << statements[1];
    EXPECT_TRUE(statements[2].starts_with("RELEASE")) << statements[2];
    EXPECT_TRUE(statements[4].starts_with("ROLLBACK TO")) << statements[4];
}

TEST_F(Atomic, TheOuterBlockDecides) {
    EXPECT_THROW(db_.atomic([&](kith::Database& tx) {
        tx.atomic([&](kith::Database& inner) { add(inner, "a"); });
        EXPECT_EQ(tx.objects<Province>().count(), 3);
        throw std::runtime_error("mine");
    }),
                 std::runtime_error);
    EXPECT_EQ(outside(), 2);
}

TEST_F(Atomic, BatchesAndSetsJoinTheTransactionAround) {
    db_.atomic([&] {
        db_.objects<Province>().bulk_create(std::vector<Province>(600));
        objects<Person>().get("id"_f = 4)->visitation.set(objects<City>());
        EXPECT_EQ(outside(), 2);
    });
    EXPECT_EQ(outside(), 602);
    EXPECT_EQ(control().front(), one_transaction.front());
    EXPECT_EQ(control().back(), "COMMIT");
}

// ---- failures

TEST_F(Atomic, AFailedStatementRollsTheBlockBack) {
    EXPECT_THROW(db_.atomic([&] {
        add(db_, "a");
        fail(db_);
    }),
                 kith::IntegrityError);
    EXPECT_EQ(outside(), 2);
    add(db_, "after");
    EXPECT_EQ(outside(), 3);
}

TEST_F(Atomic, AFailureThatWasCaughtStillRollsItBack) {
    const auto message = message_of<kith::OperationalError>([&] {
        db_.atomic([&] {
            add(db_, "a");
            EXPECT_THROW(fail(db_), kith::IntegrityError);
        });
    });
    expect_parts(message, {"rolled back", "UNIQUE"});
    EXPECT_EQ(outside(), 2) << "nothing is lost in silence, and nothing is kept by half";
}

TEST_F(Atomic, NothingRunsAfterAFailure) {
    EXPECT_THROW(db_.atomic([&] {
        EXPECT_THROW(fail(db_), kith::IntegrityError);
        log_.clear();
        EXPECT_THROW(add(db_, "b"), kith::OperationalError);
        EXPECT_THROW((void)db_.objects<Province>().count(), kith::OperationalError);
        EXPECT_THROW(db_.atomic([&] { add(db_, "c"); }), kith::OperationalError);
        EXPECT_EQ(log_.size(), 0u);
    }),
                 kith::OperationalError);
    EXPECT_EQ(outside(), 2);
}

TEST_F(Atomic, AFailureInABlockOfItsOwnLeavesTheOuterOneAlone) {
    db_.atomic([&] {
        add(db_, "a");
        EXPECT_THROW(db_.atomic([&] { fail(db_); }), kith::IntegrityError);
        EXPECT_THROW(db_.atomic([&] { EXPECT_THROW(fail(db_), kith::IntegrityError); }), kith::OperationalError);
        add(db_, "b");
    });
    EXPECT_EQ(outside(), 4);
}

TEST_F(Atomic, ArgumentsThatAreRefusedBeforeAStatementDoNoHarm) {
    db_.atomic([&] {
        EXPECT_THROW((void)objects<Person>().filter(kith::runtime("nope") = 1), kith::FieldError);
        EXPECT_THROW((void)objects<Person>().get("id"_f = 99), kith::DoesNotExist);
        EXPECT_THROW(objects<City>().create({.name = "no province"}), kith::IntegrityError);
        add(db_, "a");
    });
    EXPECT_EQ(outside(), 3);
}

TEST_F(Atomic, SqliteRowsThatCannotBeReadBackAreHalfDone) {
    raw().run("CREATE TABLE odd_row(id INTEGER PRIMARY KEY, number INTEGER DEFAULT 'no number')");
    EXPECT_THROW(db_.atomic([&] {
        add(db_, "a");
        EXPECT_THROW(db_.objects<OddRow>().create({}), kith::DatabaseError) << "it is inserted, but its number is none";
    }),
                 kith::OperationalError);
    EXPECT_EQ(outside(), 2);
    EXPECT_EQ(raw().value("SELECT count(*) FROM odd_row"), "0");
}

TEST_F(Atomic, GetOrCreateInsideABlockLeavesItUsable) {
    db_.atomic([&] {
        EXPECT_TRUE(db_.objects<Province>().get_or_create("name"_f = "a").second);
        EXPECT_FALSE(db_.objects<Province>().get_or_create("name"_f = "a").second);
        EXPECT_THROW(db_.objects<Province>().get_or_create("id"_f = 1, "name"_f = "taken"), kith::IntegrityError);
        add(db_, "b");
    });
    EXPECT_EQ(outside(), 4);
}

// ---- options

TEST_F(Atomic, AReadOnlyBlockReadsOneStateAndRefusesWrites) {
    db_.atomic(
        [&] {
            EXPECT_EQ(db_.objects<Province>().count(), 2);
            raw().run("INSERT INTO province (name) VALUES ('new')");
            EXPECT_EQ(db_.objects<Province>().count(), 2);
        },
        {.read_only = true});
    EXPECT_EQ(db_.objects<Province>().count(), 3);
    EXPECT_THROW(db_.atomic([&](kith::Database& tx) { add(tx, "a"); }, {.read_only = true}), kith::OperationalError);
    EXPECT_EQ(outside(), 3);
    add(db_, "after");
    EXPECT_EQ(outside(), 4) << "the connection writes again afterwards";
}

TEST_F(Atomic, EveryDatabaseHasEveryIsolation) {
    using enum kith::Isolation;
    for (const auto isolation : {standard, read_committed, repeatable_read, serializable}) {
        db_.atomic([&] { add(db_, "a"); }, {.isolation = isolation});
        const auto found = db_.atomic([&] { return objects<Province>().filter("name"_f = "a").count(); },
                                      {.isolation = isolation, .read_only = true});
        EXPECT_EQ(found, 1);
        EXPECT_EQ(objects<Province>().filter("name"_f = "a").remove(), 1);
    }
}

/// How often a block sees the name of a province change that another connection changes before each look.
int changes_seen(const kith::Database& db, const kith::Database& other, kith::AtomicOptions options) {
    const auto id = db.objects<Province>().order_by("id").first()->id;
    const auto name = [&] { return db.objects<Province>().get("id"_f = id)->name; };
    return db.atomic(
        [&] {
            int changes = 0;
            auto seen = name();
            for (int i = 0; i < 2; ++i) {
                other.objects<Province>().filter("id"_f = id).update("name"_f = seen + "!");
                changes += std::exchange(seen, name()) != seen ? 1 : 0;
            }
            return changes;
        },
        options);
}

TEST_F(Atomic, ServerBlocksSeeWhatIsCommittedMeanwhileUnlessTheyAskForOneState) {
    if (on_sqlite()) GTEST_SKIP() << "nobody else can write meanwhile";
    const auto other = kith::connect(folder_.url());
    using enum kith::Isolation;
    EXPECT_EQ(changes_seen(db_, other, {}), 2);
    EXPECT_EQ(changes_seen(db_, other, {.isolation = read_committed}), 2);
    EXPECT_EQ(changes_seen(db_, other, {.isolation = repeatable_read}), 0);
    EXPECT_EQ(changes_seen(db_, other, {.read_only = true}), 0);
    EXPECT_EQ(changes_seen(db_, other, {.isolation = read_committed, .read_only = true}), 2);
    EXPECT_EQ(changes_seen(db_, other, {}), 2) << "none of them stays for the next";
}

/// Each reads the number, and writes the next one only if nobody else has.
TEST_F(Atomic, CompareAndSwapEndsWhereverItIsTried) {
    const auto id = objects<Province>().order_by("id").first()->id;
    const auto count = [&](const kith::Database& db, int rounds) {
        for (int done = 0; done < rounds;) {
            done += db.atomic([&]() -> int {
                for (int tries = 0; tries < 1000; ++tries) {
                    const auto seen = db.objects<Province>().get("id"_f = id)->name;
                    if (db.objects<Province>().filter("id"_f = id, "name"_f = seen).update("name"_f = seen + ".") == 1)
                        return 1;
                }
                ADD_FAILURE() << "another one's change is never seen";
                return 1;
            });
        }
    };
    objects<Province>().filter("id"_f = id).update("name"_f = "");
    const auto db = kith::connect(folder_.url());
    std::jthread other([&] { count(db, 20); });
    count(db_, 20);
    other.join();
    EXPECT_EQ(objects<Province>().get("id"_f = id)->name, std::string(40, '.'));
}

TEST_F(Atomic, InMemoryDatabasesHaveBlocksToo) {
    const auto db = kith::connect("sqlite::memory:");
    db.create_tables<Province, City, Person>();
    EXPECT_THROW(db.atomic([&] {
        add(db, "a");
        throw std::runtime_error("mine");
    }),
                 std::runtime_error);
    db.atomic([&](kith::Database& tx) { tx.atomic([&] { add(db, "b"); }); });
    EXPECT_EQ(db.objects<Province>().values_list<"name">(), Texts{"b"});
}

// ---- laziness

TEST_F(Atomic, ALazyQuerySetThatLeavesItRunsOutside) {
    const auto provinces = db_.atomic([&](kith::Database& tx) {
        add(tx, "a");
        return tx.objects<Province>().prefetch_related("city_set");
    });
    EXPECT_EQ(control(), one_transaction);
    log_.clear();
    EXPECT_EQ(provinces.size(), 3u);
    EXPECT_EQ(provinces[0].city_set.count(), 2);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(control(), one_snapshot);
}

TEST_F(Atomic, RowsThatLeaveItLoadTheirRelationsOutside) {
    const auto city = db_.atomic([&](kith::Database& tx) { return tx.objects<City>().get("id"_f = 1); });
    EXPECT_EQ(city->province->name, "Hubei Province");
    EXPECT_EQ(city->visitors.count(), 2);
}

TEST_F(Atomic, AQuerySetMovesIntoATransactionWithOn) {
    const auto provinces = objects<Province>();
    db_.atomic([&](kith::Database& tx) {
        add(tx, "a");
        std::int64_t here = 0;
        std::thread([&] { here = provinces.on(tx).count(); }).join();
        EXPECT_EQ(here, 3);
    });
}

// ---- one snapshot

TEST_F(Atomic, PrefetchesSeeTheStateOfTheMainStatement) {
    const Meanwhile meanwhile(
        db_, folder_,
        "INSERT INTO city (name, province_id) VALUES ('Huanggang', 1);"
        "UPDATE city SET name = 'changed' WHERE id = 1; DELETE FROM \"QSOptimize_person_visitation\";");
    const auto provinces = objects<Province>().order_by("id").prefetch_related("city_set__visitors");
    Texts names;
    for (const City& city : provinces[0].city_set.all()) names.push_back(city.name);
    EXPECT_TRUE(meanwhile.done());
    EXPECT_EQ(names, (Texts{"Wuhan City", "Shiyan City"}));
    EXPECT_EQ(provinces[0].city_set.all()[0]->visitors.count(), 2);
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(control(), one_snapshot);
    const auto after = objects<Province>().order_by("id").prefetch_related("city_set__visitors");
    EXPECT_EQ(after[0].city_set.count(), 3) << "the next evaluation sees the new state";
    EXPECT_TRUE(after[0].city_set.all()[0]->visitors.all().empty());
}

TEST_F(Atomic, AForeignKeyWhoseRowWentMeanwhileStillLeadsThere) {
    const Meanwhile meanwhile(db_, folder_, "DELETE FROM city");
    const auto people = objects<Person>().prefetch_related("hometown");
    for (const Person& person : people) EXPECT_FALSE(person.hometown->name.empty());
    EXPECT_TRUE(meanwhile.done());
    EXPECT_EQ(objects<City>().count(), 0);
}

TEST_F(Atomic, AStreamSeesOneStateWhenItIsAskedTo) {
    const Meanwhile meanwhile(db_, folder_, "DELETE FROM \"QSOptimize_person_visitation\" WHERE person_id = 3");
    std::int64_t visits = 0;
    for (const Person& person :
         objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1, .snapshot = true})) {
        if (person.id == 3) visits = person.visitation.count();
    }
    EXPECT_TRUE(meanwhile.done());
    EXPECT_EQ(visits, 1);
    EXPECT_EQ(control(), one_snapshot);
    EXPECT_EQ(objects<Person>().get("id"_f = 3)->visitation.count(), 0);
}

TEST_F(Atomic, ASingleStatementHasNoTransaction) {
    (void)objects<Person>().size();
    (void)objects<Person>().select_related("hometown").size();
    (void)objects<Person>().count();
    (void)objects<Person>().first();
    add(db_, "a");
    (void)objects<Person>().filter("id"_f = 1).update("firstname"_f = "x");
    for (const Person& person : objects<Person>().iterator()) (void)person;
    EXPECT_EQ(log_.size(), 7u);
    EXPECT_EQ(control(), Texts{});
}

TEST_F(Atomic, AnEvaluationInsideABlockNeedsNoTransactionOfItsOwn) {
    db_.atomic([&] { (void)objects<Person>().prefetch_related("visitation").size(); });
    EXPECT_EQ(control(), one_transaction);
}

} // namespace atomic_test
