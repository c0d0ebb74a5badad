#pragma once

#include "support/test_database.hpp"

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <string>

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
void fill(const kith::Database& db);

/// An empty database of its own.
class FileTest : public testing::Test {
protected:
    FileTest();
    ~FileTest() override;

    TemporaryFolder folder_;
    kith::Database db_;
};

/// The travel data in a database of its own, with a log of its statements.
class TravelTest : public FileTest {
protected:
    TravelTest();
    ~TravelTest() override;

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    kith::QueryLog log_{db_};
};

} // namespace travel
