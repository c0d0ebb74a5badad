#include "commands.hpp"
#include "printable.hpp"

#include <kith/error.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <sstream>
#include <string>

namespace {

using namespace kith::cli;

constexpr const char* urls = R"(The database is given by its URL, or by the path of an SQLite file:
  travel.db   sqlite:travel.db   postgresql://user@host/name   mariadb://user@host/name
It is opened read-only, and nothing in it is changed.)";

constexpr const char* schema_examples = R"(Examples:
  kith schema travel.db
  kith schema travel.db person
  kith schema --svg mariadb://reader@localhost/shop > shop.svg)";

constexpr const char* fetch_examples = R"(Examples:
  kith fetch travel.db person --limit 5 --format table
  kith fetch travel.db person --filter lastname__iexact=zhang --prefetch visitation__province
  kith fetch travel.db person --prefetch 'visitation{name__icontains=wu; order_by=-name; limit=3; to_attr=wu_city}'
  kith fetch travel.db city --select-related province --order-by -name --fields id,name --format jsonl
  kith fetch travel.db person --prefetch visitation --stream 2000 --format jsonl > people.jsonl
  kith fetch travel.db person --prefetch visitation__province --explain
  kith fetch travel.db person --prefetch visitation__province --trace run.html > people.json

A condition is a path, a lookup and a value: name__icontains=wu, id__in=1,2,3, price__range=5,10, born__year=1990,
province__name=Hubei, province__isnull=true. The lookups are exact (the default), iexact, contains, icontains,
startswith, istartswith, endswith, iendswith, gt, gte, lt, lte, in, range, isnull, regex, iregex, year, month and day.
The braces of a prefetch contain conditions, excluding conditions after !, order_by=, limit= and offset= (for each
parent row), select_related=, distinct and to_attr=, separated by semicolons. A backslash escapes a semicolon or a comma.)";

constexpr const char* models_examples = R"(Examples:
  kith models travel.db > models.hpp
  kith models postgresql://reader@localhost/shop orders customer --namespace shop > shop.hpp

The header needs kith.hpp and a C++20 compiler. If tables are named, relations to other tables are left out.)";

constexpr const char* measure_examples = R"(Examples:
  kith measure travel.db person --prefetch visitation__province
  kith measure travel.db person --prefetch visitation --limit 5000 --chunk 500 --chunk 5000 --runs 9

Each way of loading is run once to warm up, then --runs times, or fewer if it takes long. Row by row, only a sample is
loaded, and its time is scaled up.)";

constexpr const char* exit_codes =
    R"(Exit codes: 0 success, 1 the database failed or contains something that cannot be read, 2 the command line is wrong or
asks for more than is allowed, 3 there are more rows than --max-rows, --max-related-rows or --max-bytes allow.)";

/// An option that may be given several times, with one value each time.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& about, const std::string& what) {
    return app.add_option(name, values, about)->allow_extra_args(false)->type_name(what);
}

void add_load_options(CLI::App& app, LoadArguments& load) {
    app.add_option("URL", load.url, "the database")->required();
    app.add_option("TABLE", load.table, "the table")->required();
    add_list(app, "--filter", load.filters, "only rows that fulfil the condition; several must all hold", "CONDITION");
    add_list(app, "--exclude", load.excludes, "only rows that do not fulfil the condition", "CONDITION");
    add_list(app, "--prefetch", load.prefetch, "load related rows, with one statement for each relation",
             "PATH[{...}]");
    add_list(app, "--select-related", load.select_related, "join the rows that foreign keys refer to", "PATHS");
    add_list(app, "--order-by", load.order_by, "the order of the rows; -name is descending", "PATHS");
    app.add_flag("--distinct", load.distinct,
                 "each row once, even if conditions across relations return it several times");
    app.add_option("--limit", load.limit, "maximum number of rows")->check(CLI::NonNegativeNumber)->type_name("N");
    app.add_option("--offset", load.offset, "number of rows to skip")->check(CLI::NonNegativeNumber)->type_name("N");
    app.add_option("--max-depth", load.caps.depth, "maximum number of relations in a path")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->type_name("N");
    app.add_option("--max-joins", load.caps.joins, "maximum number of tables that a statement joins")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->type_name("N");
    app.add_option("--max-terms", load.caps.terms, "maximum number of conditions, orders and lookups")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->type_name("N");
}

using Run = std::function<int()>;

void add_schema(CLI::App& app, SchemaArguments& schema, Run& run) {
    auto& command = *app.add_subcommand("schema", "Show tables, columns, and relations in both directions");
    command.add_option("URL", schema.url, "the database")->required();
    command.add_option("TABLE", schema.table, "only this table; in a picture, with its neighbours");
    auto* json = command.add_flag("--json", schema.json, "as JSON");
    auto* dot = command.add_flag("--dot", schema.dot, "as a graph for Graphviz");
    auto* svg = command.add_flag("--svg", schema.svg, "as a picture");
    json->excludes(dot)->excludes(svg);
    dot->excludes(svg);
    command.footer(schema_examples);
    command.callback([&] { run = [&] { return print_schema(schema); }; });
}

void add_fetch(CLI::App& app, FetchArguments& fetch, Run& run) {
    auto& command = *app.add_subcommand("fetch", "Load rows with their related rows, and print them nested");
    add_load_options(command, fetch);
    add_list(command, "--fields", fetch.fields, "columns of the table to load and show", "COLUMNS");
    command.add_option("--format", fetch.format, "json, jsonl, table or tree")
        ->capture_default_str()
        ->check(CLI::IsMember({"json", "jsonl", "table", "tree"}))
        ->type_name("FORMAT");
    command.add_option("--stream", fetch.stream, "load N rows at a time, so that memory stays bounded")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    auto* explain =
        command.add_flag("--explain", fetch.explain, "show the statements that would run, without running them");
    auto* trace = command.add_option("--trace", fetch.trace, "write an HTML page that shows the statements that ran")
                      ->type_name("FILE.html");
    explain->excludes(trace);
    command.add_flag("--redact", fetch.redact, "leave the values of parameters out of that page")->needs(trace);
    auto* rows = command
                     .add_option("--max-rows", fetch.caps.rows,
                                 "maximum number of rows of the table; streams are unlimited by default")
                     ->check(CLI::NonNegativeNumber)
                     ->capture_default_str()
                     ->type_name("N");
    auto* related = command
                        .add_option("--max-related-rows", fetch.caps.related_rows,
                                    "maximum number of rows that the lookups load; streams are unlimited by default")
                        ->check(CLI::PositiveNumber)
                        ->capture_default_str()
                        ->type_name("N");
    auto* bytes = command
                      .add_option("--max-bytes", fetch.caps.bytes,
                                  "maximum size of the values that are loaded; streams are unlimited by default")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str()
                      ->type_name("N");
    command.add_option("--max-seconds", fetch.caps.seconds, "maximum time of the load; unlimited by default")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command.footer(fetch_examples);
    command.callback([&, rows, related, bytes] {
        fetch.rows_given = rows->count() > 0;
        fetch.related_rows_given = related->count() > 0;
        fetch.bytes_given = bytes->count() > 0;
        run = [&] { return kith::cli::fetch(fetch); };
    });
}

void add_models(CLI::App& app, ModelsArguments& models, Run& run) {
    auto& command = *app.add_subcommand("models", "Write a C++ header of models for the tables");
    command.add_option("URL", models.url, "the database")->required();
    command.add_option("TABLE", models.tables, "the tables; all by default");
    command.add_option("--namespace", models.space, "the namespace of the models")
        ->capture_default_str()
        ->type_name("NAME");
    command.footer(models_examples);
    command.callback([&] { run = [&] { return write_models(models); }; });
}

void add_measure(CLI::App& app, MeasureArguments& measure, Run& run) {
    auto& command = *app.add_subcommand("measure", "Compare ways to load relations, on your own data");
    add_load_options(command, measure);
    command.add_option("--runs", measure.runs, "how often each way is timed")
        ->capture_default_str()
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command.add_option("--sample", measure.sample, "number of rows to load row by row; 0 for none")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->type_name("N");
    command.add_option("--chunk", measure.chunks, "a chunk size to try; may be given several times")
        ->allow_extra_args(false)
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command.footer(measure_examples);
    command.callback([&] { run = [&] { return kith::cli::measure(measure); }; });
}

int complain(const char* what, int code) {
    std::fputs(fmt::format("kith: {}\n", printable_lines(what)).c_str(), stderr);
    return code;
}

int run_safely(const Run& run) {
    try {
        return run();
    } catch (const UsageError& e) {
        return complain(e.what(), exit_usage);
    } catch (const kith::ValueError& e) {
        return complain(e.what(), exit_usage);
    } catch (const std::exception& e) {
        return complain(e.what(), exit_failed);
    }
}

int parse_and_run(int argc, char** argv) {
    CLI::App app("Loads object graphs from any SQLite, PostgreSQL or MariaDB database.", "kith");
    app.set_version_flag("--version", "kith " KITH_VERSION);
    app.require_subcommand(1);
    app.footer(std::string(urls) + "\n\n" + exit_codes + "\n\nSee kith COMMAND --help for the options.");
    SchemaArguments schema;
    FetchArguments fetch;
    Run run;
    add_schema(app, schema, run);
    add_fetch(app, fetch, run);
    ModelsArguments models;
    MeasureArguments measure;
    add_models(app, models, run);
    add_measure(app, measure, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = app.exit(e, out, err);
        std::fputs(printable_lines(out.str()).c_str(), stdout);
        std::fputs(printable_lines(err.str()).c_str(), stderr);
        return code == 0 ? exit_good : exit_usage;
    }
    return run_safely(run);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& e) {
        return complain(e.what(), exit_failed);
    }
}
