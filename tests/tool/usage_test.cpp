#include "support/raw_sqlite.hpp"
#include "tool/library.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace travel;

/// What is wrong is said in a sentence with a remedy, and by the exit code.
class ToolUsage : public Library {
public:
    /// That the program refuses with `code`, and says `part`.
    void refuses(int code, const std::string& part, const std::vector<std::string>& arguments) const {
        const auto result = ran(arguments);
        EXPECT_EQ(result.code, code) << part;
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    }
};

TEST_F(ToolUsage, NamesThatDoNotExist) {
    refuses(2, "did you mean 'author'?", {"fetch", "autor"});
    refuses(2, "did you mean 'title'?", {"fetch", "book", "--filter", "titel=x"});
    refuses(2, "did you mean 'icontains'?", {"fetch", "book", "--filter", "title__icontain=x"});
    refuses(2, "did you mean 'tags'?", {"fetch", "book", "--prefetch", "tag"});
    refuses(2, "did you mean 'mentor'?", {"fetch", "book", "--prefetch", "author__mentr"});
    refuses(2, "did you mean 'code'?", {"fetch", "book", "--prefetch", "tags{cod=x}"});
    refuses(2, "did you mean 'editor'?", {"fetch", "book", "--select-related", "edtor"});
    refuses(2, "did you mean 'title'?", {"fetch", "book", "--order-by", "-titel"});
    refuses(2, "did you mean 'title'?", {"fetch", "book", "--fields", "id,titel"});
    refuses(2, "did you mean 'author'?", {"schema", "autor"});
}

TEST_F(ToolUsage, WhatCannotBeAsked) {
    refuses(2, "which is not a whole number", {"fetch", "book", "--filter", "id=ten"});
    refuses(2, "is not a condition", {"fetch", "book", "--filter", "title"});
    refuses(2, "range takes two values", {"fetch", "book", "--filter", "id__range=1"});
    refuses(2, "isnull takes true or false", {"fetch", "book", "--filter", "id__isnull=perhaps"});
    refuses(2, "does not end in }", {"fetch", "book", "--prefetch", "tags{code=x"});
    refuses(2, "limit takes a whole number", {"fetch", "book", "--prefetch", "tags{limit=few}"});
    refuses(2, "already has a member of that name", {"fetch", "book", "--prefetch", "tags{to_attr=title}"});
    refuses(2, "not a to-one relation", {"fetch", "book", "--select-related", "tags"});
    refuses(2, "different queryset", {"fetch", "book", "--prefetch", "tags", "--prefetch", "tags{code=x}"});
    refuses(2, "--format", {"fetch", "book", "--format", "xml"});
    refuses(2, "--stream", {"fetch", "book", "--stream", "0"});
    refuses(2, "--limit", {"fetch", "book", "--limit", "-1"});
    refuses(2, "--max-rows", {"fetch", "book", "--max-rows", "many"});
}

TEST_F(ToolUsage, MoreThanIsAllowed) {
    refuses(2, "--max-depth 3", {"fetch", "book", "--max-depth", "2", "--prefetch", "author__mentor__mentor"});
    refuses(2, "--max-depth 2", {"fetch", "book", "--max-depth", "1", "--filter", "author__mentor__name=x"});
    refuses(2, "--max-joins 2", {"fetch", "book", "--max-joins", "1", "--filter", "author__mentor__name=x"});
    refuses(2, "--max-joins 1", {"fetch", "book", "--max-joins", "0", "--prefetch", "author{mentor__name=x}"});
    refuses(2, "--max-terms 3",
            {"fetch", "book", "--max-terms", "2", "--filter", "id=1", "--filter", "id=2", "--order-by", "id"});
}

TEST_F(ToolUsage, ExplainRunsNothing) {
    const auto plan = fetched({"book", "--prefetch", "tags", "--explain"});
    EXPECT_NE(plan.find("tags → tag  many-to-many; join: 1 statement"), std::string::npos) << plan;
    EXPECT_NE(plan.find("SELECT"), std::string::npos);
}

TEST_F(ToolUsage, TheSchema) {
    const auto tree = output_of({"schema", url()});
    for (const auto* part :
         {"→ mentor", "⇉ book_set_by_author_id", "⇉ tags", "⇉ book_set", "(links of a many-to-many)"}) {
        EXPECT_NE(tree.find(part), std::string::npos) << part << "\n" << tree;
    }
    const auto json = output_of({"schema", url(), "book", "--json"});
    EXPECT_NE(json.find(R"({"name": "tags", "kind": "many-to-many", "table": "tag", "many": true, "column": "id", )"
                        R"("target_column": "code", "link": "book_tags", "link_column": "book_id", )"
                        R"("link_target_column": "tag_code", "inverse": "book_set"})"),
              std::string::npos)
        << json;
    const auto dot = output_of({"schema", url(), "--dot"});
    EXPECT_TRUE(dot.starts_with("digraph schema {")) << dot;
    EXPECT_NE(dot.find("[label=\"tags\", dir=both]"), std::string::npos) << dot;
    const auto svg = output_of({"schema", url(), "--svg"});
    EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    refuses(2, "--svg", {"schema", "--svg", "--json"});
}

TEST_F(ToolUsage, HelpHasExamples) {
    for (const auto* command : {"schema", "fetch", "models", "measure"}) {
        const auto help = output_of({command, "--help"});
        EXPECT_NE(help.find("Examples:"), std::string::npos) << help;
    }
    EXPECT_TRUE(output_of({"--version"}).starts_with("kith "));
    EXPECT_EQ(run_kith({}).code, 2);
    EXPECT_EQ(run_kith({"fetsh"}).code, 2);
}

TEST_F(ToolUsage, DatabasesThatAreNotThere) {
    const auto url = by_backend("sqlite:/nowhere/at.all", "postgresql://nobody@/x?host=/nowhere",
                                "mariadb://nobody@/x?socket=/nowhere");
    const auto result = run_kith({"schema", url});
    EXPECT_EQ(result.code, 1);
    EXPECT_TRUE(result.err.starts_with("kith: ")) << result.err;
    EXPECT_EQ(run_kith({"schema", "mongodb://x"}).code, 2);
}

TEST(ToolSqliteFiles, AreNeitherMadeNorChanged) {
    const TemporaryFolder folder;
    const auto missing = (folder.path() / "missing.db").string();
    for (const auto& url : {missing, "sqlite:" + missing, "sqlite:" + missing + "?read_only=0"}) {
        const auto result = run_kith({"schema", url});
        EXPECT_EQ(result.code, 1) << url;
        EXPECT_EQ(result.err.find("leave out read_only"), std::string::npos) << result.err;
    }
    EXPECT_FALSE(std::filesystem::exists(missing));

    const auto file = folder.path() / "odd name?%20.db";
    RawSqlite(file).run("CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
    const auto before = content_of(file);
    EXPECT_EQ(output_of({"fetch", file.string(), "t", "--format", "jsonl"}), "{\"x\":1}\n");
    EXPECT_EQ(content_of(file), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "no journal beside it";
}

TEST(ToolSqliteFiles, ThatAreNoDatabases) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "text";
    std::ofstream(file) << "This is no database, although it is long enough to be taken for one at a first glance.\n";
    const auto result = run_kith({"schema", file.string()});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("not a database"), std::string::npos) << result.err;
}

TEST(ToolSqliteFiles, WithViewsAndCellsThatFail) {
    const TemporaryFolder folder;
    folder.raw().run(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, other_id INTEGER REFERENCES t(id)); INSERT INTO t VALUES (1, 'x');"
        "CREATE VIEW v AS SELECT abs(-9223372036854775808) AS x; CREATE VIEW gone AS SELECT * FROM nowhere");
    EXPECT_NE(output_of({"schema", folder.url()}).find("gone cannot be read"), std::string::npos);
    EXPECT_EQ(run_kith({"fetch", folder.url(), "v", "--explain"}).code, 0);
    const auto overflow = run_kith({"fetch", folder.url(), "v"});
    EXPECT_EQ(overflow.code, 1);
    EXPECT_NE(overflow.err.find("overflow"), std::string::npos) << overflow.err;
    const auto key = run_kith({"fetch", folder.url(), "t"});
    EXPECT_EQ(key.code, 1);
    EXPECT_NE(key.err.find("t.other"), std::string::npos) << key.err;
}
