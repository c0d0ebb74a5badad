// EXPECT-GCC: the_lookup_names_no_member_of(std::string_view) [with Model = Product; Text<...auto...> ...Members = {kith::detail::Text<9>{"id, price"}}
// EXPECT-CLANG: the_lookup_names_no_member_of<Product, detail::Text<9>{"id, price"}>
// EXPECT: "prise"
#include <kith/kith.hpp>

struct Product {
    kith::PrimaryKey<> id{};
    kith::Decimal price{};

    kith::Faults<Product> validate() const { return {"prise", "must not be negative"}; }
};
