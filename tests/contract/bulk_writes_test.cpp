#include "support/rows.hpp"
#include "support/travel.hpp"

#include <string>
#include <vector>

/// Many rows at once, and writes of several statements: whose keys the rows get, and what a failure leaves.

namespace bulk_writes_test {

using namespace kith::literals;
using namespace travel;

namespace {

class BulkWrites : public TravelTest {
protected:
    /// More cities than one statement holds; the one at `lost`, if there is one, has no province.
    std::vector<City> cities(std::size_t count, std::size_t lost) const {
        std::vector<City> rows(count);
        for (std::size_t i = 0; i < count; ++i) {
            rows[i].name = std::to_string(i);
            rows[i].province.set_key(std::int64_t{i == lost ? 999 : 1});
        }
        return rows;
    }
};

struct Note {
    kith::PrimaryKey<> id{};
    std::string text{};
};

std::vector<Note> notes(std::size_t count) {
    std::vector<Note> rows(count);
    for (std::size_t i = 0; i < count; ++i) rows[i].text = std::to_string(i);
    return rows;
}

/// Tables that others made for Note.
class SqliteNewKeys : public FileTest {
protected:
    void make(const std::string& sql) const { folder_.raw().run("DROP TABLE IF EXISTS note; " + sql); }
    /// Creates 1,200 notes and expects each row to have the key of its text.
    void expect_right_keys(bool by_returning, const std::string& table) {
        kith::QueryLog log(db_);
        const auto rows = db_.objects<Note>().bulk_create(notes(1200));
        ASSERT_EQ(log.size(), 3u) << table;
        EXPECT_EQ(log[0].rows, 500u) << table;
        EXPECT_EQ(log[0].sql.find("RETURNING") != std::string::npos, by_returning) << table;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_EQ(db_.objects<Note>().get("id"_f = rows[i]->id.value)->text, std::to_string(i)) << table;
        }
    }
};

} // namespace

// ---- a failure

TEST_F(BulkWrites, AFailingRowLeavesNothingOfAnyStatement) {
    for (const std::size_t lost : {0u, 250u, 600u, 1199u}) {
        EXPECT_THROW(objects<City>().bulk_create(cities(1200, lost)), kith::IntegrityError) << lost;
        EXPECT_EQ(objects<City>().count(), 3) << lost;
    }
    EXPECT_EQ(objects<City>().bulk_create(cities(1200, 1200)).back()->name, "1199");
    EXPECT_EQ(objects<City>().count(), 1203);
}

TEST_F(BulkWrites, AFailureInsideABlockLeavesTheBlockUsable) {
    db_.atomic([&] {
        objects<Province>().create({.name = "before"});
        EXPECT_THROW(objects<City>().bulk_create(cities(1200, 1199)), kith::IntegrityError);
        EXPECT_THROW(objects<City>().bulk_create(cities(3, 1)), kith::IntegrityError);
        (void)objects<City>().bulk_create(cities(3, 3));
    });
    EXPECT_EQ(objects<City>().count(), 6);
    EXPECT_EQ(objects<Province>().filter("name"_f = "before").count(), 1);
}

/// PostgreSQL cannot hold it; the statement is not even sent, and neither is what follows it.
TEST_F(BulkWrites, AValueThatCannotBeSentInTheLastStatementLeavesNothing) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "the others store a NUL";
    auto rows = cities(1200, 1200);
    rows.back().name = std::string("a\0b", 3);
    EXPECT_THROW(objects<City>().bulk_create(rows), kith::ValueError);
    EXPECT_EQ(objects<City>().count(), 3);
    rows.resize(1);
    rows.back().name = std::string("a\0b", 3);
    EXPECT_THROW(objects<City>().bulk_create(rows), kith::ValueError);
    EXPECT_THROW(objects<Person>().first()->visitation.create(rows.back()), kith::ValueError);
    EXPECT_EQ(objects<City>().count(), 3);
    EXPECT_EQ(objects<City>().bulk_create(cities(3, 3)).size(), 3u);
}

TEST_F(BulkWrites, WhatFailsWhenTheTransactionEndsIsThrownAndLeavesNothing) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "the others check at once";
    folder_.raw().run("ALTER TABLE city ADD CONSTRAINT of_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED");
    auto rows = cities(1200, 1200);
    rows.back().name = rows.front().name;
    EXPECT_THROW(objects<City>().bulk_create(rows), kith::IntegrityError);
    EXPECT_EQ(objects<City>().count(), 3);
    const auto wuhan = objects<City>().first()->name;
    EXPECT_THROW(objects<Person>().first()->visitation.create({.name = wuhan, .province = objects<Province>().first()}),
                 kith::IntegrityError);
    EXPECT_EQ(objects<City>().count(), 3);
    EXPECT_EQ(objects<City>().bulk_create(cities(1200, 1200)).size(), 1200u);
}

constexpr const char* make_drop_b = "CREATE FUNCTION drop_b() RETURNS trigger LANGUAGE plpgsql AS "
                                    "'BEGIN IF NEW.name = ''b'' THEN RETURN NULL; END IF; RETURN NEW; END'";
constexpr const char* drop_b_of_provinces =
    "CREATE TRIGGER drop_b BEFORE INSERT ON province FOR EACH ROW EXECUTE FUNCTION drop_b()";

TEST_F(BulkWrites, ARowThatATriggerLeavesOutLeavesNothing) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "written for PostgreSQL; see SqliteNewKeys";
    folder_.raw().run(make_drop_b);
    folder_.raw().run(drop_b_of_provinces);
    const auto provinces = kith::connect(folder_.url()).objects<Province>(); // which has not seen the table before
    EXPECT_THROW(provinces.bulk_create({{.name = "a"}, {.name = "b"}, {.name = "c"}}), kith::DatabaseError);
    EXPECT_EQ(objects<Province>().count(), 2);
    EXPECT_EQ(provinces.bulk_create({{.name = "a"}, {.name = "c"}}).size(), 2u);
}

TEST_F(BulkWrites, ATriggerMadeByARawStatementIsSeen) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "written for PostgreSQL";
    const auto provinces = db_.objects<Province>();
    provinces.bulk_create({{.name = "first"}, {.name = "second"}});
    db_.raw(make_drop_b);
    db_.raw(drop_b_of_provinces);
    EXPECT_THROW(provinces.bulk_create({{.name = "a"}, {.name = "b"}, {.name = "c"}}), kith::DatabaseError);
    EXPECT_EQ(provinces.count(), 4);
}

/// Its COMMIT has been sent: the caller learns what was kept, and the connection goes on.
TEST_F(BulkWrites, ATriggerMadeByAnotherConnectionIsToldOf) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "written for PostgreSQL";
    const auto provinces = db_.objects<Province>();
    provinces.bulk_create({{.name = "first"}, {.name = "second"}});
    folder_.raw().run(make_drop_b);
    folder_.raw().run(drop_b_of_provinces);
    log_.clear();
    expect_parts(
        message_of<kith::DatabaseError>([&] { provinces.bulk_create({{.name = "a"}, {.name = "b"}, {.name = "c"}}); }),
        {"3 rows of Province", "2 were returned", "are committed"});
    EXPECT_EQ(log_.transaction_control().back(), "COMMIT");
    EXPECT_EQ(provinces.count(), 6);
    db_.atomic([&] {
        provinces.create({.name = "d"});
        EXPECT_EQ(provinces.prefetch_related("city_set").size(), 7u);
        EXPECT_THROW(db_.atomic([&] { provinces.create({.id = 1}); }), kith::IntegrityError);
        provinces.create({.name = "e"});
    });
    EXPECT_EQ(provinces.prefetch_related("city_set").size(), 8u);
}

TEST_F(BulkWrites, ARowThatAPartitionLeavesOutLeavesNothing) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "written for PostgreSQL";
    folder_.raw().run("CREATE TABLE note (id bigint GENERATED BY DEFAULT AS IDENTITY, text text) PARTITION BY LIST "
                      "(text)");
    folder_.raw().run("CREATE TABLE note_0 PARTITION OF note DEFAULT");
    folder_.raw().run("CREATE FUNCTION drop_b() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.text = ''1'' THEN "
                      "RETURN NULL; END IF; RETURN NEW; END'");
    folder_.raw().run("CREATE TRIGGER drop_b BEFORE INSERT ON note_0 FOR EACH ROW EXECUTE FUNCTION drop_b()");
    EXPECT_THROW(objects<Note>().bulk_create(notes(3)), kith::DatabaseError);
    EXPECT_EQ(objects<Note>().count(), 0);
    EXPECT_EQ(objects<Note>().bulk_create(notes(1)).size(), 1u);
}

// ---- what observers see

TEST_F(BulkWrites, TransactionControlIsReportedInOrder) {
    (void)objects<City>().bulk_create(cities(600, 600));
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(log_.transaction_control().size(), 2u);
    EXPECT_EQ(log_.transaction_control().back(), "COMMIT");
    log_.clear();
    objects<Person>().first()->visitation.create({.name = "new", .province = objects<Province>().first()});
    EXPECT_EQ(log_.transaction_control().back(), "COMMIT");
    log_.clear();
    EXPECT_THROW(objects<City>().bulk_create(cities(600, 599)), kith::IntegrityError);
    EXPECT_EQ(log_.transaction_control().back(), "ROLLBACK");
}

// ---- keys without RETURNING

/// Text that looks like a number is refused where SQLite would make it one.
TEST_F(SqliteNewKeys, AnAlteredTableIsLookedAtAgain) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    const auto save = [&] {
        Note note{.text = "007"};
        db_.save(note);
    };
    save();
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text NUMERIC NOT NULL)"); // through another connection
    EXPECT_EQ(db_.objects<Note>().count(), 0);
    EXPECT_THROW(save(), kith::ValueError);
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    EXPECT_EQ(db_.objects<Note>().count(), 0);
    save();
    db_.raw("DROP TABLE note");
    db_.raw("CREATE TABLE note (id INTEGER PRIMARY KEY, text NUMERIC NOT NULL)");
    EXPECT_THROW(save(), kith::ValueError);
    EXPECT_EQ(db_.objects<Note>().count(), 0);
}

TEST_F(SqliteNewKeys, ATableWithoutTriggersNeedsNoReturning) {
    for (const std::string table : {"CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
                                    "CREATE TABLE note (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, text TEXT)",
                                    "CREATE TABLE Note (text TEXT UNIQUE ON CONFLICT REPLACE, ID INTEGER, PRIMARY KEY "
                                    "(ID))"}) {
        make(table);
        expect_right_keys(false, table);
    }
}

/// After the largest rowid, SQLite takes random ones, in no order.
TEST_F(SqliteNewKeys, KeysBehindTheLargestOneAreRight) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    folder_.raw().run("INSERT INTO note VALUES (9223372036854775806, 'last')");
    expect_right_keys(false, "with random keys");
}

TEST_F(SqliteNewKeys, ATableWithTriggersReturnsItsKeys) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    folder_.raw().run("CREATE TRIGGER echo AFTER INSERT ON note WHEN NEW.text NOT LIKE 'echo%' BEGIN INSERT INTO note "
                      "(text) VALUES ('echo ' || NEW.text); END");
    expect_right_keys(true, "with a trigger");
    folder_.raw().run("DROP TRIGGER echo");
    expect_right_keys(false, "without the trigger");
    db_.raw("CREATE TEMP TRIGGER echo AFTER INSERT ON note BEGIN SELECT 1; END");
    expect_right_keys(true, "with a temporary trigger");
    db_.raw("DROP TRIGGER echo");
    db_.raw("CREATE TEMP TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    expect_right_keys(true, "behind a temporary table of that name");
}

TEST_F(SqliteNewKeys, AKeyThatIsNotTheRowidIsReturned) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY DESC, text TEXT NOT NULL)"); // so it is filled with NULL
    EXPECT_THROW(db_.objects<Note>().bulk_create(notes(3)), kith::Error);
    EXPECT_EQ(db_.objects<Note>().count(), 0);
    make("CREATE TABLE note (id INTEGER DEFAULT 7, text TEXT NOT NULL, PRIMARY KEY (id, text))");
    const auto rows = db_.objects<Note>().bulk_create(notes(3));
    for (const auto& row : rows) EXPECT_EQ(row->id, 7);
}

TEST_F(SqliteNewKeys, RowsThatTheTableLeavesOutLeaveNothing) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE ON CONFLICT IGNORE)");
    auto rows = notes(600);
    rows[550].text = "1";
    expect_parts(message_of<kith::DatabaseError>([&] { db_.objects<Note>().bulk_create(rows); }),
                 {"100 rows of Note were inserted, but 99 were returned"});
    EXPECT_EQ(db_.objects<Note>().count(), 0);
    EXPECT_EQ(db_.objects<Note>().bulk_create(notes(600)).size(), 600u);
}

TEST_F(SqliteNewKeys, BytesThatAreNoUtf8AndNulAreKept) {
    make("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    auto rows = notes(2);
    rows[0].text = std::string("a\0b", 3);
    EXPECT_EQ(db_.objects<Note>().bulk_create(rows)[0]->id, 1);
    EXPECT_EQ(folder_.raw().value("SELECT length(CAST(text AS BLOB)) FROM note WHERE id = 1"), "3");
}

} // namespace bulk_writes_test
