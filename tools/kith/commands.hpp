#pragma once

#include "load.hpp"

#include <kith/error.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// The commands of the program, one function each. What they throw is printed at the end.
namespace kith::cli {

/// The exit codes of the program.
enum ExitCode : int {
    exit_good = 0,
    exit_failed = 1,   ///< the database refused or failed, or contains something that cannot be read
    exit_usage = 2,    ///< the command line names something that does not exist, or exceeds a limit
    exit_too_many = 3, ///< there are more rows than --max-rows, --max-related-rows or --max-bytes allow
};

/// The request is wrong, rather than the database.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct SchemaArguments {
    std::string url{};
    std::string table{};
    bool json{false};
    bool dot{false};
    bool svg{false};
};
int print_schema(const SchemaArguments& arguments);

struct FetchArguments : LoadArguments {
    std::string format{"json"};
    std::optional<std::size_t> stream{};
    bool explain{false};
    std::string trace{};    ///< the file for the trace page; empty for none
    bool redact{false};     ///< the trace page omits the values of parameters
    bool rows_given{false}; ///< --max-rows was given, so it applies to streams too
    bool related_rows_given{false};
    bool bytes_given{false};
};
int fetch(const FetchArguments& arguments);

struct ModelsArguments {
    std::string url{};
    std::vector<std::string> tables{}; ///< all if empty
    std::string space{"models"};       ///< the namespace
};
int write_models(const ModelsArguments& arguments);

struct MeasureArguments : LoadArguments {
    std::size_t runs{5};
    std::size_t sample{200}; ///< number of rows to load row by row
    std::vector<std::size_t> chunks{100, 1000, 10000};
};
int measure(const MeasureArguments& arguments);

/// Runs `look`, and rethrows its errors, which the command line has caused, as a UsageError with the engine's text.
template <class F>
auto as_usage(F&& look) {
    try {
        return look();
    } catch (const FieldError& e) {
        throw UsageError(e.what());
    } catch (const ValueError& e) {
        throw UsageError(e.what());
    }
}

} // namespace kith::cli
