// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = Product; Text<...auto...> DidYouMean = kith::detail::Text<5>{"price"}; Text<...auto...> ...Members = {kith::detail::Text<9>{"id, price"}}
// EXPECT-CLANG: the_lookup_names_no_member_of<Product, detail::Text<5>{"price"}, detail::Text<9>{"id, price"}>
// EXPECT: "prise"
// EXPECT: kith: validate() of a model must be const and return kith::Faults of that model
#include <kith/kith.hpp>

struct Product {
    kith::PrimaryKey<> id{};
    kith::Decimal price{};

    kith::Faults<Product> validate() const { return {"prise", "must not be negative"}; }
};

struct Booking {
    kith::PrimaryKey<> id{};

    bool validate() const { return id > 0; }
};

void use(const kith::Database& db) { db.objects<Booking>(); }
