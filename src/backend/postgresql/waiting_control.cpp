#include "backend/postgresql/waiting_control.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace kith::backend::postgresql {

namespace {

constexpr std::string_view opens = "SAVEPOINT ";
constexpr std::string_view keeps = "RELEASE SAVEPOINT ";
constexpr std::string_view undoes = "ROLLBACK TO SAVEPOINT ";

} // namespace

/// The SAVEPOINT of that name, if it waits.
WaitingControl::Position WaitingControl::savepoint(std::string_view name) {
    const auto latest_first = std::views::reverse(texts_);
    const auto found = std::ranges::find_if(latest_first, [&](const std::string& text) {
        return text.starts_with(opens) && std::string_view(text).substr(opens.size()) == name;
    });
    return found == latest_first.end() ? texts_.end() : std::prev(found.base());
}

bool WaitingControl::accept(std::string_view text, bool in_transaction) {
    if (!in_transaction) {
        if (!text.starts_with("BEGIN")) return false;
        texts_.clear();
        texts_.emplace_back(text);
        return true;
    }
    if (text.starts_with(opens)) {
        texts_.emplace_back(text);
        return true;
    }
    if (text.starts_with(keeps)) {
        const auto opened = savepoint(text.substr(keeps.size()));
        if (opened == texts_.end()) {
            texts_.emplace_back(text);
        } else {
            texts_.erase(opened, texts_.end()); // nothing ran in it
        }
        return true;
    }
    if (text.starts_with(undoes)) {
        const auto opened = savepoint(text.substr(undoes.size()));
        const bool nothing_ran = opened != texts_.end();
        texts_.erase(nothing_ran ? std::next(opened) : texts_.begin(), texts_.end());
        return nothing_ran;
    }
    if (text == "COMMIT" || text == "ROLLBACK") {
        const bool nothing_ran = begins();
        texts_.clear();
        return nothing_ran;
    }
    return false;
}

} // namespace kith::backend::postgresql
