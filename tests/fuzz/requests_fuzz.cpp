#include "fuzz/fuzz.hpp"
#include "support/travel.hpp"

#include <kith/filters.hpp>
#include <kith/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a service passes on from its clients: JSON, conditions, orders and lookups by lists of names, and tokens of
/// pages. The first letter of an input says which.

using namespace fuzz;
using namespace kith::literals;
using namespace travel;

namespace {

enum class Colour : std::uint8_t { red, green };

/// A column of each type.
struct Everything {
    kith::PrimaryKey<> id{};
    bool flag{};
    std::int8_t tiny{};
    std::int64_t large{};
    std::uint64_t unsigned_large{};
    float single{};
    double real{};
    std::string text{};
    std::vector<std::byte> bytes{};
    kith::Date day{};
    kith::Timestamp moment{};
    kith::LocalTimestamp local{};
    kith::Uuid uuid{};
    kith::Decimal price{};
    kith::Json document{};
    Colour colour{};
    std::optional<std::string> note{};
};

struct Travel {
    kith::Database db{kith::connect("sqlite::memory:")};
    kith::QueryLog log{db};
    std::size_t number_of_people{0};

    Travel() {
        fill(db);
        number_of_people = people().size();
    }
    kith::QuerySet<Person> people() const { return db.objects<Person>(); }
};

void read_json(const std::string& text) {
    const auto row = kith::from_json<Everything>(text);
    const auto written = kith::to_json(row);
    require(kith::to_json(kith::from_json<Everything>(written)) == written, "what is written reads back the same");
}

void read_list(const std::string& text) {
    const auto rows = kith::from_json<std::vector<Everything>>(text);
    require(rows.size() <= text.size(), "each row is in the text");
}

void filter(const Travel& travel, Input input) {
    const kith::Filters<Person> allowed{"id",
                                        "id__in",
                                        "id__range",
                                        "lastname__contains",
                                        "hometown__isnull",
                                        "visitation__name__istartswith",
                                        "hometown__province__name__gte"};
    std::vector<std::pair<std::string, std::string>> texts;
    while (!input.empty() && texts.size() < 8) {
        auto name = input.take_until('=');
        texts.emplace_back(std::move(name), input.take_until('\n'));
    }
    const auto found = allowed.apply(travel.people(), texts);
    require(found.size() == static_cast<std::size_t>(found.count()), "as many rows are loaded as are counted");
}

void order_and_include(const Travel& travel, Input input) {
    const kith::Orders<Person> orders{"id", "lastname", "hometown__name"};
    const kith::Includes<Person> includes{"hometown", "visitation", "visitation__province", "hometown__province"};
    const auto order = input.take_until('\n');
    const auto rows = includes.apply(orders.apply(travel.people(), order), input.take_rest());
    require(rows.size() == travel.number_of_people && travel.log.size() <= 5, "neither changes which rows there are");
}

void turn_page(const Travel& travel, Input input) {
    const auto people = travel.people().order_by("-lastname", "id");
    const auto size = 1 + input.take_byte() % 4;
    const auto direction = input.take_byte();
    const auto token = input.take_rest();
    const auto page =
        direction % 2 == 0 ? people.page({.size = size, .after = token}) : people.page({.size = size, .before = token});
    require(page.size() <= size && travel.log.size() <= 1, "a page is one statement");
    for (const auto& next : {page.next(), page.previous()}) {
        if (!next.empty()) (void)people.page({.size = size, .after = next}).size();
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Travel travel;
    travel.log.clear();
    Input input(data, size);
    const auto kind = input.take_byte();
    (void)answered([&] {
        switch (kind) {
        case 'j': return read_json(input.take_rest());
        case 'l': return read_list(input.take_rest());
        case 'f': return filter(travel, input);
        case 'o': return order_and_include(travel, input);
        default: return turn_page(travel, input);
        }
    });
    return 0;
}
