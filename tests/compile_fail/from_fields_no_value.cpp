// EXPECT-GCC: the_lookup_needs_a_column_but_names_a_set_of
// EXPECT-CLANG: the_lookup_needs_a_column_but_names_a_set_of
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

void use(const kith::Database& db) { (void)db.objects<Ticket>().order_by("seat"); }
