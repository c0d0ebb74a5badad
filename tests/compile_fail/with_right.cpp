// EXPECT-OK
#include "models.hpp"

void use(const kith::Database& db, const std::vector<City>& cities, const City* wuhan) {
    db.objects<Person>().create({.name = "x"}, kith::with("visitation"_f, cities));
    db.objects<Person>().create({.name = "x"}, kith::with("visitation"_f, {wuhan}));
    db.objects<Province>().create({.name = "x"}, kith::with("city_set"_f, cities));
    db.objects<City>().create({.name = "x"}, kith::with("visitors"_f, db.objects<Person>().filter("age"_f = 3)));
}
