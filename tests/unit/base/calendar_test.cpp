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
                             "2024-02-29 14:30:05+02:00", "2024-02-29 07:00:05-05:30", "2024-02-29T12:30:05,000Z"}) {
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

TEST(Iso8601, IsWrittenAndRead) {
    EXPECT_EQ(to_iso8601(leap_day), "2024-02-29");
    EXPECT_EQ(to_iso8601(moment), "2024-02-29T12:30:05Z");
    EXPECT_EQ(to_iso8601(moment + 1us), "2024-02-29T12:30:05.000001Z");
    EXPECT_EQ(to_iso8601(LocalTimestamp(moment.time_since_epoch())), "2024-02-29T12:30:05");
    EXPECT_EQ(from_iso8601<Timestamp>("2024-02-29T14:30:05+02:00"), moment);
    EXPECT_EQ(from_iso8601<Timestamp>("2024-03-01T00:00:00.5+14:00"), Timestamp(leap_day) + 10h + 500ms);
    EXPECT_EQ(from_iso8601<LocalTimestamp>("2024-02-29T12:30"),
              LocalTimestamp(Timestamp(leap_day).time_since_epoch()) + 12h + 30min);
}

TEST(Iso8601, ComesBackOverTheWholeRange) {
    constexpr Date first = sys_days{0y / January / 1};
    constexpr Date last = sys_days{9999y / December / 31};
    microseconds time{0};
    for (Date day = first; day <= last; day += days(11), time = (time + 86'243'199'973us) % microseconds(24h)) {
        ASSERT_EQ(from_iso8601<Date>(to_iso8601(day)), day);
        const Timestamp at = day + time;
        ASSERT_EQ(from_iso8601<Timestamp>(to_iso8601(at)), at);
        const LocalTimestamp local(at.time_since_epoch());
        ASSERT_EQ(from_iso8601<LocalTimestamp>(to_iso8601(local)), local);
    }
    for (const Timestamp edge : {Timestamp(first), Timestamp(last) + 24h - 1us}) {
        EXPECT_EQ(from_iso8601<Timestamp>(to_iso8601(edge)), edge);
    }
    EXPECT_THROW((void)to_iso8601(Timestamp(first) - 1us), ValueError);
    EXPECT_THROW((void)from_iso8601<Timestamp>("0000-01-01T00:00:00+00:01"), ValueError);
    EXPECT_THROW((void)from_iso8601<Timestamp>("9999-12-31T23:59:59-00:01"), ValueError);
}

TEST(Iso8601, RefusesOtherForms) {
    for (const char* text : {"2024-W09-4", "2024-060", "20240229", "2024-02", "+12024-02-29", "29.02.2024", ""}) {
        EXPECT_THROW((void)from_iso8601<Date>(text), ValueError) << text;
        EXPECT_THROW((void)from_iso8601<Timestamp>(text), ValueError) << text;
    }
    for (const char* text : {"2024-02-29T24:00:00", "2024-02-29T12:30:60", "2024-02-29T123005", "T12:30:05",
                             "2024-02-29T12:30:05.1234567", "2024-02-29T12:30:05+24:00", "2024-02-29T12:30:05+0200"}) {
        EXPECT_THROW((void)from_iso8601<Timestamp>(text), ValueError) << text;
        EXPECT_THROW((void)from_iso8601<LocalTimestamp>(text), ValueError) << text;
    }
    EXPECT_THROW((void)from_iso8601<LocalTimestamp>("2024-02-29T12:30:05Z"), ValueError);
    try {
        (void)from_iso8601<Date>("2024-W09-4");
        FAIL();
    } catch (const ValueError& e) {
        EXPECT_STREQ(e.what(), "'2024-W09-4' is not a text of ISO 8601 that Kith reads, such as 2024-02-29");
    }
}

} // namespace
} // namespace kith::calendar
