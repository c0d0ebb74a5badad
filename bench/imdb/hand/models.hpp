#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Structs with the members that the variant with Kith loads.
namespace bench::imdb {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

struct User {
    std::int32_t id;
    std::string name;
    std::string image;
};

struct Person {
    std::int32_t id;
    std::string first_name;
    std::string middle_name;
    std::string last_name;
    std::string image;
};

/// A director or a member of the cast.
struct Credit {
    std::int32_t id;
    std::optional<std::int32_t> list_order;
    Person person;
};

struct Movie {
    std::int32_t id;
    std::string image;
    std::string title;
    std::int32_t year;
    std::optional<double> avg_rating;
};

struct Review {
    std::int32_t id;
    std::string body;
    std::int32_t rating;
    Time creation_time;
};

struct ReviewOfMovie : Review {
    User author;
};

struct ReviewByUser : Review {
    Movie movie;
};

/// What the queries return.
struct MoviePage {
    Movie movie;
    std::string description;
    std::vector<Credit> directors;
    std::vector<Credit> cast;
    std::vector<ReviewOfMovie> reviews;
};

struct UserPage {
    User user;
    std::vector<ReviewByUser> latest_reviews;
};

struct PersonPage {
    Person person;
    std::string bio;
    std::vector<Movie> acted_in;
    std::vector<Movie> directed;
};

struct InsertedMovie {
    Movie movie;
    std::string description;
    std::vector<Person> directors;
    std::vector<Person> cast;
};

} // namespace bench::imdb
