#include "base/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace kith {

std::string base::with_faults(std::string beginning, const std::vector<Fault>& faults) {
    constexpr std::size_t most_shown = 10;
    const auto* separator = ": ";
    for (std::size_t i = 0; i < std::min(faults.size(), most_shown); ++i) {
        const auto& [member, reason] = faults[i];
        beginning += fmt::format("{}{}{}{}", separator, member, member.empty() ? "" : ": ", reason);
        separator = "; ";
    }
    if (faults.size() > most_shown) beginning += fmt::format("; and {} more", faults.size() - most_shown);
    return beginning;
}

ValidationError::ValidationError(const std::string& model, std::vector<Fault> faults, std::optional<std::size_t> row)
    : ValueError(base::with_faults(model + " is not valid", faults),
                 {.model = model, .lookup = faults.empty() ? "" : faults.front().member, .row = row}),
      faults_(std::move(faults)) {}

} // namespace kith
