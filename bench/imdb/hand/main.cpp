// The queries by hand with libpq, as fast as we could write them: see bench/README.md.

#include "imdb/hand/loads.hpp"
#include "imdb/hand/single.hpp"

#include <memory>
#include <string>

namespace bench::imdb {

namespace {

// ---- checksums

std::uint64_t sum_of(const Person& person) {
    return number(person.id) * 3 + full_name_length(person.first_name, person.middle_name, person.last_name) * 5 +
           length(person.image);
}

std::uint64_t sum_of(const Movie& movie) {
    return number(movie.id) * 3 + length(movie.image) + length(movie.title) * 5;
}

std::uint64_t sum_of(const Review& review) {
    return number(review.id) + length(review.body) * 3 + number(review.rating) * 5;
}

std::uint64_t sum_of(const MoviePage& page) {
    auto sum = sum_of(page.movie) + number(page.movie.year) * 7 + length(page.description) * 11 +
               thousandths(page.movie.avg_rating) * 13;
    std::uint64_t place = 0;
    for (const auto& director : page.directors) sum += ++place * sum_of(director.person);
    place = 0;
    for (const auto& member : page.cast) sum += ++place * sum_of(member.person) * 2;
    place = 0;
    for (const auto& review : page.reviews) {
        sum += ++place * (sum_of(static_cast<const Review&>(review)) + number(review.author.id) * 7 +
                          length(review.author.name) * 11 + length(review.author.image) * 13);
    }
    return sum;
}

std::uint64_t sum_of(const UserPage& page) {
    auto sum = number(page.user.id) * 3 + length(page.user.name) * 5 + length(page.user.image);
    std::uint64_t place = 0;
    for (const auto& review : page.latest_reviews) {
        sum += ++place * (sum_of(static_cast<const Review&>(review)) + sum_of(review.movie) * 7 +
                          thousandths(review.movie.avg_rating) * 11);
    }
    return sum;
}

std::uint64_t sum_of(const PersonPage& page) {
    auto sum = sum_of(page.person) + length(page.bio) * 7;
    std::uint64_t place = 0;
    for (const auto* movies : {&page.acted_in, &page.directed}) {
        for (const auto& movie : *movies) {
            sum += ++place * (sum_of(movie) + number(movie.year) * 7 + thousandths(movie.avg_rating) * 11);
        }
    }
    return sum;
}

std::uint64_t sum_of(const InsertedMovie& page) {
    auto sum = length(page.movie.image) + length(page.movie.title) * 5 + number(page.movie.year) * 7 +
               length(page.description) * 11;
    for (const auto& person : page.directors) sum += sum_of(person);
    for (const auto& person : page.cast) sum += sum_of(person) * 2;
    return sum;
}

// ---- the program

class Hand final : public Variant {
public:
    explicit Hand(std::string url) : url_(std::move(url)) {}

    std::unique_ptr<Client> client(std::string_view query, const Ids& ids) override {
        if (query == "get_movie") return of_id(std::make_shared<MovieLoad>(url_), ids);
        if (query == "get_user") return of_id(std::make_shared<UserLoad>(url_), ids);
        if (query == "get_person") return of_id(std::make_shared<PersonLoad>(url_), ids);
        if (query == "get_movie-single") return of_id(std::make_shared<MovieSingle>(url_), ids);
        if (query == "get_user-single") return of_id(std::make_shared<UserSingle>(url_), ids);
        if (query == "get_person-single") return of_id(std::make_shared<PersonSingle>(url_), ids);
        if (query != "insert_movie") return nullptr;
        return make_client([insert = std::make_shared<MovieInsert>(url_),
                            &ids](std::size_t turn) { return insert->insert(new_movie(turn, ids)); },
                           [](const auto& page) { return sum_of(page); });
    }

private:
    template <class Load>
    static std::unique_ptr<Client> of_id(std::shared_ptr<Load> load, const Ids& ids) {
        return make_client([load, &ids](std::size_t turn) { return load->load(ids[turn % ids.size()]); },
                           [](const auto& page) { return sum_of(page); });
    }

    std::string url_;
};

std::string version() {
    return "libpq " + std::to_string(PQlibVersion() / 10'000) + "." + std::to_string(PQlibVersion() % 10'000);
}

} // namespace
} // namespace bench::imdb

int main(int argc, char** argv) {
    using namespace bench::imdb;
    return run_variant(argc, argv, version(),
                       [](const std::string& url) -> std::unique_ptr<Variant> { return std::make_unique<Hand>(url); });
}
