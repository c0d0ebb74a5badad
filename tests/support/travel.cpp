#include "support/travel.hpp"

namespace travel {

void fill(const kith::Database& db) {
    db.create_tables<Province, City, Person>();
    const auto hubei = db.objects<Province>().create({.name = "Hubei Province"});
    const auto guangdong = db.objects<Province>().create({.name = "Guangdong Province"});
    const auto wuhan = db.objects<City>().create({.name = "Wuhan City", .province = hubei});
    const auto guangzhou = db.objects<City>().create({.name = "Guangzhou City", .province = guangdong});
    const auto shiyan = db.objects<City>().create({.name = "Shiyan City", .province = hubei});
    const auto person = [&](const char* first, const char* last, const kith::Ref<City>& home,
                            const kith::Ref<City>& living) {
        return db.objects<Person>().create({.firstname = first, .lastname = last, .hometown = home, .living = living});
    };
    person("San", "Zhang", shiyan, wuhan)->visitation.add(wuhan, guangzhou, shiyan);
    person("Si", "Li", guangzhou, guangzhou)->visitation.add(wuhan);
    person("Wu", "Wang", wuhan, shiyan)->visitation.add(guangzhou);
    person("Si", "Zhang", guangzhou, nullptr);
}

FileTest::FileTest() : db_(kith::connect(folder_.url())) {}
FileTest::~FileTest() = default;

TravelTest::TravelTest() {
    fill(db_);
    log_.clear();
}
TravelTest::~TravelTest() = default;

} // namespace travel
