#include "crowd.hpp"

#include "models.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace travel {

namespace {

constexpr std::size_t batch_size = 2'000;

constexpr std::array given_names{"San",  "Si",   "Wu",    "Liu",   "Amina", "Boris", "Chidi",
                                 "Dana", "Emre", "Farah", "Goran", "Ines",  "Jovan", "Mila"};
constexpr std::array family_names{"Zhang",  "Li",     "Wang",  "Zhao",   "Rahman",
                                  "Petrov", "Okafor", "Cohen", "Yilmaz", "Haddad",
                                  "Horvat", "Silva",  "Ilić",  "Berg"};

/// Draws from a fixed seed. Not std::uniform_int_distribution, whose numbers differ between
/// standard libraries.
class Dice {
public:
    std::size_t below(std::size_t end) { return engine_() % end; }
    std::int64_t city(std::size_t cities) { return static_cast<std::int64_t>(below(cities)) + 1; }
    template <class Names>
    std::string name(const Names& names) {
        return names[below(names.size())];
    }

private:
    std::mt19937_64 engine_{2'026};
};

Person draw_person(Dice& dice, std::size_t cities) {
    Person person{.firstname = dice.name(given_names), .lastname = dice.name(family_names)};
    person.hometown.set_key(dice.city(cities));
    person.living.set_key(dice.city(cities));
    return person;
}

/// Five different cities.
std::vector<std::int64_t> draw_journey(Dice& dice, std::size_t cities) {
    std::vector<std::int64_t> journey;
    while (journey.size() < visits_per_person) {
        const auto city = dice.city(cities);
        if (std::ranges::find(journey, city) == journey.end()) journey.push_back(city);
    }
    return journey;
}

void make_batch(const kith::Database& db, Dice& dice, std::size_t people, std::size_t cities) {
    std::vector<Person> batch;
    for (std::size_t i = 0; i < people; ++i) batch.push_back(draw_person(dice, cities));

    std::vector<Visit> visits;
    for (const auto& person : db.objects<Person>().bulk_create(batch)) {
        for (const auto city : draw_journey(dice, cities)) {
            visits.push_back({.person_id = person->id.value, .city_id = city});
        }
    }
    db.objects<Visit>().bulk_create(visits);
}

} // namespace

void make_crowd(const kith::Database& db, std::size_t people, std::size_t cities,
                const std::function<void(std::size_t)>& made) {
    Dice dice;
    db.atomic([&] {
        for (std::size_t done = 0; done < people;) {
            const auto count = std::min(batch_size, people - done);
            make_batch(db, dice, count, cities);
            made(count);
            done += count;
        }
    });
}

} // namespace travel
