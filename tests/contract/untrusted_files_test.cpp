#include "inspect/models.hpp"
#include "inspect/schema.hpp"
#include "support/raw_sqlite.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

/// SQLite files from strangers, opened with `untrusted`: what is in their schema can compute, and nothing else.

namespace untrusted_files_test {

using namespace kith::literals;
using namespace travel;

namespace strangers {

struct Word {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.name = "word"};
};
struct Log {
    kith::PrimaryKey<> id{};
    std::string name{};

    static constexpr kith::Table table{.name = "log"};
};

class SqliteStrangers : public testing::Test {
protected:
    SqliteStrangers() {
        run("CREATE TABLE word (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        run("CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        run("INSERT INTO word VALUES (1, 'one'), (2, 'two')");
    }
    /// As the stranger, who may do everything.
    void run(const std::string& sql) const { maker_.raw(sql); }
    kith::Database untrusted(const std::string& options = {}) const {
        return kith::connect(folder_.url("test.db", "untrusted=1" + options));
    }
    /// Makes a view of that text, and reads it.
    template <class Expected = kith::OperationalError>
    void refuses(const std::string& view, std::initializer_list<const char*> parts) const {
        run("CREATE VIEW strange AS " + view);
        const auto db = untrusted();
        expect_parts(message_of<Expected>([&] { (void)db.raw<std::string>("SELECT name FROM strange"); }), parts);
        EXPECT_EQ(db.objects<Word>().count(), 2) << "everything else is read";
        run("DROP VIEW strange");
    }

    TemporaryFolder folder_;
    kith::Database maker_{kith::connect(folder_.url("test.db"))};
};

} // namespace strangers

using namespace strangers;

TEST_F(SqliteStrangers, AViewCallsNoFunctionThatCouldDoHarm) {
    refuses("SELECT 1 AS id, load_extension('/tmp/stranger.so') AS name", {"unsafe use of load_extension()"});
    refuses("SELECT 1 AS id, fts3_tokenizer('simple') AS name", {"unsafe use of fts3_tokenizer()"});
    refuses("SELECT id, name FROM word WHERE kith_iregexp('^o', name)", {"unsafe use of kith_iregexp()"});
    refuses("SELECT 1 AS id, kith_decimal_sum(name) AS name FROM word", {"unsafe use of kith_decimal_sum()"});
    refuses("SELECT ordinal AS id, key0 AS name FROM kith_keys(1)", {"unsafe use of virtual table \"kith_keys\""});
    refuses("SELECT pageno AS id, name FROM dbstat", {"unsafe use of virtual table \"dbstat\""});
    refuses("SELECT cid AS id, name FROM pragma_table_info('word')", {"unsafe use of virtual table", "untrusted"});
    // The statements of the program may call all of them.
    const auto db = untrusted();
    EXPECT_EQ(db.objects<Word>().filter("name__iregex"_f = "^O").count(), 1);
    EXPECT_EQ(db.raw<std::string>("SELECT name FROM pragma_table_info('word')").size(), 2u);
}

TEST_F(SqliteStrangers, WhatOnlyComputesMayBeCalled) {
    run("CREATE VIEW fine AS SELECT id, upper(name) AS name FROM word WHERE name REGEXP '^o'");
    run("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name REGEXP '^[a-z]'), data TEXT CHECK "
        "(json_valid(data) OR data IS NULL), kind TEXT AS (data ->> 'kind'), parts AS "
        "(json_array(json_extract(data, '$.parts'), json_object('n', id))))");
    run("CREATE INDEX item_kind ON item (json_extract(data, '$.kind'))");
    run(R"(INSERT INTO item (id, name, data) VALUES (1, 'a', '{"kind": "x", "parts": [1, 2]}'))");
    for (const auto& db : {maker_, untrusted()}) {
        EXPECT_EQ(db.raw<std::string>("SELECT name FROM fine"), std::vector<std::string>{"ONE"});
        EXPECT_EQ(db.raw<std::string>("SELECT kind FROM item WHERE json_extract(data, '$.kind') = 'x'"),
                  std::vector<std::string>{"x"});
        EXPECT_EQ(db.raw<std::string>("SELECT parts FROM item"), std::vector<std::string>{R"([[1,2],{"n":1}])"});
        EXPECT_THROW(db.raw("INSERT INTO item (name) VALUES ('A')"), kith::IntegrityError);
        EXPECT_THROW(db.raw("INSERT INTO item (name, data) VALUES ('a', '{')"), kith::DatabaseError);
        EXPECT_THROW((void)db.raw<std::string>("SELECT json_extract('{', '$.a')"), kith::DatabaseError);
    }
}

/// Such a schema is made by other means than SQL.
TEST_F(SqliteStrangers, NeitherDoesACheckNorAGeneratedColumn) {
    run("CREATE TABLE checked (id INTEGER PRIMARY KEY, name TEXT CHECK (upper(name) = 'x'))");
    run("CREATE TABLE computed (id INTEGER PRIMARY KEY, name TEXT AS (upper('x')))");
    run("INSERT INTO computed (id) VALUES (1)");
    {
        const RawSqlite raw(folder_.path() / "test.db");
        raw.run(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'upper(', 'load_extension(')");
        ASSERT_EQ(raw.value("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%load_extension%'"), "2");
    }
    const auto insert = [&] { untrusted().raw("INSERT INTO checked (name) VALUES ('/tmp/stranger.so')"); };
    EXPECT_THROW(insert(), kith::DatabaseError);
    EXPECT_THROW((void)untrusted().raw<std::string>("SELECT name FROM computed"), kith::DatabaseError);
}

TEST_F(SqliteStrangers, ATriggerWritesOnlyWhatItMay) {
    run("CREATE TRIGGER noting AFTER INSERT ON word BEGIN INSERT INTO log (name) VALUES (new.name); END");
    untrusted().objects<Word>().create({.name = "three"});
    EXPECT_EQ(column(maker_.objects<Log>(), &Log::name), std::vector<std::string>{"three"})
        << "a table of the same file";
    const auto create = [&] { untrusted().objects<Word>().create({.name = "four"}); };
    run("CREATE TRIGGER calling AFTER INSERT ON word BEGIN SELECT load_extension('/tmp/stranger.so'); END");
    expect_parts(message_of<kith::OperationalError>(create), {"unsafe use of load_extension()"});
    run("DROP TRIGGER calling");
    run("CREATE VIRTUAL TABLE docs USING fts5(body)");
    run("CREATE TRIGGER damaging AFTER INSERT ON word BEGIN UPDATE docs_data SET block = x'00'; END");
    expect_parts(message_of<kith::DatabaseError>(create), {"docs_data may not be modified"});
    run("DROP TRIGGER damaging");
    EXPECT_EQ(maker_.objects<Word>().count(), 3);
    EXPECT_EQ(maker_.objects<Log>().count(), 1) << "and nothing of it is kept";
}

TEST_F(SqliteStrangers, StatementsCannotChangeTheSchemaAsDataNorLoadCode) {
    const auto db = untrusted();
    const auto refused = [&](const std::string& sql, const char* part) {
        expect_parts(message_of<kith::DatabaseError>([&] { db.raw(sql); }), {part});
    };
    db.raw("PRAGMA writable_schema = ON");
    refused("UPDATE sqlite_schema SET sql = 'CREATE VIEW word AS SELECT 1'", "may not be modified");
    refused("SELECT load_extension('/tmp/stranger.so')", "not authorized");
    refused("SELECT fts3_tokenizer('x', x'0000000000000000')", "disabled");
    refused("ATTACH '" + (folder_.path() / "other.db").string() + "' AS other", "too many attached databases");
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "other.db"));
    EXPECT_EQ(db.raw<std::int64_t>("PRAGMA cell_size_check"), std::vector<std::int64_t>{1});
    EXPECT_EQ(db.raw<std::int64_t>("PRAGMA mmap_size"), std::vector<std::int64_t>{0});
    EXPECT_EQ(db.objects<Word>().count(), 2);
}

TEST_F(SqliteStrangers, WhatTakesTooMuchIsRefused) {
    refuses<kith::DatabaseError>("SELECT 1 AS id, hex(zeroblob(60000000)) AS name", {"too big", "100,000,000"});
    refuses<kith::DatabaseError>("SELECT 1 AS id, name FROM word WHERE name LIKE '" + std::string(1001, '%') + "'",
                                 {"pattern too complex"});
    // Views of views, each twice as large as the one before.
    run("CREATE VIEW doubled0 AS SELECT name FROM word");
    for (int i = 1; i <= 14; ++i) {
        const auto before = "doubled" + std::to_string(i - 1);
        run("CREATE VIEW doubled" + std::to_string(i) + " AS SELECT name FROM " + before +
            " UNION ALL SELECT name FROM " + before);
    }
    EXPECT_THROW((void)untrusted().raw<std::string>("SELECT name FROM doubled14"), kith::DatabaseError);
    EXPECT_EQ(untrusted().raw<std::string>("SELECT name FROM doubled3").size(), 16u);
}

TEST_F(SqliteStrangers, AnEndlessViewEndsAtTheDeadline) {
    using namespace std::chrono_literals;
    run("CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) AS id, 'x' AS name FROM n");
    run("CREATE VIEW sevenfold AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT "
        "count(*) AS id, 'x' AS name FROM n a, n b, n c, n d, n e, n f, n g");
    const auto db = untrusted("&pool_size=1");
    for (const std::string view : {"endless", "sevenfold"}) {
        EXPECT_THROW((void)db.deadline(50ms).raw<std::string>("SELECT name FROM " + view), kith::DeadlineExceeded);
    }
    EXPECT_EQ(db.objects<Word>().count(), 2);
    // Models are made without reading it.
    const auto schema = kith::inspect::read_schema(db);
    EXPECT_EQ(schema.table("endless").columns.size(), 2u);
}

TEST_F(SqliteStrangers, VirtualTablesOfSqliteAreRead) {
    run("CREATE VIRTUAL TABLE docs USING fts5(body)");
    run("INSERT INTO docs VALUES ('hello world'), ('good bye')");
    run("CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1)");
    run("INSERT INTO boxes VALUES (1, 0, 2)");
    const auto db = untrusted();
    EXPECT_EQ(db.raw<std::string>("SELECT body FROM docs WHERE docs MATCH 'world'"),
              std::vector<std::string>{"hello world"});
    EXPECT_EQ(db.raw<std::int64_t>("SELECT id FROM boxes WHERE x0 < 1"), std::vector<std::int64_t>{1});
    db.raw("INSERT INTO docs VALUES ('a third')");
    EXPECT_EQ(db.raw<std::int64_t>("SELECT count(*) FROM docs").front(), 3);
}

TEST_F(SqliteStrangers, EverythingOfTheProgramItselfWorks) {
    const TemporaryFolder folder;
    const auto db = kith::connect(folder.url("new.db"), {.untrusted = true});
    EXPECT_TRUE(db.options().untrusted);
    fill(db);
    EXPECT_EQ(db.objects<Person>().prefetch_related("hometown", "visitation__province").size(), 4u);
    EXPECT_EQ(db.objects<Province>().bulk_create(std::vector<Province>(2000, {.name = "new"})).size(), 2000u);
    EXPECT_EQ(db.objects<Province>().filter("name__contains"_f = "ne").remove(), 2000);
    EXPECT_EQ(db.objects<Person>().filter("visitation__province__name__regex"_f = "^Hu").distinct().count(), 2);
    db.atomic([&] { db.drop_tables<Province, City, Person>(); });
}

/// Each byte may be wrong: there is an error of Kith's, or rows.
TEST_F(SqliteStrangers, ADamagedFileIsAnErrorOrIsRead) {
    run("CREATE INDEX word_name ON word (name)");
    for (int i = 0; i < 300; ++i) maker_.objects<Word>().create({.name = std::string(40, 'a')});
    run("PRAGMA wal_checkpoint(TRUNCATE)");
    std::ifstream file(folder_.path() / "test.db", std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(file), {}};
    std::minstd_rand random{7};
    int errors = 0;
    for (int i = 0; i < 50; ++i) {
        auto bytes = good;
        for (int change = 0; change < 20; ++change) {
            bytes[100 + random() % (bytes.size() - 100)] = static_cast<char>(random() % 256);
        }
        std::ofstream(folder_.path() / "damaged.db", std::ios::binary) << bytes;
        try {
            const auto db = kith::connect(folder_.url("damaged.db", "untrusted=1&read_only=1"));
            const auto schema = kith::inspect::read_schema(db);
            const kith::inspect::Models models(schema);
            for (const auto& table : schema.tables) (void)models.of(table.name);
            (void)db.objects<Word>().order_by("name").size();
            (void)db.objects<Word>().filter("name"_f = "one").size();
        } catch (const kith::Error&) {
            ++errors;
        }
    }
    EXPECT_GT(errors, 0);
}

} // namespace untrusted_files_test
