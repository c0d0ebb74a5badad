// Writes the rows of the benchmark as COPY commands for psql: `kith_bench_imdb_data SCALE`. The same rows each time.

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

/// SplitMix64: small, and the same on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }
    /// From 0 up to, but without, `end`.
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
    std::size_t between(std::size_t first, std::size_t last) { return first + below(last - first + 1); }
    template <std::size_t N>
    std::string_view one_of(const std::array<std::string_view, N>& texts) {
        return texts[below(N)];
    }

private:
    std::uint64_t state_;
};

constexpr auto first_names = std::to_array<std::string_view>(
    {"Ada",   "Ben",  "Chen",  "Dora",  "Emil",  "Fatima", "Greta", "Hugo",  "Ines",  "Jo",
     "Kenji", "Lena", "Marek", "Nora",  "Oskar", "Paul",   "Quinn", "Rosa",  "Sami",  "Tilda",
     "Umar",  "Vera", "Will",  "Xenia", "Yusuf", "Zoë",    "Aylin", "Bruno", "Clara", "Dev",
     "Elif",  "Finn", "Gita",  "Hanna", "Ivo",   "José",   "Kaya",  "Liam",  "Mei",   "Noah"});
constexpr auto name_starts = std::to_array<std::string_view>(
    {"Ander", "Berg",  "Castel", "Dun",  "Ester", "Fair",   "Gold", "Hart",  "Iver", "Jans",
     "Kovac", "Linde", "Mar",    "Norr", "Okon",  "Peter",  "Quin", "Ross",  "Sand", "Thorn",
     "Ulm",   "Vand",  "Wester", "Xan",  "York",  "Zimmer", "Ash",  "Brook", "Clay", "Müll"});
constexpr auto name_ends = std::to_array<std::string_view>(
    {"son",  "mann",  "field", "ley",   "ström", "ton",  "wood",   "er",   "ova",  "ic",
     "berg", "stein", "well",  "by",    "ham",   "ski",  "dóttir", "gate", "land", "worth",
     "es",   "ini",   "escu",  "quist", "oğlu",  "hold", "more",   "ard",  "low",  "ez"});
constexpr auto words = std::to_array<std::string_view>(
    {"a",        "almost",     "and",       "answer",  "arrives", "because", "before", "brother",   "camera",
     "city",     "closely",    "cold",      "colours", "comedy",  "detail",  "ending", "every",     "family",
     "follows",  "forgotten",  "from",      "garden",  "harbour", "her",     "hidden", "his",       "hotel",
     "in",       "island",     "journey",   "leaves",  "letter",  "light",   "long",   "memory",    "moment",
     "mountain", "music",      "mystery",   "never",   "night",   "of",      "old",    "patiently", "performance",
     "promise",  "quietly",    "remembers", "scene",   "secret",  "slowly",  "story",  "the",       "through",
     "turns",    "unexpected", "village",   "voice",   "with",    "without"});
constexpr auto title_words = std::to_array<std::string_view>(
    {"Autumn",  "Bridge",  "Candle",   "Dancer", "Empire",  "Falcon",    "Garden",  "Harbour", "Island",
     "Journey", "Kingdom", "Lantern",  "Mirror", "Night",   "Ocean",     "Paper",   "Quarter", "River",
     "Shadow",  "Tower",   "Umbrella", "Valley", "Winter",  "Yesterday", "Ashes",   "Border",  "Circus",
     "Desert",  "Echo",    "Forest",   "Glass",  "Horizon", "Iron",      "Jasmine", "Letters", "Moon"});

/// Rows of one table, as psql reads them.
class Copy {
public:
    explicit Copy(const char* table) { std::printf("COPY %s FROM STDIN;\n", table); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() { std::puts("\\."); }

    Copy& cell(std::string_view text) {
        if (!line_.empty()) line_ += '\t';
        line_ += text;
        return *this;
    }
    Copy& cell(std::size_t number) {
        std::array<char, 24> digits;
        const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
        return cell(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
    }
    void end() {
        line_ += '\n';
        std::fwrite(line_.data(), 1, line_.size(), stdout);
        line_.clear();
    }

private:
    std::string line_;
};

struct Sizes {
    std::size_t users;
    std::size_t people;
    std::size_t movies;
    std::size_t reviews;

    std::size_t directors() const { return people * 7 / 100; }
    /// The first of those who act; a few also direct.
    std::size_t first_actor() const { return people * 6 / 100 + 1; }
};

std::string prose(Random& random, std::size_t sentences) {
    std::string text;
    for (std::size_t i = 0; i < sentences; ++i) {
        if (i > 0) text += ' ';
        const auto start = text.size();
        const auto count = random.between(4, 12);
        for (std::size_t word = 0; word < count; ++word) {
            if (word > 0) text += ' ';
            text += random.one_of(words);
        }
        text[start] = static_cast<char>(text[start] - 'a' + 'A');
        text += '.';
    }
    return text;
}

std::string image(char kind, Random& random) {
    return std::string(1, kind) + static_cast<char>('a' + random.below(26)) +
           std::to_string(100'000'000'000 + random.below(900'000'000'000)) + ".jpeg";
}

/// By the person, so that the last names in a cast can be told apart before there are rows.
std::string last_name(std::size_t person) {
    const auto number = static_cast<std::size_t>(Random(person).next());
    return std::string(name_starts[number % name_starts.size()])
        .append(name_ends[number / name_starts.size() % name_ends.size()]);
}

std::string middle_name(Random& random) {
    const auto share = random.below(100);
    if (share < 90) return {};
    if (share < 97) return std::string(random.one_of(first_names));
    return {static_cast<char>('A' + random.below(26)), '.'};
}

void write_users(const Sizes& sizes) {
    Random random(1);
    Copy copy("users (id, name, image)");
    for (std::size_t id = 1; id <= sizes.users; ++id) {
        const auto name = std::string(random.one_of(first_names)) + "_" + std::to_string(random.below(100'000));
        copy.cell(id).cell(name).cell(image('u', random)).end();
    }
}

void write_people(const Sizes& sizes) {
    Random random(2);
    Copy copy("persons (id, first_name, middle_name, last_name, image, bio)");
    for (std::size_t id = 1; id <= sizes.people; ++id) {
        copy.cell(id).cell(random.one_of(first_names)).cell(middle_name(random)).cell(last_name(id));
        copy.cell(image('p', random)).cell(prose(random, 5)).end();
    }
}

std::string title(Random& random) {
    std::string text = "The";
    const auto count = random.between(1, 4);
    for (std::size_t i = 0; i < count; ++i) text.append(i == 1 ? " of " : " ").append(random.one_of(title_words));
    return text;
}

void write_movies(const Sizes& sizes) {
    Random random(3);
    Copy copy("movies (id, image, title, year, description)");
    for (std::size_t id = 1; id <= sizes.movies; ++id) {
        copy.cell(id).cell(image('m', random)).cell(title(random)).cell(random.between(1950, 2014));
        copy.cell(prose(random, 10)).end();
    }
}

/// `count` people from `first` to `last`. Their last names differ: the order of equal ones would be the database's.
std::vector<std::size_t> some_people(Random& random, std::size_t count, std::size_t first, std::size_t last) {
    std::vector<std::size_t> people;
    std::unordered_set<std::string> names;
    while (people.size() < count) {
        const auto person = random.between(first, last);
        if (names.insert(last_name(person)).second) people.push_back(person);
    }
    return people;
}

void write_links(const char* table, const std::vector<std::vector<std::size_t>>& people, bool always_ordered) {
    Copy copy(table);
    std::size_t id = 0;
    for (std::size_t movie = 1; movie <= people.size(); ++movie) {
        for (std::size_t place = 0; place < people[movie - 1].size(); ++place) {
            copy.cell(++id);
            if (always_ordered || movie % 10 != 1) {
                copy.cell(place);
            } else {
                copy.cell("\\N");
            }
            copy.cell(people[movie - 1][place]).cell(movie).end();
        }
    }
}

void write_all_links(const Sizes& sizes) {
    Random random(4);
    std::vector<std::vector<std::size_t>> directors;
    std::vector<std::vector<std::size_t>> actors;
    for (std::size_t movie = 1; movie <= sizes.movies; ++movie) {
        directors.push_back(some_people(random, random.below(20) == 0 ? 2 : 1, 1, sizes.directors()));
        actors.push_back(some_people(random, random.between(10, 54), sizes.first_actor(), sizes.people));
    }
    write_links("directors (id, list_order, person_id, movie_id)", directors, true);
    write_links("actors (id, list_order, person_id, movie_id)", actors, false);
}

std::size_t rating(Random& random) {
    constexpr std::array<std::size_t, 6> weights{20, 80, 200, 250, 275, 170};
    auto at = random.below(995);
    std::size_t stars = 0;
    while (at >= weights[stars]) at -= weights[stars++];
    return stars;
}

/// A second of the six years from 2015 on, no two alike: the latest reviews are then the same everywhere.
std::string creation_time(std::size_t review) {
    using namespace std::chrono;
    constexpr std::size_t six_years = 189'341'983; // a prime
    const auto time = sys_days{2015y / January / 1} + seconds(review * 104'395'301 % six_years);
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), "%d-%02u-%02u %02d:%02d:%02d+00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

void write_reviews(const Sizes& sizes) {
    Random random(5);
    Copy copy("reviews (id, body, rating, creation_time, author_id, movie_id)");
    for (std::size_t id = 1; id <= sizes.reviews; ++id) {
        const auto kind = random.between(1, 10);
        copy.cell(id).cell(prose(random, kind == 10 ? 25 : kind)).cell(rating(random)).cell(creation_time(id));
        copy.cell(random.between(1, sizes.users));
        // Every movie has a review.
        copy.cell(id <= sizes.movies ? id : random.between(1, sizes.movies)).end();
    }
}

} // namespace

int main(int argc, char** argv) {
    const auto scale = argc > 1 ? std::strtod(argv[1], nullptr) : 1.0;
    const auto scaled = [&](double count) { return static_cast<std::size_t>(count * scale); };
    const Sizes sizes{
        .users = scaled(100'000), .people = scaled(100'000), .movies = scaled(25'000), .reviews = scaled(500'000)};
    write_users(sizes);
    write_people(sizes);
    write_movies(sizes);
    write_all_links(sizes);
    write_reviews(sizes);
}
