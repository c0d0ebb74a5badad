#include "base/calendar.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace kith::calendar {
namespace {

using namespace std::chrono;

constexpr Date leap_day = sys_days{2024y / February / 29};
constexpr Timestamp moment = Timestamp(leap_day) + 12h + 30min + 5s;

TEST(Calendar, WritesTextThatSorts) {
    EXPECT_EQ(format(leap_day), "2024-02-29");
    EXPECT_EQ(format(Date(sys_days{0y / January / 1})), "0000-01-01");
    EXPECT_EQ(format(moment), "2024-02-29 12:30:05");
    EXPECT_EQ(format(moment + 1us), "2024-02-29 12:30:05.000001");
    EXPECT_EQ(format(Timestamp(-1us)), "1969-12-31 23:59:59.999999");
}

TEST(Calendar, RefusesYearsThatWouldNotSort) {
    EXPECT_THROW(format(Date(sys_days{10000y / January / 1})), ValueError);
    EXPECT_THROW(format(Date(sys_days{-1y / December / 31})), ValueError);
    EXPECT_THROW(format(Date::max()), ValueError);
    EXPECT_THROW(format(Timestamp::min()), ValueError);
}

TEST(Calendar, ReadsDates) {
    EXPECT_EQ(parse_date("2024-02-29"), leap_day);
    for (const char* text : {"", "2024-2-29", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024/02/29",
                             "2024-02-29 ", "2024-02-29 00:00:00", "-024-02-29", "abcd-ef-gh"}) {
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
    }
}

TEST(Calendar, ReadsTimeStampsInTheirManyForms) {
    for (const char* text : {"2024-02-29 12:30:05", "2024-02-29T12:30:05", "2024-02-29 12:30:05Z",
                             "2024-02-29T12:30:05+00:00", "2024-02-29 12:30:05.0", "2024-02-29 12:30:05.000000000",
                             "2024-02-29 14:30:05+02:00", "2024-02-29 07:00:05-05:30"}) {
        EXPECT_EQ(parse_timestamp(text), moment) << text;
    }
    EXPECT_EQ(parse_timestamp("2024-02-29 12:30"), moment - 5s);
    EXPECT_EQ(parse_timestamp("2024-02-29"), Timestamp(leap_day));
    EXPECT_EQ(parse_timestamp("2024-02-29 12:30:05.25"), moment + 250ms);
    EXPECT_EQ(parse_timestamp("2024-02-29 12:30:05.000001"), moment + 1us);
}

TEST(Calendar, RefusesTimeStampsThatAreNone) {
    for (const char* text : {"", "12:30:05", "2024-02-29 24:00:00", "2024-02-29 12:60", "2024-02-29 12:30:60",
                             "2024-02-29 12:30:05.", "2024-02-29 12:30:05.0000001", "2024-02-29 12:30:05 ",
                             "2024-02-29 12:30:05ZZ", "2024-02-29 12:30:05+2", "2024-02-29x12:30:05", "2024-02-29 "}) {
        EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace kith::calendar
