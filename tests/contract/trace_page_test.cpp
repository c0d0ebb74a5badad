#include "support/rows.hpp"
#include "support/travel.hpp"

#include <kith/trace_page.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace trace_page_test {

using namespace kith::literals;
using namespace travel;

namespace {

class Traces : public TravelTest {
protected:
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t number = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++number;
        return number;
    }
};

} // namespace

TEST_F(Traces, ShowTheStatementsByLookupPath) {
    const kith::Trace trace(db_, {.title = "People & cities"});
    const auto people = objects<Person>().prefetch_related("visitation__province");
    for (const Person& person : people) (void)person.visitation.all().size();
    log_.clear();
    const auto html = trace.html();
    EXPECT_EQ(log_.size(), 0u) << "it asks nothing itself";
    EXPECT_TRUE(has(html, R"("title":"People \u0026 cities")"));
    EXPECT_EQ(count(html, R"({"statement":)"), 3u);
    EXPECT_TRUE(has(html, R"("lookup":"","runs":1,"rows":4)"));
    EXPECT_TRUE(has(html, R"("lookup":"visitation","runs":1,"rows":5)"));
    EXPECT_TRUE(has(html, R"("lookup":"visitation__province","runs":1,"rows":2)"));
    EXPECT_TRUE(has(html, R"("findings":[])"));
    EXPECT_TRUE(has(html, "trace_page_test.cpp:")) << "the line that asked";
}

TEST_F(Traces, ShowWhatWasLoadedRowByRowAndFoldIt) {
    const kith::Trace trace(db_, {.detector = {.rows = 3}});
    for (const Person& person : objects<Person>()) (void)person.hometown->name;
    const auto html = trace.html();
    EXPECT_TRUE(has(html, R"("lookup":"hometown","runs":4,"rows":4)"));
    EXPECT_EQ(count(html, R"({"statement":)"), 5u);
    EXPECT_TRUE(has(html,
                    R"({"kind":"row_by_row","model":"Person","member":"hometown","times":4,"statements":4,"sql":"",)"
                    R"x("remedy":".select_related(\u0022hometown\u0022)"})x"));
}

TEST_F(Traces, ShowTransactionsAndFailures) {
    const kith::Trace trace(db_);
    db_.atomic([&] { (void)objects<City>().count(); });
    EXPECT_THROW(db_.raw("SELECT nothing FROM nowhere"), kith::DatabaseError);
    const auto html = trace.html();
    EXPECT_TRUE(has(html, R"("control":[{"sql":"BEGIN)") || has(html, R"("control":[{"sql":"SET TRANSACTION)"))
        << html.substr(html.find("\"control\""), 300);
    EXPECT_EQ(count(html, R"("failed":true)"), 1u);
}

TEST_F(Traces, LeaveOutValues) {
    const kith::Trace open(db_);
    const kith::Trace redacted(db_, {.parameter_values = kith::ParameterValues::redacted});
    (void)objects<City>().filter("name"_f = "Secret Harbour").size();
    EXPECT_TRUE(has(open.html(), "Secret Harbour"));
    EXPECT_TRUE(has(open.html(), R"("redacted":false)"));
    EXPECT_FALSE(has(redacted.html(), "Secret Harbour"));
    EXPECT_TRUE(has(redacted.html(), R"("redacted":true)"));

    const auto strict = kith::connect(folder_.url(), {.parameter_values = kith::ParameterValues::redacted});
    const kith::Trace whatever(strict);
    (void)strict.objects<City>().filter("name"_f = "Secret Harbour").size();
    EXPECT_FALSE(has(whatever.html(), "Secret Harbour")) << "the Database says so";
    EXPECT_TRUE(has(whatever.html(), R"("redacted":true)"));
}

TEST_F(Traces, TakeValuesForTextOnly) {
    const std::string evil = "</script><img src=x onerror=alert(1)>";
    const kith::Trace trace(db_, {.title = evil});
    (void)objects<City>().filter("name"_f = evil).size();
    const auto html = trace.html();
    EXPECT_FALSE(has(html, "<img"));
    EXPECT_EQ(count(html, R"(\u003c/script\u003e\u003cimg src=x onerror=alert(1)\u003e)"), 2u);
}

TEST_F(Traces, AreWrittenIntoFiles) {
    const kith::Trace trace(db_);
    (void)objects<City>().count();
    const TemporaryFolder folder;
    const auto file = folder.path() / "trace.html";
    std::ofstream(file) << std::string(1000000, 'x') << "what stood there before";
    trace.write(file);
    std::ifstream stream(file, std::ios::binary);
    const std::string written(std::istreambuf_iterator<char>(stream), {});
    EXPECT_TRUE(written.starts_with("<!DOCTYPE html>") && written.ends_with("</html>\n"));
    EXPECT_TRUE(has(written, "COUNT("));
    expect_parts(message_of<kith::Error>([&] { trace.write(folder.path() / "nowhere" / "trace.html"); }),
                 {"could not be written", "nowhere", "No such file"});
}

} // namespace trace_page_test
