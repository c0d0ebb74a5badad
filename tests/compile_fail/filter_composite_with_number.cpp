// EXPECT-GCC: {"kith: Ticket::seat is a relation to Seat; `seat` cannot be compared with an integer, only with a Seat, a kith::Ref<Seat>, nullptr or a key (a key of several columns)"}
// EXPECT-CLANG: {"kith: Ticket::seat is a "}
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
    kith::ForeignKey<Seat, kith::from_fields<"seat_row", "seat_number">> seat{};
};

void use(const kith::Database& db) { (void)db.objects<Ticket>().filter("seat"_f = 3); }
