#include "commands.hpp"
#include "format.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "progress.hpp"

#include <kith/error.hpp>
#include <kith/trace_page.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

namespace kith::cli {

namespace {

using detail::QueryHandle;

/// The load. Throws UsageError if the command line is wrong.
Load prepare(const FetchArguments& arguments, const Database& db) {
    if (arguments.limit && *arguments.limit > arguments.caps.rows) {
        throw UsageError(
            fmt::format("--limit {} is more than the {} rows that are allowed: raise the limit with --max-rows {}",
                        *arguments.limit, arguments.caps.rows, *arguments.limit));
    }
    return as_usage([&] { return Load(arguments, db); });
}

/// The maximum number of rows; by default unlimited for streams.
std::optional<std::size_t> most_rows(const FetchArguments& arguments) {
    if (arguments.stream && !arguments.rows_given) return std::nullopt;
    return arguments.caps.rows;
}

/// What the lookups may load, and how large all of it may be; by default unlimited for streams.
Limits limits_of(const FetchArguments& arguments) {
    const bool all = !arguments.stream;
    return {.related_rows = all || arguments.related_rows_given ? arguments.caps.related_rows : 0,
            .bytes = all || arguments.bytes_given ? arguments.caps.bytes : 0};
}

/// The load, ended when it takes too long.
QueryHandle timed(const QueryHandle& query, const std::optional<std::uint32_t>& seconds) {
    return seconds ? query.deadline(std::chrono::seconds(*seconds), {}) : query;
}

/// Fetches one row more than allowed, to see whether there are more.
QueryHandle bounded(const QueryHandle& query, std::optional<std::size_t> most) {
    if (!most || query.query()->limit) return query;
    const auto first = query.query()->offset;
    if (*most >= static_cast<std::size_t>(-1) - first - 1) return query;
    // A slice counts from the start of the existing slice.
    return query.slice(0, *most + 1);
}

class Printer {
public:
    Printer(Format& format, Output& out, Progress& progress, std::optional<std::size_t> most)
        : format_(format), out_(out), progress_(progress), most_(most) {}

    /// False if there are more rows than allowed.
    bool take(const void* row) {
        if (most_ && printed_ == *most_) return false;
        if (printed_ % 256 == 0) progress_.printed(printed_);
        format_.row(row);
        out_.pass_on();
        ++printed_;
        return true;
    }

private:
    Format& format_;
    Output& out_;
    Progress& progress_;
    std::optional<std::size_t> most_;
    std::size_t printed_{0};
};

bool print_rows(const QueryHandle& query, std::optional<std::size_t> chunk, Printer& printer) {
    if (chunk) {
        auto stream = query.iterator({.chunk_size = chunk, .snapshot = true});
        while (const auto* row = stream.next()) {
            if (!printer.take(row)) return false;
        }
        return true;
    }
    const auto rows = query.rows();
    return std::all_of(rows.data, rows.data + rows.size, [&](const void* row) { return printer.take(row); });
}

int explain(const QueryHandle& query) {
    Output out;
    out.add(printable_lines(query.loading_plan().text()));
    out.add("\n" + printable_lines(query.sql()) + "\n");
    out.flush();
    return exit_good;
}

/// The request, without any value.
std::string title_of(const FetchArguments& arguments) {
    auto title = fmt::format("kith fetch {}", arguments.table);
    for (const auto& text : arguments.prefetch) title += " --prefetch " + text.substr(0, text.find('{'));
    for (const auto& text : arguments.select_related) title += " --select-related " + text;
    return title;
}

/// The trace, if one is requested. Throws UsageError if its file cannot be written: before the load, not after it.
std::unique_ptr<Trace> begin_trace(const FetchArguments& arguments, const Database& db) {
    if (arguments.trace.empty()) return nullptr;
    if (!std::ofstream(arguments.trace, std::ios::app)) {
        throw UsageError(fmt::format("--trace cannot write {}: {}", printable(arguments.trace), std::strerror(errno)));
    }
    const auto values = arguments.redact ? ParameterValues::redacted : ParameterValues::shown;
    return std::make_unique<Trace>(db, TraceOptions{.title = title_of(arguments), .parameter_values = values});
}

/// False if there are more rows than allowed.
bool print(const FetchArguments& arguments, const Database& db, const Load& load, const QueryHandle& query,
           std::optional<std::size_t> most) {
    const auto shape = shape_of(*query.query(), load.columns());
    Output out;
    Progress progress(db);
    const auto format = make_format(arguments.format, shape, out);
    Printer printer(*format, out, progress, most);
    format->begin();
    const bool complete = print_rows(query, arguments.stream, printer);
    format->end();
    out.flush();
    return complete;
}

/// As print(); the trace is written even if that fails.
bool print_and_trace(const FetchArguments& arguments, const Database& db, const Load& load, const QueryHandle& query,
                     std::optional<std::size_t> most) {
    const auto trace = begin_trace(arguments, db);
    bool complete = false;
    try {
        complete = print(arguments, db, load, query, most);
    } catch (...) {
        try {
            if (trace) trace->write(arguments.trace);
        } catch (const Error& e) { // the failure of the load is the one to report
            fmt::print(stderr, "kith: {}\n", printable_lines(e.what()));
        }
        throw;
    }
    if (trace) trace->write(arguments.trace);
    return complete;
}

/// As print_and_trace(), with a remedy for rows that cannot be compared.
bool print_comparing(const FetchArguments& arguments, const Database& db, const Load& load, const QueryHandle& query,
                     std::optional<std::size_t> most) {
    try {
        return print_and_trace(arguments, db, load, query, most);
    } catch (const DatabaseError& e) {
        constexpr std::string_view no_such_operator = "42883";
        if (!arguments.distinct || e.sqlstate() != no_such_operator) throw;
        throw OperationalError(fmt::format(
            "{}: --distinct compares whole rows, so use --fields to choose columns that can be compared", e.what()));
    }
}

void report_too_much(const FetchArguments& arguments, const LimitExceeded& error) {
    const auto what = error.lookup().empty() ? std::string("the load") : fmt::format("the lookup {}", error.lookup());
    fmt::print(stderr,
               "kith: {} takes {} beyond the {} related rows and {} bytes that are allowed: use --limit, conditions or "
               "a limit within the braces of --prefetch, --stream, or raise --max-related-rows or --max-bytes\n",
               printable(what), printable(arguments.table), arguments.caps.related_rows, arguments.caps.bytes);
}

} // namespace

int fetch(const FetchArguments& arguments) {
    const auto db = open(arguments.url);
    const auto load = prepare(arguments, db);
    const auto most = most_rows(arguments);
    const auto query = timed(bounded(load.query(), most).limits(limits_of(arguments)), arguments.caps.seconds);
    if (arguments.explain) return explain(query);
    try {
        if (print_comparing(arguments, db, load, query, most)) return exit_good;
    } catch (const LimitExceeded& e) {
        report_too_much(arguments, e);
        return exit_too_many;
    }
    fmt::print(stderr,
               "kith: {} has more than the {} rows that are allowed, and the rest was left out: use --limit, "
               "--max-rows, or --stream\n",
               printable(arguments.table), *most);
    return exit_too_many;
}

} // namespace kith::cli
