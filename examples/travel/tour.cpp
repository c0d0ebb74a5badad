#include "tour.hpp"

#include "chapters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace travel {

namespace {

std::size_t indentation(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// The lines between two places of a chapter, without the indentation that they share.
std::vector<std::string_view> lines_between(const Mark& begin, const Mark& end) {
    const std::string_view path(begin.file_name());
    std::string_view rest = chapters.at(path.substr(path.find_last_of('/') + 1));

    std::vector<std::string_view> lines;
    std::size_t shared = std::string_view::npos;
    for (unsigned number = 1; number < end.line(); ++number) {
        const auto length = rest.find('\n');
        const auto line = rest.substr(0, length);
        rest.remove_prefix(length + 1);
        if (number <= begin.line()) continue;
        lines.push_back(line);
        if (!line.empty()) shared = std::min(shared, indentation(line));
    }
    for (auto& line : lines) line.remove_prefix(std::min(shared, line.size()));
    return lines;
}

std::string remark_on(const kith::QueryLog::Entry& statement) {
    std::string remark;
    if (!statement.lookup.empty()) remark += fmt::format("for {}; ", statement.lookup);
    for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
        remark += fmt::format("{}?{} = {}", i == 0 ? "" : ", ", i + 1, statement.parameters[i]);
    }
    if (!statement.parameters.empty()) remark += "; ";
    const auto microseconds =
        std::chrono::duration<double, std::micro>(statement.duration).count();
    const auto time = microseconds < 1'000 ? fmt::format("{:.0f} µs", microseconds)
                                           : fmt::format("{:.1f} ms", microseconds / 1'000);
    return remark + fmt::format("{} {} in {}", grouped(statement.rows),
                                statement.rows == 1 ? "row" : "rows", time);
}

} // namespace

void Tour::code(Mark here) {
    begin_ = here;
    log_.emplace(db_);
}

void Tour::ran(const std::vector<Table>& found, Mark here) {
    const auto statements = log_->entries();
    log_.reset();
    show_code(begin_, here);
    show_statements(statements);
    for (const auto& table : found) page_.table(table);
}

void Tour::show_code(const Mark& begin, const Mark& end) const {
    page_.code(lines_between(begin, end));
}

void Tour::show_statements(const std::vector<kith::QueryLog::Entry>& statements) const {
    std::string_view last;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const auto& statement = statements[i];
        const bool is_repeated = statement.sql == last;
        page_.statement(i + 1, is_repeated ? "the same text" : statement.sql,
                        remark_on(statement));
        last = statement.sql;
    }
    page_.summary(statements.empty()       ? std::string("no statement")
                  : statements.size() == 1 ? std::string("1 statement")
                                           : fmt::format("{} statements", statements.size()));
}

} // namespace travel
