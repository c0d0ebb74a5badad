#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>

/// What schemas that others made are full of: enums as text, times without a zone, other encodings in SQLite.

namespace real_schemas_test {

using namespace kith::literals;
using namespace travel;

namespace {

enum class Mood : std::int8_t { calm = -1, merry = 7 };
enum class Size : std::uint64_t { small, large, nameless };

} // namespace

} // namespace real_schemas_test

template <>
struct kith::EnumNames<real_schemas_test::Mood> {
    using enum real_schemas_test::Mood;
    static constexpr kith::EnumName<real_schemas_test::Mood> names[]{{calm, "calm"}, {merry, "merry"}};
};
template <>
struct kith::EnumNames<real_schemas_test::Size> {
    using enum real_schemas_test::Size;
    static constexpr kith::EnumName<real_schemas_test::Size> names[]{{small, "S"}, {large, "L"}};
};

namespace real_schemas_test {

namespace {

using Texts = std::vector<std::string>;
using namespace std::chrono;

struct Shirt;
struct Shelf {
    kith::Field<Size, kith::primary_key> size{};
    std::string place{};
    kith::ReverseSet<Shirt, "shelf"> shirts{};
};
struct Shirt {
    kith::PrimaryKey<> id{};
    Mood mood{Mood::calm};
    std::optional<Mood> second{};
    kith::Field<Size, kith::indexed, kith::max_length<4>> size{};
    kith::Lazy<Mood> hidden{};
    kith::ForeignKey<Shelf, kith::null> shelf{};

    static constexpr kith::Table table{.name = "shirt", .ordering = {"id"}};
};

struct Appointment {
    kith::PrimaryKey<> id{};
    kith::LocalTimestamp at{};
    std::optional<kith::LocalTimestamp> until{};

    static constexpr kith::Table table{.name = "appointment", .ordering = {"id"}};
};

struct Event;
struct Venue {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string name{};
    kith::ReverseSet<Event, "venue"> events{};
};
struct Event {
    kith::PrimaryKey<> id{};
    kith::Timestamp at{};
    std::optional<kith::Timestamp> until{};
    kith::ForeignKey<Venue, kith::null> venue{};
    kith::ManyToMany<Venue> others{};

    static constexpr kith::Table table{.name = "event", .ordering = {"id"}};
};

kith::LocalTimestamp clock(int hour, int minute, microseconds part = {}) {
    return local_days{year{2024} / 2 / 29} + hours(hour) + minutes(minute) + part;
}

class EnumsAsText : public FileTest {
protected:
    EnumsAsText() {
        db_.create_tables<Shelf, Shirt>();
        const auto top = db_.objects<Shelf>().create({.size = Size::large, .place = "top"});
        db_.objects<Shirt>().create(
            {.mood = Mood::merry, .second = Mood::calm, .size = Size::large, .hidden = Mood::merry, .shelf = top});
        db_.objects<Shirt>().create({.size = Size::small, .hidden = Mood::calm});
    }
    std::string stored(const std::string& column, int id = 1) const {
        return folder_.raw().value("SELECT \"" + column + "\" FROM \"shirt\" WHERE \"id\" = " + std::to_string(id));
    }
    void store(const std::string& column, const std::string& text) const {
        folder_.raw().run("UPDATE \"shirt\" SET \"" + column + "\" = '" + text + "' WHERE \"id\" = 1");
    }
};

class ZonelessTime : public FileTest {
protected:
    ZonelessTime() { db_.create_tables<Appointment>(); }
};

/// SQLite alone keeps values in more than one way.
class SqliteEncodings : public testing::Test {
protected:
    static Texts cells(const kith::Database& db, const std::string& sql) { return db.raw<std::string>(sql); }
    static void fill(const kith::Database& db) {
        db.create_tables<Venue, Event>();
        const auto venue =
            db.objects<Venue>().create({.id = kith::Uuid::parse("000102030405060708090a0b0c0d0e0f"), .name = "Hall"});
        const auto event = db.objects<Event>().create({.at = moment, .venue = venue});
        db.objects<Event>().create({.at = kith::Timestamp(-1s)});
        event->others.add(venue);
    }
    /// Whatever the encoding, the same comes back, by all ways that keys go.
    static void expect_filled(const kith::Database& db) {
        const kith::QueryLog log(db);
        const auto events = db.objects<Event>().prefetch_related("venue", "others");
        EXPECT_EQ(events[0].at, moment);
        EXPECT_EQ(events[0].venue->name, "Hall");
        EXPECT_EQ(events[0].others.count(), 1);
        EXPECT_EQ(events[1].at, kith::Timestamp(-1s));
        EXPECT_EQ(log.size(), 3u);
        const auto venues = db.objects<Venue>().prefetch_related("events");
        EXPECT_EQ(venues[0].events.count(), 1);
        EXPECT_EQ(venues[0].id.value.str(), "00010203-0405-0607-0809-0a0b0c0d0e0f");
        EXPECT_EQ(db.objects<Event>().filter("venue"_f = venues[0]).count(), 1);
        EXPECT_EQ(db.objects<Event>().filter("venue__in"_f = std::vector{venues[0].id.value}).count(), 1);
        EXPECT_EQ(db.objects<Event>().filter("at"_f = moment).count(), 1);
        EXPECT_EQ(db.objects<Event>().filter("at__lt"_f = kith::Timestamp{}).count(), 1);
        EXPECT_EQ(db.objects<Event>().filter("at__year"_f = 2024, "at__month"_f = 2, "at__day"_f = 29).count(), 1);
        EXPECT_EQ(db.objects<Event>().filter("at__year"_f = 1969, "at__month"_f = 12, "at__day"_f = 31).count(), 1);
        EXPECT_EQ((db.objects<Event>().values_list<"at">()),
                  (std::vector<kith::Timestamp>{moment, kith::Timestamp(-1s)}));
    }

    static constexpr kith::Timestamp moment = sys_days{year{2024} / 2 / 29} + 12h + 30min;
};

} // namespace

// ---- enums as text

TEST_F(EnumsAsText, AreStoredByTheirNames) {
    EXPECT_EQ(stored("mood"), "merry");
    EXPECT_EQ(stored("second"), "calm");
    EXPECT_EQ(stored("size"), "L");
    EXPECT_EQ(stored("hidden"), "merry");
    EXPECT_EQ(stored("shelf_id"), "L");
    EXPECT_EQ(stored("mood", 2), "calm");
    EXPECT_EQ(stored("second", 2), "NULL");
}

TEST_F(EnumsAsText, AreReadBack) {
    const auto shirts = db_.objects<Shirt>().prefetch_related("shelf");
    EXPECT_EQ(shirts[0].mood, Mood::merry);
    EXPECT_EQ(shirts[0].second, Mood::calm);
    EXPECT_EQ(shirts[0].size, Size::large);
    EXPECT_EQ(*shirts[0].hidden, Mood::merry);
    EXPECT_EQ(shirts[0].shelf->place, "top");
    EXPECT_EQ(shirts[0].shelf.key(), Size::large);
    EXPECT_EQ(shirts[1].second, std::nullopt);
    const auto deferred = db_.objects<Shirt>().defer("hidden");
    EXPECT_EQ(*deferred[0].hidden, Mood::merry);
    EXPECT_EQ((db_.objects<Shirt>().values_list<"mood", "second">()),
              (std::vector<std::tuple<Mood, std::optional<Mood>>>{{Mood::merry, Mood::calm}, {Mood::calm, {}}}));
    EXPECT_EQ(db_.raw<Mood>("SELECT mood FROM shirt ORDER BY id"), (std::vector{Mood::merry, Mood::calm}));
    const auto shelves = db_.objects<Shelf>().prefetch_related("shirts");
    EXPECT_EQ(shelves[0].shirts.count(), 1);
}

TEST_F(EnumsAsText, AreComparedAsEnums) {
    const auto shirts = db_.objects<Shirt>();
    EXPECT_EQ(shirts.filter("mood"_f = Mood::merry).count(), 1);
    EXPECT_EQ(shirts.exclude("mood"_f = Mood::merry).count(), 1);
    EXPECT_EQ(shirts.filter("mood__in"_f = std::vector{Mood::merry, Mood::calm}).count(), 2);
    EXPECT_EQ(shirts.filter("second"_f = nullptr).count(), 1);
    EXPECT_EQ(shirts.filter("mood"_f = "second"_f).count(), 0);
    EXPECT_EQ(shirts.filter("shelf__size"_f = Size::large).count(), 1);
    EXPECT_EQ(shirts.filter("shelf"_f = Size::large).count(), 1);
    EXPECT_EQ(shirts.filter(kith::runtime("mood") = "merry").count(), 1);
    EXPECT_EQ(shirts.update("mood"_f = Mood::calm), 2);
    EXPECT_EQ(shirts.filter("mood"_f = Mood::calm).count(), 2);
    auto shirt = shirts.get("pk"_f = 1);
    shirt->second = std::nullopt;
    shirt->mood = Mood::merry;
    db_.save(*shirt);
    db_.refresh(*shirt);
    EXPECT_EQ(shirt->mood, Mood::merry);
    EXPECT_EQ(shirt->second, std::nullopt);
}

TEST_F(EnumsAsText, OtherTextsAreRefusedByName) {
    store("mood", "sad");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db_.objects<Shirt>().size(); }),
                 {"Shirt.mood holds text 'sad' instead of one of calm, merry", "row 1"});
    store("mood", "calm");
    store("second", "glad");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db_.objects<Shirt>().size(); }), {"Shirt.second", "glad"});
    store("second", "calm");
    store("hidden", "glad");
    const auto shirts = db_.objects<Shirt>().defer("hidden");
    expect_parts(message_of<kith::Error>([&] { (void)*shirts[0].hidden; }), {"Shirt.hidden", "glad", "calm, merry"});
    expect_parts(message_of<kith::ValueError>([&] { db_.objects<Shirt>().create({.size = Size::nameless}); }),
                 {"Shirt.size", "S, L"});
    expect_parts(message_of<kith::ValueError>([&] { (void)db_.objects<Shirt>().filter("size"_f = Size::nameless); }),
                 {"Size", "S, L"});
    EXPECT_THROW((void)db_.objects<Shirt>().update("mood"_f = kith::runtime("second")), kith::Error);
}

// ---- time without a zone

TEST_F(ZonelessTime, ComesBackAsItWasGiven) {
    db_.objects<Appointment>().create({.at = clock(23, 30, 1us), .until = clock(23, 59)});
    db_.objects<Appointment>().create({.at = clock(8, 0)});
    const auto all = db_.objects<Appointment>();
    EXPECT_EQ(all[0].at, clock(23, 30, 1us));
    EXPECT_EQ(all[0].until, clock(23, 59));
    EXPECT_EQ(all[1].until, std::nullopt);
    const auto read = folder_.raw().value("SELECT \"at\" FROM appointment WHERE id = 1");
    EXPECT_EQ(read.substr(0, 26), "2024-02-29 23:30:00.000001");
    EXPECT_EQ(all.filter("at"_f = clock(8, 0)).count(), 1);
    EXPECT_EQ(all.filter("at__gt"_f = clock(9, 0), "until__gt"_f = "at"_f).count(), 1);
    EXPECT_EQ(all.filter("at__in"_f = std::vector{clock(8, 0), clock(9, 0)}).count(), 1);
    EXPECT_EQ(all.filter("at__range"_f = std::pair{clock(7, 0), clock(8, 0)}).count(), 1);
    EXPECT_EQ(all.filter("at__year"_f = 2024, "at__month"_f = 2, "at__day"_f = 29).count(), 2)
        << "23:30 is no next day";
    EXPECT_EQ(all.filter("at__gte"_f = kith::Date{year{2024} / 2 / 29}).count(), 2);
    EXPECT_EQ((all.aggregate(kith::Max("at"_f))), clock(23, 30, 1us));
    EXPECT_EQ((db_.raw<kith::LocalTimestamp>("SELECT at FROM appointment ORDER BY id")[1]), clock(8, 0));
}

TEST_F(ZonelessTime, TakesNoTextWithAZoneOnSqlite) {
    folder_.raw().run("INSERT INTO appointment(id, at) VALUES (1, '2024-02-29 12:00:00+02:00')");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db_.objects<Appointment>().size(); }),
                 {"Appointment.at", "+02:00", "a time without a zone"});
    folder_.raw().run("UPDATE appointment SET at = '2024-02-29T12:00'");
    EXPECT_EQ(db_.objects<Appointment>()[0]->at, clock(12, 0));
}

// ---- encodings of SQLite

TEST_F(SqliteEncodings, AreDjangosWhereNothingIsSaid) {
    const auto db = kith::connect("sqlite::memory:");
    fill(db);
    EXPECT_EQ(cells(db, "SELECT at FROM event"), (Texts{"2024-02-29 12:30:00", "1969-12-31 23:59:59"}));
    EXPECT_EQ(cells(db, "SELECT id FROM venue"), Texts{"000102030405060708090a0b0c0d0e0f"});
    expect_filled(db);
}

TEST_F(SqliteEncodings, TimestampsMayBeNumbers) {
    const std::pair<const char*, std::int64_t> units[]{
        {"seconds", 1}, {"milliseconds", 1000}, {"microseconds", 1000000}};
    for (const auto& [name, per_second] : units) {
        const auto db = kith::connect(std::string("sqlite::memory:?sqlite_timestamps=") + name);
        fill(db);
        EXPECT_EQ(db.raw<std::int64_t>("SELECT at FROM event"), (std::vector{1709209800 * per_second, -per_second}));
        EXPECT_EQ(cells(db, "SELECT DISTINCT typeof(at) FROM event"), Texts{"integer"});
        expect_filled(db);
        db.raw("UPDATE event SET at = '2024-02-29 12:30:00' WHERE id = 1");
        EXPECT_EQ(db.objects<Event>()[0]->at, moment) << "texts are read as well";
        EXPECT_NO_THROW(db.objects<Event>().create({.at = moment + (per_second == 1 ? 0us : 1000us)}));
    }
    const auto db = kith::connect("sqlite::memory:", {.sqlite_timestamps = kith::SqliteTimestamps::seconds});
    fill(db);
    expect_parts(message_of<kith::ValueError>([&] { db.objects<Event>().create({.at = moment + 1us}); }),
                 {"2024-02-29 12:30:00.000001", "sqlite_timestamps=microseconds"});
    db.raw("UPDATE event SET at = 1709209800.5 WHERE id = 1");
    EXPECT_EQ(db.objects<Event>()[0]->at, moment + 500ms);
    db.raw("UPDATE event SET at = 9223372036854775807 WHERE id = 1");
    EXPECT_THROW((void)db.objects<Event>().size(), kith::DatabaseError);
}

TEST_F(SqliteEncodings, UuidsMayBeBytesOrHaveHyphens) {
    const auto bytes = kith::connect("sqlite::memory:?sqlite_uuids=bytes");
    fill(bytes);
    EXPECT_EQ(cells(bytes, "SELECT typeof(venue_id) || length(venue_id) || hex(venue_id) FROM event WHERE id = 1"),
              Texts{"blob16000102030405060708090A0B0C0D0E0F"});
    expect_filled(bytes);
    const auto hyphenated = kith::connect("sqlite::memory:?sqlite_uuids=hyphenated");
    fill(hyphenated);
    EXPECT_EQ(cells(hyphenated, "SELECT id FROM venue"), Texts{"00010203-0405-0607-0809-0a0b0c0d0e0f"});
    expect_filled(hyphenated);
    EXPECT_THROW((void)kith::connect("sqlite::memory:?sqlite_uuids=base64"), kith::ValueError);
    EXPECT_THROW((void)kith::connect("sqlite::memory:?sqlite_timestamps=julian"), kith::ValueError);
}

} // namespace real_schemas_test
