#include "soak/tally.hpp"

#include <fmt/format.h>

#include <string_view>

namespace soak {

End end_of(const kith::Error& error) noexcept {
    if (error.sqlstate() == "08007") return End::in_doubt;
    if (dynamic_cast<const kith::DeadlineExceeded*>(&error) != nullptr) return End::deadline;
    if (dynamic_cast<const kith::Cancelled*>(&error) != nullptr) return End::cancelled;
    if (dynamic_cast<const kith::LimitExceeded*>(&error) != nullptr) return End::limit;
    return error.is_transient() ? End::transient : End::done;
}

std::string Tally::text() const {
    static constexpr std::array<std::string_view, works> work_names{"writes",      "transfers",  "evaluations",
                                                                    "streams",     "lazy loads", "evaluate_together",
                                                                    "with limits", "with a log", "handles"};
    static constexpr std::array<std::string_view, ends> end_names{"done",  "deadlines", "cancelled",
                                                                  "limit", "transient", "in doubt"};
    std::string text;
    std::array<std::uint64_t, ends> sums{};
    for (std::size_t work = 0; work < works; ++work) {
        const auto& row = cells_.at(work);
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", row[0].load(), work_names.at(work));
        for (std::size_t end = 0; end < ends; ++end) sums.at(end) += row.at(end).load();
    }
    text += "; ended by:";
    for (std::size_t end = 1; end < ends; ++end) {
        text += fmt::format(" {} {}{}", sums.at(end), end_names.at(end), end + 1 < ends ? "," : "");
    }
    return text;
}

} // namespace soak
