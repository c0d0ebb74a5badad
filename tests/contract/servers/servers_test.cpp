#include "connection/drivers.hpp"
#include "connection/session.hpp"
#include "connection/url.hpp"
#include "support/as_user.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

/// What can happen only where the database is another program: connections that are lost, tables that are altered
/// behind prepared statements, locks, limits.

namespace servers_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

class Servers : public TravelTest {
protected:
    /// Ends all of Kith's connections to the test's database, from outside.
    void kill_connections() const {
        if (backend() == Backend::postgresql) {
            folder_.raw().run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = "
                              "'kith-' || current_schema()");
            return;
        }
        const auto raw = folder_.raw();
        const std::string mine = " FROM information_schema.processlist WHERE db = database() AND id <> connection_id()";
        for (auto id = raw.value("SELECT id" + mine); id != "NULL"; id = raw.value("SELECT id" + mine)) {
            // It may have ended by itself meanwhile: then there is no such thread.
            raw.run("BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; KILL " + id + "; END");
            std::this_thread::sleep_for(1ms);
        }
    }
    /// A handle whose connections kill_connections() finds.
    kith::Database connect(const std::string& options = "pool_size=3") const {
        auto url = folder_.url("test.db", options);
        if (backend() == Backend::postgresql) {
            url += "&application_name=kith-" + folder_.raw().value("SELECT current_schema()");
        }
        return kith::connect(url);
    }
    static void expect_usable(const kith::Database& db, std::int64_t provinces = 2) {
        EXPECT_EQ(db.objects<Person>().prefetch_related("visitation__province").size(), 4u);
        const auto fresh = db.objects<Province>().create({.name = "still there"});
        db.remove(*fresh);
        EXPECT_EQ(db.objects<Province>().count(), provinces);
    }
};

struct Visit;

struct Place {
    kith::PrimaryKey<std::string> code{};
    kith::ReverseSet<Visit, "place"> visits{};
};

struct Visit {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Place> place{};
};

/// Runs `work` once, after the first statement that the database runs.
class Once {
public:
    Once(const kith::Database& db, std::function<void()> work)
        : token_(db.on_query([this, work = std::move(work)](const kith::QueryEvent&) {
              if (!std::exchange(done_, true)) work();
          })) {}
    bool done() const { return done_; }

private:
    bool done_{false};
    std::shared_ptr<void> token_;
};

kith::sql::Statement statement(std::string text) { return {.text = std::move(text)}; }

} // namespace

// ---- connections that are lost

TEST_F(Servers, AConnectionLostWhileIdleIsReplaced) {
    const auto db = connect();
    expect_usable(db);
    kill_connections();
    expect_usable(db);
}

TEST_F(Servers, AConnectionLostInTheMidstOfAnEvaluation) {
    const auto db = connect();
    const auto people = db.objects<Person>().order_by("id").prefetch_related("visitation", "hometown");
    {
        const Once once(db, [&] { kill_connections(); });
        const auto message = message_of<kith::OperationalError>([&] { (void)people.size(); });
        EXPECT_TRUE(once.done());
        expect_parts(message, {"Try again"});
    }
    EXPECT_EQ(people.size(), 4u) << "nothing of the failed evaluation was kept";
    EXPECT_EQ(people[0].visitation.count(), 3);
    expect_usable(db);
}

TEST_F(Servers, AConnectionLostInTheMidstOfAStream) {
    const auto db = connect();
    std::size_t seen = 0;
    EXPECT_THROW(
        {
            for (const Person& person :
                 db.objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1})) {
                seen += person.id != 0 ? 1 : 0;
                if (seen == 2) kill_connections();
            }
        },
        kith::OperationalError);
    EXPECT_EQ(seen, 2u) << "a failure is not the end of the data";
    expect_usable(db);
}

TEST_F(Servers, AConnectionLostInATransactionUndoesIt) {
    const auto db = connect();
    EXPECT_THROW(db.atomic([&] {
        db.objects<Province>().create({.name = "a"});
        kill_connections();
        db.objects<Province>().create({.name = "b"});
    }),
                 kith::OperationalError);
    EXPECT_THROW(db.atomic([&] {
        db.objects<Province>().create({.name = "c"});
        kill_connections();
    }),
                 kith::OperationalError)
        << "found out by COMMIT";
    expect_usable(db);
}

TEST_F(Servers, AServerThatIsNotThere) {
    const std::string secret = "s3cret";
    for (const std::string end : {"@127.0.0.1:1/x", "@/x?socket=/nowhere/s", "@%2Fnowhere/x"}) {
        if (backend() == Backend::postgresql && end.find("socket") != std::string::npos) continue;
        const auto message = message_of<kith::OperationalError>(
            [&] { (void)kith::connect(by_backend("", "postgresql", "mariadb") + "://me:" + secret + end); });
        expect_parts(message, {"cannot be reached", "://me@"});
        EXPECT_EQ(message.find(secret), std::string::npos) << message;
    }
}

TEST_F(Servers, OptionsThatThereAreNotAreRefused) {
    EXPECT_THROW((void)kith::connect(folder_.url("test.db", "wall=1")), kith::ValueError);
    EXPECT_THROW((void)kith::connect(folder_.url("test.db", "wal=1")), kith::ValueError);
    EXPECT_THROW((void)kith::connect(by_backend("", "postgresql", "mariadb") + ":name"), kith::ValueError);
}

// ---- tables altered behind prepared statements

TEST_F(Servers, ATableAlteredBehindAPreparedStatement) {
    const auto names = [&] { return column(objects<City>().order_by("id"), &City::name); };
    const auto before = names();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(names(), before);
    folder_.raw().run(by_backend("", "ALTER TABLE city ALTER COLUMN name TYPE varchar(90)",
                                 "ALTER TABLE city MODIFY name varchar(90)"));
    EXPECT_EQ(names(), before);
    EXPECT_EQ(names(), before);
}

TEST_F(Servers, ATableAlteredBehindAnEvaluationStartsItAgain) {
    const auto cities = [&] {
        std::size_t count = 0;
        for (const Province& province : objects<Province>().prefetch_related("city_set")) {
            count += province.city_set.all().size();
        }
        return count;
    };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(cities(), 3u);
    folder_.raw().run(by_backend("", "ALTER TABLE city ALTER COLUMN name TYPE varchar(90)",
                                 "ALTER TABLE city MODIFY name varchar(90)"));
    EXPECT_EQ(cities(), 3u);
    folder_.raw().run("ALTER TABLE city ADD COLUMN more integer");
    EXPECT_EQ(cities(), 3u);
}

TEST_F(Servers, WithoutAStatementCacheNothingIsKeptAtTheServer) {
    const auto db = connect("statement_cache=0");
    for (int i = 0; i < 3; ++i) expect_usable(db);
    if (backend() != Backend::postgresql) return;
    kith::connection::Session session(db);
    const auto cursor = session.query(statement("SELECT count(*) FROM pg_prepared_statements"));
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->integer(0), 0);
}

TEST_F(Servers, FewKeysAreNotPlannedAnew) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "about PostgreSQL's plans";
    objects<Province>().bulk_create(std::vector<Province>(20));
    const kith::Database db = connect("pool_size=1");
    for (std::size_t keys = 1; keys < 12; ++keys) {
        for (int i = 0; i < 10; ++i) {
            const auto provinces = db.objects<Province>().order_by("id").slice(0, keys);
            (void)provinces.prefetch_related("city_set").load_strategy(kith::LoadStrategy::levels).rows();
        }
    }
    for (int i = 0; i < 10; ++i) (void)db.objects<Province>().filter("id__in"_f = std::vector{1, 2}).rows();
    kith::connection::Session session(db);
    const auto cursor = session.query(statement("SELECT name, generic_plans, custom_plans FROM "
                                                "pg_prepared_statements WHERE statement LIKE '%$1%'"));
    int statements = 0;
    while (cursor->next()) {
        ++statements;
        // The server makes five plans for given parameters before it compares.
        EXPECT_LE(cursor->integer(2), 5);
        EXPECT_GT(cursor->integer(1), 0);
    }
    EXPECT_EQ(statements, 3);
}

// ---- streams

TEST_F(Servers, AStreamThatIsLeftIsClosed) {
    objects<Province>().bulk_create(std::vector<Province>(5000));
    for (int i = 0; i < 3; ++i) {
        for (const Province& province : objects<Province>().iterator({.chunk_size = 100})) {
            if (province.id == 3) break;
        }
        EXPECT_THROW(
            {
                for (const Province& province : objects<Province>().iterator({.chunk_size = 100, .snapshot = true})) {
                    if (province.id != 0) throw std::runtime_error("mine");
                }
            },
            std::runtime_error);
    }
    EXPECT_EQ(objects<Province>().count(), 5002);
    if (backend() != Backend::postgresql) return;
    kith::connection::Session session(db_);
    const auto cursor = session.query(statement("SELECT count(*) FROM pg_cursors WHERE name <> ''"));
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->integer(0), 0);
}

TEST_F(Servers, StatementsRunBesideAStream) {
    objects<Province>().bulk_create(std::vector<Province>(500));
    std::int64_t rows = 0;
    for (const Province& province :
         objects<Province>().order_by("id").prefetch_related("city_set").iterator({.chunk_size = 7})) {
        ++rows;
        if (province.id % 50 == 0) objects<Province>().filter("id"_f = province.id.value).update("name"_f = "seen");
    }
    EXPECT_EQ(rows, 502);
    EXPECT_EQ(objects<Province>().filter("name"_f = "seen").count(), 10);
}

// ---- locks and limits

TEST_F(Servers, ALockHeldBeyondTheTimeout) {
    const auto db = connect("busy_timeout=100");
    const auto other = folder_.raw();
    other.run("BEGIN; UPDATE province SET name = 'theirs' WHERE id = 1");
    const auto message = message_of<kith::OperationalError>(
        [&] { db.objects<Province>().filter("id"_f = 1).update("name"_f = "mine"); });
    expect_parts(message, {"busy_timeout"});
    EXPECT_EQ(db.objects<Province>().get("id"_f = 1)->name, "Hubei Province") << "reading goes on";
    other.run("ROLLBACK");
    EXPECT_EQ(db.objects<Province>().filter("id"_f = 1).update("name"_f = "Hubei Province"), 1);
    expect_usable(db);
}

TEST_F(Servers, ADeadlockIsTold) {
    const auto db = connect();
    std::mutex mutex;
    std::condition_variable changed;
    int inside = 0;
    int failed = 0;
    std::string state;
    const auto work = [&](std::int64_t first, std::int64_t second) {
        try {
            db.atomic([&] {
                db.objects<Province>().filter("id"_f = first).update("name"_f = "x");
                {
                    std::unique_lock lock(mutex);
                    ++inside;
                    changed.notify_all();
                    changed.wait(lock, [&] { return inside == 2; });
                }
                db.objects<Province>().filter("id"_f = second).update("name"_f = "x");
            });
        } catch (const kith::OperationalError& error) {
            const std::lock_guard lock(mutex);
            ++failed;
            state = error.sqlstate();
        }
    };
    std::thread one(work, 1, 2);
    std::thread two(work, 2, 1);
    one.join();
    two.join();
    EXPECT_EQ(failed, 1);
    EXPECT_EQ(state, by_backend("", "40P01", "40001"));
    EXPECT_EQ(db.objects<Province>().filter("name"_f = "x").count(), 2);
}

TEST_F(Servers, WritersInConflictAreTold) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB's default lets the last writer win";
    EXPECT_THROW(db_.atomic(
                     [&] {
                         EXPECT_EQ(objects<Province>().get("id"_f = 1)->name, "Hubei Province");
                         folder_.raw().run("UPDATE province SET name = 'theirs' WHERE id = 1");
                         try {
                             objects<Province>().filter("id"_f = 1).update("name"_f = "mine");
                         } catch (const kith::Error& error) {
                             EXPECT_EQ(error.sqlstate(), "40001");
                             throw;
                         }
                     },
                     {.isolation = kith::Isolation::serializable}),
                 kith::OperationalError);
}

TEST_F(Servers, AServerAtTheLimitOfItsConnections) {
    const auto raw = folder_.raw();
    const auto user = "kith" + std::to_string(std::random_device{}());
    raw.run(by_backend("", "CREATE ROLE " + user + " LOGIN CONNECTION LIMIT 1",
                       "CREATE USER " + user + "@localhost IDENTIFIED BY 's3cret' WITH MAX_USER_CONNECTIONS 1"));
    auto url = as_user(variable(server_variable()), user + ":s3cret");
    {
        const auto first = kith::connect(url);
        const auto message = message_of<kith::OperationalError>([&] { (void)kith::connect(url); });
        EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
    }
    if (backend() == Backend::mariadb) {
        url.replace(url.find("s3cret"), 6, "wr0ng");
        const auto message = message_of<kith::OperationalError>([&] { (void)kith::connect(url); });
        EXPECT_EQ(message.find("wr0ng"), std::string::npos) << message;
    }
    raw.run(by_backend("", "DROP ROLE " + user, "DROP USER " + user + "@localhost"));
}

TEST_F(Servers, AStatementBeyondItsTime) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB's limit is a setting of the server's";
    auto url = folder_.url();
    url.replace(url.find("-csearch_path"), 0, "-cstatement_timeout%3D50%20");
    const auto db = kith::connect(url);
    try {
        kith::connection::Session(db).query(statement("SELECT pg_sleep(5)"));
        FAIL();
    } catch (const kith::OperationalError& error) {
        EXPECT_EQ(error.sqlstate(), "57014");
        EXPECT_EQ(error.sql(), "SELECT pg_sleep(5)");
    }
    expect_usable(db);
}

// ---- what the server says at the end of a transaction

TEST_F(Servers, ACommitThatRollsBackIsAnError) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB's transactions survive a failed statement";
    const auto parsed = kith::connection::Url::parse(folder_.url(), {});
    const auto driver = kith::connection::make_driver(parsed.address, parsed.options);
    const auto connection = driver->open(nullptr);
    connection->control("BEGIN");
    connection->execute(statement("INSERT INTO province (name) VALUES ('lost')"));
    EXPECT_THROW(connection->execute(statement("INSERT INTO province (id, name) VALUES (1, 'taken')")),
                 kith::IntegrityError);
    EXPECT_TRUE(connection->in_transaction());
    EXPECT_THROW(connection->control("COMMIT"), kith::OperationalError);
    EXPECT_FALSE(connection->in_transaction());
    EXPECT_EQ(objects<Province>().count(), 2);
}

TEST_F(Servers, AConstraintThatIsCheckedAtTheEndUndoesTheBlock) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB checks at once";
    folder_.raw().run("ALTER TABLE city ALTER CONSTRAINT city_province_id_fkey DEFERRABLE INITIALLY DEFERRED");
    EXPECT_THROW(db_.atomic([&] {
        City city{.name = "nowhere"};
        city.province.set_key(99);
        db_.save(city);
    }),
                 kith::IntegrityError);
    EXPECT_EQ(objects<City>().count(), 3);
}

TEST_F(Servers, AConstraintThatIsCheckedAtTheEndFailsASingleStatement) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB checks at once";
    folder_.raw().run("ALTER TABLE city ALTER CONSTRAINT city_province_id_fkey DEFERRABLE INITIALLY DEFERRED");
    for (const std::string options : {"pool_size=1", "pool_size=1&pooling=transaction"}) {
        const auto db = kith::connect(folder_.url("test.db", options));
        for (int i = 0; i < 3; ++i) {
            City city{.name = "nowhere"};
            city.province.set_key(99);
            EXPECT_THROW(db.save(city), kith::IntegrityError) << options;
            EXPECT_THROW(db.objects<City>().filter("id"_f = 1).update("province_id"_f = 99), kith::IntegrityError);
            EXPECT_EQ(db.objects<City>().count(), 3) << options;
        }
        const kith::QueryLog log(db);
        expect_usable(db);
        EXPECT_EQ(log[0].connection, 1u) << "the connection goes on";
    }
}

TEST_F(Servers, GetOrCreateFindsWhatAnotherMadeMeanwhile) {
    folder_.raw().run(by_backend("", "CREATE UNIQUE INDEX once ON province (name)",
                                 "CREATE UNIQUE INDEX once ON province (name(50))"));
    db_.atomic([&] {
        EXPECT_FALSE(objects<Province>().filter("name"_f = "new").exists()) << "this fixes what the block sees";
        folder_.raw().run("INSERT INTO province (name) VALUES ('new')");
        const auto [row, created] = objects<Province>().get_or_create("name"_f = "new");
        EXPECT_FALSE(created);
        EXPECT_EQ(row->name, "new");
    });
    EXPECT_EQ(objects<Province>().count(), 3);
}

/// 20 MB of keys: on MariaDB, more than one message may hold.
TEST_F(Servers, KeysBeyondTheLargestMessageAreSentInParts) {
    db_.create_tables<Place, Visit>();
    constexpr std::size_t count = 80'000;
    std::vector<Place> places;
    for (std::size_t i = 0; i < count; ++i) places.push_back({.code = std::to_string(i) + std::string(245, 'k')});
    db_.objects<Place>().bulk_create(places);
    std::vector<Visit> visits(4);
    for (std::size_t i = 0; i < visits.size(); ++i) visits[i].place.set_key(places[i * 20'000 + 7].code.value);
    db_.objects<Visit>().bulk_create(visits);
    log_.clear();
    std::size_t found = 0;
    for (const Place& place : db_.objects<Place>().prefetch_related("visits")) {
        for (const Visit& visit : place.visits.all()) found += visit.place.key() == place.code.value ? 1 : 100;
    }
    EXPECT_EQ(found, visits.size());
    EXPECT_EQ(log_.size(), 2u) << "in one statement all the same";
    std::vector<std::string> codes;
    for (const auto& place : places) codes.push_back(place.code);
    EXPECT_EQ(db_.objects<Visit>().filter("place_id__in"_f = codes).count(), 4);
}

TEST_F(Servers, ManyKeysAreFoundHoweverTheyAreSent) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{499}, std::size_t{501}, std::size_t{20'000}}) {
        std::vector<std::int64_t> keys(count);
        for (std::size_t i = 0; i < count; ++i) keys[i] = static_cast<std::int64_t>(i) + 2;
        for (int again = 0; again < 3; ++again) {
            EXPECT_EQ(objects<City>().filter("id__in"_f = keys).count(), count == 1 ? 1 : 2) << count;
        }
    }
}

// ---- rows on their way

namespace {

/// Provinces beyond those that there are; what is sent of them does not fit into one message.
constexpr std::int64_t many = 5000;

/// Fails at the last province, when the rows before it may have been sent.
kith::sql::Statement fails_late() {
    return statement("SELECT p.id, (SELECT q.id FROM province q WHERE q.id <= 1 OR (q.id = 2 AND p.id > " +
                     std::to_string(many) + ")) FROM province p ORDER BY p.id");
}

} // namespace

TEST_F(Servers, StatementsAmidTheRowsOfAnotherLoseNone) {
    const auto db = connect("pool_size=1&statement_cache=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many)); // their names are empty
    kith::connection::Session session(db);
    auto rows = session.query(statement("SELECT id, name, NULL FROM province ORDER BY id"));
    for (int id = 1; id <= 2; ++id) ASSERT_TRUE(rows->next());
    for (int i = 0; i < 3; ++i) {
        const auto others = session.query(statement("SELECT id FROM city WHERE id > " + std::to_string(i)));
        ASSERT_TRUE(others->next());
        EXPECT_EQ(rows->integer(0), 2) << "the current row stays";
        EXPECT_EQ(rows->value(1, kith::detail::ColumnType::text, nullptr), kith::detail::Value("Guangdong Province"));
    }
    std::int64_t id = 2;
    while (rows->next()) {
        ++id;
        ASSERT_FALSE(rows->is_null(0));
        ASSERT_FALSE(rows->is_null(1));
        ASSERT_TRUE(rows->is_null(2));
    }
    EXPECT_EQ(id, many + 2);
    EXPECT_FALSE(rows->next());
}

TEST_F(Servers, AStreamGoesOnAmidTheRowsOfAnother) {
    const auto db = connect("pool_size=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many));
    kith::connection::Session session(db);
    const auto stream = session.stream(statement("SELECT id FROM province ORDER BY id"), 10);
    const auto rows = session.query(statement("SELECT id FROM province ORDER BY id DESC"));
    for (std::int64_t id = 1; id <= many + 2; ++id) {
        ASSERT_TRUE(stream->next());
        ASSERT_EQ(stream->integer(0), id);
        ASSERT_TRUE(rows->next());
        ASSERT_EQ(rows->integer(0), many + 3 - id);
    }
    EXPECT_FALSE(stream->next());
    EXPECT_FALSE(rows->next());
}

TEST_F(Servers, AStatementThatWasStreamedIsReadAsAWhole) {
    const auto db = connect("pool_size=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many));
    const auto provinces = db.objects<Province>().order_by("id");
    for (int i = 0; i < 2; ++i) {
        std::int64_t streamed = 0;
        for (const Province& province : provinces.iterator({.chunk_size = 100})) streamed += province.id != 0 ? 1 : 0;
        EXPECT_EQ(streamed, many + 2);
        EXPECT_EQ(provinces.all().size(), many + 2u);
    }
}

TEST_F(Servers, AFailureAmidTheRowsIsNotTheirEnd) {
    const auto db = connect("pool_size=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many));
    EXPECT_THROW(
        {
            kith::connection::Session session(db);
            const auto rows = session.query(fails_late());
            while (rows->next()) {}
        },
        kith::DatabaseError);
    expect_usable(db, many + 2);
}

TEST_F(Servers, AFailureAmidRowsThatWaitIsToldWhereTheyAreRead) {
    if (backend() != Backend::mariadb) GTEST_SKIP() << "PostgreSQL's client library has all rows or none";
    const auto db = connect("pool_size=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many));
    kith::connection::Session session(db);
    const auto rows = session.query(fails_late());
    ASSERT_TRUE(rows->next());
    EXPECT_TRUE(session.query(statement("SELECT id FROM city"))->next()) << "another statement does not care";
    std::int64_t read = 1;
    EXPECT_THROW(
        {
            while (rows->next()) ++read;
        },
        kith::DatabaseError);
    EXPECT_GT(read, 1);
    EXPECT_FALSE(rows->next());
}

TEST_F(Servers, AConnectionLostAmidTheRows) {
    if (backend() != Backend::mariadb) GTEST_SKIP() << "PostgreSQL's client library has all rows or none";
    const auto db = connect("pool_size=1");
    db.objects<Province>().bulk_create(std::vector<Province>(many));
    const auto message = message_of<kith::OperationalError>([&] {
        kith::connection::Session session(db);
        auto all = statement("SELECT p.id, q.id FROM province p, province q");
        all.table = "province"; // not the user's own, of which nobody knows what it does
        const auto rows = session.query(all);
        ASSERT_TRUE(rows->next());
        kill_connections();
        while (rows->next()) {}
    });
    expect_parts(message, {"Try again"});
    expect_usable(db, many + 2);
}

} // namespace servers_test
