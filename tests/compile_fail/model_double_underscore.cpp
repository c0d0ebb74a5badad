// EXPECT-GCC: {"kith: A::full__name has a double underscore in its name, which separates the steps of a lookup: rename the member"}
// EXPECT-CLANG: {"kith: A::full__name has a "}
// EXPECT-CLANG: {"double underscore in its name, "}
// EXPECT-CLANG: {"which separates the steps of a "}
// EXPECT-CLANG: {"lookup: rename the member"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    std::string full__name{};
};

void use(const kith::Database& db) { db.objects<A>(); }
