#include "support/as_user.hpp"
#include "support/own_server.hpp"
#include "support/rows.hpp"

#include <chrono>
#include <thread>

/// Conditions of a whole server, which would be in the way of others: it is full, or takes no changes.

namespace own_server_conditions_test {

using namespace kith::literals;
using namespace travel;

namespace {

using namespace std::chrono_literals;

class OwnServerConditions : public OwnServerTest {
protected:
    /// Opens connections until the server refuses one. Gives the message.
    static std::string fill_server(std::vector<kith::Database>& all) {
        while (all.size() < 1000) {
            try {
                all.push_back(kith::connect(variable(server_variable())));
            } catch (const kith::OperationalError& error) {
                return error.what();
            }
        }
        return "it takes a thousand";
    }
    /// Runs `work` on a thread that needs a connection of its own.
    template <class Work>
    void beside_mine(const Work& work) const {
        auto stream = db_.objects<Province>().iterator({.chunk_size = 1});
        EXPECT_NE(stream.begin(), stream.end());
        std::thread(work).join();
    }
    void set_read_only(bool on) const {
        const std::string value = on ? "on" : "off";
        folder_.raw().run(by_backend("", "ALTER SYSTEM SET default_transaction_read_only = " + value,
                                     "SET GLOBAL read_only = " + value));
        if (backend() == Backend::postgresql) folder_.raw().run("SELECT pg_reload_conf()");
    }
};

} // namespace

TEST_F(OwnServerConditions, WithoutRoomForAnotherConnectionItSaysSo) {
    if (backend() == Backend::mariadb) folder_.raw().run("SET GLOBAL max_connections = 12");
    std::vector<kith::Database> others;
    expect_parts(fill_server(others), {"cannot be reached", "lower pool_size", "max_connections"});
    beside_mine([&] {
        const auto message = message_of<kith::OperationalError>([&] { (void)objects<City>().count(); });
        expect_parts(message, {"cannot be reached", "lower pool_size"});
    });
    EXPECT_EQ(objects<Person>().prefetch_related("visitation").size(), 4u) << "the pool goes on with what it has";
    others.clear();
    // The server takes a moment to notice.
    beside_mine([&] {
        const auto until = std::chrono::steady_clock::now() + 20s;
        std::int64_t cities = 0;
        while (cities == 0 && std::chrono::steady_clock::now() < until) {
            try {
                cities = objects<City>().count();
            } catch (const kith::OperationalError&) {
                std::this_thread::sleep_for(5ms);
            }
        }
        EXPECT_EQ(cities, 3);
    });
    if (backend() == Backend::mariadb) folder_.raw().run("SET GLOBAL max_connections = 200");
}

TEST_F(OwnServerConditions, ThatTakesNoChangesSaysSoAndIsRead) {
    if (backend() == Backend::mariadb) {
        folder_.raw().run(
            "CREATE USER writer@localhost IDENTIFIED BY 's3cret'; GRANT SELECT, INSERT, UPDATE, DELETE ON "
            "*.* TO writer@localhost");
    }
    const auto db = kith::connect(as_user(folder_.url(), by_backend("", "kith", "writer:s3cret")));
    const auto provinces = db.objects<Province>();
    const auto refused = [](const std::function<void()>& work) {
        expect_parts(message_of<kith::OperationalError>(work), {"read-only", "write elsewhere"});
    };
    for (int again = 0; again < 2; ++again) {
        set_read_only(true);
        // PostgreSQL's processes notice the setting when they are idle next.
        for (int i = 0; i < 200 && backend() == Backend::postgresql; ++i) {
            if (db.raw<std::string>("SHOW default_transaction_read_only").front() == "on") break;
            std::this_thread::sleep_for(5ms);
        }
        refused([&] { provinces.create({.name = "no"}); });
        refused([&] { provinces.filter("id"_f = 1).update("name"_f = "no"); });
        refused([&] { provinces.bulk_create(std::vector<Province>(1200)); });
        refused([&] { (void)provinces.get_or_create("name"_f = "no"); });
        refused([&] {
            db.atomic([&] {
                EXPECT_EQ(provinces.count(), 2 + again);
                provinces.create({.name = "no"});
            });
        });
        EXPECT_EQ(db.objects<Person>().prefetch_related("visitation__province").size(), 4u);
        set_read_only(false);
        for (int i = 0; i < 200 && backend() == Backend::postgresql; ++i) {
            if (db.raw<std::string>("SHOW default_transaction_read_only").front() == "off") break;
            std::this_thread::sleep_for(5ms);
        }
        provinces.create({.name = "yes"});
        EXPECT_EQ(provinces.count(), 3 + again);
    }
}

} // namespace own_server_conditions_test
