#include "base/calendar.hpp"
#include "fuzz/fuzz.hpp"

#include <kith/types.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

/// Decimals, identifiers, dates and times from text: what was read is written as a text that reads as the same.

using namespace fuzz;

namespace {

/// The laws of arithmetic, for what has few enough digits.
void compute(const kith::Decimal& a, const kith::Decimal& b) {
    using kith::Decimal;
    using kith::Rounding;
    (void)answered([&] {
        require((a + b) - b == a && a + b == b + a, "a sum is exact");
        require(a - b == -(b - a), "a difference is exact");
        require(a * b == b * a && a * (b + a) == a * b + a * a, "a product is exact");
    });
    (void)answered([&] {
        const int digits = static_cast<int>((a.str().size() + b.str().size()) % 16) - 4;
        const auto low = a.divided_by(b, digits, Rounding::floor);
        const auto high = a.divided_by(b, digits, Rounding::ceiling);
        const auto sign = Decimal(b < Decimal(0) ? -1 : 1);
        require(sign * (low * b - a) <= Decimal(0) && sign * (high * b - a) >= Decimal(0), "a quotient is between");
        const auto nearest = a.divided_by(b, digits);
        require(nearest == low || nearest == high, "a quotient is rounded to a neighbour");
        const auto whole = a.rounded(digits, Rounding::down);
        require(whole == a.divided_by(Decimal(1), digits, Rounding::down), "rounding is a division");
    });
}

void read_decimals(Input input) {
    const auto first = input.take_until('\n');
    const auto second = input.take_rest();
    kith::Decimal a;
    kith::Decimal b;
    if (!answered([&] { a = kith::Decimal(first); })) return;
    require(kith::Decimal(a.str()) == a, "a decimal reads as it is written");
    (void)answered([&] { (void)a.to_double(); });
    if (!answered([&] { b = kith::Decimal(second); })) return;
    require((a < b) == (b > a) && (a == b) == (b == a), "decimals are ordered");
    require((a < b) + (a == b) + (a > b) == 1, "decimals are comparable");
    compute(a, b);
}

void read_uuid(Input input) {
    kith::Uuid uuid;
    const auto text = input.take_rest();
    if (answered([&] { uuid = kith::Uuid::parse(text); })) {
        require(kith::Uuid::parse(uuid.str()) == uuid, "a uuid reads as it is written");
    }
}

template <class Parse>
void read_time(Input input, const Parse& parse) {
    const auto time = parse(input.take_rest());
    std::string text;
    if (!time || !answered([&] { text = kith::calendar::format(*time); })) return;
    require(parse(text) == time, "a time reads as it is written");
    using Time = std::remove_cvref_t<decltype(*time)>;
    require(kith::from_iso8601<Time>(kith::to_iso8601(*time)) == *time, "a time reads as ISO 8601 writes it");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    switch (input.take_byte() % 5) {
    case 0: read_decimals(input); break;
    case 1: read_uuid(input); break;
    case 2: read_time(input, kith::calendar::parse_date); break;
    case 3: read_time(input, kith::calendar::parse_timestamp); break;
    default: read_time(input, kith::calendar::parse_local); break;
    }
    return 0;
}
