// The queries with Kith, written as a user would write them: see bench/README.md.

#include "imdb/common/client.hpp"
#include "imdb/kith/models.hpp"

#include <memory>
#include <string>

namespace bench::imdb {

namespace {

using namespace kith::literals;

// ---- the queries

kith::Ref<Movie> get_movie(const kith::Database& db, std::int32_t id) {
    const auto directors = db.objects<Director>()
                               .select_related("person")
                               .defer("person__bio")
                               .order_by("list_order", "person__last_name");
    const auto cast = db.objects<CastMember>()
                          .select_related("person")
                          .defer("person__bio")
                          .order_by("list_order", "person__last_name");
    const auto reviews = db.objects<Review>().select_related("author").order_by("-creation_time");
    return db.objects<Movie>()
        .annotate("avg_rating"_f = kith::Avg("reviews__rating"_f))
        .prefetch_related(kith::Prefetch("directors"_f, directors), kith::Prefetch("cast"_f, cast),
                          kith::Prefetch("reviews"_f, reviews))
        .get("id"_f = id);
}

kith::QuerySet<Movie> rated_movies(const kith::Database& db) {
    return db.objects<Movie>().annotate("avg_rating"_f = kith::Avg("reviews__rating"_f)).defer("description");
}

kith::Ref<User> get_user(const kith::Database& db, std::int32_t id) {
    const auto latest = db.objects<Review>().order_by("-creation_time").slice(0, 10);
    return db.objects<User>()
        .prefetch_related(kith::Prefetch("reviews"_f, latest, "latest_reviews"_f),
                          kith::Prefetch("latest_reviews__movie"_f, rated_movies(db)))
        .get("id"_f = id);
}

kith::Ref<Person> get_person(const kith::Database& db, std::int32_t id) {
    const auto movies = rated_movies(db).order_by("year", "title");
    return db.objects<Person>()
        .prefetch_related(kith::Prefetch("acted_in"_f, movies), kith::Prefetch("directed"_f, movies))
        .get("id"_f = id);
}

kith::Ref<Movie> insert_movie(const kith::Database& db, const NewMovie& values) {
    std::vector<Director> directors{{.list_order = 0}};
    directors.front().person.set_key(values.director);
    std::vector<CastMember> cast;
    for (const auto person : values.cast) {
        cast.push_back({.list_order = static_cast<std::int32_t>(cast.size())});
        cast.back().person.set_key(person);
    }
    const auto movie = db.objects<Movie>().create(
        {.image = values.image, .title = values.title, .year = values.year, .description = values.description},
        kith::with("directors"_f, directors), kith::with("cast"_f, cast));
    const auto people = db.objects<Person>().order_by("last_name").defer("bio");
    kith::prefetch_related_objects(movie, kith::Prefetch("directed_by"_f, people), kith::Prefetch("actors"_f, people));
    return movie;
}

// ---- checksums

std::uint64_t sum_of(const Person& person) {
    return number(person.id) * 3 + full_name_length(person.first_name, person.middle_name, person.last_name) * 5 +
           length(person.image);
}

std::uint64_t sum_of(const Movie& movie) {
    return number(movie.id) * 3 + length(movie.image) + length(movie.title) * 5;
}

std::uint64_t sum_of(const kith::Ref<Movie>& movie) {
    auto sum = sum_of(*movie) + number(movie->year) * 7 + length(*movie->description) * 11 +
               thousandths(movie->avg_rating) * 13;
    std::uint64_t place = 0;
    for (const Director& director : movie->directors.all()) sum += ++place * sum_of(*director.person);
    place = 0;
    for (const CastMember& member : movie->cast.all()) sum += ++place * sum_of(*member.person) * 2;
    place = 0;
    for (const Review& review : movie->reviews.all()) {
        sum += ++place *
               (number(review.id) + length(review.body) * 3 + number(review.rating) * 5 +
                number(review.author->id) * 7 + length(review.author->name) * 11 + length(review.author->image) * 13);
    }
    return sum;
}

std::uint64_t sum_of(const kith::Ref<User>& user) {
    auto sum = number(user->id) * 3 + length(user->name) * 5 + length(user->image);
    std::uint64_t place = 0;
    for (const Review& review : user->latest_reviews) {
        sum += ++place * (number(review.id) + length(review.body) * 3 + number(review.rating) * 5 +
                          sum_of(*review.movie) * 7 + thousandths(review.movie->avg_rating) * 11);
    }
    return sum;
}

std::uint64_t sum_of(const kith::Ref<Person>& person) {
    auto sum = sum_of(*person) + length(*person->bio) * 7;
    std::uint64_t place = 0;
    const auto add = [&](const Movie& movie) {
        sum += ++place * (sum_of(movie) + number(movie.year) * 7 + thousandths(movie.avg_rating) * 11);
    };
    for (const Movie& movie : person->acted_in.all()) add(movie);
    for (const Movie& movie : person->directed.all()) add(movie);
    return sum;
}

std::uint64_t sum_of_new(const kith::Ref<Movie>& movie) {
    auto sum =
        length(movie->image) + length(movie->title) * 5 + number(movie->year) * 7 + length(*movie->description) * 11;
    for (const Person& person : movie->directed_by.all()) sum += sum_of(person);
    for (const Person& person : movie->actors.all()) sum += sum_of(person) * 2;
    return sum;
}

// ---- the program

class Kith final : public Variant {
public:
    explicit Kith(const std::string& url) : db_(kith::connect(url)) {}

    std::unique_ptr<Client> client(std::string_view query, const Ids& ids) override {
        const auto of_id = [this, &ids](auto get) {
            return make_client([get, db = db_, &ids](std::size_t turn) { return get(db, ids[turn % ids.size()]); },
                               [](const auto& row) { return sum_of(row); });
        };
        if (query == "get_movie") return of_id(get_movie);
        if (query == "get_user") return of_id(get_user);
        if (query == "get_person") return of_id(get_person);
        if (query == "insert_movie")
            return make_client([db = db_, &ids](std::size_t turn) { return insert_movie(db, new_movie(turn, ids)); },
                               sum_of_new);
        return nullptr;
    }

private:
    kith::Database db_;
};

} // namespace
} // namespace bench::imdb

int main(int argc, char** argv) {
    return bench::imdb::run_variant(argc, argv, KITH_VERSION,
                                    [](const std::string& url) -> std::unique_ptr<bench::imdb::Variant> {
                                        return std::make_unique<bench::imdb::Kith>(url);
                                    });
}
