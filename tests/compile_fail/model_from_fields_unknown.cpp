// EXPECT-GCC: {"kith: Ticket::seat leads to Seat by kith::from_fields, which has to name columns of Ticket with the types of that primary key (row, number), in its order"}
// EXPECT-CLANG: {"kith: Ticket::seat leads to "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
};
struct Ticket {
    kith::PrimaryKey<> id{};
    std::int32_t seat_row{};
    std::int32_t seat_number{};
    kith::ForeignKey<Seat, kith::from_fields<"seat_row", "seat_no">> seat{};
};

void use(const kith::Database& db) { db.objects<Ticket>(); }
