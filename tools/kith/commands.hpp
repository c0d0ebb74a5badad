#pragma once

#include "load.hpp"

#include <kith/error.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// What the program does, a function per command. Each throws what is to be said in the end.
namespace kith::cli {

/// What the program tells the shell.
enum ExitCode : int {
    exit_good = 0,
    exit_failed = 1,   ///< the database refused or failed, or holds what cannot be read
    exit_usage = 2,    ///< the command line asks for what does not exist, or for more than is allowed
    exit_too_many = 3, ///< there are more rows than --max-rows
};

/// Something is wrong with what was asked for, rather than with the database.
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
    std::string trace{};    ///< the file for a page of what ran; none where empty
    bool redact{false};     ///< that page is without the values of parameters
    bool rows_given{false}; ///< --max-rows was, so that it holds for streams as well
};
int fetch(const FetchArguments& arguments);

struct ModelsArguments {
    std::string url{};
    std::vector<std::string> tables{}; ///< all where empty
    std::string space{"models"};       ///< the namespace
};
int write_models(const ModelsArguments& arguments);

struct MeasureArguments : LoadArguments {
    std::size_t runs{5};
    std::size_t sample{200}; ///< rows that are loaded row by row
    std::vector<std::size_t> chunks{100, 1000, 10000};
};
int measure(const MeasureArguments& arguments);

/// What is wrong with the command line, in the words of the engine, as a UsageError.
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
