// EXPECT-GCC: {"kith: Work::writer needs a key that is always loaded, which a kith::Lazy column is not: make it a kith::Field"}
// EXPECT-CLANG: {"kith: Work::writer needs a key "}
// EXPECT-CLANG: {"that is always loaded, which a "}
// EXPECT-CLANG: {"kith::Lazy column is not: make "}
// EXPECT-CLANG: {"it a kith::Field"}
#include "models.hpp"

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string> biography{};
    kith::ForeignKey<City> hometown{};
};
struct Work {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Writer, kith::to_field<"biography">> writer{};
};

void use(const kith::Database& db) { db.objects<Work>().count(); }
