#include "opentelemetry_api.hpp"
#include "travel.hpp"

#include <fmt/chrono.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

using namespace kith::literals;
using namespace std::chrono_literals;
using namespace travel;

class SpansGuide : public Travel {};

TEST_F(SpansGuide, Log) {
    std::vector<std::string> seen;
    const auto line = __LINE__ + 3;
    // [snippet log]
    kith::QueryLog queries(db);
    for (const Person& person : db.objects<Person>().prefetch_related("visitation")) seen.push_back(person.firstname);
    for (const auto& entry : queries.entries()) {
        fmt::print("{}:{}  {} rows, {} bytes, {}\n", entry.file, entry.line, entry.rows, entry.bytes, entry.duration);
    }
    // [/snippet]
    ASSERT_EQ(queries.size(), 2u);
    for (const auto& entry : queries.entries()) {
        EXPECT_EQ(entry.file, __FILE__);
        EXPECT_EQ(entry.line, static_cast<std::uint32_t>(line));
    }
}

TEST_F(SpansGuide, OnQuery) {
    std::size_t statements = 0;
    // [snippet on_query]
    auto token = db.on_query([&](const kith::QueryEvent& event) {
        if (event.duration > 100ms) fmt::print("{}:{}: {}\n", event.where.file_name(), event.where.line(), event.sql);
        ++statements;
    }); // until the token is destroyed
    // [/snippet]
    (void)db.objects<City>().count();
    EXPECT_EQ(statements, 1u);
}

TEST_F(SpansGuide, Redacted) {
    // [snippet redacted]
    auto careful = kith::connect(url(), {.parameter_values = kith::ParameterValues::redacted});
    kith::QueryLog queries(careful);
    careful.objects<Person>().filter("lastname"_f = "Zhang").prefetch_related("visitation").size();
    for (const auto& entry : queries.entries()) fmt::print("{}\n", fmt::join(entry.parameters, ", "));
    // [/snippet]
    // [output redacted]
    const std::string expected = R"(<redacted>
<2 redacted keys>
)";
    std::string printed;
    for (const auto& entry : queries.entries()) printed += fmt::format("{}\n", fmt::join(entry.parameters, ", "));
    EXPECT_EQ(printed, expected);
}

TEST_F(SpansGuide, Spans) {
    // [snippet spans]
    std::vector<kith::Span> spans;
    auto token = db.on_trace({.ended = [&](const kith::Span& span) { spans.push_back(span); }});
    db.objects<Person>().prefetch_related("visitation__province").size();
    std::ranges::sort(spans, {}, &kith::Span::id); // in the order in which they began
    for (const auto& span : spans) fmt::print("{}{}\n", span.parent == 0 ? "" : "  ", span.name);
    // [/snippet]
    // [output spans]
    const std::string expected = R"(evaluate Person
  BEGIN
  SELECT person
  SELECT city
  SELECT province
  COMMIT
)";
    std::string printed;
    for (const auto& span : spans) printed += fmt::format("{}{}\n", span.parent == 0 ? "" : "  ", span.name);
    EXPECT_EQ(printed, expected);
}

TEST_F(SpansGuide, OpenTelemetry) {
    // [snippet opentelemetry]
    namespace trace = opentelemetry::trace;
    std::unordered_map<std::uint64_t, opentelemetry::nostd::shared_ptr<trace::Span>> open;
    auto tracer = trace::Provider::GetTracerProvider()->GetTracer("kith");
    auto token = db.on_trace({
        .ended =
            [&](const kith::Span& span) {
                auto ended = open.extract(span.id).mapped();
                for (const auto& attribute : span.attributes) {
                    std::visit([&](const auto& value) { ended->SetAttribute(attribute.key, value); }, attribute.value);
                }
                if (span.failed) ended->SetStatus(trace::StatusCode::kError);
                ended->End();
            },
        .started =
            [&](const kith::Span& span) {
                trace::StartSpanOptions options;
                options.kind =
                    span.kind == kith::Span::Kind::statement ? trace::SpanKind::kClient : trace::SpanKind::kInternal;
                if (open.contains(span.parent)) options.parent = open.at(span.parent)->GetContext();
                open[span.id] = tracer->StartSpan(span.name, options);
            },
    });
    // [/snippet]
    EXPECT_EQ(db.objects<City>().count(), 3);
    EXPECT_THROW(db.raw("nonsense"), kith::DatabaseError);
    const auto& recorded = trace::recorded;
    ASSERT_EQ(recorded.size(), 4u);
    EXPECT_EQ(recorded[0].name, "SELECT city");
    EXPECT_EQ(recorded[0].kind, trace::SpanKind::kClient);
    EXPECT_EQ(recorded[0].parent, recorded[1].id);
    EXPECT_NE(std::ranges::find(recorded[0].keys, "db.query.text"), recorded[0].keys.end());
    EXPECT_EQ(recorded[1].name, "count City");
    EXPECT_EQ(recorded[1].parent, 0);
    EXPECT_EQ(recorded[1].status, trace::StatusCode::kUnset);
    EXPECT_EQ(recorded[2].status, trace::StatusCode::kError);
    EXPECT_TRUE(open.empty());
}
