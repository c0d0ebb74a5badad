#include "cast.hpp"
#include "tour.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace fs = std::filesystem;

namespace {

constexpr std::string_view usage = R"(usage: travel [--people N] [FILE]

A tour of Kith on real data: the four people of the documents about prefetch_related, then the
provinces and cities of the world (GeoNames) and a crowd of people who travelled there.

  FILE         where to keep the database of the tour; a second one, with the world, is put beside
               it (travel.db and travel-world.db). Without it both are in a temporary folder and
               go away at the end
  --people N   how many people travel the world (default: 100000)
  --help       this text
)";

/// What the command line asked for and cannot have.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Options {
    std::optional<fs::path> file{};
    std::size_t people{100'000};
    bool help{false};
};

std::size_t positive_number(std::string_view text) {
    std::size_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || number == 0 || number > 10'000'000) {
        throw UsageError(
            fmt::format("--people wants a number from 1 to 10000000, not '{}'", text));
    }
    return number;
}

Options read_options(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument(arguments[i]);
        if (argument == "--help" || argument == "-h") {
            options.help = true;
        } else if (argument == "--people") {
            if (++i == count) throw UsageError("--people wants a number");
            options.people = positive_number(arguments[i]);
        } else if (argument.starts_with('-') || argument.empty()) {
            throw UsageError(fmt::format("there is no option '{}'", argument));
        } else if (options.file) {
            throw UsageError(
                fmt::format("one FILE is enough, and '{}' is a second one", argument));
        } else {
            options.file = argument;
        }
    }
    return options;
}

/// The two files of the tour: named ones, or ones in a folder that goes away.
class Files {
public:
    explicit Files(const std::optional<fs::path>& file) {
        cast_ = file ? *file : make_folder() / "travel.db";
        world_ = cast_;
        world_.replace_filename(cast_.stem().string() + "-world" + cast_.extension().string());
        for (const auto& path : {cast_, world_}) {
            if (fs::exists(path)) {
                throw UsageError(
                    fmt::format("{} is there already: name a file that is not", path.string()));
            }
        }
    }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
    ~Files() {
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }

    const fs::path& cast() const { return cast_; }
    const fs::path& world() const { return world_; }
    bool go_away() const { return !folder_.empty(); }

private:
    const fs::path& make_folder() {
        auto name = (fs::temp_directory_path() / "kith-travel-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw std::system_error(errno, std::generic_category(),
                                    "no temporary folder " + name);
        }
        return folder_ = name;
    }

    fs::path folder_;
    fs::path cast_;
    fs::path world_;
};

void welcome(travel::Page& page, const Files& files) {
    page.title("Kith: a tour on real data");
    page.prose(fmt::format("The tables of the documents are in {}, the world will be in {}.",
                           files.cast().string(), files.world().string()));
    page.prose(
        files.go_away()
            ? "Both go away at the end. To keep them, name a file: ./dev demo /tmp/travel.db"
            : "Both stay when the tour is over.");
    page.prose("Each step shows the C++ that ran, the statements that it caused with their "
               "parameters, and what it found. The models are plain structs: "
               "examples/travel/models.hpp.");
}

void say_where_to_go(travel::Page& page) {
    page.title("Where to go next");
    travel::Table places({"what", "where"});
    places.add("a first program of your own", "README.md");
    places.add("the code of this tour", "examples/travel/");
    places.add("how fast, how much memory, and measured how", "docs/performance.md");
    places.add("how the library is laid out, and the way of a row", "docs/design/");
    places.add("every statement made here, asserted", "./dev test");
    page.table(places);
    page.prose("Provinces and cities: GeoNames (https://www.geonames.org), CC BY 4.0.");
}

void run_tour(const Options& options) {
    const Files files(options.file);
    travel::Page page(stdout);
    welcome(page, files);

    travel::Tour cast(page, kith::connect("sqlite:" + files.cast().string()));
    travel::Tour world(page, kith::connect("sqlite:" + files.world().string()));
    travel::fill_cast(cast.db());

    page.title("The first document: prefetch_related");
    travel::tell_prefetch_related(cast);

    page.title("The second document: three notes");
    travel::tell_shared_instances(cast);
    travel::tell_large_key_lists(world);
    travel::tell_iterator(cast);

    page.title("All of it at full size");
    travel::tell_world(world, options.people);
    say_where_to_go(page);
}

} // namespace

int main(int count, char** arguments) {
    try {
        const auto options = read_options(count, arguments);
        if (options.help) {
            fmt::print("{}", usage);
        } else {
            run_tour(options);
        }
        return EXIT_SUCCESS;
    } catch (const UsageError& error) {
        fmt::print(stderr, "travel: {}\n(travel --help says more)\n", error.what());
    } catch (const std::exception& error) {
        fmt::print(stderr, "travel: {}\n", error.what());
    }
    return EXIT_FAILURE;
}
