// Uses the header that `kith models` wrote for foreign.sql: it was never looked at by a person.
#include "foreign.hpp"

#include <kith/kith.hpp>

#include <fmt/format.h>

using namespace kith::literals;
using namespace foreign;

int main(int, char** argv) {
    const auto db = kith::connect(argv[1]);

    const auto flights = db.objects<Flight>().order_by("id").prefetch_related("from", "to", "crew_set__boss");
    for (const Flight& flight : flights) {
        fmt::print("{} {}", flight.number, flight.from->code);
        if (flight.to) fmt::print("-{}", flight.to->code);
        for (const Crew& crew : flight.crew_set.all()) {
            fmt::print(" {}", crew.name);
            if (crew.boss) fmt::print("<{}", crew.boss->name);
        }
        fmt::print(" {} {}\n", bool{flight.full}, flight.table_value.value.value_or(-1));
    }
    for (const Crew& crew :
         db.objects<Crew>().order_by("id").prefetch_related("flights", "crew", "crew_set", "licence")) {
        fmt::print("{}: {} flights, {} friends, friend of {}, boss of {}, {}\n", crew.name, crew.flights.count(),
                   crew.crew.count(), crew.friendship_set_by_b.count(), crew.crew_set.count(),
                   crew.licence ? *crew.licence->grade : "no licence");
    }
    for (const Class& each : db.objects<Class>().order_by("id").prefetch_related("Order_Details_set", "unkeyed_set")) {
        fmt::print("{}: {} lines, {} unkeyed, {}\n", *each.full, each.Order_Details_set.count(),
                   each.unkeyed_set.count(), each.made.has_value());
    }
    const auto there = db.objects<Airport>().filter("flight_set_by_to_id__number"_f = "KI 1");
    fmt::print("{} from {}, {} departures\n", there[0].code, there[0].flight_set_by_to_id.all()[0]->from->code,
               db.objects<Departures>().count());

    for (const Seat& seat : db.objects<Seat>().order_by("place").prefetch_related("booking_set__seat")) {
        fmt::print("{}{}: {} bookings\n", seat.row.value, seat.place.value, seat.booking_set.count());
    }
    fmt::print("{} without a seat\n", db.objects<Booking>().filter("seat__isnull"_f = true).count());

    for (const Album& album : db.objects<Album>().order_by("Id").prefetch_related("Artist", "Liner_Notes__Album")) {
        fmt::print("{} by {}", album.Title.value.value(), album.Artist->Name);
        if (album.Liner_Notes) {
            const LinerNotes& notes = *album.Liner_Notes;
            fmt::print(": {} {} {} {} of {}", *notes.column.value, *notes.back.value, *notes.column_2.value,
                       *notes.EOF_value.value, notes.Album->Title.value.value());
        }
        fmt::print("\n");
    }

    // And writing.
    Flight flight{.number = "KI 3", .from = there[0], .full = true};
    db.save(flight);
    auto wang = db.objects<Crew>().get("name"_f = "Wang");
    db.objects<CrewFlights>().create({.crew = wang, .flight_no = flight});
    fmt::print("{} {}\n", db.objects<Crew>().filter("flights__number"_f = "KI 3").first()->name,
               db.objects<Flight>().get("number"_f = "KI 3")->full.value);
}
