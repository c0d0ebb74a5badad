#include "imdb/hand/loads.hpp"

#include <stdexcept>

namespace bench::imdb {

namespace {

constexpr const char* begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

void require_one(const Rows& rows) {
    if (rows.size() != 1) throw std::runtime_error("there is no such row");
}

/// Five cells from `column` on.
Person person_at(const Rows& rows, int row, int column) {
    return {.id = rows.integer(row, column),
            .first_name = rows.text(row, column + 1),
            .middle_name = rows.text(row, column + 2),
            .last_name = rows.text(row, column + 3),
            .image = rows.text(row, column + 4)};
}

/// Five cells from `column` on.
Movie movie_at(const Rows& rows, int row, int column) {
    return {.id = rows.integer(row, column),
            .image = rows.text(row, column + 1),
            .title = rows.text(row, column + 2),
            .year = rows.integer(row, column + 3),
            .avg_rating = rows.optional_double(row, column + 4)};
}

/// Four cells from the first on.
Review review_at(const Rows& rows, int row) {
    return {.id = rows.integer(row, 0),
            .body = rows.text(row, 1),
            .rating = rows.integer(row, 2),
            .creation_time = rows.time(row, 3)};
}

std::vector<Credit> credits(const Rows& rows) {
    std::vector<Credit> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) {
        all.push_back({.id = rows.integer(row, 0),
                       .list_order = rows.optional_integer(row, 1),
                       .person = person_at(rows, row, 2)});
    }
    return all;
}

std::vector<Movie> movies(const Rows& rows) {
    std::vector<Movie> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) all.push_back(movie_at(rows, row, 0));
    return all;
}

} // namespace

// ---- get_movie

MovieLoad::MovieLoad(const std::string& url)
    : connection_(url),
      begin_(connection_.prepare(begin)),
      movie_(connection_.prepare(
          "SELECT id, image, title, year, (SELECT avg(rating)::float8 FROM reviews WHERE movie_id = movies.id), "
          "description FROM movies WHERE id = $1")),
      directors_(connection_.prepare(
          "SELECT d.id, d.list_order, p.id, p.first_name, p.middle_name, p.last_name, p.image FROM directors d "
          "JOIN persons p ON p.id = d.person_id WHERE d.movie_id = $1 ORDER BY d.list_order, p.last_name")),
      cast_(connection_.prepare(
          "SELECT a.id, a.list_order, p.id, p.first_name, p.middle_name, p.last_name, p.image FROM actors a "
          "JOIN persons p ON p.id = a.person_id WHERE a.movie_id = $1 ORDER BY a.list_order, p.last_name")),
      reviews_(connection_.prepare(
          "SELECT r.id, r.body, r.rating, r.creation_time, u.id, u.name, u.image FROM reviews r "
          "JOIN users u ON u.id = r.author_id WHERE r.movie_id = $1 ORDER BY r.creation_time DESC")),
      commit_(connection_.prepare("COMMIT")) {}

MoviePage MovieLoad::load(std::int32_t id) {
    connection_.send(begin_);
    for (const auto* statement : {&movie_, &directors_, &cast_, &reviews_}) connection_.send(*statement, {id});
    connection_.send(commit_);
    connection_.flush();

    (void)connection_.take();
    const auto movie = connection_.take();
    require_one(movie);
    MoviePage page{.movie = movie_at(movie, 0, 0),
                   .description = movie.text(0, 5),
                   .directors = credits(connection_.take()),
                   .cast = credits(connection_.take()),
                   .reviews = {}};
    const auto reviews = connection_.take();
    page.reviews.reserve(static_cast<std::size_t>(reviews.size()));
    for (int row = 0; row < reviews.size(); ++row) {
        page.reviews.push_back(
            {review_at(reviews, row),
             {.id = reviews.integer(row, 4), .name = reviews.text(row, 5), .image = reviews.text(row, 6)}});
    }
    (void)connection_.take();
    connection_.done();
    return page;
}

// ---- get_user

UserLoad::UserLoad(const std::string& url)
    : connection_(url),
      begin_(connection_.prepare(begin)),
      user_(connection_.prepare("SELECT id, name, image FROM users WHERE id = $1")),
      reviews_(connection_.prepare(
          "SELECT r.id, r.body, r.rating, r.creation_time, m.id, m.image, m.title, m.year, "
          "(SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id) FROM (SELECT * FROM reviews WHERE "
          "author_id = $1 ORDER BY creation_time DESC LIMIT 10) r JOIN movies m ON m.id = r.movie_id "
          "ORDER BY r.creation_time DESC")),
      commit_(connection_.prepare("COMMIT")) {}

UserPage UserLoad::load(std::int32_t id) {
    connection_.send(begin_);
    connection_.send(user_, {id});
    connection_.send(reviews_, {id});
    connection_.send(commit_);
    connection_.flush();

    (void)connection_.take();
    const auto user = connection_.take();
    require_one(user);
    UserPage page{.user = {.id = user.integer(0, 0), .name = user.text(0, 1), .image = user.text(0, 2)},
                  .latest_reviews = {}};
    const auto reviews = connection_.take();
    page.latest_reviews.reserve(static_cast<std::size_t>(reviews.size()));
    for (int row = 0; row < reviews.size(); ++row) {
        page.latest_reviews.push_back({review_at(reviews, row), movie_at(reviews, row, 4)});
    }
    (void)connection_.take();
    connection_.done();
    return page;
}

// ---- get_person

PersonLoad::PersonLoad(const std::string& url)
    : connection_(url),
      begin_(connection_.prepare(begin)),
      person_(
          connection_.prepare("SELECT id, first_name, middle_name, last_name, image, bio FROM persons WHERE id = $1")),
      acted_in_(connection_.prepare(
          "SELECT m.id, m.image, m.title, m.year, (SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id) "
          "FROM actors a JOIN movies m ON m.id = a.movie_id WHERE a.person_id = $1 ORDER BY m.year, m.title")),
      directed_(connection_.prepare(
          "SELECT m.id, m.image, m.title, m.year, (SELECT avg(rating)::float8 FROM reviews WHERE movie_id = m.id) "
          "FROM directors d JOIN movies m ON m.id = d.movie_id WHERE d.person_id = $1 ORDER BY m.year, m.title")),
      commit_(connection_.prepare("COMMIT")) {}

PersonPage PersonLoad::load(std::int32_t id) {
    connection_.send(begin_);
    for (const auto* statement : {&person_, &acted_in_, &directed_}) connection_.send(*statement, {id});
    connection_.send(commit_);
    connection_.flush();

    (void)connection_.take();
    const auto person = connection_.take();
    require_one(person);
    PersonPage page{.person = person_at(person, 0, 0),
                    .bio = person.text(0, 5),
                    .acted_in = movies(connection_.take()),
                    .directed = movies(connection_.take())};
    (void)connection_.take();
    connection_.done();
    return page;
}

// ---- insert_movie

MovieInsert::MovieInsert(const std::string& url)
    : connection_(url),
      insert_(connection_.prepare(
          "WITH movie AS (INSERT INTO movies (image, title, year, description) VALUES ($1, $2, $3, $4) RETURNING id), "
          "director AS (INSERT INTO directors (list_order, person_id, movie_id) SELECT 0, $5, id FROM movie), "
          "actor AS (INSERT INTO actors (list_order, person_id, movie_id) SELECT place, person, id FROM movie, "
          "(VALUES (0, $6::integer), (1, $7), (2, $8)) AS part (place, person)) "
          "SELECT m.id, p.id, p.first_name, p.middle_name, p.last_name, p.image FROM movie m, persons p "
          "WHERE p.id IN ($5, $6, $7, $8) ORDER BY p.last_name")) {}

InsertedMovie MovieInsert::insert(const NewMovie& values) {
    connection_.send(insert_, {values.image, values.title, values.year, values.description, values.director,
                               values.cast[0], values.cast[1], values.cast[2]});
    connection_.flush();

    const auto people = connection_.take();
    if (people.size() == 0) throw std::runtime_error("the people of the new movie do not exist");
    InsertedMovie inserted{.movie = {.id = people.integer(0, 0),
                                     .image = values.image,
                                     .title = values.title,
                                     .year = values.year,
                                     .avg_rating = {}},
                           .description = values.description,
                           .directors = {},
                           .cast = {}};
    for (int row = 0; row < people.size(); ++row) {
        auto person = person_at(people, row, 1);
        auto& side = person.id == values.director ? inserted.directors : inserted.cast;
        side.push_back(std::move(person));
    }
    connection_.done();
    return inserted;
}

} // namespace bench::imdb
