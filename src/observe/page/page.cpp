#include "observe/page/page.hpp"

#include "observe/page/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

namespace kith::observe {

namespace {

/// All runs of one SQL text for one lookup path.
struct Folded {
    std::string_view sql{};
    std::string_view lookup{};
    std::size_t runs{0};
    std::size_t rows{0};
    std::size_t bytes{0};
    std::size_t failed{0};
    std::chrono::nanoseconds time{};
};

struct Folding {
    std::vector<Folded> statements{};
    std::vector<std::size_t> statement_of{}; ///< by entry
};

Folding fold(std::span<const QueryLog::Entry> entries) {
    Folding folding;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
    for (const auto& entry : entries) {
        const auto [place, is_new] = known.try_emplace({entry.lookup, entry.sql}, folding.statements.size());
        if (is_new) folding.statements.push_back({.sql = entry.sql, .lookup = entry.lookup});
        auto& statement = folding.statements[place->second];
        statement.runs += 1;
        statement.rows += entry.rows;
        statement.bytes += entry.bytes;
        statement.failed += entry.failed ? 1 : 0;
        statement.time += entry.duration;
        folding.statement_of.push_back(place->second);
    }
    return folding;
}

void write(JsonWriter& json, const Folded& statement) {
    json.begin_object();
    json.member("sql", statement.sql);
    json.member("lookup", statement.lookup);
    json.member("runs", statement.runs);
    json.member("rows", statement.rows);
    json.member("bytes", statement.bytes);
    json.member("time", statement.time.count());
    json.member("failed", statement.failed);
    json.end_object();
}

void write(JsonWriter& json, const QueryLog::Entry& entry, std::size_t statement,
           std::chrono::steady_clock::time_point begin) {
    json.begin_object();
    json.member("statement", statement);
    json.member("start", std::chrono::nanoseconds(entry.start - begin).count());
    json.member("duration", entry.duration.count());
    json.member("rows", entry.rows);
    json.member("bytes", entry.bytes);
    json.member("sent", entry.parameter_bytes);
    json.member("connection", entry.connection);
    json.member("failed", entry.failed);
    json.member("source", entry.file.empty() ? std::string() : fmt::format("{}:{}", entry.file, entry.line));
    json.name("parameters");
    json.begin_array();
    for (const auto& parameter : entry.parameters) json.value(std::string_view(parameter));
    json.end_array();
    json.end_object();
}

void write(JsonWriter& json, const QueryLog::ControlEntry& entry, std::chrono::steady_clock::time_point begin) {
    json.begin_object();
    json.member("sql", entry.sql);
    json.member("start", std::chrono::nanoseconds(entry.start - begin).count());
    json.member("duration", entry.duration.count());
    json.member("connection", entry.connection);
    json.member("failed", entry.failed);
    json.end_object();
}

std::string_view name_of(LoadingFinding::Kind kind) {
    switch (kind) {
    case LoadingFinding::Kind::row_by_row: return "row_by_row";
    case LoadingFinding::Kind::repeated_statement: return "repeated_statement";
    case LoadingFinding::Kind::unread_prefetch: break;
    }
    return "unread_prefetch";
}

void write(JsonWriter& json, const LoadingFinding& finding) {
    json.begin_object();
    json.member("kind", name_of(finding.kind));
    json.member("model", finding.model);
    json.member("member", finding.member);
    json.member("times", finding.times);
    json.member("statements", finding.statements);
    json.member("sql", finding.sql);
    json.member("remedy", finding.remedy);
    json.end_object();
}

} // namespace

std::string to_json(const Recording& recording, std::size_t runs) {
    const auto folding = fold(recording.entries);
    JsonWriter json;
    json.begin_object();
    json.member("title", recording.title);
    json.member("database", recording.database);
    json.member("version", version);
    json.member("recorded",
                std::chrono::time_point_cast<std::chrono::milliseconds>(recording.recorded).time_since_epoch().count());
    json.member("duration", recording.duration.count());
    json.member("redacted", recording.redacted);
    json.name("statements");
    json.begin_array();
    for (const auto& statement : folding.statements) write(json, statement);
    json.end_array();
    json.name("runs");
    json.begin_array();
    for (std::size_t i = 0; i < std::min(runs, recording.entries.size()); ++i)
        write(json, recording.entries[i], folding.statement_of[i], recording.begin);
    json.end_array();
    json.name("control");
    json.begin_array();
    for (const auto& entry : std::span(recording.control).first(std::min(runs, recording.control.size())))
        write(json, entry, recording.begin);
    json.end_array();
    json.name("findings");
    json.begin_array();
    for (const auto& finding : recording.findings) write(json, finding);
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

std::string to_html(const Recording& recording, std::string_view nonce) {
    const auto data = to_json(recording);
    const std::array<std::pair<std::string_view, std::string_view>, 4> parts{
        {{"{{nonce}}", nonce}, {"{{style}}", page_css}, {"{{script}}", page_js}, {"{{data}}", data}}};
    std::string page;
    page.reserve(page_html.size() + page_css.size() + page_js.size() + data.size());
    // In one pass: inserted text is not searched again.
    auto rest = page_html;
    while (true) {
        const auto open = rest.find("{{");
        page += rest.substr(0, open);
        if (open == std::string_view::npos) return page;
        rest.remove_prefix(open);
        const auto close = rest.find("}}") + 2;
        for (const auto& [mark, part] : parts)
            if (rest.substr(0, close) == mark) page += part;
        rest.remove_prefix(close);
    }
}

} // namespace kith::observe
