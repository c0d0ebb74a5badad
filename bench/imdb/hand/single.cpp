#include "imdb/hand/single.hpp"

#include "imdb/hand/records.hpp"

#include <stdexcept>
#include <vector>

namespace bench::imdb {

namespace {

// Members are initialized in their order, which is that of the fields.

Person next_person(Records& records) {
    return {.id = records.integer(),
            .first_name = records.text(),
            .middle_name = records.text(),
            .last_name = records.text(),
            .image = records.text()};
}

Movie next_movie(Records& records) {
    return {.id = records.integer(),
            .image = records.text(),
            .title = records.text(),
            .year = records.integer(),
            .avg_rating = records.optional_double()};
}

Review next_review(Records& records) {
    return {
        .id = records.integer(), .body = records.text(), .rating = records.integer(), .creation_time = records.time()};
}

/// All rows of a cell, each made by `make`.
template <class T, class Make>
std::vector<T> all(std::string_view cell, Make make) {
    Records records(cell);
    std::vector<T> rows;
    rows.reserve(records.size());
    while (records.next()) rows.push_back(make(records));
    return rows;
}

Credit next_credit(Records& records) {
    return {.id = records.integer(), .list_order = records.optional_integer(), .person = next_person(records)};
}

} // namespace

Rows SingleLoad::rows(std::int32_t id) {
    connection_.send(statement_, {id});
    connection_.flush();
    auto rows = connection_.take();
    connection_.done();
    if (rows.size() != 1) throw std::runtime_error("there is no such row");
    return rows;
}

MovieSingle::MovieSingle(const std::string& url)
    : SingleLoad(url, "SELECT m.id, m.image, m.title, m.year, "
                      "(SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id), m.description, "
                      "ARRAY(SELECT (d.id, d.list_order, p.id, p.first_name, p.middle_name, p.last_name, p.image) "
                      "FROM directors d JOIN persons p ON p.id = d.person_id WHERE d.movie_id = m.id "
                      "ORDER BY d.list_order, p.last_name), "
                      "ARRAY(SELECT (a.id, a.list_order, p.id, p.first_name, p.middle_name, p.last_name, p.image) "
                      "FROM actors a JOIN persons p ON p.id = a.person_id WHERE a.movie_id = m.id "
                      "ORDER BY a.list_order, p.last_name), "
                      "ARRAY(SELECT (r.id, r.body, r.rating, r.creation_time, u.id, u.name, u.image) "
                      "FROM reviews r JOIN users u ON u.id = r.author_id WHERE r.movie_id = m.id "
                      "ORDER BY r.creation_time DESC) FROM movies m WHERE m.id = $1") {}

MoviePage MovieSingle::load(std::int32_t id) {
    const auto row = rows(id);
    return {.movie = {.id = row.integer(0, 0),
                      .image = row.text(0, 1),
                      .title = row.text(0, 2),
                      .year = row.integer(0, 3),
                      .avg_rating = row.optional_double(0, 4)},
            .description = row.text(0, 5),
            .directors = all<Credit>(row.cell(0, 6), next_credit),
            .cast = all<Credit>(row.cell(0, 7), next_credit),
            .reviews = all<ReviewOfMovie>(row.cell(0, 8), [](Records& records) {
                return ReviewOfMovie{
                    next_review(records),
                    {.id = records.integer(), .name = records.text(), .image = records.text()},
                };
            })};
}

UserSingle::UserSingle(const std::string& url)
    : SingleLoad(url, "SELECT u.id, u.name, u.image, ARRAY(SELECT (r.id, r.body, r.rating, r.creation_time, m.id, "
                      "m.image, m.title, m.year, (SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id)) "
                      "FROM (SELECT * FROM reviews WHERE author_id = u.id ORDER BY creation_time DESC LIMIT 10) r "
                      "JOIN movies m ON m.id = r.movie_id ORDER BY r.creation_time DESC) FROM users u "
                      "WHERE u.id = $1") {}

UserPage UserSingle::load(std::int32_t id) {
    const auto row = rows(id);
    return {.user = {.id = row.integer(0, 0), .name = row.text(0, 1), .image = row.text(0, 2)},
            .latest_reviews = all<ReviewByUser>(row.cell(0, 3), [](Records& records) {
                return ReviewByUser{next_review(records), next_movie(records)};
            })};
}

PersonSingle::PersonSingle(const std::string& url)
    : SingleLoad(url, "SELECT p.id, p.first_name, p.middle_name, p.last_name, p.image, p.bio, "
                      "ARRAY(SELECT (m.id, m.image, m.title, m.year, "
                      "(SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id)) "
                      "FROM actors a JOIN movies m ON m.id = a.movie_id WHERE a.person_id = p.id "
                      "ORDER BY m.year, m.title), ARRAY(SELECT (m.id, m.image, m.title, m.year, "
                      "(SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id)) "
                      "FROM directors d JOIN movies m ON m.id = d.movie_id WHERE d.person_id = p.id "
                      "ORDER BY m.year, m.title) FROM persons p WHERE p.id = $1") {}

PersonPage PersonSingle::load(std::int32_t id) {
    const auto row = rows(id);
    return {.person = {.id = row.integer(0, 0),
                       .first_name = row.text(0, 1),
                       .middle_name = row.text(0, 2),
                       .last_name = row.text(0, 3),
                       .image = row.text(0, 4)},
            .bio = row.text(0, 5),
            .acted_in = all<Movie>(row.cell(0, 6), next_movie),
            .directed = all<Movie>(row.cell(0, 7), next_movie)};
}

} // namespace bench::imdb
