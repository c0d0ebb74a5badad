// EXPECT: kith: this text is no literal, so it cannot be checked: wrap it in kith::runtime(text)
#include "models.hpp"

void use(const kith::Database& db) {
    const std::string lookup = "visitation";
    db.objects<Person>().prefetch_related(lookup);
}
