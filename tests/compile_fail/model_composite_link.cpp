// EXPECT-GCC: {"kith: Guest::seats is a kith::ManyToMany, whose two ends need a primary key of one column: declare a model for the links, with a kith::ForeignKey to each end"}
// EXPECT-CLANG: {"kith: Guest::seats is a "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Seat {
    kith::Field<std::int32_t, kith::primary_key> row{};
    kith::Field<std::int32_t, kith::primary_key> number{};
};
struct Guest {
    kith::PrimaryKey<> id{};
    kith::ManyToMany<Seat> seats{};
};

void use(const kith::Database& db) { db.objects<Guest>(); }
