#include "backend/regex.hpp"
#include "fuzz/fuzz.hpp"

#include <string>

/// Patterns and texts of the lookups `regex` and `iregex` on SQLite: a match, none, or an error, within bounds.

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const bool ignore_case = input.take_byte() % 2 != 0;
    const auto pattern = input.take_until('\n');
    const auto text = input.take_rest();
    (void)fuzz::answered([&] {
        kith::backend::Regex regex(pattern, ignore_case);
        kith::backend::MatchSteps steps;
        (void)regex.search(text, steps, nullptr);
    });
    return 0;
}
