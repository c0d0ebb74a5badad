#include "travel.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

using namespace kith::literals;
using namespace std::chrono_literals;
using namespace travel;

class Databases : public Travel {};

namespace {
void connect_examples() {
    // [snippet urls]
    auto relative = kith::connect("sqlite:travel.db");
    auto absolute = kith::connect("sqlite:/var/lib/app/travel.db?busy_timeout=500&pool_size=4");
    auto memory = kith::connect("sqlite::memory:");
    auto reader = kith::connect("sqlite:travel.db", {.busy_timeout = 2s, .read_only = true});
    // [/snippet]
    // [snippet servers]
    auto remote = kith::connect("postgresql://app:secret@db.example:5432/travel?sslmode=verify-full&pool_size=20");
    auto local = kith::connect("postgresql:///travel?host=/run/postgresql");
    auto pooled = kith::connect("postgresql://app:secret@pooler:6432/travel?pooling=transaction");
    auto maria = kith::connect("mariadb://app:secret@db.example/travel?ssl_ca=/etc/ssl/db.pem&ssl_verify=1");
    auto socket = kith::connect("mariadb://app@/travel?socket=/run/mysqld/mysqld.sock");
    // [/snippet]
}
} // namespace

TEST_F(Databases, Options) {
    EXPECT_NE(&connect_examples, nullptr);
    const auto other = kith::connect(url() + "?busy_timeout=500&pool_size=4&fetch_mode=peers");
    EXPECT_EQ(other.options().busy_timeout, 500ms);
    EXPECT_EQ(other.options().pool_size, 4u);
    EXPECT_EQ(other.options().fetch_mode, kith::FetchMode::peers);
    EXPECT_THROW(kith::connect("sqlite:a.db?bsy=1"), kith::ValueError);
    EXPECT_THROW(kith::connect("oracle://localhost/a"), kith::ValueError);
    const auto reader = kith::connect(url(), {.read_only = true});
    EXPECT_THROW(reader.objects<Province>().create({.name = "X"}), kith::OperationalError);
    EXPECT_EQ(reader.objects<Province>().count(), 2);
}

TEST_F(Databases, LoadStrategies) {
    // [snippet load_strategy]
    const auto page = db.objects<Person>().filter("id"_f = 1).prefetch_related("visitation__province");
    page.load_strategy(kith::LoadStrategy::levels);   // one round trip for each level
    page.load_strategy(kith::LoadStrategy::one_trip); // everything that can go ahead does, whatever it costs
    // [/snippet]
    EXPECT_EQ(page.size(), 1u);
}

TEST_F(Databases, Atomic) {
    auto wuhan = db.objects<City>().get("name"_f = "Wuhan");
    // [snippet atomic]
    db.atomic([&] {
        auto hunan = db.objects<Province>().create({.name = "Hunan"});
        db.objects<City>().create({.name = "Changsha", .province = hunan});
    }); // committed here; an exception would have rolled both back
    // [/snippet]
    EXPECT_EQ(db.objects<City>().count(), 4);
    // [snippet atomic_value]
    std::int64_t cities = db.atomic([&] { return db.objects<City>().count(); });
    // [/snippet]
    EXPECT_EQ(cities, 4);
    // [snippet savepoint]
    db.atomic([&] {
        db.objects<Province>().create({.name = "Henan"});
        try {
            db.atomic([&] { // a savepoint
                db.objects<Province>().create({.name = "Hebei"});
                throw std::runtime_error("no");
            });
        } catch (const std::runtime_error&) {
            // Hebei is undone, Henan stays
        }
    });
    // [/snippet]
    EXPECT_EQ(db.objects<Province>().count(), 4);
    // [snippet explicit]
    db.atomic(
        [&](kith::Database& tx) {
            // `tx` is the transaction: it may go to another thread
            return tx.objects<City>().prefetch_related("province").size();
        },
        {.read_only = true});
    // [/snippet]
    EXPECT_THROW(
        db.atomic([&](kith::Database& tx) { tx.objects<Province>().create({.name = "X"}); }, {.read_only = true}),
        kith::OperationalError);
}

TEST_F(Databases, Poison) {
    // [snippet poison]
    try {
        db.atomic([&] {
            db.objects<Province>().create({.name = "Hunan"});
            try {
                City city{.name = "Changsha"};
                city.province.set_key(99); // there is no province 99
                db.save(city);
            } catch (const kith::IntegrityError&) {
                // swallowed: but the block cannot be saved any more
            }
        });
    } catch (const kith::OperationalError& error) {
        fmt::print("{}\n", error.what()); // and Hunan is not in the database
    }
    // [/snippet]
    EXPECT_EQ(db.objects<Province>().count(), 2);
}

TEST_F(Databases, OneSnapshot) {
    const auto other = kith::connect(url());
    // [snippet snapshot]
    auto provinces = db.objects<Province>().prefetch_related("city_set");
    provinces.size(); // BEGIN DEFERRED, two SELECTs, COMMIT: both see the same state of the database
    // [/snippet]
    EXPECT_EQ(log.transaction_control(), (std::vector<std::string>{"BEGIN DEFERRED", "COMMIT"}));
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Databases, ObserversOfChanges) {
    std::map<std::string, std::string, std::less<>> cache;
    const auto hubei = db.objects<Province>().get("name"_f = "Hubei");
    cache.emplace(fmt::format("{}", hubei->id), hubei->name);
    // [snippet changes]
    auto token = db.on_change([&](const kith::Change& change) {
        if (!change.is<Province>()) return;
        if (change.key.empty())
            cache.clear(); // an update of rows that are not known one by one
        else
            cache.erase(std::string(change.key));
    }); // until the token is destroyed
    // [/snippet]
    db.save(*hubei);
    EXPECT_TRUE(cache.empty());
}

TEST_F(Databases, Observers) {
    std::size_t seen = 0;
    // [snippet observe]
    auto token = db.on_query([&](const kith::QueryEvent& event) {
        if (event.duration > 100ms) fmt::print("slow: {}\n", event.sql);
        ++seen;
    }); // until the token is destroyed
    // [/snippet]
    (void)db.objects<City>().count();
    EXPECT_EQ(seen, 1u);
    token.reset();
    (void)db.objects<City>().count();
    EXPECT_EQ(seen, 1u);
}

TEST_F(Databases, Wal) {
    kith::test::TempFolder folder;
    {
        const auto fresh = kith::connect("sqlite:" + folder.file("a.db"));
        fresh.create_tables<Province>();
    }
    std::ifstream file(folder.file("a.db"), std::ios::binary);
    std::string header(20, '\0');
    file.read(header.data(), 20);
    EXPECT_EQ(header[18], 2) << "a file that Kith creates has its journal in WAL";
}
