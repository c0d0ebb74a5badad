#include "support/as_user.hpp"
#include "support/own_server.hpp"
#include "support/rows.hpp"

/// What cannot be done to a server that others use too: killing it, and asking for passwords and TLS. Runs beside a
/// server of its own, by tests/servers.sh --own.

namespace own_server_test {

using namespace kith::literals;
using namespace travel;

namespace {

class OwnServer : public OwnServerTest {
protected:
    static std::string url_of(const std::string& user_and_password, const std::string& options = {}) {
        return as_user(variable(server_variable()), user_and_password) + (options.empty() ? "" : "&" + options);
    }
    static std::string certificate() { return variable("KITH_TEST_CERTIFICATE"); }
    static kith::QuerySet<Person> tree(const kith::Database& db) {
        return db.objects<Person>().order_by("id").prefetch_related("hometown__province", "living", "visitation");
    }
    static void expect_whole(const kith::QuerySet<Person>& people) {
        ASSERT_EQ(people.size(), 4u);
        EXPECT_EQ(people[0].hometown->province->name, "Hubei Province");
        EXPECT_EQ(people[0].visitation.all().size(), 3u);
    }
    /// By a connection that is encrypted, as the server says.
    static void expect_encrypted(const kith::Database& db) {
        expect_whole(tree(db));
        const auto cipher = db.raw<std::string>(by_backend(
            "", "SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'"));
        ASSERT_EQ(cipher.size(), 1u);
        EXPECT_TRUE(cipher[0].starts_with("TLS")) << cipher[0];
    }
    std::string tls_url(const std::string& options) const {
        if (backend() == Backend::mariadb) return folder_.url("test.db", options);
        return folder_.url_at("localhost:" + variable("KITH_TEST_PORT"), options);
    }
};

} // namespace

// ---- the server is killed, and starts again

TEST_F(OwnServer, IsKilledBetweenTwoEvaluations) {
    expect_whole(tree(db_));
    restart();
    expect_whole(tree(db_));
}

TEST_F(OwnServer, IsKilledInTheMidstOfAnEvaluation) {
    bool done = false;
    const auto people = tree(db_);
    const auto token = db_.on_query([&](const kith::QueryEvent&) {
        if (!std::exchange(done, true)) restart();
    });
    EXPECT_THROW((void)people.size(), kith::OperationalError);
    EXPECT_TRUE(done);
    expect_whole(people);
    expect_whole(tree(db_));
}

TEST_F(OwnServer, IsKilledInTheMidstOfAStream) {
    std::size_t seen = 0;
    EXPECT_THROW(
        {
            for (const Person& person : objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1})) {
                seen += person.id != 0 ? 1 : 0;
                if (seen == 2) restart();
            }
        },
        kith::OperationalError);
    EXPECT_EQ(seen, 2u);
    expect_whole(tree(db_));
}

TEST_F(OwnServer, IsKilledInATransactionWhichIsUndone) {
    EXPECT_THROW(db_.atomic([&] {
        objects<Province>().create({.name = "lost"});
        restart();
        objects<Province>().create({.name = "not begun"});
    }),
                 kith::OperationalError);
    EXPECT_EQ(objects<Province>().count(), 2);
}

// ---- passwords

TEST_F(OwnServer, AsksForThePassword) {
    folder_.raw().run(
        by_backend("", "CREATE ROLE with_password; CREATE ROLE asked LOGIN PASSWORD 'r1ght' IN ROLE with_password",
                   "CREATE USER asked@localhost IDENTIFIED BY 'r1ght'"));
    EXPECT_EQ(kith::connect(url_of("asked:r1ght")).raw<std::int64_t>("SELECT 1").size(), 1u);
    for (const std::string password : {"wr0ng", ""}) {
        const auto message =
            message_of<kith::OperationalError>([&] { (void)kith::connect(url_of("asked:" + password)); });
        expect_parts(message, {"cannot be reached", "password", "://asked@"});
        EXPECT_EQ(message.find("wr0ng"), std::string::npos) << message;
    }
}

// ---- TLS

TEST_F(OwnServer, SpeaksTls) {
    expect_encrypted(kith::connect(tls_url(by_backend("", "sslmode=require", "ssl=1"))));
    expect_encrypted(kith::connect(tls_url(
        by_backend("", "sslmode=verify-full&sslrootcert=" + certificate(), "ssl_verify=1&ssl_ca=" + certificate()))));
}

TEST_F(OwnServer, ManyKeysGoThroughTls) {
    const auto db = kith::connect(tls_url(by_backend("", "sslmode=require", "ssl=1")));
    constexpr std::size_t count = 20'000;
    std::vector<Province> provinces(count);
    for (auto& province : provinces) province.name = std::string(100, 'p');
    db.objects<Province>().bulk_create(provinces);
    std::size_t cities = 0;
    for (const Province& province :
         db.objects<Province>().prefetch_related("city_set__visitors", "city_set__natives")) {
        cities += province.city_set.all().size();
    }
    EXPECT_EQ(cities, 3u);
}

TEST_F(OwnServer, HasACertificateThatIsNotTrusted) {
    const auto message = message_of<kith::OperationalError>([&] {
        (void)kith::connect(tls_url(
            by_backend("", "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt", "ssl_verify=1")));
    });
    expect_parts(message, {"cannot be reached", "certificate"});
}

TEST_F(OwnServer, TakesNoConnectionWithoutTls) {
    if (backend() == Backend::postgresql) {
        EXPECT_THROW((void)kith::connect(tls_url("sslmode=disable")), kith::OperationalError);
        return;
    }
    folder_.raw().run("CREATE USER secure@localhost IDENTIFIED BY 's3cret' REQUIRE SSL");
    const auto message = message_of<kith::OperationalError>([&] { (void)kith::connect(url_of("secure:s3cret")); });
    EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
    EXPECT_EQ(kith::connect(url_of("secure:s3cret", "ssl=1")).raw<std::int64_t>("SELECT 1").size(), 1u);
}

} // namespace own_server_test
