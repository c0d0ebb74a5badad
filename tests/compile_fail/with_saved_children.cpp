// EXPECT-GCC: {"kith: Province::city_set takes new rows of City, but this is a row of City: add saved rows with add()"}
// EXPECT-CLANG: {"kith: Province::city_set takes "}
// EXPECT-CLANG: {"new rows of City, but this is a "}
// EXPECT-CLANG: {"row of City: add saved rows "}
#include "models.hpp"

void use(const kith::Database& db, const kith::Ref<City>& wuhan) {
    db.objects<Province>().create({.name = "x"}, kith::with("city_set"_f, {wuhan}));
}
