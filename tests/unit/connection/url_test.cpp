#include "connection/url.hpp"
#include "temp_folder.hpp"

#include <kith/database.hpp>
#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace kith::connection {
namespace {

TEST(Url, HasASchemeAPathAndOptions) {
    const auto url = Url::parse("sqlite:a folder/b.db?busy_timeout=500&pool_size=3&wal=1&&fetch_mode=peers", {});
    EXPECT_EQ(url.address.scheme, "sqlite");
    EXPECT_EQ(url.address.location, "a folder/b.db");
    EXPECT_EQ(url.options.busy_timeout, std::chrono::milliseconds(500));
    EXPECT_EQ(url.options.pool_size, 3U);
    EXPECT_TRUE(url.options.wal);
    EXPECT_FALSE(url.options.read_only);
    EXPECT_FALSE(url.options.untrusted);
    EXPECT_EQ(url.options.fetch_mode, FetchMode::peers);
}

TEST(Url, OptionsWinOverThoseOfTheCall) {
    const auto url = Url::parse("sqlite:a.db?pool_size=3", {.pool_size = 5, .statement_cache = 7});
    EXPECT_EQ(url.options.pool_size, 3U);
    EXPECT_EQ(url.options.statement_cache, 7U);
    EXPECT_TRUE(Url::parse("sqlite:a.db?untrusted=1", {}).options.untrusted);
    EXPECT_TRUE(Url::parse("sqlite:a.db", {.untrusted = true}).options.untrusted);
    EXPECT_FALSE(Url::parse("sqlite:a.db?untrusted=0", {.untrusted = true}).options.untrusted);
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?untrusted=maybe", {}), ValueError, "takes 0 or 1");
}

TEST(Url, DecodesPercentEscapes) {
    EXPECT_EQ(Url::parse("sqlite:a%20b%3Fc%25.db", {}).address.location, "a b?c%.db");
    EXPECT_EQ(Url::parse("sqlite::memory:", {}).address.location, ":memory:");
    for (const char* text : {"sqlite:%", "sqlite:%2", "sqlite:%zz", "sqlite:%00", "sqlite:%+1"}) {
        EXPECT_THROW(Url::parse(text, {}), ValueError) << text;
    }
}

TEST(Url, RefusesWhatItDoesNotKnow) {
    KITH_EXPECT_ERROR(connect("sqlite:a.db?buzy_timeout=5"), ValueError, "busy_timeout, pool_timeout");
    KITH_EXPECT_ERROR(connect("oracle:a"), ValueError, "postgresql://");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?busy_timeout=-5", {}), ValueError, "not '-5'");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?busy_timeout=5s", {}), ValueError, "not '5s'");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?pool_size=99999999999999999999", {}), ValueError, "pool_size");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?wal=yes", {}), ValueError, "takes 0 or 1");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?wal", {}), ValueError, "name=value");
    KITH_EXPECT_ERROR(Url::parse("travel.db", {}), ValueError, "sqlite:file.db");
    KITH_EXPECT_ERROR(Url::parse("", {}), ValueError, "sqlite:file.db");
}

TEST(Url, OfAServerHasItsParts) {
    const auto url =
        Url::parse("postgresql://ann%40x:s%3Ae%2Fc@db.example:5433/tra%20vel?sslmode=require&pool_size=2", {});
    const auto& address = url.address;
    EXPECT_EQ(address.user, "ann@x");
    EXPECT_EQ(address.password, "s:e/c");
    EXPECT_EQ(address.host, "db.example");
    EXPECT_EQ(address.port, "5433");
    EXPECT_EQ(address.database, "tra vel");
    ASSERT_EQ(address.settings.size(), 1U);
    EXPECT_EQ(address.settings.front().first, "sslmode");
    EXPECT_EQ(address.settings.front().second, "require");
    EXPECT_EQ(url.options.pool_size, 2U);
    EXPECT_EQ(address.name(), "postgresql://ann@x@db.example:5433/tra vel") << "without the password";
}

TEST(Url, OfAServerMayLeavePartsOut) {
    const auto local = Url::parse("postgresql:///travel?host=/run/pg", {}).address;
    EXPECT_EQ(local.user + local.password + local.host + local.port, "");
    EXPECT_EQ(local.database, "travel");
    EXPECT_EQ(local.name(), "postgresql:///run/pg/travel");
    const auto socket = Url::parse("postgresql://%2Frun%2Fpg/travel", {}).address;
    EXPECT_EQ(socket.host, "/run/pg");
    const auto several = Url::parse("postgresql://u@one:1,[::1]:2,three/x", {}).address;
    EXPECT_EQ(several.host, "one,::1,three");
    EXPECT_EQ(several.port, "1,2,");
    EXPECT_EQ(several.name(), "postgresql://u@one:1,[::1]:2,three/x") << "as the URL has them";
    EXPECT_EQ(Url::parse("postgresql://u:secret@one,two/x", {}).address.name(), "postgresql://u@one,two/x");
    EXPECT_EQ(Url::parse("postgresql://u@[fe80::1]/x", {}).address.name(), "postgresql://u@[fe80::1]/x");
    EXPECT_EQ(Url::parse("postgresql://u:@h", {}).address.database, "");
}

} // namespace
} // namespace kith::connection
