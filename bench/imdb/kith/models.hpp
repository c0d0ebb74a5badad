#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// The models for the tables of schema.sql.
namespace bench::imdb {

struct CastMember;
struct Director;
struct Movie;
struct Review;

struct User {
    kith::PrimaryKey<std::int32_t> id{};
    std::string name{};
    std::string image{};
    kith::ReverseSet<Review, "author"> reviews{};
    kith::PrefetchedSet<Review> latest_reviews{};

    static constexpr kith::Table table{.name = "users"};
};

struct Person {
    kith::PrimaryKey<std::int32_t> id{};
    std::string first_name{};
    std::string middle_name{};
    std::string last_name{};
    std::string image{};
    kith::Lazy<std::string> bio{};
    kith::ReverseSet<Movie, "actors"> acted_in{};
    kith::ReverseSet<Movie, "directed_by"> directed{};

    static constexpr kith::Table table{.name = "persons"};
};

struct Movie {
    kith::PrimaryKey<std::int32_t> id{};
    std::string image{};
    std::string title{};
    std::int32_t year{};
    kith::Lazy<std::string> description{};
    kith::ManyToMany<Person, kith::through<Director, "movie", "person">> directed_by{};
    kith::ManyToMany<Person, kith::through<CastMember, "movie", "person">> actors{};
    kith::ReverseSet<Director, "movie"> directors{};
    kith::ReverseSet<CastMember, "movie"> cast{};
    kith::ReverseSet<Review, "movie"> reviews{};
    kith::Annotation<std::optional<double>> avg_rating{};

    static constexpr kith::Table table{.name = "movies"};
};

struct Director {
    kith::PrimaryKey<std::int32_t> id{};
    std::optional<std::int32_t> list_order{};
    kith::ForeignKey<Person> person{};
    kith::ForeignKey<Movie> movie{};

    static constexpr kith::Table table{.name = "directors"};
};

struct CastMember {
    kith::PrimaryKey<std::int32_t> id{};
    std::optional<std::int32_t> list_order{};
    kith::ForeignKey<Person> person{};
    kith::ForeignKey<Movie> movie{};

    static constexpr kith::Table table{.name = "actors"};
};

struct Review {
    kith::PrimaryKey<std::int32_t> id{};
    std::string body{};
    std::int32_t rating{};
    kith::Timestamp creation_time{};
    kith::ForeignKey<User> author{};
    kith::ForeignKey<Movie> movie{};

    static constexpr kith::Table table{.name = "reviews"};
};

} // namespace bench::imdb
