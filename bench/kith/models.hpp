#pragma once

#include "common/cases.hpp"
#include "common/measure.hpp"

#include <kith/kith.hpp>

#include <cstddef>
#include <string>

/// The travel models, and what the workloads share. Uses only the public API: no header of src/.
namespace bench {

struct City;

struct Province {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<City, "province"> city_set{};
};

struct City {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Province> province{};
};

struct Person {
    kith::PrimaryKey<> id{};
    std::string firstname{};
    std::string lastname{};
    kith::ForeignKey<City, kith::null> hometown{};
    kith::ForeignKey<City, kith::null> living{};
    kith::ManyToMany<City> visitation{};
};

/// An SQLite file is given by its path, a database on a server by its URL.
inline kith::Database connect(const std::string& database) {
    return kith::connect(database.find("://") == std::string::npos ? "sqlite:" + database : database);
}

/// Opens the database: it is connected and the models are set up before anything is measured.
inline kith::Database open(const std::string& database) {
    using namespace kith::literals;
    auto db = connect(database);
    (void)db.objects<Person>().filter("hometown__province"_f = 0).exists();
    return db;
}

/// Counts the statements of `work`, outside of the measurement, because observing costs time.
template <class Work>
std::size_t count_statements(const kith::Database& db, Work&& work) {
    std::size_t count = 0;
    const auto token = db.on_query([&](const kith::QueryEvent&) { ++count; });
    work();
    return count;
}

// The workloads, each in the file of its group.
void forward_key(Run& run);
void reverse_key(Run& run);
void many_to_many(Run& run);
void two_levels(Run& run);
void streaming(Run& run);
void select_related(Run& run);
void plain(Run& run);
void small_loads(Run& run);
void single_loads(Run& run);
void bulk_create(Run& run);
void keys_10k(Run& run);
void keys_100k(Run& run);
void keys_1m(Run& run);
void set_links(Run& run);
void save_rows(Run& run);

} // namespace bench
