// EXPECT-GCC: {"kith: Ticket::seat refers to Seat, whose primary key has several columns (row, number): declare a member for each of them and name those in kith::from_fields"}
// EXPECT-CLANG: {"kith: Ticket::seat refers to "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
};
struct Ticket {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Seat> seat{};
};

void use(const kith::Database& db) { db.objects<Ticket>(); }
