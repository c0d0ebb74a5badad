// EXPECT-GCC: {"kith: Order::lines has no value of its own: name a member of it (in `orders__lines`)"}
// EXPECT-CLANG: {"kith: Order::lines has no value "}
// EXPECT-CLANG: {"of its own: name a member of it "}
// EXPECT-CLANG: {"(in `orders__lines`)"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Order;
struct Line;
struct Customer {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Order, "customer"> orders{};
    kith::Annotation<std::int64_t> count{};
};
struct Order {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Customer> customer{};
    kith::ReverseSet<Line, "order"> lines{};
};
struct Line {
    kith::ForeignKey<Order, kith::primary_key> order{};
    kith::Field<std::int32_t, kith::primary_key> number{};
};

void use(const kith::Database& db) {
    (void)db.objects<Customer>().annotate("count"_f = kith::Count("orders__lines__number"_f)); // this is right
    (void)db.objects<Customer>().annotate("count"_f = kith::Count("orders__lines"_f));
}
