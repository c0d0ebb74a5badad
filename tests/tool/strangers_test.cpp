#include "support/raw_sqlite.hpp"
#include "tool/run_kith.hpp"

/// The program opens files that strangers have made: what is in their schema computes, and nothing else.

using namespace travel;

namespace {

class ToolSqliteStrangers : public testing::Test {
protected:
    ToolSqliteStrangers() {
        const RawSqlite raw(folder_.path() / "strange.db");
        raw.run("CREATE TABLE word (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO word VALUES (1, 'one');"
                "CREATE VIEW loading AS SELECT id, load_extension('/tmp/stranger.so') AS name FROM word;"
                "CREATE TABLE checked (id INTEGER PRIMARY KEY, data TEXT CHECK (json_valid(data)));"
                "CREATE VIEW asking AS SELECT cid AS id, name FROM pragma_table_info('word');"
                "CREATE VIEW measuring AS SELECT pageno AS id, name FROM dbstat;"
                "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT max(i) AS id FROM n;"
                "CREATE VIEW large AS SELECT 1 AS id, hex(zeroblob(60000000)) AS name;"
                "CREATE VIRTUAL TABLE docs USING fts5(body); INSERT INTO docs VALUES ('hello');"
                "CREATE TRIGGER noting AFTER INSERT ON word BEGIN SELECT load_extension('/tmp/stranger.so'); END;");
    }
    std::string file() const { return (folder_.path() / "strange.db").string(); }
    void refuses(const std::string& url, const std::string& table, const std::string& part) const {
        const auto result = run_kith({"fetch", url, table});
        EXPECT_NE(result.code, 0) << table;
        EXPECT_EQ(result.out.find("one"), std::string::npos) << result.out;
        EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    }

    TemporaryFolder folder_;
};

} // namespace

TEST_F(ToolSqliteStrangers, TheirSchemaAndModelsAreShownWithoutRunningThem) {
    const auto schema = output_of({"schema", file()});
    for (const char* name : {"word", "loading", "endless", "docs"}) {
        EXPECT_NE(schema.find(name), std::string::npos) << name << " in: " << schema;
    }
    const auto models = output_of({"models", file()});
    EXPECT_NE(models.find("struct Word"), std::string::npos) << models;
}

TEST_F(ToolSqliteStrangers, WhatTheirViewsCallIsRefused) {
    // No option in the URL allows it.
    for (const auto& url : {file(), "sqlite:" + file() + "?untrusted=0"}) {
        refuses(url, "loading", "unsafe use of load_extension()");
        refuses(url, "asking", "unsafe use of virtual table \"pragma_table_info\"");
        refuses(url, "measuring", "unsafe use of virtual table \"dbstat\"");
        refuses(url, "large", "too big");
        const auto endless = run_kith({"fetch", url, "endless", "--max-seconds", "1"});
        EXPECT_EQ(endless.code, 1);
        EXPECT_NE(endless.err.find("the deadline of 1000 ms passed"), std::string::npos) << endless.err;
        EXPECT_NE(output_of({"fetch", url, "word"}).find("one"), std::string::npos);
        EXPECT_NE(output_of({"fetch", url, "word", "--filter", "name__regex=^o"}).find("one"), std::string::npos);
        EXPECT_NE(output_of({"fetch", url, "docs"}).find("hello"), std::string::npos);
    }
}
