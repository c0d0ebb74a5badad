#include "commands.hpp"
#include "cpp_names.hpp"
#include "models_text.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace kith::cli {

int write_models(const ModelsArguments& arguments) {
    const bool is_name = member_name(arguments.space) == arguments.space;
    if (!is_name) {
        throw UsageError(fmt::format(
            "--namespace {} is not a valid name: use letters, digits and single _ between them", arguments.space));
    }
    const auto schema = inspect::read_schema(open(arguments.url));
    std::vector<const inspect::Table*> tables;
    for (const auto& name : arguments.tables) {
        const auto* table = as_usage([&] { return &schema.table(name); });
        if (std::ranges::find(tables, table) == tables.end()) tables.push_back(table);
    }
    if (arguments.tables.empty()) {
        for (const auto& table : schema.tables) tables.push_back(&table);
    }
    Output out;
    out.add(models_header(tables, arguments.space));
    out.flush();
    return exit_good;
}

} // namespace kith::cli
