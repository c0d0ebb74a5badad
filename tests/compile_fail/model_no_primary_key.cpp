// EXPECT-GCC: {"kith: A has no primary key: add kith::PrimaryKey<> id{}; to it, or say .read_only = true in its kith::Table"}
// EXPECT-CLANG: {"kith: A has no primary key: add "}
// EXPECT-CLANG: {"kith::PrimaryKey<> id{}; to it, "}
// EXPECT-CLANG: {"or say .read_only = true in its "}
// EXPECT-CLANG: {"kith::Table"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    std::string name{};
};

void use(const kith::Database& db) { db.objects<A>(); }
