#include "support/rows.hpp"
#include "support/saved_rows.hpp"
#include "support/travel.hpp"

#include <memory>
#include <optional>
#include <type_traits>

/// What saved_rows_test.cpp says of keys of one column, for keys of several and for other columns that are referred to;
/// and what keeps the knowledge.

namespace saved_composite_rows_test {

using namespace kith::literals;
using namespace travel;

namespace {

struct Guest;
struct Town;

struct Room {
    kith::Field<std::int64_t, kith::primary_key> house{};
    kith::Field<std::int32_t, kith::primary_key> number{};
    std::string name{};
    kith::ReverseSet<Guest, "room"> guests{};

    static constexpr kith::Table table{.name = "room"};
};
struct Guest {
    kith::PrimaryKey<> id{};
    std::string name{};
    std::optional<std::int64_t> house{};
    std::optional<std::int32_t> number{};
    kith::ForeignKey<Room, kith::from_fields<"house", "number">> room{};

    static constexpr kith::Table table{.name = "guest"};
};
/// Without any relation.
struct Label {
    kith::Field<std::string, kith::primary_key, kith::max_length<9>> text{};
    kith::Field<kith::Uuid, kith::primary_key> token{};
    std::string name{};

    static constexpr kith::Table table{.name = "label"};
};
/// A foreign key is a part of the key.
struct Member {
    kith::ForeignKey<Town, kith::primary_key> town{};
    kith::Field<std::int64_t, kith::primary_key> number{};
    std::string name{};

    static constexpr kith::Table table{.name = "member"};
};
struct Town {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<9>> code{};
    kith::Field<std::optional<std::string>, kith::unique, kith::max_length<9>> alias{};
    std::string name{};
    kith::ReverseSet<struct Road, "town"> roads{};
    kith::ReverseSet<struct Path, "town"> paths{};
    kith::ReverseGeneric<struct Note, "about"> notes{};

    static constexpr kith::Table table{.name = "town"};
};
struct Road {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Town, kith::null, kith::to_field<"code">> town{};

    static constexpr kith::Table table{.name = "road"};
};
struct Path {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Town, kith::null, kith::to_field<"alias">> town{};

    static constexpr kith::Table table{.name = "path"};
};

struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Town, Road> about{};

    static constexpr kith::Table table{.name = "note"};
};

/// In a table of somebody else's, which makes no keys.
struct Letter {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.name = "letter"};
};

class SavedCompositeRows : public FileTest {
protected:
    SavedCompositeRows() {
        db_.create_tables<Room, Guest, Label, Member, Town, Road, Path, Note>();
        const std::string nil = "'00000000000000000000000000000000'";
        raw_.run("INSERT INTO room (house, number, name) VALUES (0, 0, 'first')");
        raw_.run("INSERT INTO guest (name, house, number) VALUES ('Li', 0, 0)");
        raw_.run("INSERT INTO guest (name) VALUES ('Mo')");
        raw_.run("INSERT INTO label (text, token, name) VALUES ('', " + nil + ", 'first')");
        raw_.run(with_zero_keys("INSERT INTO town (id, code, name) VALUES (0, '', 'nowhere')"));
        raw_.run("INSERT INTO member (town_id, number, name) VALUES (0, 0, 'first')");
        raw_.run("INSERT INTO road (name, town_id) VALUES ('A1', '')");
        raw_.run("INSERT INTO road (name) VALUES ('A2')");
    }
    std::string value(const std::string& sql) const { return raw_.value(sql); }
    std::string count(const std::string& table) const { return value("SELECT COUNT(*) FROM " + table); }

    template <class M>
    auto sole() const {
        return [this] { return db_.objects<M>().get(); };
    }
    /// What holds for a row of any model with one row, which the table has a name of.
    template <class M>
    void expect_saved(const std::string& table) {
        int number = 0;
        with_each_copy(sole<M>(), [&](M& object, const char* which) {
            object.name = "changed " + std::to_string(++number);
            db_.save(object);
            EXPECT_EQ(value("SELECT name FROM " + table), object.name) << which;
            EXPECT_EQ(count(table), "1") << which;
            raw_.run("UPDATE " + table + " SET name = 'by SQL'");
            db_.refresh(object);
            EXPECT_EQ(object.name, "by SQL") << which;
            EXPECT_THROW(db_.insert(object), kith::IntegrityError) << which;
            EXPECT_THROW(db_.objects<M>().create(object), kith::IntegrityError) << which;
            db_.remove(object);
            EXPECT_EQ(count(table), "0") << which;
            db_.save(object); // under the same key
            EXPECT_EQ(count(table), "1") << which;
            db_.save(object);
            EXPECT_EQ(count(table), "1") << which;
        });
    }

    Raw raw_ = folder_.raw();
};

TEST_F(SavedCompositeRows, AreSavedRefreshedAndRemoved) {
    expect_saved<Room>("room");
    expect_saved<Label>("label");
    expect_saved<Member>("member");
    EXPECT_EQ(value("SELECT COUNT(*) FROM room WHERE house = 0 AND number = 0"), "1");
    EXPECT_EQ(value("SELECT COUNT(*) FROM label WHERE text = ''"), "1");
    EXPECT_EQ(value("SELECT COUNT(*) FROM member WHERE town_id = 0 AND number = 0"), "1");
}

TEST_F(SavedCompositeRows, AreReferredTo) {
    with_each_copy(sole<Room>(), [&](Room& room, const char* which) {
        auto guest = db_.objects<Guest>().get("name"_f = "Mo");
        guest->room = room;
        db_.save(guest);
        EXPECT_EQ(value("SELECT COUNT(*) FROM guest WHERE house = 0 AND number = 0"), "2") << which;
        EXPECT_EQ(guest->room->name, "first") << which;
        EXPECT_EQ(db_.objects<Guest>().filter("room"_f = room).count(), 2) << which;
        guest->room = nullptr;
        db_.save(guest);
        db_.refresh(room);
        EXPECT_EQ(room.guests.count(), 1) << which;
        room.guests.add(guest);
        EXPECT_EQ(room.guests.count(), 2) << which;
        room.guests.remove(guest);
        EXPECT_EQ(room.guests.count(), 1) << which;
    });
    auto guests = db_.objects<Guest>().filter("name"_f = "Li").prefetch_related("room__guests");
    EXPECT_EQ(guests[0].room->guests.all()[0]->name, "Li");
}

TEST_F(SavedCompositeRows, OfZerosThatWereNeverSavedAreRefused) {
    auto guest = db_.objects<Guest>().get("name"_f = "Mo");
    EXPECT_THROW(guest->room = Room{}, kith::ValueError);
    Room room{};
    EXPECT_THROW(db_.remove(room), kith::ValueError);
    EXPECT_THROW(db_.refresh(room), kith::ValueError);
    Label label{};
    EXPECT_THROW(db_.save(label), kith::ValueError) << "its text must be given";
    EXPECT_EQ(value("SELECT name FROM label"), "first");
    guest->room = Room{.house = 0, .number = 3};
    EXPECT_EQ(guest->number, 3) << "one part that is set is enough";
}

TEST_F(SavedCompositeRows, AreReferredToByAnotherColumn) {
    with_each_copy(sole<Town>(), [&](Town& town, const char* which) {
        auto road = db_.objects<Road>().get("name"_f = "A2");
        road->town = town;
        db_.save(road);
        EXPECT_EQ(value("SELECT COUNT(*) FROM road WHERE town_id = ''"), "2") << which;
        EXPECT_EQ(road->town->name, "nowhere") << which;
        EXPECT_EQ(db_.objects<Road>().filter("town"_f = town).count(), 2) << which;
        road->town = nullptr;
        db_.save(road);
        db_.refresh(town);
        EXPECT_EQ(town.roads.count(), 1) << which;
        town.roads.add(road);
        EXPECT_EQ(town.roads.count(), 2) << which;
        town.roads.remove(*road);
    });
    EXPECT_EQ(db_.objects<Road>().get("name"_f = "A1")->town->name, "nowhere");
    const auto town = sole<Town>()();
    EXPECT_TRUE(town->paths.all().empty()) << "nothing leads to NULL";
    Path path{};
    expect_parts(message_of<kith::ValueError>([&] { path.town = town; }), {"Town.alias is NULL"});
    expect_parts(message_of<kith::ValueError>([&] { path.town = Town{}; }), {"Town is not saved"});
}

TEST_F(SavedCompositeRows, AreUpdatedInTablesThatMakeNoKeys) {
    raw_.run("CREATE TABLE letter (id bigint PRIMARY KEY, name varchar(50) NOT NULL)");
    raw_.run("INSERT INTO letter (id, name) VALUES (0, 'zero')");
    with_each_copy(sole<Letter>(), [&](Letter& letter, const char* which) {
        letter.name = which;
        db_.save(letter);
        EXPECT_EQ(value("SELECT name FROM letter WHERE id = 0"), which);
        EXPECT_EQ(count("letter"), "1") << which;
        raw_.run("DELETE FROM letter");
        db_.save(letter);
        EXPECT_EQ(value("SELECT name FROM letter WHERE id = 0"), which);
    });
}

TEST_F(SavedCompositeRows, AreReferredToByGenericKeys) {
    with_each_copy(sole<Town>(), [&](Town& town, const char* which) {
        Note note{.about = town};
        db_.save(note);
        EXPECT_EQ(value("SELECT COUNT(*) FROM note WHERE about_type = 'town' AND about_id = 0"), "1") << which;
        EXPECT_TRUE(note.about.holds<Town>()) << which;
        db_.refresh(town);
        EXPECT_EQ(town.notes.count(), 1) << which;
        db_.remove(note);
        town.notes.create({});
        EXPECT_EQ(town.notes.count(), 1) << which;
        town.notes.clear();
        EXPECT_EQ(count("note"), "0") << which;
    });
    Note note{};
    EXPECT_THROW(note.about = Town{}, kith::ValueError);
}

/// The marks of keys: see kith/detail/key_mark.hpp.
std::size_t marks() { return kith::detail::key_marks.load(); }

TEST_F(SavedCompositeRows, LeaveNothingBehind) {
    {
        std::vector<Town> towns;
        for (int i = 0; i < 100; ++i) towns.push_back(*sole<Town>()());
        EXPECT_EQ(marks(), 100U);
        auto row = sole<Town>()();
        row->id = 0; // taken away
        EXPECT_EQ(marks(), 101U);
        towns.front().id.value = 5; // behind the back of the key
        Town gone = towns.back();
        gone.id = 7;
        gone.id = 0;
        EXPECT_EQ(marks(), 101U);
    }
    EXPECT_EQ(marks(), 0U);
    (void)db_.objects<Town>().rows();
    EXPECT_EQ(marks(), 0U) << "rows of a graph need none";
}

TEST_F(SavedCompositeRows, AreNotThoseThatLieInTheirPlace) {
    std::optional<Town> place = *sole<Town>()();
    place.emplace(Town{.code = "b", .name = "new"});
    db_.save(*place);
    EXPECT_EQ(count("town"), "2");
    EXPECT_EQ(value("SELECT name FROM town WHERE id = 0"), "nowhere");
    place.emplace(kith::detached(db_.objects<Town>().get("id"_f = 0)));
    place->id.value = 9;
    place.emplace(Town{.code = "c", .name = "newer"});
    db_.save(*place);
    EXPECT_EQ(count("town"), "3");
}

TEST_F(SavedCompositeRows, CostNoMemory) {
    static_assert(sizeof(kith::PrimaryKey<>) == 8 && sizeof(kith::PrimaryKey<std::int16_t>) == 2);
    static_assert(sizeof(kith::PrimaryKey<kith::Uuid>) == 16 &&
                  sizeof(kith::PrimaryKey<std::string>) == sizeof(std::string));
    static_assert(sizeof(kith::Field<std::int64_t, kith::primary_key>) == 8);
    static_assert(std::is_nothrow_move_constructible_v<Label> && std::is_standard_layout_v<kith::PrimaryKey<>>);
    static_assert(std::is_trivially_copyable_v<kith::Field<std::int64_t>>, "columns that are no keys pay nothing");
    static constexpr kith::PrimaryKey<> constant{};
    static_assert(constant.value == 0);
}

} // namespace

} // namespace saved_composite_rows_test
