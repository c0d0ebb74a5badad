#include "fuzz/fuzz.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// Paths and values known at run time, on the travel data in SQLite: lookups, conditions with all operators, orders and
/// aggregates. Each line of an input is one refinement: a letter, then its text.

using namespace fuzz;
using namespace kith::literals;
using namespace travel;

namespace {

constexpr std::size_t most_lines = 12;

struct Travel {
    kith::Database db{kith::connect("sqlite::memory:")};
    kith::QueryLog log{db};

    Travel() { fill(db); }
};

kith::Condition<> condition(const std::string& text) {
    const auto at = text.find('=');
    const auto path = kith::runtime(text.substr(0, at));
    if (at == std::string::npos) return path = true;
    const auto value = text.substr(at + 1);
    std::int64_t number = 0;
    const auto* const end = value.data() + value.size();
    if (std::from_chars(value.data(), end, number).ptr == end && !value.empty()) return path = number;
    if (value.starts_with('@') && value.size() > 1) return path = kith::runtime(value.substr(1));
    if (value == "NULL") return path = std::optional<std::int64_t>();
    return path = value;
}

kith::QuerySet<Person> refined(const kith::Database& db, const kith::QuerySet<Person>& people, char how,
                               const std::string& text) {
    switch (how) {
    case 'p': return people.prefetch_related(kith::runtime(text));
    case 's': return people.select_related(kith::runtime(text));
    case 'f': return people.filter(condition(text));
    case 'x': return people.exclude(condition(text));
    case 'o': return people.order_by(kith::runtime(text));
    case 'q':
        return people.prefetch_related(
            kith::Prefetch(kith::runtime(text), db.objects<City>().order_by("-name"), "wu_city"_f));
    case 'd': return people.distinct();
    case 'l': return people.slice(0, text.size());
    default: return people;
    }
}

void load(const Travel& travel, Input input) {
    auto people = travel.db.objects<Person>();
    std::size_t lookups = 0;
    bool is_ordered = false; // perhaps by a path: a row comes once for each row that the path leads to
    for (std::size_t line = 0; !input.empty() && line < most_lines; ++line) {
        const auto text = input.take_until('\n');
        if (text.empty()) continue;
        people = refined(travel.db, people, text.front(), text.substr(1));
        is_ordered = is_ordered || text.front() == 'o';
        lookups += text.front() == 'p' || text.front() == 'q' ? 1 + std::size_t(std::ranges::count(text, '_')) : 0;
    }
    const auto before = travel.log.size();
    const auto counted = static_cast<std::size_t>(people.count());
    require(is_ordered ? people.size() >= counted : people.size() == counted, "as many rows are loaded as are counted");
    require(travel.log.size() - before <= 2 + 2 * lookups, "statements are bounded by the relations, not by the rows");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Travel travel;
    travel.log.clear();
    (void)answered([&] { load(travel, Input(data, size)); });
    return 0;
}
