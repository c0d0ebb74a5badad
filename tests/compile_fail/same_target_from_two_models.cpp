// EXPECT-OK
#include "models.hpp"

// Reader and Person have the same foreign key to City, and City leads from the one to the other.
struct Reader {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<City> hometown{};
    kith::ManyToMany<City> visitation{};
};

void use(const kith::Database& db) { db.objects<Reader>().prefetch_related("hometown__visitors__hometown"); }
