#include <kith/detail/core/value_access.hpp>
#include <kith/error.hpp>
#include <kith/types.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

namespace kith {
namespace {

TEST(Uuid, IsReadWithAndWithoutHyphensAndBraces) {
    const auto plain = Uuid::parse("0123456789abcdef0123456789ABCDEF");
    EXPECT_EQ(plain, Uuid::parse("01234567-89ab-cdef-0123-456789abcdef"));
    EXPECT_EQ(plain, Uuid::parse("{01234567-89ab-cdef-0123-456789abcdef}"));
    EXPECT_EQ(plain.str(), "01234567-89ab-cdef-0123-456789abcdef");
}

TEST(Uuid, RefusesAnythingElse) {
    for (const char* text : {"", "0", "0123456789abcdef0123456789abcdeg", "0123456-789ab-cdef-0123-456789abcdef",
                             "01234567-89ab-cdef-0123-456789abcde", "{0123456789abcdef0123456789abcdef",
                             "01234567-89ab-cdef-0123-456789abcdef ", "--------------------------------"}) {
        EXPECT_THROW(Uuid::parse(text), ValueError) << text;
    }
}

TEST(Uuid, RandomOnesDifferAndSayTheirVersion) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto text = Uuid::random().str();
        EXPECT_EQ(text[14], '4');
        EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
        seen.insert(text);
    }
    EXPECT_EQ(seen.size(), 100U);
}

TEST(ToString, WritesValuesAsAPersonWould) {
    using detail::to_string;
    EXPECT_EQ(to_string({}), "NULL");
    EXPECT_EQ(to_string(true), "true");
    EXPECT_EQ(to_string(std::int64_t{-5}), "-5");
    EXPECT_EQ(to_string(UINT64_MAX), "18446744073709551615");
    EXPECT_EQ(to_string(1.5), "1.5");
    EXPECT_EQ(to_string(std::string("Wuhan 武汉")), "'Wuhan 武汉'");
    EXPECT_EQ(to_string(std::string("a\nb\0c", 5)), "'a\\nb\\u0000c'");
    EXPECT_EQ(to_string(std::vector<std::byte>{std::byte{1}, std::byte{0xff}}), "x'01ff'");
    EXPECT_EQ(to_string(Date(std::chrono::days(0))), "1970-01-01");
    EXPECT_EQ(to_string(Timestamp(std::chrono::microseconds(1'500'000))), "1970-01-01 00:00:01.500000");
    EXPECT_EQ(to_string(Timestamp::max()), "9223372036854775807 after 1970 (in microseconds)");
    EXPECT_EQ(to_string(Decimal("1.50")), "1.50");
    EXPECT_EQ(to_string(Json{"{}"}), "'{}'");
}

TEST(ToString, ShortensWithoutTearingALetter) {
    const auto text = detail::to_string(std::string(79, 'a') + "武汉");
    EXPECT_EQ(text, "'" + std::string(79, 'a') + "…' (85 bytes)");
    EXPECT_EQ(detail::to_string(std::vector<std::byte>(20)), "x'" + std::string(32, '0') + "…' (20 bytes)");
    EXPECT_EQ(detail::to_string(std::string(200, '\x80')).size(),
              1 + 80 * std::string("\\x80").size() + std::string("…' (200 bytes)").size());
}

} // namespace
} // namespace kith
