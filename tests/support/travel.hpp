#pragma once

#include "support/test_database.hpp"

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

/// The models of the travel example, and a small data set whose rows the tests know by name.
namespace travel {

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
    kith::ReverseSet<Person, "hometown"> natives{};
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

    static constexpr kith::Table table{.name = "QSOptimize_person", .ordering = {"id"}};
};

/// Hubei with Wuhan and Shiyan, Guangdong with Guangzhou; four people: the first lives in Shiyan and has been
/// everywhere, the second and third have been in one city each, and the fourth has been nowhere.
inline void fill(const kith::Database& db) {
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

/// An empty database of its own.
class FileTest : public testing::Test {
protected:
    TemporaryFolder folder_;
    kith::Database db_ = kith::connect(folder_.url());
};

/// The travel data in a database of its own, with a log of its statements.
class TravelTest : public FileTest {
protected:
    TravelTest() {
        fill(db_);
        log_.clear();
    }

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    kith::QueryLog log_{db_};
};

} // namespace travel
