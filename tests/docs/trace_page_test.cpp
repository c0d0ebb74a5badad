#include "temp_folder.hpp"
#include "travel.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace kith::literals;
using namespace travel;

class TracePageGuide : public Travel {
protected:
    static std::string content(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    kith::test::TempFolder folder_;
};

TEST_F(TracePageGuide, Write) {
    const auto file = folder_.file("people.html");
    // [snippet write]
    const kith::Trace trace(db, {.title = "People and where they were"});
    for (const Person& person : db.objects<Person>().prefetch_related("visitation__province")) {
        fmt::print("{} is at home in {}\n", person.firstname, person.hometown->name); // was not prefetched
    }
    trace.write(file);
    // [/snippet]
    const auto page = content(file);
    EXPECT_NE(page.find("People and where they were"), std::string::npos);
    EXPECT_NE(page.find(R"("lookup":"hometown","runs":4)"), std::string::npos);
}

TEST_F(TracePageGuide, Options) {
    // [snippet options]
    const kith::Trace trace(db, {.title = "Front page", .detector = {.rows = 2, .runs = 5, .prints = true}});
    // [/snippet]
    for (const Person& person : db.objects<Person>()) (void)person.hometown->name;
    EXPECT_NE(trace.html().find("row_by_row"), std::string::npos);
}

TEST_F(TracePageGuide, Redacted) {
    // [snippet redacted]
    const kith::Trace trace(db, {.parameter_values = kith::ParameterValues::redacted});
    // [/snippet]
    (void)db.objects<Person>().filter("lastname"_f = "Unspoken").size();
    EXPECT_EQ(trace.html().find("Unspoken"), std::string::npos);
}
