#include "backend/doubt.hpp"

#include <algorithm>
#include <string_view>

namespace kith::backend {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool same_letter(char a, char b) { return upper(a) == b; }

} // namespace

bool returns_what_it_wrote(const sql::Statement& statement) {
    constexpr std::string_view select = "SELECT";
    constexpr std::string_view returning = "RETURNING";
    const std::string_view text = statement.text;
    // Kith's own writes end with the clause; their values may be long.
    if (!statement.table.empty()) return !text.starts_with(select) && text.rfind(returning) != std::string_view::npos;
    if (std::ranges::equal(text.substr(0, select.size()), select, same_letter)) return false;
    return !std::ranges::search(text, returning, same_letter).empty();
}

std::string_view lost_remedy(Doubt doubt) {
    switch (doubt) {
    case Doubt::none: break;
    case Doubt::statement:
        return "The connection to the server was lost before its answer arrived: it is unknown whether the statement "
               "was executed. Check for its changes before you run it again";
    case Doubt::commit:
        return "The connection to the server was lost before it answered COMMIT: it is unknown whether the transaction "
               "was committed. Check for its changes before you run it again";
    }
    return "The connection to the server was lost: the work in progress is rolled back. Try again";
}

} // namespace kith::backend
