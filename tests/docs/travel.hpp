#pragma once

#include "temp_folder.hpp"

#include <kith/kith.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

/// The models and rows that most guides talk about.
namespace travel {

// [snippet models]
struct City;
struct Person;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
    kith::ReverseSet<Person, "visitation"> visitors{};
};

struct Person {
    kith::PrimaryKey<> id{};
    std::string firstname{};
    std::string lastname{};
    kith::ForeignKey<City> hometown{};
    kith::ForeignKey<City, kith::null, kith::on_delete<kith::OnDelete::set_null>> living{};
    kith::ManyToMany<City> visitation{};
    kith::PrefetchedSet<City> wu_city{};
    kith::PrefetchedSet<City> zhou_city{};

    static constexpr kith::Table table{.ordering = {"id"}};
};
// [/snippet]

inline void fill(const kith::Database& db) {
    db.create_tables<Province, City, Person>();
    const auto hubei = db.objects<Province>().create({.name = "Hubei"});
    const auto guangdong = db.objects<Province>().create({.name = "Guangdong"});
    const auto wuhan = db.objects<City>().create({.name = "Wuhan", .province = hubei});
    const auto guangzhou = db.objects<City>().create({.name = "Guangzhou", .province = guangdong});
    const auto shiyan = db.objects<City>().create({.name = "Shiyan", .province = hubei});
    const auto person = [&](const char* first, const char* last, const kith::Ref<City>& home,
                            const kith::Ref<City>& living) {
        return db.objects<Person>().create({.firstname = first, .lastname = last, .hometown = home, .living = living});
    };
    person("San", "Zhang", shiyan, wuhan)->visitation.add(wuhan, guangzhou, shiyan);
    person("Si", "Li", guangzhou, guangzhou)->visitation.add(wuhan);
    person("Wu", "Wang", wuhan, shiyan)->visitation.add(guangzhou);
    person("Si", "Zhang", guangzhou, nullptr);
}

/// Those rows in a file, and a log of the statements that run after they were stored.
class Travel : public testing::Test {
protected:
    Travel() {
        fill(db);
        log.clear();
    }

    std::string url(const std::string& file = "travel.db") const { return "sqlite:" + folder_.file(file); }

private:
    kith::test::TempFolder folder_;

protected:
    kith::Database db = kith::connect(url());
    kith::QueryLog log{db};
};

} // namespace travel
