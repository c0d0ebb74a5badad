// EXPECT-GCC: {"kith: Person has no member `nam` (in `nam`): did you mean `name`? It has id, name, active, age, born, hometown, mentor, visitation, wu_city, provinces, home"}
// EXPECT-CLANG: {"kith: Person has no member "}
// EXPECT-CLANG: {"`nam` (in `nam`): did you mean "}
// EXPECT-CLANG: {"`name`? It has id, name, "}
// EXPECT-CLANG: {"active, age, born, hometown, "}
// EXPECT-CLANG: {"mentor, visitation, wu_city, "}
// EXPECT-CLANG: {"provinces, home"}
// EXPECT-GCC: {"kith: Person::visitation is no column that can be written (in `visitation`)"}
// EXPECT-CLANG: {"kith: Person::visitation is no "}
// EXPECT-CLANG: {"column that can be written (in "}
// EXPECT-CLANG: {"`visitation`)"}
// EXPECT-GCC: {"kith: Person::id is no column that can be written (in `id`)"}
// EXPECT-CLANG: {"kith: Person::id is no column "}
// EXPECT-CLANG: {"that can be written (in `id`)"}
// EXPECT-GCC: {"kith: City::province can only be assigned by itself, without a lookup or a path behind it (in `province__name`)"}
// EXPECT-CLANG: {"kith: City::province can only "}
// EXPECT-CLANG: {"be assigned by itself, without "}
// EXPECT-CLANG: {"a lookup or a path behind it "}
// EXPECT-CLANG: {"(in `province__name`)"}
// EXPECT: kith: the name of a column is needed here, such as "title"_f
#include "models.hpp"

void use(const kith::Database& db, Person& person, const kith::Ref<City>& city) {
    db.save(person, "nam"_f);
    db.save(person, "visitation"_f);
    db.save(person, "name"_f, "id"_f);
    db.save(city, "province__name"_f, "name"_f, "name"_f);
    db.save(city, "name");
}
