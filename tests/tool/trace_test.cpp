#include "tool/library.hpp"

#include <fstream>
#include <iterator>

using namespace travel;

/// `kith fetch --trace`; tests/trace_page opens what it writes in a browser.
class ToolTrace : public Library {
protected:
    std::filesystem::path file() const { return pages_.path() / "run.html"; }
    std::string page() const {
        std::ifstream stream(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

    TemporaryFolder pages_;
};

TEST_F(ToolTrace, WritesAPageBesideTheRows) {
    const auto rows = fetched({"book", "--prefetch", "tags", "--prefetch", "author{name__icontains=quote}"});
    EXPECT_EQ(fetched({"book", "--prefetch", "tags", "--prefetch", "author{name__icontains=quote}", "--trace", file()}),
              rows);
    const auto html = page();
    EXPECT_TRUE(has(html, R"("title":"kith fetch book --prefetch tags --prefetch author")")) << "without values";
    for (const auto* lookup : {"", "tags", "author"})
        EXPECT_TRUE(has(html, "\"lookup\":\"" + std::string(lookup) + "\",\"runs\":1,")) << lookup;
    EXPECT_TRUE(has(html, "quote")) << "the parameter";
}

TEST_F(ToolTrace, TakesWhatItPrintsForRead) {
    (void)fetched({"book", "--prefetch", "tags", "--prefetch", "author__book_set_by_editor_id", "--stream", "1",
                   "--trace", file()});
    EXPECT_TRUE(has(page(), R"("lookup":"author__book_set_by_editor_id","runs":4)")) << "once for each chunk";
    EXPECT_TRUE(has(page(), R"("findings":[])"));
}

TEST_F(ToolTrace, LeavesOutValues) {
    (void)fetched(
        {"book", "--filter", "title=Hidden", "--prefetch", "tags{code=Hidden}", "--trace", file(), "--redact"});
    EXPECT_FALSE(has(page(), "Hidden"));
    EXPECT_TRUE(has(page(), R"("redacted":true)"));
}

TEST_F(ToolTrace, WritesThePageOfALoadThatFailsToo) {
    EXPECT_EQ(ran({"fetch", "book", "--max-rows", "2", "--trace", file()}).code, 3);
    EXPECT_TRUE(has(page(), R"("rows":3)"));
    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& part) {
        const auto result = ran(arguments);
        EXPECT_EQ(result.code, 2) << part;
        EXPECT_EQ(result.out, "");
        EXPECT_TRUE(has(result.err, part)) << result.err;
    };
    refused({"fetch", "book", "--trace", pages_.path() / "nowhere" / "x.html"}, "--trace cannot write");
    refused({"fetch", "book", "--redact"}, "--trace");
    refused({"fetch", "book", "--explain", "--trace", file()}, "--explain");
}

TEST(ToolSqliteTrace, OfAStatementThatFails) {
    const TemporaryFolder folder;
    folder.raw().run("CREATE VIEW v AS SELECT abs(-9223372036854775808) AS x");
    const auto file = folder.path() / "run.html";
    EXPECT_EQ(run_kith({"fetch", folder.url(), "v", "--trace", file}).code, 1);
    std::ifstream stream(file, std::ios::binary);
    const std::string html(std::istreambuf_iterator<char>(stream), {});
    EXPECT_NE(html.find(R"("failed":true)"), std::string::npos);
}
