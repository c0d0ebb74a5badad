#pragma once

#include "support/dangling_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The tables of the press as plain records in memory, with their relations: the reference that tests compare Kith
/// with. Nothing here uses Kith.
namespace press {

/// A value of a column; the order is that of SQLite, NULL first.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
/// A row, by the names of the members. The primary key has the name in `Described::key`.
using Record = std::map<std::string, Cell, std::less<>>;

inline std::string text_of(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    return "-";
}

struct Described {
    std::string_view name;
    std::string_view key;
    std::vector<std::string_view> columns;  ///< all members with a column, the key first
    std::vector<std::string_view> ordering; ///< `-` is descending
};

struct Relation {
    std::string_view model;
    std::string_view name;
    std::string_view target;
    bool many;
    std::string_view near;   ///< column of the source
    std::string_view far;    ///< column of the target that holds the same value
    std::string_view link{}; ///< table between them
    std::string_view link_near{};
    std::string_view link_far{};
    std::string_view inverse{}; ///< the target's member that leads back to this one row
};

struct Slot {
    std::string_view model;
    std::string_view name;
    std::string_view target;
    bool many;
};

inline const std::vector<Described>& models() {
    static const std::vector<Described> list{
        {"Country", "code", {"code", "name"}, {"code"}},
        {"Publisher", "id", {"id", "name"}, {"name"}},
        {"Author", "id", {"id", "name", "born", "country", "mentor"}, {"id"}},
        {"Biography", "author", {"author", "text"}, {"text"}},
        {"Note", "id", {"id", "text", "biography"}, {"-id"}},
        {"Book", "id", {"id", "title", "pages", "publisher"}, {"id"}},
        {"Cover", "id", {"id", "colour", "book"}, {"-id"}},
        {"Review", "id", {"id", "stars", "book", "reviewer"}, {}},
        {"Shop", "id", {"id", "name"}, {"name"}},
        {"Listing", "id", {"id", "book", "shop", "price"}, {"id"}},
    };
    return list;
}

inline const std::vector<Relation>& relations() {
    static const std::vector<Relation> list{
        {"Country", "authors", "Author", true, "code", "country", {}, {}, {}, "country"},
        {"Publisher", "books", "Book", true, "name", "publisher", {}, {}, {}, "publisher"},
        {"Author", "country", "Country", false, "country", "code"},
        {"Author", "mentor", "Author", false, "mentor", "id"},
        {"Author", "pupils", "Author", true, "id", "mentor", {}, {}, {}, "mentor"},
        {"Author", "follows", "Author", true, "id", "id", "author_follows", "from_author", "to_author"},
        {"Author", "followers", "Author", true, "id", "id", "author_follows", "to_author", "from_author"},
        {"Author", "books", "Book", true, "id", "id", "book_authors", "author", "book"},
        {"Author", "biography", "Biography", false, "name", "author", {}, {}, {}, "author"},
        {"Biography", "author", "Author", false, "author", "name", {}, {}, {}, "biography"},
        {"Biography", "notes", "Note", true, "author", "biography", {}, {}, {}, "biography"},
        {"Note", "biography", "Biography", false, "biography", "author"},
        {"Book", "publisher", "Publisher", false, "publisher", "name"},
        {"Book", "authors", "Author", true, "id", "id", "book_authors", "book", "author"},
        {"Book", "shops", "Shop", true, "id", "name", "Listing", "book", "shop"},
        {"Book", "listings", "Listing", true, "id", "book", {}, {}, {}, "book"},
        {"Book", "reviews", "Review", true, "id", "book", {}, {}, {}, "book"},
        {"Book", "cover", "Cover", false, "id", "book", {}, {}, {}, "book"},
        {"Cover", "book", "Book", false, "book", "id", {}, {}, {}, "cover"},
        {"Review", "book", "Book", false, "book", "id"},
        {"Review", "reviewer", "Author", false, "reviewer", "id"},
        {"Shop", "books", "Book", true, "name", "id", "Listing", "shop", "book"},
        {"Shop", "listings", "Listing", true, "name", "shop", {}, {}, {}, "shop"},
        {"Listing", "book", "Book", false, "book", "id"},
        {"Listing", "shop", "Shop", false, "shop", "name"},
    };
    return list;
}

inline const std::vector<Slot>& slots() {
    static const std::vector<Slot> list{
        {"Country", "some_authors", "Author", true},    {"Publisher", "some_books", "Book", true},
        {"Author", "some_books", "Book", true},         {"Author", "some_pupils", "Author", true},
        {"Author", "some_country", "Country", false},   {"Author", "some_biography", "Biography", false},
        {"Book", "some_authors", "Author", true},       {"Book", "some_reviews", "Review", true},
        {"Book", "some_publisher", "Publisher", false}, {"Shop", "some_books", "Book", true},
    };
    return list;
}

inline const Described& model_named(std::string_view name) {
    return *std::ranges::find(models(), name, &Described::name);
}

/// The relation `name` of `model`, or null.
inline const Relation* find_relation(std::string_view model, std::string_view name) {
    const auto found =
        std::ranges::find_if(relations(), [&](const Relation& r) { return r.model == model && r.name == name; });
    return found == relations().end() ? nullptr : &*found;
}

/// A source of choices that a seed determines.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    /// A number from 0 to `end` - 1; 0 if `end` is 0.
    std::size_t below(std::size_t end) { return end == 0 ? 0 : static_cast<std::size_t>(engine_() % end); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class List>
    const auto& pick(const List& list) {
        return list[below(list.size())];
    }

private:
    std::mt19937_64 engine_;
};

/// The content of all tables.
class Tables {
public:
    const std::deque<Record>& of(std::string_view model) const {
        static const std::deque<Record> none;
        const auto found = tables_.find(model);
        return found == tables_.end() ? none : found->second;
    }
    void add(std::string_view model, Record record) { tables_[std::string(model)].push_back(std::move(record)); }

    /// The rows of the relation for one value of its near column, one per link.
    std::vector<const Record*> follow(const Relation& relation, const Cell& value) const {
        std::vector<const Record*> found;
        if (std::holds_alternative<std::monostate>(value)) return found;
        const auto match = [&](const Cell& wanted) {
            for (const auto& row : of(relation.target)) {
                if (row.find(relation.far)->second == wanted) found.push_back(&row);
            }
        };
        if (relation.link.empty()) {
            match(value);
            return found;
        }
        for (const auto& link : of(relation.link)) {
            if (link.find(relation.link_near)->second == value) match(link.find(relation.link_far)->second);
        }
        return found;
    }

    /// Writes everything into tables that exist already and are empty. Dangling keys are written as they are.
    void write(const travel::Raw& raw) const {
        travel::allow_dangling_keys(raw);
        raw.run("BEGIN");
        for (const auto& [name, rows] : tables_) {
            for (const auto& row : rows) raw.run(insertion(name, row));
        }
        raw.run("COMMIT");
    }

private:
    static std::string insertion(std::string_view name, const Record& row) {
        static const std::vector<std::string_view> keys{"country", "mentor",   "author", "biography",   "publisher",
                                                        "book",    "reviewer", "shop",   "from_author", "to_author"};
        std::vector<std::string> columns;
        std::vector<std::string> values;
        for (const auto& [member, cell] : row) {
            columns.push_back(std::ranges::find(keys, member) != keys.end() ? member + "_id" : member);
            if (std::holds_alternative<std::monostate>(cell)) {
                values.emplace_back("NULL");
            } else {
                values.push_back(std::holds_alternative<std::string>(cell) ? fmt::format("'{}'", text_of(cell))
                                                                           : text_of(cell));
            }
        }
        std::string table("press_");
        for (const char c : name) table += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, fmt::join(columns, ", "), fmt::join(values, ", "));
    }

    std::map<std::string, std::deque<Record>, std::less<>> tables_;
};

/// Few rows with all difficult cases: tables without rows, null and dangling keys, rows that lead to themselves,
/// duplicate links.
inline Tables random_tables(Dice& dice) {
    Tables tables;
    const std::vector<std::string> words{"ash", "oak", "elm", "yew", "fir", "bay"};
    const auto number = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    const auto size = [&](std::size_t most) { return dice.one_in(12) ? 0 : 1 + dice.below(most); };
    const auto key_of = [&](std::string_view model, std::string_view column, bool nullable) -> Cell {
        const auto& rows = tables.of(model);
        if (nullable && (rows.empty() || dice.one_in(4))) return {};
        if (nullable && dice.one_in(15)) return column == "id" ? Cell{std::int64_t{999}} : Cell{"gone"};
        return rows.empty() ? Cell{} : rows[dice.below(rows.size())].find(column)->second;
    };
    for (std::size_t i = 0, n = size(3); i < n; ++i) {
        tables.add("Country", {{"code", fmt::format("c{}", 3 - i)}, {"name", dice.pick(words)}});
    }
    for (std::size_t i = 0, n = size(3); i < n; ++i) {
        tables.add("Publisher", {{"id", fmt::format("{:032x}", 0xabc000 - i)}, {"name", fmt::format("p{}", i)}});
    }
    for (std::size_t i = 1, n = size(7); i <= n; ++i) {
        Record author{{"id", number(i)},
                      {"name", fmt::format("a{}", (i * 5) % 11)},
                      {"born", number(1900 + dice.below(4))},
                      {"country", key_of("Country", "code", true)},
                      {"mentor", dice.one_in(9) ? Cell{number(i)} : key_of("Author", "id", true)}};
        tables.add("Author", std::move(author));
    }
    for (std::size_t i = 1, n = size(6); i <= n; ++i) {
        tables.add("Book", {{"id", number(i)},
                            {"title", dice.pick(words)},
                            {"pages", number(dice.below(5) * 100)},
                            {"publisher", key_of("Publisher", "name", true)}});
    }
    for (std::size_t i = 1, n = size(3); i <= n; ++i) {
        tables.add("Shop", {{"id", number(i)}, {"name", fmt::format("s{}", 9 - i)}});
    }
    std::size_t id = 0;
    for (const auto& author : tables.of("Author")) {
        if (dice.one_in(2))
            tables.add("Biography", {{"author", author.find("name")->second}, {"text", dice.pick(words)}});
        for (const auto& other : tables.of("Author")) {
            if (!dice.one_in(5)) continue;
            tables.add("author_follows",
                       {{"from_author", author.find("id")->second}, {"to_author", other.find("id")->second}});
        }
        for (const auto& book : tables.of("Book")) {
            if (!dice.one_in(4)) continue;
            tables.add("book_authors", {{"book", book.find("id")->second}, {"author", author.find("id")->second}});
        }
    }
    for (std::size_t i = 0, n = size(5); i < n; ++i) {
        tables.add(
            "Note",
            {{"id", number(++id)}, {"text", dice.pick(words)}, {"biography", key_of("Biography", "author", true)}});
    }
    for (const auto& book : tables.of("Book")) {
        if (dice.one_in(2)) continue;
        tables.add("Cover", {{"id", number(++id)}, {"colour", dice.pick(words)}, {"book", book.find("id")->second}});
    }
    if (dice.one_in(2)) tables.add("Cover", {{"id", number(++id)}, {"colour", "none"}, {"book", Cell{}}});
    for (std::size_t i = 0, n = size(8); i < n; ++i) {
        tables.add("Review", {{"id", number(++id)},
                              {"stars", number(dice.below(4))},
                              {"book", key_of("Book", "id", true)},
                              {"reviewer", key_of("Author", "id", true)}});
    }
    if (!tables.of("Book").empty() && !tables.of("Shop").empty()) {
        for (std::size_t i = 0, n = size(7); i < n; ++i) {
            tables.add("Listing", {{"id", number(++id)},
                                   {"book", key_of("Book", "id", false)},
                                   {"shop", key_of("Shop", "name", false)},
                                   {"price", number(dice.below(4))}});
        }
    }
    return tables;
}

} // namespace press
