#include "connection/session.hpp"
#include "sql/statement.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <optional>

namespace bad_input_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

/// A model over a table that takes anything, so that raw SQL can put anything into it.
struct Sheet;
struct Cell {
    kith::PrimaryKey<> id{};
    std::string text{};
    std::int8_t small{};
    std::int64_t number{};
    double weight{};
    bool flag{};
    kith::Date day{};
    kith::Timestamp moment{};
    kith::Uuid token{};
    kith::Decimal price{};
    std::vector<std::byte> blob{};
    kith::ForeignKey<Sheet, kith::null> sheet{};

    static constexpr kith::Table table{.ordering = {"id"}};
};
struct Sheet {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Cell, "sheet"> cells{};
    kith::ForeignKey<Sheet> parent{};
};

class BadInput : public TravelTest {
protected:
    Raw raw() const { return folder_.raw(); }
    /// Nothing of the travel data was lost, and the database reads and writes.
    void expect_usable(const kith::Database& db) const {
        EXPECT_EQ(db.objects<Person>().prefetch_related("visitation").size(), 4u);
        const auto fresh = db.objects<Province>().create({.name = "still there"});
        EXPECT_EQ(db.objects<Province>().get("id"_f = fresh->id.value)->name, "still there");
        db.remove(*fresh);
        EXPECT_EQ(db.objects<Province>().count(), 2);
        db.atomic([&] { EXPECT_EQ(db.objects<City>().count(), 3); });
    }
    void expect_usable() const { expect_usable(db_); }
};

class SqliteCells : public BadInput {
protected:
    SqliteCells() {
        raw().run(
            "CREATE TABLE sheet (id INTEGER PRIMARY KEY, name, parent_id);"
            "CREATE TABLE cell (id INTEGER PRIMARY KEY, text, small, number, weight, flag, day, moment, token, price, "
            "blob, sheet_id);"
            "INSERT INTO sheet VALUES (1, 'one', 1);"
            "INSERT INTO cell VALUES (1, 't', 1, 2, 0.5, 1, '2024-02-29', '2024-02-29 12:00:00', "
            "'0123456789abcdef0123456789abcdef', '1.50', x'00', 1), "
            "(2, 't', 1, 2, 0.5, 1, '2024-02-29', '2024-02-29 12:00:00', "
            "'0123456789abcdef0123456789abcdef', '1.50', x'00', 1);");
        log_.clear();
    }

    /// Puts the SQL expression `value` into `column` of the second cell, and expects every way of reading it to tell.
    void expect_refused(const std::string& column, const std::string& value,
                        std::initializer_list<const char*> parts) const {
        raw().run("UPDATE cell SET " + column + " = " + value + " WHERE id = 2");
        const auto read_all = [&] { (void)db_.objects<Cell>().size(); };
        const auto message = message_of<kith::DatabaseError>(read_all);
        expect_parts(message, parts);
        EXPECT_NE(message.find("row 2"), std::string::npos) << message;
        EXPECT_THROW((void)db_.objects<Cell>().get("id"_f = 2), kith::DatabaseError);
        EXPECT_THROW((void)db_.objects<Sheet>().prefetch_related("cells").size(), kith::DatabaseError);
        EXPECT_THROW(db_.atomic(read_all), kith::DatabaseError);
        EXPECT_EQ(db_.objects<Cell>().get("id"_f = 1)->text, "t") << "the good row is read as before";
        EXPECT_EQ(db_.objects<Cell>().count(), 2);
        raw().run("UPDATE cell SET " + column + " = (SELECT c." + column +
                  " FROM cell AS c WHERE c.id = 1) WHERE id = 2");
        EXPECT_EQ(db_.objects<Cell>().size(), 2u) << "and the other once it is corrected";
    }
};

} // namespace

// ---- opening

TEST(SqliteFiles, AFolderThatDoesNotExist) {
    const TemporaryFolder folder;
    const auto message = message_of<kith::OperationalError>([&] { (void)kith::connect(folder.url("none/test.db")); });
    expect_parts(message, {"none/test.db", "create it first"});
}

TEST(SqliteFiles, AFolder) {
    const TemporaryFolder folder;
    expect_parts(message_of<kith::OperationalError>([&] { (void)kith::connect("sqlite:" + folder.path().string()); }),
                 {"it is a folder", "name a file"});
}

TEST(SqliteFiles, AFileThatIsNoDatabase) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "letter.txt";
    const std::string content(3000, 'x');
    std::ofstream(path) << content;
    expect_parts(message_of<kith::OperationalError>([&] { (void)kith::connect("sqlite:" + path.string()); }),
                 {"letter.txt", "not an SQLite database"});
    std::string after;
    std::ifstream(path) >> after;
    EXPECT_EQ(after, content) << "and it is left as it was";
}

TEST(SqliteFiles, ADatabaseThatWasCutShort) {
    const TemporaryFolder folder;
    {
        const auto db = kith::connect(folder.url());
        fill(db);
        db.objects<Province>().bulk_create(std::vector<Province>(5000));
    }
    folder.raw().run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;");
    std::filesystem::resize_file(folder.path() / "test.db", 3 * 4096);
    EXPECT_THROW((void)kith::connect(folder.url()).objects<Province>().size(), kith::OperationalError);
}

TEST(SqliteFiles, UrlsThatCannotBeRead) {
    for (const char* url :
         {"", "travel.db", "sqlite", "sqlite:", "oracle:x", "sqlite:a.db?wall=1", "sqlite:a.db?wal=maybe",
          "sqlite:a.db?busy_timeout=-1", "sqlite:a%zz.db", "sqlite:a.db?pool_size=0"}) {
        EXPECT_THROW((void)kith::connect(url), kith::ValueError) << url;
    }
    EXPECT_FALSE(std::filesystem::exists("a.db"));
}

// ---- writing where that is not possible

TEST_F(BadInput, AReadOnlyDatabaseRefusesWrites) {
    const auto db = kith::connect(folder_.url("test.db", "read_only=1"));
    EXPECT_EQ(db.objects<Person>().prefetch_related("visitation").size(), 4u);
    const auto message = message_of<kith::OperationalError>([&] { db.objects<Province>().create({.name = "x"}); });
    expect_parts(message, {on_sqlite() ? "test.db" : "://", "read_only"});
    EXPECT_THROW(db.objects<Province>().remove(), kith::OperationalError);
    EXPECT_THROW(db.create_tables<Cell>(), kith::OperationalError);
    if (on_sqlite()) {
        EXPECT_NO_THROW(db.create_tables<Province>()) << "which is there";
    }
    EXPECT_THROW(db.objects<Person>().get("id"_f = 4)->visitation.add(1), kith::OperationalError);
    EXPECT_EQ(db.objects<Province>().count(), 2);
    expect_usable();
}

TEST_F(BadInput, AFileOfSqliteThatMayNotBeWrittenRefusesWrites) {
    if (geteuid() == 0) GTEST_SKIP() << "the administrator may write every file";
    const auto file = folder_.path() / "test.db";
    raw().run("PRAGMA journal_mode = DELETE");
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    const auto db = kith::connect(folder_.url());
    EXPECT_EQ(db.objects<Province>().count(), 2);
    EXPECT_THROW(db.objects<Province>().create({.name = "x"}), kith::OperationalError);
    EXPECT_EQ(db.objects<Province>().count(), 2);
}

TEST_F(BadInput, ALockOfSqliteHeldBeyondTheTimeout) {
    using namespace std::chrono_literals;
    const auto db = kith::connect(folder_.url(), {.busy_timeout = 50ms});
    const auto other = raw();
    other.run("BEGIN IMMEDIATE; INSERT INTO province (name) VALUES ('theirs')");
    const auto begin = std::chrono::steady_clock::now();
    const auto message = message_of<kith::OperationalError>([&] { db.objects<Province>().create({.name = "mine"}); });
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 40ms);
    expect_parts(message, {" ms", "busy_timeout"});
    EXPECT_THROW(db.atomic([&] { ADD_FAILURE() << "the lock comes first"; }), kith::OperationalError);
    EXPECT_THROW(db.objects<Province>().bulk_create(std::vector<Province>(3)), kith::OperationalError);
    EXPECT_EQ(db.objects<Province>().count(), 2) << "reading goes on";
    other.run("ROLLBACK");
    EXPECT_NE(db.objects<Province>().create({.name = "mine"})->id, 0);
    db.objects<Province>().filter("name"_f = "mine").remove();
    expect_usable(db);
}

TEST_F(BadInput, AFullDiskUnderSqlite) {
    const auto limit_pages = [&](const std::string& pages) {
        kith::connection::Session session(db_);
        const auto cursor = session.query({"PRAGMA max_page_count = " + pages});
        while (cursor->next()) {}
    };
    limit_pages(raw().value("PRAGMA page_count"));
    const std::vector<Province> many(20'000, Province{.name = std::string(50, 'x')});
    const auto message = message_of<kith::OperationalError>([&] { db_.objects<Province>().bulk_create(many); });
    expect_parts(message, {"full", "Make room"});
    EXPECT_THROW(db_.atomic([&] {
        db_.objects<Person>().filter("id"_f = 1).update("firstname"_f = "changed");
        db_.objects<Province>().bulk_create(many);
    }),
                 kith::OperationalError);
    EXPECT_EQ(db_.objects<Province>().count(), 2);
    EXPECT_EQ(db_.objects<Person>().get("id"_f = 1)->firstname, "San") << "all or nothing";
    limit_pages("1000000");
    EXPECT_EQ(db_.objects<Province>().bulk_create(many).size(), many.size());
    EXPECT_EQ(db_.objects<Province>().filter("id__gt"_f = 2).remove(), 20'000);
    expect_usable();
}

// ---- cells that do not fit

TEST_F(SqliteCells, NullInANonOptionalColumn) {
    for (const char* column :
         {"text", "small", "number", "weight", "flag", "day", "moment", "token", "price", "blob"}) {
        const auto label = "Cell." + std::string(column);
        expect_refused(column, "NULL", {label.c_str(), "NULL", "std::optional"});
    }
    expect_usable();
}

TEST_F(SqliteCells, NullInAForeignKeyThatIsNotNull) {
    raw().run("UPDATE sheet SET parent_id = NULL");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db_.objects<Sheet>().size(); }),
                 {"Sheet.parent", "NULL", "kith::null"});
    expect_usable();
}

TEST_F(SqliteCells, AnIntegerOutOfRange) {
    expect_refused("small", "128", {"Cell.small", "128", "-128", "127", "larger type"});
    expect_refused("small", "-9223372036854775808", {"Cell.small"});
    expect_refused("flag", "2", {"Cell.flag", "0 or 1"});
    expect_refused("number", "9223372036854775808", {"Cell.number"});
    expect_usable();
}

TEST_F(SqliteCells, TextWhereANumberBelongs) {
    expect_refused("number", "'seven'", {"Cell.number", "seven", "a number"});
    expect_refused("small", "''", {"Cell.small"});
    expect_refused("weight", "'heavy'", {"Cell.weight", "heavy", "a number"});
    expect_refused("flag", "'true'", {"Cell.flag", "true"});
    expect_refused("price", "'1,50'", {"Cell.price", "1,50"});
    expect_refused("number", "1.5", {"Cell.number", "1.5", "whole"});
    expect_usable();
}

TEST_F(SqliteCells, OtherTypesWhereTheyDoNotBelong) {
    expect_refused("text", "7", {"Cell.text", "7", "text"});
    expect_refused("text", "x'ff'", {"Cell.text", "binary"});
    expect_refused("day", "'2023-02-29'", {"Cell.day", "2023-02-29", "a date"});
    expect_refused("moment", "'noon'", {"Cell.moment", "noon"});
    expect_refused("token", "'0123'", {"Cell.token", "0123"});
    expect_refused("blob", "'text'", {"Cell.blob", "text"});
    expect_usable();
}

TEST_F(SqliteCells, TextInAForeignKey) {
    raw().run("UPDATE cell SET sheet_id = 'one' WHERE id = 2");
    expect_parts(message_of<kith::DatabaseError>([&] { (void)db_.objects<Cell>().size(); }),
                 {"Cell.sheet", "one", "a number"});
    EXPECT_EQ(db_.objects<Sheet>().prefetch_related("cells").first()->cells.count(), 1) << "which it does not lead to";
    expect_usable();
}

TEST_F(SqliteCells, TheErrorKnowsModelAndStatement) {
    raw().run("UPDATE cell SET number = 'x' WHERE id = 2");
    try {
        (void)db_.objects<Cell>().size();
        FAIL();
    } catch (const kith::DatabaseError& error) {
        EXPECT_EQ(error.model(), "Cell");
        EXPECT_NE(error.sql().find("FROM \"cell\""), std::string::npos) << error.sql();
    }
}

TEST_F(SqliteCells, AQuerySetThatFailedCanBeAskedAgain) {
    raw().run("UPDATE cell SET number = 'x' WHERE id = 2");
    const auto cells = db_.objects<Cell>().prefetch_related("sheet");
    EXPECT_THROW((void)cells.size(), kith::DatabaseError);
    EXPECT_THROW((void)cells.size(), kith::DatabaseError);
    const auto sheet = db_.objects<Sheet>().get("id"_f = 1);
    EXPECT_THROW((void)sheet->cells.all().size(), kith::DatabaseError);
    EXPECT_THROW((void)db_.objects<Cell>().values_list<"number">(), kith::DatabaseError);
    raw().run("UPDATE cell SET number = 3 WHERE id = 2");
    EXPECT_EQ(cells.size(), 2u);
    EXPECT_EQ(sheet->cells.all().size(), 2u);
}

/// The statement ran well: only what came of its rows did not fit. So a transaction goes on.
TEST_F(SqliteCells, ABadCellDoesNotPoisonATransaction) {
    raw().run("UPDATE cell SET number = 'x' WHERE id = 2");
    db_.atomic([&] {
        EXPECT_THROW((void)db_.objects<Cell>().size(), kith::DatabaseError);
        EXPECT_THROW((void)db_.objects<Sheet>().prefetch_related("cells").size(), kith::DatabaseError);
        db_.objects<Cell>().filter("id"_f = 2).update("number"_f = 3);
    });
    EXPECT_EQ(db_.objects<Cell>().size(), 2u);
}

TEST_F(SqliteCells, AStreamGivesTheRowsBeforeTheBadOne) {
    raw().run("UPDATE cell SET number = 'x' WHERE id = 2");
    std::size_t seen = 0;
    EXPECT_THROW(
        {
            for (const Cell& cell : db_.objects<Cell>().iterator({.chunk_size = 1})) seen += cell.id == 1 ? 1 : 0;
        },
        kith::DatabaseError);
    EXPECT_EQ(seen, 1u);
    expect_usable();
}

TEST_F(SqliteCells, AnIntegerOutOfRangeIsNotWrittenEither) {
    EXPECT_THROW(db_.objects<Cell>().update("small"_f = 300), kith::ValueError);
    EXPECT_THROW(db_.objects<Cell>().get_or_create("small"_f = 300, kith::defaults("text"_f = "x")), kith::ValueError);
    EXPECT_EQ(db_.objects<Cell>().filter("small"_f = 300).count(), 0);
    EXPECT_EQ(db_.objects<Cell>().update("small"_f = -128), 2);
    EXPECT_EQ(db_.objects<Cell>().first()->small, -128);
}

// ---- another schema than the model's

TEST_F(BadInput, AMissingTable) {
    const auto message = message_of<kith::OperationalError>([&] { (void)db_.objects<Cell>().size(); });
    expect_parts(message, {"cell", "create_tables"});
    EXPECT_THROW(db_.objects<Cell>().create({}), kith::OperationalError);
    EXPECT_THROW((void)db_.objects<Cell>().count(), kith::OperationalError);
    EXPECT_THROW(db_.objects<Cell>().remove(), kith::OperationalError);
    expect_usable();
}

TEST_F(BadInput, AMissingColumn) {
    raw().run("CREATE TABLE cell (id INTEGER PRIMARY KEY, text TEXT)");
    expect_parts(message_of<kith::OperationalError>([&] { (void)db_.objects<Cell>().size(); }),
                 {"small", "kith::column"});
    EXPECT_THROW(db_.objects<Cell>().create({}), kith::OperationalError);
    EXPECT_THROW(db_.objects<Cell>().update("small"_f = 1), kith::OperationalError);
    expect_usable();
}

TEST_F(BadInput, AMissingJoinTable) {
    raw().run(R"(ALTER TABLE "QSOptimize_person_visitation" RENAME TO kept)");
    EXPECT_THROW((void)objects<Person>().prefetch_related("visitation").size(), kith::OperationalError);
    EXPECT_EQ(objects<Person>().prefetch_related("hometown").size(), 4u) << "and what failed holds no transaction open";
    raw().run(R"(ALTER TABLE kept RENAME TO "QSOptimize_person_visitation")");
    expect_usable();
}

// ---- relations

TEST_F(BadInput, UnsavedObjectsInRelationWrites) {
    const auto wuhan = objects<City>().get("id"_f = 1);
    const auto person = objects<Person>().get("id"_f = 4);
    City unsaved{.name = "new"};
    Person nobody{.firstname = "new"};
    log_.clear();
    expect_parts(message_of<kith::ValueError>([&] { person->visitation.add(wuhan, unsaved); }), {"City", "save it"});
    EXPECT_THROW(person->visitation.remove(unsaved), kith::ValueError);
    EXPECT_THROW(person->visitation.set(std::vector{unsaved}), kith::ValueError);
    EXPECT_THROW(wuhan->visitors.add(nobody), kith::ValueError);
    EXPECT_THROW(person->visitation.add(kith::Ref<City>{}), kith::ValueError);
    expect_parts(message_of<kith::ValueError>([&] { person->hometown = unsaved; }), {"City", "save"});
    EXPECT_THROW((void)nobody.visitation.all(), kith::Error);
    EXPECT_THROW(nobody.visitation.add(wuhan), kith::Error);
    EXPECT_THROW(db_.remove(nobody), kith::ValueError);
    EXPECT_THROW(db_.refresh(nobody), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u) << "refused before any statement";
    EXPECT_EQ(person->hometown.key(), 2) << "and the object is as it was";
    expect_usable();
}

TEST_F(BadInput, ARequiredRelationThatIsNull) {
    const auto message = message_of<kith::IntegrityError>([&] { objects<City>().create({.name = "x"}); });
    expect_parts(message, {"City.province", "null", "kith::null"});
    const auto city = objects<City>().get("id"_f = 1);
    city->province = nullptr;
    EXPECT_THROW(db_.save(*city), kith::IntegrityError);
    EXPECT_EQ(objects<City>().get("id"_f = 1)->province.key(), 1);
    expect_usable();
}

TEST_F(BadInput, AKeyThatNoRowHas) {
    City city{.name = "x"};
    city.province.set_key(99);
    const auto message = message_of<kith::IntegrityError>([&] { db_.save(city); });
    expect_parts(message, {"FOREIGN KEY", "Save a row before"});
    EXPECT_EQ(objects<City>().count(), 3);
    expect_usable();
}

TEST_F(BadInput, ANullForeignKeyFollowed) {
    const auto person = objects<Person>().get("id"_f = 4);
    log_.clear();
    const auto message = message_of<kith::DoesNotExist>([&] { (void)person->living->name; });
    expect_parts(message, {"Person.living", "null", "is_null()"});
    EXPECT_THROW((void)person->living.key(), kith::ValueError);
    EXPECT_THROW((void)*person->living, kith::DoesNotExist);
    const auto joined = objects<Person>().select_related("living").get("id"_f = 4);
    EXPECT_THROW((void)joined->living->name, kith::DoesNotExist);
    EXPECT_EQ(log_.size(), 1u) << "following NULL asks nothing";
    expect_usable();
}

TEST_F(BadInput, AForeignKeyThatLeadsNowhereFollowed) {
    raw().run(by_backend("PRAGMA foreign_keys = OFF;", R"(ALTER TABLE "QSOptimize_person" DISABLE TRIGGER ALL;)",
                         "SET foreign_key_checks = 0;") +
              R"(UPDATE "QSOptimize_person" SET living_id = 77 WHERE id = 4)");
    const auto lazy = objects<Person>().get("id"_f = 4);
    expect_parts(message_of<kith::DoesNotExist>([&] { (void)lazy->living->name; }),
                 {"City matching query does not exist", "Person.living", "77"});
    EXPECT_EQ(lazy->living.key(), 77);
    EXPECT_FALSE(lazy->living.is_null());
    const auto prefetched = objects<Person>().prefetch_related("living__province");
    EXPECT_EQ(prefetched[0].living->province->name, "Hubei Province");
    EXPECT_THROW((void)prefetched[3].living->name, kith::DoesNotExist);
    const auto joined = objects<Person>().select_related("living");
    EXPECT_EQ(joined.size(), 4u);
    EXPECT_THROW((void)joined[3].living->name, kith::DoesNotExist);
    expect_usable();
}

TEST_F(BadInput, AnObjectThatWasNeverLoadedKnowsNoDatabase) {
    Person person{.firstname = "x"};
    person.hometown.set_key(1);
    expect_parts(message_of<kith::NotLoaded>([&] { (void)person.hometown->name; }), {"database"});
    EXPECT_EQ(person.hometown.key(), 1);
    EXPECT_THROW((void)person.wu_city.size(), kith::NotLoaded);
    const auto loaded = objects<Person>().get("id"_f = 1);
    expect_parts(message_of<kith::NotLoaded>([&] { (void)loaded->wu_city.size(); }), {"Person.wu_city", "Prefetch"});
}

} // namespace bad_input_test
