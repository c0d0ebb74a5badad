#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

/// Plain structs: SOCI reads columns into variables, and knows no relations.
namespace bench::peer {

struct City;

struct Province {
    long long id{0};
    std::string name;
    std::vector<City*> cities;
};

struct City {
    long long id{0};
    std::string name;
    long long province_id{0};
    Province* province{nullptr};
};

struct Person {
    long long id{0};
    std::string firstname;
    std::string lastname;
    long long hometown_id{0}; // 0 is NULL
    long long living_id{0};
    City* hometown{nullptr};
    std::vector<City*> visitation;
};

/// Rows with pointers to each other.
struct Graph {
    Graph() = default;
    Graph(Graph&&) = default; // The pointers stay valid: moving a vector does not move its elements.
    Graph& operator=(Graph&&) = default;

    std::vector<Person> people;
    std::vector<City> cities;
    std::vector<Province> provinces;
};

/// The ids of the rows to start from, from the first to the last.
struct Range {
    long long first;
    long long last;
};

std::vector<Person> load_people(soci::session& sql, Range range);
Graph load_hometowns(soci::session& sql, Range range);
Graph load_visits(soci::session& sql, Range range);
Graph load_visits_and_provinces(soci::session& sql, Range range);
Graph load_cities_of_provinces(soci::session& sql, Range range);
Graph load_joined(soci::session& sql);
void create_people(soci::session& sql, const std::vector<Person>& people);

} // namespace bench::peer
