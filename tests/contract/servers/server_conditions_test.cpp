#include "support/as_user.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <barrier>
#include <chrono>
#include <random>
#include <thread>

/// What a server does to its clients although nothing is broken: it has no room for another connection, ends those that
/// are idle, and rolls back one of two transactions that do not go together.

namespace server_conditions_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

class ServerConditions : public TravelTest {
protected:
    /// With a setting of PostgreSQL for the session; `options` in URL form.
    std::string url_with(const std::string& setting, const std::string& options) const {
        auto url = folder_.url("test.db", options);
        if (backend() == Backend::postgresql) url.replace(url.find("-csearch_path"), 0, "-c" + setting + "%20");
        return url;
    }
    static std::int64_t session_of(const kith::Database& db) {
        return db
            .raw<std::int64_t>(by_backend("", "SELECT pg_backend_pid()::bigint", "SELECT CAST(connection_id() AS INT)"))
            .front();
    }
    /// Waits until the server has ended that session.
    void await_end(std::int64_t session) const {
        const auto raw = folder_.raw();
        const auto sessions = by_backend("", "SELECT count(*) FROM pg_stat_activity WHERE pid = ",
                                         "SELECT count(*) FROM information_schema.processlist WHERE id = ");
        while (raw.value(sessions + std::to_string(session)) != "0") std::this_thread::sleep_for(5ms);
    }
    static kith::QuerySet<Person> tree(const kith::Database& db) {
        return db.objects<Person>().order_by("id").prefetch_related("hometown__province", "living", "visitation");
    }
};

/// Runs `work` on another thread while this one and others hold `count` connections of the pool.
template <class Work>
void beside_connections(const kith::Database& db, int count, const Work& work) {
    auto stream = db.objects<Province>().iterator({.chunk_size = 1});
    EXPECT_NE(stream.begin(), stream.end());
    std::thread([&] {
        if (count > 1)
            beside_connections(db, count - 1, work);
        else
            work();
    }).join();
}

} // namespace

// ---- no room for another connection

TEST_F(ServerConditions, AtTheLimitOfItsUserThePoolGoesOnWithWhatItHas) {
    const auto raw = folder_.raw();
    const auto user = "kith" + std::to_string(std::random_device{}());
    raw.run(by_backend("", "CREATE ROLE " + user + " LOGIN CONNECTION LIMIT 2; GRANT pg_read_all_data TO " + user,
                       "CREATE USER " + user +
                           "@localhost IDENTIFIED BY 's3cret' WITH MAX_USER_CONNECTIONS 2; GRANT "
                           "ALL ON *.* TO " +
                           user + "@localhost"));
    {
        const auto db = kith::connect(as_user(folder_.url("test.db", "pool_size=3"), user + ":s3cret"));
        for (int again = 0; again < 2; ++again) {
            beside_connections(db, 2, [&] {
                const auto message = message_of<kith::OperationalError>([&] { (void)db.objects<City>().count(); });
                expect_parts(message, {"cannot be reached", "lower pool_size"});
                EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
            });
            beside_connections(db, 1, [&] { EXPECT_EQ(tree(db).size(), 4u); });
        }
    }
    raw.run(by_backend("", "DROP ROLE " + user, "DROP USER " + user + "@localhost"));
}

// ---- sessions that are idle

TEST_F(ServerConditions, AConnectionThatWasIdleForTooLongIsReplaced) {
    const auto db = kith::connect(url_with("idle_session_timeout%3D300", "pool_size=1"));
    for (int again = 0; again < 2; ++again) {
        if (backend() == Backend::mariadb) db.raw("SET SESSION wait_timeout = 1");
        await_end(session_of(db));
        EXPECT_EQ(tree(db).first()->visitation.all().size(), 3u);
        if (backend() == Backend::mariadb) break; // its shortest time is a second
        await_end(session_of(db));
        db.objects<Province>().create({.name = "new"});
    }
    EXPECT_EQ(objects<Province>().filter("name"_f = "new").count(), backend() == Backend::mariadb ? 0 : 2);
}

TEST_F(ServerConditions, ABlockThatWasIdleForTooLongIsUndone) {
    const auto db = kith::connect(url_with("idle_in_transaction_session_timeout%3D300", "pool_size=1"));
    const auto provinces = db.objects<Province>();
    const auto begin = [&] {
        if (backend() == Backend::mariadb) db.raw("SET SESSION idle_write_transaction_timeout = 1");
        provinces.create({.name = "lost"});
        const auto session = session_of(db);
        await_end(session);
    };
    EXPECT_THROW(db.atomic([&] {
        begin();
        provinces.create({.name = "not begun"});
    }),
                 kith::OperationalError);
    EXPECT_EQ(provinces.count(), 2);
    EXPECT_THROW(db.atomic(begin), kith::OperationalError) << "found out by COMMIT";
    EXPECT_EQ(provinces.count(), 2);
    EXPECT_THROW(db.atomic([&] {
        db.atomic(begin); // PostgreSQL releases a savepoint with the next statement
        provinces.create({.name = "after what was lost"});
    }),
                 kith::OperationalError);
    EXPECT_EQ(provinces.count(), 2);
    EXPECT_EQ(tree(db).size(), 4u);
}

// ---- transactions that do not go together

/// Each reads what the other writes: one of them must not be committed, and may be told so by COMMIT alone.
TEST_F(ServerConditions, OfTwoSerializableBlocksThatDoNotGoTogetherOneFails) {
    std::atomic<int> failures{0};
    std::atomic<int> runs{0};
    std::barrier both(2);
    const auto total = [&] { return objects<City>().count() + objects<Province>().count(); };
    const auto before = total();
    const auto work = [&](bool adds_city, std::size_t retries) {
        bool met = false;
        try {
            db_.atomic(
                [&] {
                    ++runs;
                    const auto seen = std::to_string(total());
                    if (!std::exchange(met, true)) both.arrive_and_wait();
                    if (adds_city)
                        objects<City>().create({.name = seen, .province = objects<Province>().first()});
                    else
                        objects<Province>().create({.name = seen});
                },
                {.isolation = kith::Isolation::serializable, .retries = retries});
        } catch (const kith::OperationalError& error) {
            ++failures;
            EXPECT_TRUE(error.is_transient()) << error.what();
            EXPECT_TRUE(error.sqlstate().starts_with("40")) << error.sqlstate() << error.what();
        }
    };
    for (const std::size_t retries : {std::size_t{0}, std::size_t{20}}) {
        runs = failures = 0;
        std::jthread other([&] { work(true, retries); });
        work(false, retries);
        other.join();
        EXPECT_EQ(failures, retries == 0 ? 1 : 0);
        EXPECT_GE(runs, retries == 0 ? 2 : 3);
    }
    EXPECT_EQ(total(), before + 3);
}

/// What conflicts is in a block of its own, whose failure is caught: the outer one is committed as a whole, or undone.
TEST_F(ServerConditions, AConflictInAnInnerBlockNeverLeavesAPartOfTheOuterOne) {
    const auto db = kith::connect(folder_.url("test.db", "pool_size=1"));
    if (backend() == Backend::mariadb) db.raw("SET SESSION innodb_snapshot_isolation = ON");
    const auto provinces = db.objects<Province>();
    bool caught = false;
    bool committed = false;
    try {
        db.atomic(
            [&] {
                provinces.create({.name = "before"});
                EXPECT_EQ(provinces.get("id"_f = 1)->name, "Hubei Province");
                objects<Province>().filter("id"_f = 1).update("name"_f = "theirs");
                try {
                    db.atomic([&] { provinces.filter("id"_f = 1).update("name"_f = "mine"); });
                } catch (const kith::OperationalError& error) {
                    caught = error.is_transient();
                }
                provinces.create({.name = "after"});
            },
            {.isolation = kith::Isolation::repeatable_read});
        committed = true;
    } catch (const kith::OperationalError& error) {
        EXPECT_FALSE(std::string(error.what()).empty());
    }
    EXPECT_TRUE(caught);
    EXPECT_EQ(objects<Province>().count(), committed ? 4 : 2);
    EXPECT_EQ(objects<Province>().get("id"_f = 1)->name, "theirs");
}

} // namespace server_conditions_test
