#include "support/memory.hpp"
#include "support/proxy.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

/// What a limit or a deadline costs at a server: rows that nobody wants are stopped there, and the connection is kept
/// also on a long line.

namespace server_limits_test {

using namespace kith::literals;
using namespace travel;

namespace long_lines {

using namespace std::chrono_literals;

struct Part;
struct Box {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Part, "box"> part_set{};
};
/// A view: so many parts that reading them all would take days.
struct Part {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Box> box{};

    static constexpr kith::Table table{.name = "part", .read_only = true};
};

class ServerLimits : public FileTest {
protected:
    ServerLimits() {
        db_.create_tables<Box>();
        db_.objects<Box>().bulk_create(std::vector<Box>(300, {.name = "a"}));
        folder_.raw().run(
            by_backend("",
                       "CREATE VIEW part AS SELECT a.id, a.name, b.id AS box_id FROM box a, box b, box c, "
                       "box d, box e, box f",
                       "CREATE VIEW part AS SELECT a.id, a.name, b.id AS box_id FROM box a, box b, box c, "
                       "box d, box e, box f"));
    }

    kith::Database one_connection() const { return kith::connect(folder_.url("test.db", "pool_size=1")); }
    /// A handle whose connections go through the proxies.
    kith::Database connect(std::initializer_list<const Proxy*> proxies, const std::string& options) const {
        std::string hosts;
        for (const auto* proxy : proxies) {
            hosts += (hosts.empty() ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(proxy->port());
        }
        const std::string without_tls = by_backend("", "sslmode=disable&gssencmode=disable&", "");
        return kith::connect(folder_.url_at(hosts, without_tls + options));
    }
    /// Its number at the server.
    static std::int64_t connection_of(const kith::Database& db) {
        return db.raw<std::int64_t>(by_backend("", "SELECT pg_backend_pid()::bigint", "SELECT CONNECTION_ID()"))
            .front();
    }
    static void expect_usable(const kith::Database& db) { EXPECT_EQ(db.objects<Box>().count(), 300); }

    Proxy proxy_{server_socket(), backend() == Backend::postgresql};
};

} // namespace long_lines

using namespace long_lines;

TEST_F(ServerLimits, TheRestOfALargeResultIsStopped) {
    const auto db = one_connection();
    const auto few = db.limits({.rows = 1000, .related_rows = 1000});
    for (int again = 0; again < 3; ++again) {
        EXPECT_THROW((void)few.objects<Part>().size(), kith::LimitExceeded);
        expect_usable(db);
        EXPECT_THROW((void)few.raw<std::int64_t>("SELECT id FROM part"), kith::LimitExceeded);
        expect_usable(db);
        EXPECT_THROW((void)few.objects<Box>().prefetch_related("part_set").size(), kith::LimitExceeded);
        expect_usable(db);
        EXPECT_THROW((void)few.objects<Part>().prefetch_related("box").size(), kith::LimitExceeded);
        expect_usable(db);
    }
}

/// The cancel fails no transaction that anybody else uses.
TEST_F(ServerLimits, WhatWasWrittenBeforeIsKept) {
    const auto db = one_connection();
    const auto few = db.limits({.rows = 1000});
    const auto wide = [&] { (void)few.raw<std::int64_t>("SELECT a.id FROM box a, box b LIMIT 50000"); };
    db.atomic([&] {
        db.objects<Box>().create({.name = "written"});
        EXPECT_THROW(wide(), kith::LimitExceeded);
        db.objects<Box>().create({.name = "written"});
    });
    EXPECT_EQ(db.objects<Box>().filter("name"_f = "written").remove(), 2);
    std::size_t rows = 0;
    for (const Box& box : db.objects<Box>().order_by("id").iterator({.chunk_size = 10, .snapshot = true})) {
        if (++rows % 20 != 5) continue;
        EXPECT_THROW(wide(), kith::LimitExceeded) << box.id;
        if (rows == 25) db.objects<Box>().create({.name = "written"});
    }
    EXPECT_EQ(rows, 300u);
    EXPECT_EQ(db.objects<Box>().filter("name"_f = "written").remove(), 1);
    expect_usable(db);
}

/// What a type means is asked only after the rows have arrived.
/// The snapshot is the stream's: a cancel would undo it on PostgreSQL.
TEST_F(ServerLimits, InTheLoopOfAStreamLeaveItsSnapshot) {
    const auto db = one_connection();
    const auto many = db.objects<Part>().slice(0, 300'000).limits({.rows = 10});
    std::size_t boxes = 0;
    for (const auto& box : db.objects<Box>().order_by("id").iterator({.chunk_size = 100, .snapshot = true})) {
        if (boxes++ % 100 == 0) {
            EXPECT_THROW((void)many.all().size(), kith::LimitExceeded) << box.name;
        }
    }
    EXPECT_EQ(boxes, 300u);
    expect_usable(db);
}

TEST_F(ServerLimits, RowsOfATypeThatIsNewAreNotKeptInMemory) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "only PostgreSQL has types that must be looked up";
    folder_.raw().run("CREATE TYPE mood AS ENUM ('good', 'bad')");
    const auto statement = "SELECT 'good'::mood AS name, repeat('x', 100000) FROM generate_series(1, 2000)";
    for (const auto& limits : {kith::Limits{.rows = 20}, kith::Limits{.bytes = 2'000'000}}) {
        const auto db = one_connection();
        std::size_t most = 0;
        {
            const auto before = live_bytes();
            std::jthread looking([&](const std::stop_token& ended) {
                while (!ended.stop_requested()) {
                    most = std::max(most, live_bytes());
                    std::this_thread::sleep_for(1ms);
                }
                most -= std::min(most, before);
            });
            EXPECT_THROW((void)(db.limits(limits).raw<std::string, std::string>(statement)), kith::LimitExceeded);
        }
        EXPECT_LT(most, 50'000'000u) << "of 200,000,000";
        expect_usable(db);
    }
}

TEST_F(ServerLimits, AStatementThatRunsAgainIsCountedOnce) {
    const auto db = one_connection();
    db.create_tables<Province, City>();
    const auto home = db.objects<Province>().create({.name = "a"});
    db.objects<City>().create({.name = "b", .province = home});
    const auto cities =
        db.objects<Province>().prefetch_related("city_set").limits({.rows = 1, .related_rows = 1, .statements = 2});
    for (int again = 0; again < 3; ++again) EXPECT_EQ(cities.all().size(), 1u);
    folder_.raw().run(by_backend("", "ALTER TABLE city ALTER COLUMN name TYPE varchar(90)",
                                 "ALTER TABLE city MODIFY name varchar(90)"));
    EXPECT_EQ(cities.all().size(), 1u);
}

/// A deadline and its rollback get the time that the line needs.
TEST_F(ServerLimits, ADeadlineOnALongLineKeepsTheConnection) {
    proxy_.delay(10ms);
    const auto db = connect({&proxy_}, "pool_size=1");
    const auto slow = by_backend("", "SELECT 1 FROM pg_sleep(30)", "SELECT sleep(30)");
    int kept = 0;
    for (int again = 0; again < 4; ++again) {
        const auto before = connection_of(db);
        EXPECT_THROW((void)db.deadline(30ms).raw<std::int64_t>(slow), kith::DeadlineExceeded);
        EXPECT_THROW(db.atomic(
                         [&] {
                             db.objects<Box>().create({.name = "b"});
                             (void)db.raw<std::int64_t>(slow);
                         },
                         {.deadline = 200ms}),
                     kith::DeadlineExceeded);
        expect_usable(db);
        kept += connection_of(db) == before ? 1 : 0;
    }
    EXPECT_GE(kept, 1);
}

TEST_F(ServerLimits, ASilentHostLeavesTimeForTheNext) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "only PostgreSQL takes several hosts";
    Proxy silent(server_socket(), true);
    const auto db = connect({&silent, &proxy_}, "pool_size=2");
    db.atomic([&] {
        expect_usable(db); // on the only connection so far
        silent.silence_after(0);
        std::thread([&] { EXPECT_NO_THROW(expect_usable(db.deadline(3s))); }).join();
    });
}

} // namespace server_limits_test
