#pragma once

#include "support/key_matrix_models.hpp"
#include "support/travel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Keys of one C++ type in columns of one SQL type, loaded in every possible way, and compared with a plain join.
///
/// The join is the reference: a way of loading returns the rows of the join, or is refused by an error that names the
/// column. Never fewer rows, never others.
namespace matrix {

using namespace kith::literals;
using travel::Backend;

/// The content of the tables, in SQL.
struct Case {
    std::string title{};
    std::string parent{};                 ///< the type of the referred column
    std::string child{};                  ///< the type of the referring columns; the same if empty
    std::vector<std::string> codes{};     ///< of the authors
    std::vector<std::string> refers_to{}; ///< the keys in the books; may also name missing authors
    bool refused{false};                  ///< some of the ways are refused
    std::string setup{};                  ///< runs before the tables are created
    std::string options{};                ///< of the connection
    std::string table_options{};          ///< appended to CREATE TABLE (…)
    bool conditions{true};                ///< conditions compare as joins do
    int from{0};                          ///< further authors with all whole numbers
    int to{-1};                           ///< up to this one, each referred to by one or two books
};

/// "book:author" for each row of a join, sorted.
using Pairs = std::vector<std::string>;

inline Pairs sorted(Pairs pairs) {
    std::ranges::sort(pairs);
    return pairs;
}

class Tables {
public:
    explicit Tables(const Case& of) : raw_(folder_.raw()) {
        if (!of.setup.empty()) raw_.run(of.setup);
        const auto& child = of.child.empty() ? of.parent : of.child;
        create(of, "author",
               "code " + of.parent + " NOT NULL PRIMARY KEY, name text NOT NULL, alias " + of.parent +
                   " NOT NULL UNIQUE");
        create(of, "book", row + "author_code " + child);
        create(of, "note", row + "author_alias " + child + " NOT NULL");
        create(of, "profile", row + "author_code " + child + " NOT NULL");
        create(of, "club", "id integer NOT NULL PRIMARY KEY, name text NOT NULL");
        create(of, "membership",
               "id integer NOT NULL PRIMARY KEY, club_id integer NOT NULL, author_code " + child + " NOT NULL");
        create(of, "shelf",
               "hall integer NOT NULL, code " + of.parent + " NOT NULL, name text NOT NULL, PRIMARY KEY (hall, code)");
        create(of, "editor", "code " + of.parent + " NOT NULL PRIMARY KEY, name text NOT NULL");
        create(of, "tag", row + "content_type text NOT NULL, content_id " + child + " NOT NULL");
        create(of, "item", row + "hall integer NOT NULL, code " + child + " NOT NULL");
        fill(of);
    }

    const travel::Raw& raw() const { return raw_; }
    std::string url(const std::string& options) const { return folder_.url("test.db", options); }

    /// The rows of `FROM …` as "left:right", where `left` and `right` are columns.
    Pairs pairs(const std::string& left, const std::string& right, const std::string& from) const {
        const auto text = travel::by_backend(left + " || ':' || " + right, left + " || ':' || " + right,
                                             "CONCAT(" + left + ", ':', " + right + ")");
        const auto all = raw_.value(
            "SELECT " +
            travel::by_backend("group_concat(p, '|')", "string_agg(p, '|')", "GROUP_CONCAT(p SEPARATOR '|')") +
            " FROM (SELECT " + text + " AS p FROM " + from + ") AS pairs");
        Pairs found;
        if (all == "NULL") return found;
        for (std::size_t begin = 0; begin <= all.size();) {
            const auto end = std::min(all.find('|', begin), all.size());
            found.push_back(all.substr(begin, end - begin));
            begin = end + 1;
        }
        return sorted(std::move(found));
    }

private:
    static inline const std::string row = "id integer NOT NULL PRIMARY KEY, name text NOT NULL, ";

    void create(const Case& of, const std::string& table, const std::string& columns) const {
        raw_.run("CREATE TABLE " + table + " (" + columns + ")" + of.table_options);
    }
    void insert(const std::string& table, const std::string& values) const {
        raw_.run("INSERT INTO " + table + " VALUES (" + values + ")");
    }
    void fill(const Case& of) const {
        int number = 0;
        for (const auto& code : of.codes) {
            const auto name = "'a" + std::to_string(++number) + "'";
            insert("author", code + ", " + name + ", " + code);
            insert("shelf", "1, " + code + ", 's" + std::to_string(number) + "'");
        }
        if (!of.codes.empty()) insert("shelf", "2, " + of.codes.front() + ", 'other'");
        insert("club", "1, 'c1'");
        insert("club", "2, 'c2'");
        number = 0;
        for (const auto& code : of.refers_to) {
            const auto id = std::to_string(++number);
            insert("book", id + ", 'b" + id + "', " + code);
            insert("note", id + ", 'n" + id + "', " + code);
            insert("membership", id + ", " + (number % 2 == 1 ? "1" : "2") + ", " + code);
            insert("tag", id + ", 't" + id + "', 'author', " + code);
            insert("item", id + ", 'i" + id + "', 1, " + code);
        }
        insert("book", std::to_string(++number) + ", 'nobody', NULL");
        fill_dense(of);
        raw_.run(
            "INSERT INTO profile SELECT book.id, book.name, author_code FROM book JOIN author ON author_code = code "
            "WHERE NOT EXISTS (SELECT 1 FROM book AS b JOIN author AS a ON b.author_code = a.code "
            "WHERE a.name = author.name AND b.id < book.id)");
    }

    /// With one statement for each table.
    void fill_dense(const Case& of) const {
        if (of.to < of.from) return;
        constexpr int first_id = 1000;
        std::string authors;
        std::string children;
        std::string memberships;
        std::string tags;
        const auto add = [](std::string& rows, const std::string& values) {
            rows += (rows.empty() ? "(" : ", (") + values + ")";
        };
        for (auto code = of.from; code <= of.to; ++code) {
            add(authors, fmt::format("{0}, 'a-{0}', {0}", code));
            for (int again = 0; again <= code % 2; ++again) {
                const auto id = first_id + 2 * (code - of.from) + again;
                add(children, fmt::format("{0}, 'd{0}', {1}", id, code));
                add(memberships, fmt::format("{}, {}, {}", id, id % 3 == 0 ? 1 : 2, code));
                add(tags, fmt::format("{0}, 'd{0}', 'author', {1}", id, code));
            }
        }
        raw_.run("INSERT INTO author VALUES " + authors);
        for (const auto* table : {"book", "note"}) raw_.run(fmt::format("INSERT INTO {} VALUES {}", table, children));
        raw_.run("INSERT INTO membership VALUES " + memberships);
        raw_.run("INSERT INTO tag VALUES " + tags);
    }

    travel::TemporaryFolder folder_{};
    travel::Raw raw_;
};

/// Runs the ways of loading over the tables of a case.
template <class K>
class Matrix {
    /// A set of one key takes another way than larger ones.
    static constexpr std::size_t chunk_sizes[]{1, 2};

public:
    explicit Matrix(const Case& of) : case_(of), tables_(of), db_(kith::connect(tables_.url(of.options))) {}

    /// The ways that send the keys of all rows together.
    void check_together() {
        const auto truth = tables_.pairs("book.name", "author.name", "author JOIN book ON author.code = author_code");
        const auto notes = tables_.pairs("note.name", "author.name", "author JOIN note ON author.alias = author_alias");
        const auto profiles =
            tables_.pairs("profile.name", "author.name", "author JOIN profile ON author.code = author_code");
        const auto authors = objects<Author<K>>();
        const auto books = objects<Book<K>>();
        way("forward", truth, [&] { return authors_of(books.prefetch_related("author")); });
        way("forward, filtered", truth, [&] {
            const kith::Prefetch all("author"_f, authors.exclude("name"_f = "none"));
            return authors_of(books.prefetch_related(all));
        });
        way("to_field", notes, [&] { return authors_of(objects<Note<K>>().prefetch_related("author")); });
        way("one-to-one", profiles, [&] { return authors_of(objects<Profile<K>>().prefetch_related("author")); });
        way("set", truth, [&] { return sets_of(authors.prefetch_related("books"), &Author<K>::books); });
        way("set, distinct", truth, [&] {
            const kith::Prefetch all("books"_f, books.distinct());
            return sets_of(authors.prefetch_related(all), &Author<K>::books);
        });
        way("set, sliced", truth, [&] {
            Pairs pairs;
            const kith::Prefetch some("books"_f, books.slice(0, 100), "some_books"_f);
            for (const auto& author : authors.prefetch_related(some)) {
                for (const auto& book : author.some_books) pairs.push_back(book.name + ":" + author.name);
            }
            return pairs;
        });
        way("set, to_field", notes, [&] { return sets_of(authors.prefetch_related("notes"), &Author<K>::notes); });
        many_to_many(db_, "join");
        many_to_many(kith::connect(tables_.url(with_option("pairs_threshold=0"))), "pairs");
        generic();
        EXPECT_EQ(refused_ > 0, case_.refused) << "ways that were refused: " << refused_ << "\n" << refusals_;
    }

    void check() {
        to_one();
        sets();
        const auto pairs = kith::connect(tables_.url(with_option("pairs_threshold=0")));
        many_to_many(db_, "join");
        many_to_many(pairs, "pairs");
        composite();
        generic();
        members_by_condition(db_, "join");
        members_by_condition(pairs, "pairs");
        if (case_.conditions) conditions();
        EXPECT_EQ(refused_ > 0, case_.refused) << "ways that were refused: " << refused_ << "\n" << refusals_;
    }

private:
    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }

    std::string with_option(const std::string& option) const {
        return case_.options.empty() ? option : case_.options + "&" + option;
    }

    /// `load` returns the rows of the join, or is refused by an error that names the column.
    void way(const std::string& name, const Pairs& truth, const std::function<Pairs()>& load) {
        try {
            EXPECT_EQ(sorted(load()), truth) << name;
        } catch (const kith::Error& refusal) {
            const std::string what = refusal.what() + refusal.sql();
            ++refused_;
            refusals_ += name + ": " + what + "\n";
            const auto names = std::ranges::any_of(std::array{"code", "alias", "author", "shelf", "content"},
                                                   [&](const char* part) { return what.find(part) != what.npos; });
            EXPECT_TRUE(names) << name << " was refused without the name of the column: " << what;
        }
    }

    template <class Row>
    static void add(Pairs& pairs, const Row& row, const auto& relation) {
        if (relation.is_null()) return;
        try {
            pairs.push_back(row.name + ":" + relation->name);
        } catch (const kith::DoesNotExist&) {} // leads nowhere
    }
    template <class Rows>
    static Pairs authors_of(const Rows& rows) {
        Pairs pairs;
        for (const auto& row : rows) add(pairs, row, row.author);
        return pairs;
    }
    template <class Rows, class Set>
    static Pairs sets_of(const Rows& rows, Set set) {
        Pairs pairs;
        for (const auto& row : rows) {
            for (const auto& other : (row.*set).all()) pairs.push_back(other.name + ":" + row.name);
        }
        return pairs;
    }

    void to_one() {
        const auto truth = tables_.pairs("book.name", "author.name", "author JOIN book ON author.code = author_code");
        const auto notes = tables_.pairs("note.name", "author.name", "author JOIN note ON author.alias = author_alias");
        const auto profiles =
            tables_.pairs("profile.name", "author.name", "author JOIN profile ON author.code = author_code");
        const auto books = objects<Book<K>>();
        way("forward", truth, [&] { return authors_of(books.prefetch_related("author")); });
        way("forward, lazily", truth, [&] { return authors_of(books); });
        way("forward, peers", truth, [&] { return authors_of(books.fetch_mode(kith::FetchMode::peers)); });
        way("forward, joined", truth, [&] { return authors_of(books.select_related("author")); });
        for (const auto size : chunk_sizes) {
            way(fmt::format("forward, streamed by {}", size), truth, [&] {
                Pairs pairs;
                for (const auto& book : books.prefetch_related("author").iterator({.chunk_size = size})) {
                    add(pairs, book, book.author);
                }
                return pairs;
            });
        }
        way("forward, of objects", truth, [&] {
            auto rows = books.rows();
            kith::prefetch_related_objects(rows, "author");
            Pairs pairs;
            for (const auto& row : rows) add(pairs, *row, row->author);
            return pairs;
        });
        way("to_field", notes, [&] { return authors_of(objects<Note<K>>().prefetch_related("author")); });
        way("one-to-one", profiles, [&] { return authors_of(objects<Profile<K>>().prefetch_related("author")); });
    }

    void sets() {
        const auto truth = tables_.pairs("book.name", "author.name", "book JOIN author ON author_code = author.code");
        const auto notes = tables_.pairs("note.name", "author.name", "note JOIN author ON author_alias = author.alias");
        const auto profiles =
            tables_.pairs("profile.name", "author.name", "profile JOIN author ON author_code = author.code");
        const auto authors = objects<Author<K>>();
        const auto books = &Author<K>::books;
        way("set", truth, [&] { return sets_of(authors.prefetch_related("books"), books); });
        way("set, lazily", truth, [&] { return sets_of(authors, books); });
        way("set, peers", truth, [&] { return sets_of(authors.fetch_mode(kith::FetchMode::peers), books); });
        for (const auto size : chunk_sizes) {
            way(fmt::format("set, streamed by {}", size), truth, [&] {
                Pairs pairs;
                for (const auto& author : authors.prefetch_related("books").iterator({.chunk_size = size})) {
                    for (const auto& book : author.books.all()) pairs.push_back(book.name + ":" + author.name);
                }
                return pairs;
            });
            way(fmt::format("set, sliced, streamed by {}", size), truth, [&] {
                const kith::Prefetch some("books"_f, objects<Book<K>>().slice(0, 100), "some_books"_f);
                Pairs pairs;
                for (const auto& author : authors.prefetch_related(some).iterator({.chunk_size = size})) {
                    for (const auto& book : author.some_books) pairs.push_back(book.name + ":" + author.name);
                }
                return pairs;
            });
        }
        way("set, of objects", truth, [&] {
            auto rows = authors.rows();
            kith::prefetch_related_objects(rows, "books");
            Pairs pairs;
            for (const auto& row : rows) {
                for (const auto& book : row->books.all()) pairs.push_back(book.name + ":" + row->name);
            }
            return pairs;
        });
        way("set, sliced", truth, [&] {
            const auto some = objects<Book<K>>().slice(0, 100);
            Pairs pairs;
            for (const auto& author : authors.prefetch_related(kith::Prefetch("books"_f, some, "some_books"_f))) {
                for (const auto& book : author.some_books) pairs.push_back(book.name + ":" + author.name);
            }
            return pairs;
        });
        way("set, contains", truth, [&] {
            Pairs pairs;
            const auto all = objects<Book<K>>().rows();
            for (const auto& author : authors) {
                for (const auto& book : all) {
                    if (author.books.contains(*book)) pairs.push_back(book->name + ":" + author.name);
                }
            }
            return pairs;
        });
        way("set, to_field", notes, [&] { return sets_of(authors.prefetch_related("notes"), &Author<K>::notes); });
        way("one-to-one, other end", profiles, [&] {
            Pairs pairs;
            for (const auto& author : authors.prefetch_related("profile")) {
                if (author.profile) pairs.push_back(author.profile->name + ":" + author.name);
            }
            return pairs;
        });
    }

    void many_to_many(const kith::Database& db, const std::string& shape) {
        const auto members =
            tables_.pairs("author.name", "club.name",
                          "author JOIN membership ON author.code = author_code JOIN club ON club.id = club_id");
        const auto clubs =
            tables_.pairs("club.name", "author.name",
                          "membership JOIN author ON author_code = author.code JOIN club ON club.id = club_id");
        const auto all = db.objects<Club<K>>();
        way("many-to-many, " + shape, members,
            [&] { return sets_of(all.prefetch_related("members"), &Club<K>::members); });
        way("many-to-many, other end, " + shape, clubs,
            [&] { return sets_of(db.objects<Author<K>>().prefetch_related("clubs"), &Author<K>::clubs); });
        way("many-to-many, lazily, " + shape, members, [&] { return sets_of(all, &Club<K>::members); });
        way("many-to-many, filtered, " + shape, members, [&] {
            const auto some = db.objects<Author<K>>().exclude("name"_f = "none");
            return sets_of(all.prefetch_related(kith::Prefetch("members"_f, some)), &Club<K>::members);
        });
    }

    void composite() {
        const auto forward = tables_.pairs("item.name", "shelf.name",
                                           "shelf JOIN item ON shelf.hall = item.hall AND shelf.code = item.code");
        const auto set = tables_.pairs("item.name", "shelf.name",
                                       "item JOIN shelf ON item.hall = shelf.hall AND item.code = shelf.code");
        way("composite", forward, [&] {
            Pairs pairs;
            for (const auto& item : objects<Item<K>>().prefetch_related("shelf")) add(pairs, item, item.shelf);
            return pairs;
        });
        way("composite, lazily", forward, [&] {
            Pairs pairs;
            for (const auto& item : objects<Item<K>>()) add(pairs, item, item.shelf);
            return pairs;
        });
        way("composite, set", set,
            [&] { return sets_of(objects<Shelf<K>>().prefetch_related("items"), &Shelf<K>::items); });
    }

    void generic() {
        const auto forward = tables_.pairs("tag.name", "author.name", "author JOIN tag ON author.code = content_id");
        const auto set = tables_.pairs("tag.name", "author.name", "tag JOIN author ON content_id = author.code");
        const auto tags = objects<Tag<K>>();
        way("generic", forward, [&] {
            Pairs pairs;
            for (const auto& tag : tags.prefetch_related("content")) {
                if (const auto* author = tag.content.template get_if<Author<K>>()) {
                    pairs.push_back(tag.name + ":" + author->name);
                }
            }
            return pairs;
        });
        way("generic, set", set,
            [&] { return sets_of(objects<Author<K>>().prefetch_related("tags"), &Author<K>::tags); });
    }

    void members_by_condition(const kith::Database& db, const std::string& shape) {
        const auto members =
            tables_.pairs("author.name", "club.name",
                          "author JOIN membership ON author.code = author_code JOIN club ON club.id = club_id");
        way("many-to-many, condition, " + shape, members, [&] {
            Pairs pairs;
            for (const auto& author : db.objects<Author<K>>()) {
                for (const auto& club : db.objects<Club<K>>().filter("members__name"_f = author.name)) {
                    pairs.push_back(author.name + ":" + club.name);
                }
            }
            return pairs;
        });
    }

    void conditions() {
        const auto set = tables_.pairs("book.name", "author.name", "book JOIN author ON author_code = author.code");
        way("exact", set, [&] {
            Pairs pairs;
            for (const auto& author : objects<Author<K>>()) {
                for (const auto& book : objects<Book<K>>().filter("author"_f = author)) {
                    pairs.push_back(book.name + ":" + author.name);
                }
            }
            return pairs;
        });
        way("in", tables_.pairs("book.name", "'x'", "book WHERE author_code IN (SELECT code FROM author)"), [&] {
            std::deque<K> codes;
            for (const auto& author : objects<Author<K>>()) codes.push_back(author.code.value);
            Pairs pairs;
            for (const auto& book : objects<Book<K>>().filter("author__in"_f = codes))
                pairs.push_back(book.name + ":x");
            return pairs;
        });
        way("in, of the key", tables_.pairs("name", "'x'", "author WHERE code IN (SELECT author_code FROM book)"), [&] {
            std::deque<K> codes;
            for (const auto& book : objects<Book<K>>()) {
                if (!book.author.is_null()) codes.push_back(book.author.key());
            }
            Pairs pairs;
            for (const auto& author : objects<Author<K>>().filter("code__in"_f = codes)) {
                pairs.push_back(author.name + ":x");
            }
            return pairs;
        });
        way("in_bulk", tables_.pairs("name", "'x'", "author"), [&] {
            std::deque<K> codes;
            for (const auto& author : objects<Author<K>>()) codes.push_back(author.code.value);
            Pairs pairs;
            for (const auto& [code, author] : objects<Author<K>>().in_bulk(codes)) pairs.push_back(author->name + ":x");
            return pairs;
        });
    }

    const Case& case_;
    Tables tables_;
    kith::Database db_;
    int refused_{0};
    std::string refusals_{};
};

template <class K>
void check(const std::vector<Case>& cases) {
    for (const auto& each : cases) {
        SCOPED_TRACE(each.title + ": " + each.parent);
        Matrix<K>(each).check();
    }
}

template <class K>
void check_together(const std::vector<Case>& cases) {
    for (const auto& each : cases) {
        SCOPED_TRACE(each.title + ": " + each.parent + ", " + each.child);
        Matrix<K>(each).check_together();
    }
}

/// Runs the cases of the database that is under test.
template <class K>
void check(const std::vector<Case>& sqlite, const std::vector<Case>& postgresql, const std::vector<Case>& mariadb) {
    check<K>(travel::on_sqlite() ? sqlite : travel::backend() == Backend::postgresql ? postgresql : mariadb);
}

} // namespace matrix
