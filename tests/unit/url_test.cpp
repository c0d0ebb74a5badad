#include "database/url.hpp"
#include "temp_folder.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace kith::database {
namespace {

TEST(Url, HasASchemeAPathAndOptions) {
    const auto url = Url::parse("sqlite:a folder/b.db?busy_timeout=500&pool_size=3&wal=1&&fetch_mode=peers", {});
    EXPECT_EQ(url.scheme, "sqlite");
    EXPECT_EQ(url.location, "a folder/b.db");
    EXPECT_EQ(url.options.busy_timeout, std::chrono::milliseconds(500));
    EXPECT_EQ(url.options.pool_size, 3U);
    EXPECT_TRUE(url.options.wal);
    EXPECT_FALSE(url.options.read_only);
    EXPECT_EQ(url.options.fetch_mode, FetchMode::peers);
}

TEST(Url, OptionsWinOverThoseOfTheCall) {
    const auto url = Url::parse("sqlite:a.db?pool_size=3", {.pool_size = 5, .statement_cache = 7});
    EXPECT_EQ(url.options.pool_size, 3U);
    EXPECT_EQ(url.options.statement_cache, 7U);
}

TEST(Url, DecodesPercentEscapes) {
    EXPECT_EQ(Url::parse("sqlite:a%20b%3Fc%25.db", {}).location, "a b?c%.db");
    EXPECT_EQ(Url::parse("sqlite::memory:", {}).location, ":memory:");
    for (const char* text : {"sqlite:%", "sqlite:%2", "sqlite:%zz", "sqlite:%00", "sqlite:%+1"}) {
        EXPECT_THROW(Url::parse(text, {}), ValueError) << text;
    }
}

TEST(Url, RefusesWhatItDoesNotKnow) {
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?buzy_timeout=5", {}), ValueError, "busy_timeout, pool_timeout");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?busy_timeout=-5", {}), ValueError, "not '-5'");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?busy_timeout=5s", {}), ValueError, "not '5s'");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?pool_size=99999999999999999999", {}), ValueError, "pool_size");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?wal=yes", {}), ValueError, "takes 0 or 1");
    KITH_EXPECT_ERROR(Url::parse("sqlite:a.db?wal", {}), ValueError, "name=value");
    KITH_EXPECT_ERROR(Url::parse("travel.db", {}), ValueError, "sqlite:file.db");
    KITH_EXPECT_ERROR(Url::parse("", {}), ValueError, "sqlite:file.db");
}

} // namespace
} // namespace kith::database
