#include "support/rows.hpp"
#include "support/travel.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// `bulk_update`: columns of many rows, each with values of its own.

namespace bulk_update_test {

using namespace kith::literals;
using namespace travel;
using namespace std::chrono;

namespace {

using kith::Decimal;
using Bytes = std::vector<std::byte>;

enum class Colour : std::int16_t { red = -1, blue = 32767 };

struct Every {
    kith::PrimaryKey<> id{};
    bool flag{};
    std::int8_t i8{};
    std::int16_t i16{};
    std::optional<std::int32_t> i32{};
    std::uint8_t u8{};
    std::uint32_t u32{};
    std::uint64_t u64{};
    float small{};
    std::optional<double> large{};
    std::optional<std::string> text{};
    Bytes bytes{};
    std::optional<kith::Date> date{};
    kith::Timestamp moment{};
    kith::LocalTimestamp local{};
    std::optional<kith::Uuid> uuid{};
    std::optional<Decimal> decimal{};
    kith::Json json{};
    Colour colour{Colour::red};
    kith::ForeignKey<Every, kith::null> other{};
    kith::Lazy<std::string> story{};
    std::int32_t untouched{};
};
struct Place {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::string, kith::primary_key, kith::max_length<20>> column{};
    Decimal price{};
};

struct Coded {
    kith::Field<std::string, kith::primary_key, kith::max_length<40>> code{};
    std::int32_t amount{};
    kith::Field<std::string, kith::max_length<5>> name{};
    kith::ForeignKey<Province> province{};
};

struct Ticket {
    kith::PrimaryKey<> id{};
    std::optional<std::int32_t> row{};
    kith::Field<std::optional<std::string>, kith::max_length<20>> column{};
    kith::ForeignKey<Place, kith::from_fields<"row", "column">> place{};
};

class BulkUpdate : public TravelTest {
protected:
    BulkUpdate() { db_.create_tables<Every, Place, Ticket, Coded>(); }
};

std::vector<Place> places(std::int32_t count) {
    std::vector<Place> rows;
    for (std::int32_t i = 0; i < count; ++i)
        rows.push_back({.row = i / 26, .column = std::string(1, char('a' + i % 26))});
    return rows;
}

} // namespace

TEST_F(BulkUpdate, WritesEveryTypeAndNull) {
    const auto rows = objects<Every>().bulk_create({{.untouched = 1}, {.i32 = 3, .text = "x", .untouched = 2}});
    auto& full = *rows[0];
    full.flag = true;
    full.i8 = -128;
    full.i16 = -32768;
    full.i32 = 5;
    full.u8 = 255;
    full.u32 = 4294967295;
    full.u64 = on_sqlite() ? 9223372036854775807u : 18446744073709551615u;
    full.small = 0.1F;
    full.large = 0.1;
    full.text = "it's — \"quoted\" ?";
    full.bytes = {std::byte{0}, std::byte{255}};
    full.date = sys_days{2024y / February / 29};
    full.moment = kith::Timestamp{microseconds(1'700'000'000'123'456)};
    full.local = kith::LocalTimestamp{microseconds(1'700'000'000'654'321)};
    full.uuid = kith::Uuid::random();
    full.decimal = Decimal("12345678901234567890.123456");
    full.json = kith::Json{R"({"a":[1,null]})"};
    full.colour = Colour::blue;
    full.other = rows[1];
    full.story = "long";
    full.untouched = 99;
    auto& empty = *rows[1];
    empty.i32 = std::nullopt;
    empty.text = std::nullopt;
    const auto before = log_.size();
    EXPECT_EQ(objects<Every>().bulk_update(rows, "flag"_f, "i8"_f, "i16"_f, "i32"_f, "u8"_f, "u32"_f, "u64"_f,
                                           "small"_f, "large"_f, "text"_f, "bytes"_f, "date"_f, "moment"_f, "local"_f,
                                           "uuid"_f, "decimal"_f, "json"_f, "colour"_f, "other"_f, "story"_f),
              2);
    EXPECT_EQ(log_.size(), before + 1);
    const auto all = objects<Every>().order_by("id");
    const auto& read = all[0];
    EXPECT_TRUE(read.flag);
    EXPECT_EQ(read.i8, full.i8);
    EXPECT_EQ(read.i16, full.i16);
    EXPECT_EQ(read.i32, full.i32);
    EXPECT_EQ(read.u8, full.u8);
    EXPECT_EQ(read.u32, full.u32);
    EXPECT_EQ(read.u64, full.u64);
    EXPECT_EQ(read.small, full.small);
    EXPECT_EQ(read.large, full.large);
    EXPECT_EQ(read.text, full.text);
    EXPECT_EQ(read.bytes, full.bytes);
    EXPECT_EQ(read.date, full.date);
    EXPECT_EQ(read.moment, full.moment);
    EXPECT_EQ(read.local, full.local);
    EXPECT_EQ(read.uuid, full.uuid);
    EXPECT_EQ(read.decimal, full.decimal);
    EXPECT_EQ(read.json.text, full.json.text);
    EXPECT_EQ(read.colour, full.colour);
    EXPECT_EQ(read.other.key(), rows[1]->id);
    EXPECT_EQ(read.story.value(), "long");
    EXPECT_EQ(read.untouched, 1);
    EXPECT_EQ(all[1].i32, std::nullopt);
    EXPECT_EQ(all[1].text, std::nullopt);
    EXPECT_EQ(all[1].decimal, std::nullopt);
    EXPECT_EQ(all[1].untouched, 2);

    for (const auto& row : rows) { // a batch of NULLs alone
        row->i32 = std::nullopt;
        row->decimal = std::nullopt;
        row->uuid = std::nullopt;
        row->date = std::nullopt;
        row->large = std::nullopt;
        row->other = nullptr;
    }
    EXPECT_EQ(objects<Every>().bulk_update(rows, "i32"_f, "decimal"_f, "uuid"_f, "date"_f, "large"_f, "other"_f), 2);
    EXPECT_EQ(objects<Every>()
                  .filter("i32"_f = nullptr, "decimal"_f = nullptr, "uuid"_f = nullptr, "date"_f = nullptr,
                          "large"_f = nullptr, "other"_f = nullptr)
                  .count(),
              2);
}

TEST_F(BulkUpdate, CompositeKeysInBatchesOfOneTransaction) {
    auto rows = places(450);
    objects<Place>().bulk_create(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].price = Decimal(std::to_string(i));
    log_.clear();
    EXPECT_EQ(objects<Place>().bulk_update(rows, "price"_f), 450);
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(log_.transaction_control().size(), 2u);
    const auto read = objects<Place>().order_by("row", "column");
    for (std::size_t i = 0; i < read.size(); ++i) ASSERT_EQ(read[i].price, rows[i].price) << i;

    rows.push_back({.row = 99, .column = "z"});
    std::vector<const Place*> some{&rows.back(), &rows[3]};
    rows[3].price = Decimal("-1");
    EXPECT_EQ(objects<Place>().bulk_update(some, "price"_f), 1) << "a row that is not there is not inserted";
    EXPECT_EQ(objects<Place>().count(), 450);
    EXPECT_EQ(objects<Place>().filter("price"_f = Decimal("-1")).count(), 1);

    std::vector<Ticket> tickets(2);
    for (Ticket& ticket : tickets) db_.save(ticket);
    tickets[0].place = read[30];
    EXPECT_EQ(objects<Ticket>().bulk_update(tickets, "row"_f, "column"_f), 2);
    EXPECT_EQ(objects<Ticket>().get("place"_f = read[30])->id, tickets[0].id);
    EXPECT_EQ(objects<Ticket>().filter("place"_f = nullptr).count(), 1);
}

TEST_F(BulkUpdate, OnlyRowsOfTheQuerySetAreFound) {
    std::vector<City> cities;
    for (const City& city : objects<City>()) cities.push_back(city);
    for (City& city : cities) city.name = "new";
    const auto hubei = objects<Province>().get("name"_f = "Hubei Province");
    EXPECT_EQ(hubei->city_set.all().bulk_update(cities, "name"_f), 2);
    EXPECT_EQ(objects<City>().filter("name"_f = "new").count(), 2);
    EXPECT_EQ(objects<City>().filter("province__name"_f = "Guangdong Province").bulk_update(cities, "name"_f), 1);
    EXPECT_EQ(objects<City>().filter("name"_f = "new").count(), 3);
    EXPECT_EQ(objects<City>().none().bulk_update(cities, "name"_f), 0);
    EXPECT_THROW(objects<City>().slice(0, 1).bulk_update(cities, "name"_f), kith::ValueError);
}

TEST_F(BulkUpdate, WhatCannotBeUpdatedIsRefusedAndNothingIsWritten) {
    const auto rows = objects<Province>().order_by("id").rows();
    for (const auto& row : rows) row->name = "new";
    const auto update = [&](const auto& given) { objects<Province>().bulk_update(given, "name"_f); };
    const auto refuse = [&](const auto& given) { return message_of<kith::ValueError>([&] { update(given); }); };
    expect_parts(refuse(std::vector<kith::Ref<Province>>{rows[0], rows[1], rows[0]}), {"Rows 0 and 2", "Province"});
    expect_parts(refuse(std::vector<kith::Ref<Province>>{rows[0], nullptr}), {"Row 1", "an empty Ref"});
    expect_parts(refuse(std::vector<Province>{*rows[0], {.name = "unsaved"}}), {"Province is not saved"});
    EXPECT_EQ(objects<Province>().filter("name"_f = "new").count(), 0);
    const auto lazy = objects<Every>().create({.story = "s"});
    const auto left_out = objects<Every>().defer("story");
    EXPECT_THROW(objects<Every>().bulk_update(left_out, "story"_f), kith::ValueError);

    std::vector<City> cities(250, *objects<City>().first());
    for (std::size_t i = 0; i < cities.size(); ++i) cities[i].id = static_cast<std::int64_t>(1000 + i);
    objects<City>().bulk_create(cities);
    for (City& city : cities) city.name = "new";
    cities[249].province.set_key(99);
    EXPECT_THROW(objects<City>().bulk_update(cities, "name"_f, "province"_f), kith::IntegrityError);
    EXPECT_EQ(objects<City>().filter("name"_f = "new").count(), 0);
}

TEST_F(BulkUpdate, AnErrorOfAValueNamesTheRow) {
    const auto rows =
        objects<Coded>().bulk_create(std::vector<Coded>{{.code = "a", .province = {objects<Province>().first()}},
                                                        {.code = "b", .province = {objects<Province>().first()}}});
    rows[1]->name = "too long";
    rows[1]->province = nullptr;
    const auto place_of = [&](const auto& update) {
        try {
            update();
        } catch (const kith::Error& error) {
            expect_parts(error.what(), {"row 1 of 2", "(code 'b')"});
            return error.row();
        }
        return std::optional<std::size_t>();
    };
    EXPECT_EQ(place_of([&] { objects<Coded>().bulk_update(rows, "name"_f); }), 1u);
    EXPECT_EQ(place_of([&] { objects<Coded>().bulk_update(rows, "amount"_f, "province"_f); }), 1u);
}

/// Where the collation of the key ignores case.
TEST_F(BulkUpdate, TwoKeysThatOnlyTheDatabaseTakesForOneAreRefused) {
    try {
        folder_.raw().run(by_backend(
            "DROP TABLE coded; CREATE TABLE coded (code text PRIMARY KEY COLLATE NOCASE, amount integer NOT NULL, name "
            "text NOT NULL, province_id integer NOT NULL)",
            "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
            "ALTER TABLE coded ALTER COLUMN code TYPE varchar(40) COLLATE any_case",
            "ALTER TABLE coded MODIFY code varchar(40) COLLATE utf8mb4_general_ci NOT NULL"));
    } catch (const std::exception&) {
        GTEST_SKIP() << "built without ICU";
    }
    std::vector<Coded> rows(250);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].code = "k" + std::to_string(i);
        rows[i].province = objects<Province>().first();
    }
    objects<Coded>().bulk_create(rows);
    for (Coded& row : rows) row.amount = 1;
    const auto refuse = [&](const std::vector<Coded>& given) {
        const auto update = [&] { objects<Coded>().bulk_update(given, "amount"_f); };
        return message_of<kith::ValueError>(update);
    };
    std::vector<Coded> two{rows[7], rows[7]};
    two[1].code = "K7";
    expect_parts(refuse(two), {"Rows 0 and 1", "the same row of Coded to the database"});
    auto many = rows; // in different statements
    many[240].code = "K3";
    expect_parts(refuse(many), {"Rows 3 and 240"});
    EXPECT_EQ(objects<Coded>().filter("amount"_f = 1).count(), 0);

    rows[3].code = "K3";
    log_.clear();
    EXPECT_EQ(objects<Coded>().bulk_update(rows, "amount"_f), 250);
    EXPECT_EQ(log_.size(), 2u) << "they cannot be the same";
    two[1].code = "k-7";
    EXPECT_EQ(objects<Coded>().bulk_update(two, "amount"_f), 1) << "one is not there";
}

} // namespace bulk_update_test
