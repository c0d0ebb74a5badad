#include "support/proxy.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <atomic>
#include <chrono>
#include <numeric>
#include <optional>

/// What goes over the wire between Kith and a server, seen from a proxy between them: how many round trips there are,
/// and what happens where the connection is cut.

namespace server_network_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

class ServerNetwork : public TravelTest {
protected:
    /// A handle whose connections go through the proxy.
    kith::Database connect(const std::string& options = {}) const {
        const std::string without_tls = by_backend("", "sslmode=disable&gssencmode=disable", "");
        const auto* both = options.empty() || without_tls.empty() ? "" : "&";
        return kith::connect(
            folder_.url_at("127.0.0.1:" + std::to_string(proxy_.port()), options + both + without_tls));
    }
    std::size_t round_trips(const std::function<void()>& work) {
        // Without a delay, the answer to the first of two messages may come before the second is sent.
        const bool sends_pairs = backend() == Backend::mariadb;
        if (sends_pairs) proxy_.delay(2ms);
        proxy_.reset();
        work();
        if (sends_pairs) proxy_.delay({});
        return proxy_.round_trips();
    }
    /// Five lookups side by side, three behind them, and one behind those.
    static kith::QuerySet<Person> tree(const kith::Database& db) {
        const auto wus = db.objects<City>().filter("name__icontains"_f = "wu");
        const auto zhous = db.objects<City>().filter("name__icontains"_f = "zhou");
        return db.objects<Person>().order_by("id").prefetch_related(
            "hometown__province__city_set", "living__province", "visitation__natives",
            kith::Prefetch("visitation"_f, wus, "wu_city"_f), kith::Prefetch("visitation"_f, zhous, "zhou_city"_f));
    }
    /// Looks at all that the tree holds; whatever is not loaded there makes it throw.
    static void expect_whole(const kith::QuerySet<Person>& people) {
        ASSERT_EQ(people.size(), 4u);
        EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
        EXPECT_EQ(people[0].hometown->province->city_set.all().size(), 2u);
        EXPECT_EQ(people[2].living->province->name, "Hubei Province");
        EXPECT_EQ(people[0].visitation.all().size(), 3u);
        std::size_t natives = 0;
        for (const City& city : people[0].visitation.all()) natives += city.natives.all().size();
        EXPECT_EQ(natives, 4u);
        EXPECT_EQ(people[0].wu_city.size(), 1u);
        EXPECT_EQ(people[0].zhou_city.size(), 1u);
    }

    Proxy proxy_{server_socket(), backend() == Backend::postgresql};
};

/// What MariaDB needs: a round trip for each statement, and one for COMMIT.
std::size_t expected(std::size_t on_postgresql, std::size_t statements) {
    return backend() == Backend::postgresql ? on_postgresql : statements + 1;
}

} // namespace

// ---- round trips

TEST_F(ServerNetwork, RoundTripsFollowTheDepthOfTheTree) {
    const auto db = connect("fetch_mode=raise");
    if (backend() == Backend::mariadb) (void)tree(db).size(); // which prepares the statements
    for (int again = 0; again < 3; ++again) {
        const kith::QueryLog log(db);
        const auto people = tree(db);
        EXPECT_EQ(round_trips([&] { (void)people.size(); }), expected(4, 10)) << again;
        EXPECT_EQ(log.size(), 10u);
        expect_whole(people);
    }
}

TEST_F(ServerNetwork, ASingleStatementTakesOneRoundTrip) {
    const auto db = connect();
    for (int again = 0; again < 3; ++again) {
        const auto trips = round_trips([&] { EXPECT_EQ(db.objects<Person>().size(), 4u); });
        if (again == 0 && backend() == Backend::mariadb) continue; // there, it is prepared
        EXPECT_EQ(trips, 1u) << again;
    }
}

TEST_F(ServerNetwork, OneTripIsOneRoundTrip) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    for (const std::string options : {"fetch_mode=raise", "fetch_mode=raise&pooling=transaction"}) {
        const auto db = connect(options);
        (void)db.objects<Person>().size();
        const auto whole = tree(db).load_strategy(kith::LoadStrategy::one_trip);
        EXPECT_EQ(round_trips([&] { (void)whole.size(); }), 1u) << options;
        expect_whole(whole);
        // Automatically: the object of a page, and what belongs to it.
        const auto page = db.objects<Person>().prefetch_related("hometown__province", "visitation__natives");
        EXPECT_EQ(round_trips([&] { EXPECT_EQ(page.get("id"_f = 1)->visitation.all().size(), 3u); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { EXPECT_EQ(page.first()->visitation.all().size(), 3u); }), 1u) << options;
    }
}

TEST_F(ServerNetwork, EvaluatedTogetherTakesAsManyAsTheDeepest) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    const auto db = connect("fetch_mode=raise");
    const auto people = db.objects<Person>();
    (void)people.size();
    const auto page = [&](kith::LoadStrategy strategy) {
        const auto one = people.filter("id"_f = 1).prefetch_related("visitation__province").load_strategy(strategy);
        const auto cities = db.objects<City>().prefetch_related("province", "natives").load_strategy(strategy);
        (void)kith::evaluate_together(one, cities, kith::count_of(people),
                                      kith::aggregates_of(people, kith::Max("id"_f)));
        EXPECT_EQ(one[0].visitation.all()[0]->province->name.empty(), false);
    };
    EXPECT_EQ(round_trips([&] { page(kith::LoadStrategy::one_trip); }), 1u);
    EXPECT_EQ(round_trips([&] { page(kith::LoadStrategy::levels); }), 3u);
}

TEST_F(ServerNetwork, WithDelayMoreRowsAreWorthOneRoundTrip) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    proxy_.delay(5ms);
    const auto db = connect();
    const auto people = db.objects<Person>().order_by("id").slice(0, 50).prefetch_related("visitation__province");
    EXPECT_EQ(round_trips([&] { (void)people.size(); }), 1u) << people.explain_loading();
    EXPECT_EQ(people.loading_plan().strategy, kith::LoadStrategy::one_trip);
}

TEST_F(ServerNetwork, LookupsForRowsThatAreThereTakeOneRoundTrip) {
    const auto db = connect();
    for (int again = 0; again < 3; ++again) {
        const auto people = db.objects<Person>().order_by("id");
        (void)people.size();
        const auto load = [&] { kith::prefetch_related_objects(people, "hometown", "living", "visitation"); };
        const auto trips = round_trips(load);
        EXPECT_EQ(people[0].visitation.all().size(), 3u);
        if (again == 0 && backend() == Backend::mariadb) continue;
        EXPECT_EQ(trips, expected(1, 4)) << "on MariaDB, a single statement came before: autocommit is one more";
    }
}

TEST_F(ServerNetwork, InsideAnAtomicBlockTheBlockEndsTheTransaction) {
    const auto db = connect("fetch_mode=raise");
    (void)tree(db).size();
    const auto trips = round_trips([&] { db.atomic([&] { expect_whole(tree(db)); }); });
    EXPECT_EQ(trips, expected(5, 11)) << "on MariaDB, BEGIN is one more";
}

TEST_F(ServerNetwork, SavepointsTravelWithStatements) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    const auto db = connect();
    const auto provinces = db.objects<Province>();
    provinces.create({.name = "first"}); // asks what the columns hold
    (void)provinces.get_or_create("name"_f = "second");
    EXPECT_EQ(round_trips([&] {
                  db.atomic([&] {
                      provinces.create({.name = "a"});
                      provinces.create({.name = "b"});
                  });
              }),
              3u)
        << "the first with BEGIN, the second, and COMMIT";
    EXPECT_EQ(round_trips([&] { db.atomic([&] { (void)provinces.get_or_create("name"_f = "c"); }); }), 3u)
        << "the question with BEGIN, the answer in a savepoint, and COMMIT";
    EXPECT_EQ(round_trips([&] {
                  db.atomic([&] {
                      db.atomic([] {});
                      db.atomic([&] { provinces.create({.name = "d"}); });
                      EXPECT_THROW(db.atomic([&] {
                          provinces.create({.name = "e"});
                          throw std::runtime_error("mine");
                      }),
                                   std::runtime_error);
                      db.atomic([&] { provinces.create({.name = "f"}); });
                  });
              }),
              5u)
        << "three rows, one rollback to a savepoint, and COMMIT";
    EXPECT_EQ(provinces.filter("name__in"_f = std::vector<std::string>{"a", "b", "c", "d", "f"}).count(), 5);
    EXPECT_EQ(provinces.filter("name"_f = "e").count(), 0);
}

/// Where the last statement of a write is known, COMMIT travels with it.
TEST_F(ServerNetwork, CommitTravelsWithTheLastStatement) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    for (const std::string options : {"", "pooling=transaction"}) {
        const auto db = connect(options);
        const auto provinces = db.objects<Province>();
        const auto province = provinces.create({.name = "first"}); // asks what the columns hold
        const auto city = db.objects<City>().create({.name = "first", .province = province});
        const auto person = db.objects<Person>().first();
        EXPECT_EQ(round_trips([&] { provinces.bulk_create(std::vector<Province>(20)); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { provinces.bulk_create(std::vector<Province>(1200)); }), 3u) << options;
        EXPECT_EQ(round_trips([&] { provinces.bulk_create({{.id = 70'000}, {}, {.id = 70'001}}); }), 2u) << options;
        db.remove(*provinces.get("id"_f = 70'000));
        db.remove(*provinces.get("id"_f = 70'001));
        EXPECT_EQ(round_trips([&] { province->city_set.create({.name = "child"}); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { person->visitation.create({.name = "linked", .province = province}); }), 2u)
            << options << ": the key that the link needs comes first";
        EXPECT_EQ(round_trips([&] { person->visitation.set(std::vector<kith::Ref<City>>{city}); }), 3u) << options;
        EXPECT_EQ(round_trips([&] { (void)provinces.get_or_create("name"_f = "new" + options); }), 2u) << options;
        EXPECT_EQ(round_trips([&] { (void)db.atomic([&] { return provinces.bulk_create({{}, {}}); }); }), 2u)
            << options << ": the block ends the transaction";
        EXPECT_EQ(person->visitation.all().size(), 1u);
        EXPECT_EQ(db_.objects<City>().filter("name__in"_f = std::vector<std::string>{"child", "linked"}).count(),
                  options.empty() ? 2 : 4);
    }
}

TEST_F(ServerNetwork, ARowTakesOneRoundTripWithItsSets) {
    for (const std::string options : {"", "pooling=transaction"}) {
        if (!options.empty() && backend() != Backend::postgresql) continue;
        const auto db = connect(options);
        const auto city = db.objects<City>().first();
        const std::vector<City> cities(3);
        const auto province = [&] {
            (void)db.objects<Province>().create({.name = "with cities"}, kith::with("city_set"_f, cities));
        };
        const auto person = [&] {
            (void)db.objects<Person>().create({.hometown = city}, kith::with("visitation"_f, {city}));
        };
        for (int warm_up = 0; warm_up < 2; ++warm_up) { // asks what the columns hold, and prepares the statements
            province();
            person();
        }
        EXPECT_EQ(round_trips(province), expected(1, 3)) << options << ": on MariaDB also BEGIN";
        EXPECT_EQ(round_trips(person), expected(1, 3)) << options;
        EXPECT_EQ(round_trips([&] {
                      db.atomic([&] {
                          province();
                          person();
                      });
                  }),
                  expected(3, 9))
            << options << ": with COMMIT, on MariaDB also BEGIN and two savepoints";
    }
}

TEST_F(ServerNetwork, PairsTakeOneRoundTripMore) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one for each statement";
    const auto db = connect("pairs_threshold=1");
    const auto people = db.objects<Person>().order_by("id").prefetch_related("visitation", "hometown", "living");
    EXPECT_EQ(round_trips([&] { (void)people.size(); }), 3u);
    EXPECT_EQ(people[0].visitation.all().size(), 3u);
}

/// With settings that travel with each statement.
TEST_F(ServerNetwork, PoolingOfTransactionsTakesNoMoreRoundTrips) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "an option of PostgreSQL";
    for (const std::string options : {"fetch_mode=raise", "fetch_mode=raise&pooling=transaction"}) {
        const auto db = connect(options);
        (void)tree(db).size();
        db.objects<Province>().create({.name = "first"}); // asks what the columns hold
        EXPECT_EQ(round_trips([&] { EXPECT_EQ(db.objects<Person>().size(), 4u); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { EXPECT_TRUE(db.objects<Person>().exists()); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { expect_whole(tree(db)); }), 4u) << options;
        EXPECT_EQ(round_trips([&] { db.objects<Province>().create({.name = "new"}); }), 1u) << options;
        EXPECT_EQ(round_trips([&] { db.objects<Province>().filter("name"_f = "new").update("name"_f = "old"); }), 1u);
        EXPECT_EQ(round_trips([&] { db.atomic([&] { expect_whole(tree(db)); }); }), 5u) << options;
        std::optional<kith::Database> opened;
        EXPECT_EQ(round_trips([&] { opened = connect(options); }), options.ends_with("transaction") ? 1u : 2u)
            << "there is nothing to set up";
        const auto stream = [&] {
            for (const Province& province : db.objects<Province>().iterator({.chunk_size = 100})) (void)province;
        };
        EXPECT_LE(round_trips(stream), 3u) << options;
    }
}

TEST_F(ServerNetwork, WhoLooksOnMayAskTheDatabaseToo) {
    const auto db = connect("fetch_mode=raise");
    std::int64_t seen = 0;
    const auto token = db.on_query([&](const kith::QueryEvent&) {
        const auto provinces = db.objects<Province>().prefetch_related("city_set");
        db.atomic([&] { seen += static_cast<std::int64_t>(provinces.size()) + db.objects<City>().count(); });
    });
    for (int again = 0; again < 3; ++again) expect_whole(tree(db));
    EXPECT_EQ(seen, 3 * 10 * 5);
}

TEST_F(ServerNetwork, AFailureAmongSiblingsIsToldAndTheNextEvaluationWorks) {
    const auto db = connect();
    for (int again = 0; again < 3; ++again) {
        const auto cities = db.objects<City>().filter("name__regex"_f = "(");
        const auto people = db.objects<Person>().prefetch_related(
            "hometown", kith::Prefetch("visitation"_f, cities, "wu_city"_f), "living");
        try {
            (void)people.size();
            FAIL();
        } catch (const kith::Error& error) {
            EXPECT_EQ(error.sqlstate(), by_backend("", "2201B", "")) << error.what();
        }
        expect_whole(tree(db));
    }
}

TEST_F(ServerNetwork, ATableThatIsGoneFailsInItsOwnLookup) {
    const auto db = connect();
    for (int again = 0; again < 3; ++again) expect_whole(tree(db));
    folder_.raw().run("ALTER TABLE \"QSOptimize_person_visitation\" RENAME TO elsewhere");
    const auto message = message_of<kith::OperationalError>([&] { (void)tree(db).size(); });
    expect_parts(message, {"create_tables"});
    folder_.raw().run("ALTER TABLE elsewhere RENAME TO \"QSOptimize_person_visitation\"");
    for (int again = 0; again < 3; ++again) expect_whole(tree(db));
}

TEST_F(ServerNetwork, ATextThatCannotBeSentFailsInItsOwnLookup) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB's texts may hold a NUL character";
    const auto db = connect();
    const auto cities = db.objects<City>().filter("name"_f = std::string("a\0b", 3));
    const auto people =
        db.objects<Person>().prefetch_related("hometown", kith::Prefetch("visitation"_f, cities), "living");
    EXPECT_THROW((void)people.size(), kith::ValueError);
    expect_whole(tree(db));
}

/// More than the sockets' buffers hold, in both directions.
TEST_F(ServerNetwork, ManyKeysAndManyRowsAtTheSameTimeDoNotBlock) {
    const auto db = connect("pairs_threshold=1000000");
    constexpr std::int64_t count = 30'000;
    std::vector<Province> provinces(count);
    for (auto& province : provinces) province.name = std::string(100, 'p');
    db.objects<Province>().bulk_create(provinces);
    db_.atomic([&] {
        std::vector<City> cities(count);
        for (std::size_t i = 0; i < cities.size(); ++i) {
            cities[i].name = std::string(100, 'c');
            cities[i].province.set_key(static_cast<std::int64_t>(i) + 3);
        }
        db_.objects<City>().bulk_create(cities);
    });
    const auto rows = db.objects<City>().filter("id__gt"_f = 3);
    const auto again = db.objects<City>().filter("id__gt"_f = 0);
    (void)rows.size();
    kith::prefetch_related_objects(rows, "province", "visitors", "natives");
    std::size_t right = 0;
    for (const City& city : rows) right += city.province->name.size() + city.natives.all().size();
    EXPECT_EQ(right, 100u * count);
    std::size_t children = 0;
    for (const Province& province : db.objects<Province>().prefetch_related(
             "city_set__province__city_set", "city_set__visitors", "city_set__natives")) {
        children += province.city_set.all().size();
    }
    EXPECT_EQ(children, static_cast<std::size_t>(count) + 3);
}

// ---- TLS

TEST_F(ServerNetwork, AServerWithoutTlsIsRefusedWhereTlsIsAskedFor) {
    const auto address = "127.0.0.1:" + std::to_string(proxy_.port());
    const auto message = message_of<kith::OperationalError>([&] {
        (void)kith::connect(by_backend("", "postgresql://kith@" + address + "/postgres?sslmode=require",
                                       "mariadb://root@" + address + "/?ssl=1"));
    });
    expect_parts(message, {"cannot be reached", "SSL"});
}

// ---- connections that are cut

/// Cuts the connection after each message in turn, until there is none left to be cut at. `work` must throw an
/// OperationalError, or have its whole effect; what comes next must work.
template <class Work>
std::size_t cut_at_each_message(Proxy& proxy, const Work& work) {
    std::size_t failures = 0;
    for (std::size_t messages = 0; messages < 2000; ++messages) {
        proxy.reset();
        proxy.cut_after(messages);
        bool failed = false;
        try {
            work();
        } catch (const kith::OperationalError& error) {
            failed = true;
            ++failures;
            EXPECT_NE(std::string(error.what()).find("onnection"), std::string::npos) << error.what();
        }
        const bool was_cut = !proxy.cut_after(std::nullopt);
        work();
        if (!failed && !was_cut) break;
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << "after " << messages << " messages";
            break;
        }
    }
    return failures;
}

TEST_F(ServerNetwork, AnEvaluationThatIsCutGivesNothing) {
    const auto db = connect("fetch_mode=raise&pool_size=2");
    const auto failures = cut_at_each_message(proxy_, [&] { expect_whole(tree(db)); });
    EXPECT_GE(failures, 20u);
}

TEST_F(ServerNetwork, AStreamThatIsCutDoesNotEndAsIfItWereWhole) {
    const auto db = connect("fetch_mode=raise");
    const auto failures = cut_at_each_message(proxy_, [&] {
        std::size_t seen = 0;
        for (const Person& person :
             db.objects<Person>().prefetch_related("visitation", "hometown").iterator({.chunk_size = 1})) {
            seen += person.hometown->id != 0 ? 1 + person.visitation.all().size() : 0;
        }
        EXPECT_EQ(seen, 9u);
    });
    EXPECT_GE(failures, 20u);
}

TEST_F(ServerNetwork, ATransactionThatIsCutHappensAsAWholeOrNotAtAll) {
    const auto db = connect();
    std::int64_t last = 2;
    const auto failures = cut_at_each_message(proxy_, [&] {
        try {
            db.atomic([&] {
                db.objects<Province>().create({.name = "one"});
                db.objects<Province>().create({.name = "two"});
            });
        } catch (const kith::OperationalError&) {
            // Where the answer to COMMIT was lost, nobody knows.
            const auto now = objects<Province>().count();
            EXPECT_TRUE(now == last || now == last + 2) << last << " " << now;
            last = now;
            throw;
        }
        last += 2;
        EXPECT_EQ(objects<Province>().count(), last);
    });
    EXPECT_GE(failures, 10u);
}

/// Also where the answer to the statement comes, and that it was committed does not.
TEST_F(ServerNetwork, ASingleWriteThatIsCutHappensOrIsAnError) {
    for (const std::string options : {"", "pooling=transaction"}) {
        if (backend() != Backend::postgresql && !options.empty()) continue;
        const auto db = connect(options);
        int number = 0;
        const auto failures = cut_at_each_message(proxy_, [&] {
            const auto name = "one " + std::to_string(++number) + options;
            db.objects<Province>().create({.name = name});
            EXPECT_EQ(objects<Province>().filter("name"_f = name).count(), 1) << name;
        });
        EXPECT_GE(failures, 4u) << options;
    }
}

/// As a pooler does that has no connection to the server left.
TEST_F(ServerNetwork, AServerThatGoesSilentWhileAConnectionOpensIsNotWaitedForWithoutEnd) {
    proxy_.reset();
    const auto stays = connect("connect_timeout=2"); // its end would be a message too
    const auto messages = proxy_.messages();
    ASSERT_GE(messages, 6u);
    // The first, one amid the authentication, and the answer to the first statement.
    const std::size_t behind_authentication = backend() == Backend::postgresql ? messages - 5 : 4;
    for (const std::size_t heard : {std::size_t{0}, std::size_t{2}, behind_authentication}) {
        proxy_.silence_after(heard);
        const auto began = std::chrono::steady_clock::now();
        const auto message = message_of<kith::OperationalError>([&] { (void)connect("connect_timeout=2"); });
        EXPECT_GE(std::chrono::steady_clock::now() - began, 1s) << heard << message;
        EXPECT_LT(std::chrono::steady_clock::now() - began, 60s) << heard << message;
        if (heard == behind_authentication) expect_parts(message, {"did not answer", "connect_timeout", "pool_size"});
    }
    EXPECT_EQ(connect("connect_timeout=2").objects<City>().count(), 3);
}

/// Cuts the connection after each message in turn while `work` runs, which adds provinces. An error that does not say
/// that nobody knows must have left nothing behind. Gives how often changes stayed although an error was thrown.
template <class Work>
std::size_t cut_writes_at_each_message(Proxy& proxy, const kith::Database& direct, const Work& work) {
    std::size_t stayed = 0;
    for (std::size_t messages = 0; messages < 500; ++messages) {
        const auto before = direct.objects<Province>().count();
        proxy.reset();
        proxy.cut_after(messages);
        bool failed = false;
        try {
            work();
        } catch (const kith::OperationalError& error) {
            failed = true;
            const bool changed = direct.objects<Province>().count() != before;
            const bool unknown = std::string(error.what()).find("it is unknown whether") != std::string::npos;
            EXPECT_TRUE(unknown || !changed) << error.what() << " after " << messages << " messages";
            EXPECT_EQ(error.sqlstate() == "08007", unknown) << error.sqlstate();
            EXPECT_EQ(unknown, std::string(error.what()).find("rolled back") == std::string::npos) << error.what();
            stayed += changed ? 1 : 0;
        }
        const bool was_cut = !proxy.cut_after(std::nullopt);
        work(); // also so that what is prepared, or not, is the same each time
        if (!failed && !was_cut) break;
    }
    return stayed;
}

TEST_F(ServerNetwork, ACommitWhoseAnswerWasLostIsUnknown) {
    const auto db = connect();
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_,
                                         [&] {
                                             db.atomic([&] {
                                                 db.objects<Province>().create({.name = "one"});
                                                 db.objects<Province>().create({.name = "two"});
                                             });
                                         }),
              1u);
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_,
                                         [&] { db.objects<Province>().bulk_create(std::vector<Province>{{}, {}}); }),
              1u);
}

TEST_F(ServerNetwork, ASingleWriteWhoseAnswerWasLostIsUnknown) {
    const auto db = connect();
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_, [&] { db.objects<Province>().create({.name = "one"}); }), 1u);
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_, [&] { db.raw("INSERT INTO province (name) VALUES ('one')"); }),
              1u);
    const auto uncached = connect("statement_cache=0");
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_, [&] { uncached.objects<Province>().create({.name = "one"}); }),
              1u);
}

/// A statement of the user's own is not known to only read; an evaluation is, and can be tried again.
TEST_F(ServerNetwork, WhatOnlyReadsIsNeverUnknown) {
    const auto db = connect();
    EXPECT_EQ(cut_writes_at_each_message(proxy_, db_, [&] { (void)tree(db).size(); }), 0u);
    for (std::size_t messages = 0; messages < 200; ++messages) {
        proxy_.cut_after(messages);
        try {
            (void)tree(db).size();
        } catch (const kith::OperationalError& error) {
            EXPECT_EQ(std::string(error.what()).find("it is unknown"), std::string::npos) << error.what();
        }
        if (proxy_.cut_after(std::nullopt)) break;
    }
}

TEST_F(ServerNetwork, ACommitThatTravelsBehindOtherStatementsMayBeUnknown) {
    const auto db = connect();
    bool writes = false;
    const auto token = db.on_query([&](const kith::QueryEvent& event) {
        // In the transaction of the evaluation that is under way.
        if (std::exchange(writes, false) && !event.failed) db.objects<Province>().create({.name = "seen"});
    });
    const auto read_and_write = [&] {
        writes = true;
        (void)tree(db).size();
    };
    EXPECT_GE(cut_writes_at_each_message(proxy_, db_, read_and_write), 1u);
}

// ---- messages that arrive twice

/// As from a proxy that has lost its place: no row may be there twice, and no answer may be taken for the next one.
TEST_F(ServerNetwork, AMessageThatComesTwiceIsAnErrorOrDoesNoHarm) {
    const auto db = connect("fetch_mode=raise&pool_size=2");
    const auto people = db.objects<Person>().order_by("id").prefetch_related("visitation");
    const auto read = [&](auto&& rows) {
        std::size_t cities = 0;
        std::vector<std::int64_t> keys;
        for (const Person& person : rows) {
            keys.push_back(person.id);
            cities += person.visitation.all().size();
        }
        EXPECT_EQ(keys, (std::vector<std::int64_t>{1, 2, 3, 4}));
        EXPECT_EQ(cities, 5u);
    };
    const auto work = [&] {
        read(people.all());
        db.atomic([&] { read(people.iterator({.chunk_size = 3})); });
    };
    work();
    std::size_t failures = 0;
    bool reached = true;
    for (std::size_t number = 1; reached && !HasFailure(); ++number) {
        std::atomic<std::size_t> seen{0};
        proxy_.treat([&](Proxy::Side from, char) {
            const bool repeats = from == Proxy::Side::server && ++seen == number;
            return Treatment{.action = repeats ? Treatment::Action::repeat : Treatment::Action::pass};
        });
        try {
            work();
        } catch (const kith::OperationalError&) {
            ++failures;
        }
        reached = seen >= number;
        proxy_.treat({});
        proxy_.settle();
        work();
        EXPECT_FALSE(HasFailure()) << "message " << number;
    }
    EXPECT_GE(failures, 4u);
}

TEST_F(ServerNetwork, AConnectionThatIsCutWhileItOpensIsToldSo) {
    const auto failures = cut_at_each_message(proxy_, [&] { EXPECT_EQ(connect().objects<City>().count(), 3); });
    EXPECT_GE(failures, 5u);
}

} // namespace server_network_test
