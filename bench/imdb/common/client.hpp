#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Shared by the variants written in C++: what is run, how it is measured, and the checksums of bench/README.md.
namespace bench::imdb {

using Ids = std::vector<std::int32_t>;

/// One connection's work on one query.
class Client {
public:
    Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    /// Frees what was loaded before, and loads for `turn`, which is any number. Measured.
    virtual void load(std::size_t turn) = 0;
    /// Reads everything that the last load returned.
    virtual std::uint64_t checksum() = 0;
};

/// The clients of one program: a new one for each connection.
class Variant {
public:
    Variant() = default;
    Variant(const Variant&) = delete;
    Variant& operator=(const Variant&) = delete;
    virtual ~Variant() = default;

    /// Null if there is no such query. `ids` are of movies, users or people: those that the query takes.
    virtual std::unique_ptr<Client> client(std::string_view query, const Ids& ids) = 0;
};

/// A client of two functions: `load` returns rows for a turn, and `sum` reads them.
template <class Load, class Sum>
class ClientOf final : public Client {
public:
    ClientOf(Load load, Sum sum) : load_(std::move(load)), sum_(std::move(sum)) {}
    void load(std::size_t turn) override {
        rows_.reset();
        rows_.emplace(load_(turn));
    }
    std::uint64_t checksum() override { return sum_(*rows_); }

private:
    Load load_;
    Sum sum_;
    std::optional<decltype(std::declval<Load&>()(std::size_t{}))> rows_;
};
template <class Load, class Sum>
std::unique_ptr<Client> make_client(Load load, Sum sum) {
    return std::make_unique<ClientOf<Load, Sum>>(std::move(load), std::move(sum));
}

/// What a turn of insert_movie writes.
struct NewMovie {
    std::string image;
    std::string title;
    std::int32_t year;
    std::string description;
    std::int32_t director;
    std::int32_t cast[3];
};
NewMovie new_movie(std::size_t turn, const Ids& people);

/// The main() of a variant: `PROGRAM QUERY URL IDS LOADS SECONDS`, or `PROGRAM --about`. `open` connects.
int run_variant(int argc, char** argv, std::string_view version, std::unique_ptr<Variant> (*open)(const std::string&));

// ---- checksums

inline std::uint64_t number(std::int64_t value) noexcept { return static_cast<std::uint64_t>(value); }
inline std::uint64_t length(std::string_view text) noexcept { return text.size(); }
/// Thousandths of an average, rounded down.
std::uint64_t thousandths(const std::optional<double>& average) noexcept;
/// The length of a full name: without a middle name, it has one blank.
inline std::uint64_t full_name_length(std::string_view first, std::string_view middle, std::string_view last) noexcept {
    return first.size() + last.size() + 1 + (middle.empty() ? 0 : middle.size() + 1);
}

} // namespace bench::imdb
