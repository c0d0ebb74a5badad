#include "observe/page/page.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

using namespace std::chrono_literals;

namespace kith::observe {
namespace {

using Clock = std::chrono::steady_clock;

QueryLog::Entry entry(std::string sql, std::string lookup, std::chrono::nanoseconds start) {
    QueryLog::Entry entry{};
    entry.sql = std::move(sql);
    entry.lookup = std::move(lookup);
    entry.parameters = {"7"};
    entry.start = Clock::time_point(start);
    entry.duration = 5ns;
    entry.rows = 2;
    entry.bytes = 30;
    entry.parameter_bytes = 8;
    entry.connection = 1;
    return entry;
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t number = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++number;
    return number;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST(TracePage, FoldsEqualStatementsOfAPath) {
    Recording recording;
    recording.begin = Clock::time_point(100ns);
    recording.entries = {entry("a", "", 110ns), entry("b", "city", 120ns), entry("b", "city", 130ns),
                         entry("b", "town", 140ns)};
    recording.entries[2].failed = true;
    const auto json = to_json(recording);
    EXPECT_TRUE(has(json, R"("statements":[{"sql":"a","lookup":"","runs":1,"rows":2,"bytes":30,"time":5,"failed":0},)"
                          R"({"sql":"b","lookup":"city","runs":2,"rows":4,"bytes":60,"time":10,"failed":1},)"
                          R"({"sql":"b","lookup":"town","runs":1,"rows":2,"bytes":30,"time":5,"failed":0}])"))
        << json;
    EXPECT_TRUE(has(json, R"({"statement":1,"start":30,"duration":5,"rows":2,"bytes":30,"sent":8,"connection":1,)"
                          R"("failed":true,"source":"","parameters":["7"]},{"statement":2,"start":40,)"))
        << json;
}

TEST(TracePage, CountsStatementsThatItDoesNotShow) {
    Recording recording;
    for (int i = 0; i < 5; ++i) recording.entries.push_back(entry("a", "", 1ns));
    const auto json = to_json(recording, 2);
    EXPECT_EQ(count(json, R"("statement":0)"), 2u);
    EXPECT_TRUE(has(json, R"("runs":5,"rows":10)")) << json;
}

TEST(TracePage, LetsNoMarkupOutOfItsData) {
    const std::string evil = "</script><img src=x onerror=alert(1)>&amp;<!-- \xe2\x80\xa8\xe2\x80\xa9 \xff \"\\\n";
    Recording recording{.title = evil, .database = evil};
    recording.entries.push_back(entry(evil, evil, 1ns));
    recording.entries[0].parameters = {evil};
    recording.entries[0].file = evil;
    recording.control.push_back({.sql = evil, .start = {}, .duration = {}, .connection = 1, .failed = false});
    recording.findings.push_back({.model = evil, .member = evil, .sql = evil, .remedy = evil});
    const auto json = to_json(recording);
    EXPECT_EQ(json.find_first_of("<>&\n"), std::string::npos);
    EXPECT_FALSE(has(json, "\xe2\x80\xa8") || has(json, "\xe2\x80\xa9") || has(json, "\xff"));
    EXPECT_TRUE(has(json,
                    R"(\u003c/script\u003e\u003cimg src=x onerror=alert(1)\u003e\u0026amp;\u003c!-- \u2028\u2029 )"
                    "\xef\xbf\xbd"
                    R"( \u0022\u005c\u000a")"))
        << json;
    EXPECT_EQ(count(to_html(recording, "n"), "</script"), count(to_html({}, "n"), "</script"));
}

TEST(TracePage, IsFilledOnce) {
    const auto html = to_html({.title = "{{script}} {{data}} {{nonce}}"}, "1f2e");
    EXPECT_TRUE(has(html, R"("title":"{{script}} {{data}} {{nonce}}")"));
    EXPECT_EQ(count(html, page_js), 1u);
    EXPECT_EQ(count(html, page_css), 1u);
    EXPECT_TRUE(has(html, "default-src 'none'; script-src 'nonce-1f2e'; style-src 'nonce-1f2e'"));
    EXPECT_EQ(count(html, "nonce=\"1f2e\""), 2u);
    EXPECT_TRUE(has(html, R"("version":")" + std::string(version) + '"'));
}

} // namespace kith::observe
