// EXPECT-GCC: {"kith: Ticket::seat consists of members that are no std::optional, so that a Ticket cannot be taken out of this set: delete the row, or add it to another set"}
// EXPECT-CLANG: {"kith: Ticket::seat consists of "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Ticket;
struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
    kith::ReverseSet<Ticket, "seat"> tickets{};
};
struct Ticket {
    kith::PrimaryKey<> id{};
    std::int32_t seat_row{};
    std::int32_t seat_number{};
    kith::ForeignKey<Seat, kith::from_fields<"seat_row", "seat_number">> seat{};
};

void use(const kith::Database& db) { db.objects<Seat>()[0]->tickets.clear(); }
