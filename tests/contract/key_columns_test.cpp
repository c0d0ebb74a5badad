#include "support/key_matrix.hpp"
#include "support/rows.hpp"

#include <limits>
#include <optional>
#include <string_view>

/// Keys that a column cannot hold, or compares in its own way, beyond what the matrix loads: conditions and writes, and
/// columns that change while the program runs.

namespace key_columns_test {

using namespace kith::literals;
using namespace matrix;

namespace {

using Names = std::vector<std::string>;

template <class Rows>
Names names_of(const Rows& rows) {
    Names names;
    for (const auto& row : rows) names.push_back(row.name);
    return names;
}

/// Author and Book over columns of the type `parent`, `child`.
template <class K>
class KeyColumns : public testing::Test {
protected:
    void make(const Case& of) {
        tables_.emplace(of);
        db_.emplace(kith::connect(tables_->url(of.options)));
    }
    template <class M>
    kith::QuerySet<M> objects() const {
        return db_->template objects<M>();
    }
    const kith::Database& db() const { return *db_; }
    const travel::Raw& raw() const { return tables_->raw(); }

private:
    std::optional<Tables> tables_{};
    std::optional<kith::Database> db_{};
};

using TextKeyColumns = KeyColumns<std::string>;
using UnsignedKeyColumns = KeyColumns<std::uint64_t>;
using RealKeyColumns = KeyColumns<double>;

std::string caseless_text() {
    return travel::by_backend("text COLLATE NOCASE", "citext",
                              "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
}
std::string plain_text() {
    return travel::by_backend("text", "text", "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
}

} // namespace

TEST_F(TextKeyColumns, KeysOfAnySpellingTakeNoFurtherStatement) {
    make({.parent = caseless_text(), .codes = {"'Anna'"}, .refers_to = {"'ANNA'", "'anna'"}});
    const kith::QueryLog log(db());
    const auto authors = objects<Author<std::string>>().prefetch_related("books__author");
    EXPECT_EQ(names_of(authors[0].books.all()), (Names{"b1", "b2"}));
    EXPECT_EQ(&*authors[0].books.all()[1]->author, &authors[0]);
    EXPECT_EQ(log.size(), 2u);
    const auto books = objects<Book<std::string>>().prefetch_related("author");
    EXPECT_EQ(&*books[0].author, &*books[1].author) << "one row, however it is spelt";
    EXPECT_EQ(log.size(), 4u);
}

TEST_F(TextKeyColumns, WhatChangesIsComparedAsItIsNow) {
    if (travel::on_sqlite()) GTEST_SKIP() << "SQLite changes no column";
    make({.parent = plain_text(), .codes = {"'Anna'"}, .refers_to = {"'ANNA'", "'Anna'"}});
    const auto count = [&] {
        const auto authors = objects<Author<std::string>>().prefetch_related("books");
        return authors[0].books.all().size();
    };
    const auto alter = [&](const std::string& type) {
        for (const auto* table : {"author", "book"}) {
            const auto column = std::string(table == std::string_view("author") ? "code" : "author_code");
            raw().run("ALTER TABLE " + std::string(table) + travel::by_backend("", " ALTER COLUMN ", " MODIFY ") +
                      column + travel::by_backend("", " TYPE ", " ") + type);
        }
    };
    for (int round = 0; round < 3; ++round) EXPECT_EQ(count(), 1u);
    alter(caseless_text());
    for (int round = 0; round < 3; ++round) EXPECT_EQ(count(), 2u);
    alter(plain_text());
    for (int round = 0; round < 3; ++round) EXPECT_EQ(count(), 1u);
}

TEST_F(TextKeyColumns, AKeyThatIsNotInTheCharacterSetRemovesNothing) {
    if (travel::backend() != Backend::mariadb) GTEST_SKIP() << "only MariaDB has columns with few characters";
    make({.parent = "varchar(20) CHARACTER SET latin1", .codes = {"'a?'", "'b'", "'?'"}, .refers_to = {"'b'"}});
    const auto authors = objects<Author<std::string>>();
    const Names lost{"a😀", "漢"};
    EXPECT_EQ(authors.filter("code__in"_f = lost).count(), 0);
    EXPECT_EQ(authors.filter("code__in"_f = lost).remove(), 0);
    // MariaDB itself refuses the conversion in an UPDATE.
    travel::expect_parts(travel::message_of<kith::DatabaseError>(
                             [&] { authors.filter("code__in"_f = lost).update("name"_f = "changed"); }),
                         {"character set"});
    EXPECT_EQ(names_of(authors), (Names{"a1", "a2", "a3"}));
    EXPECT_TRUE(authors.in_bulk(lost).empty());
    EXPECT_THROW((void)authors.filter("code"_f = "a😀").count(), kith::DatabaseError) << "refused by MariaDB itself";
}

TEST_F(TextKeyColumns, KeysOfAllCharacters) {
    make({.parent = plain_text(), .codes = {"'x'"}, .refers_to = {"'x'"}});
    Names codes{"\"",   "\\",    "'",   "\\u0041", "a\nb", "\t", "\x01", "\x1f",
                "\x7f", "{a,b}", "[1]", "NULL",    "null", "%",  "_",    " a "};
    std::int64_t id = 100;
    for (const auto& code : codes) {
        auto author = objects<Author<std::string>>().create({.code = code, .name = code, .alias = code});
        objects<Book<std::string>>().create({.id = ++id, .name = "of " + code, .author = author});
    }
    for (const auto& author : objects<Author<std::string>>().filter("code__in"_f = codes).prefetch_related("books")) {
        EXPECT_EQ(names_of(author.books.all()), Names{"of " + author.code.value});
    }
    EXPECT_EQ(objects<Author<std::string>>().filter("code__in"_f = codes).count(),
              static_cast<std::int64_t>(codes.size()));
}

TEST_F(UnsignedKeyColumns, SetsOfLargeKeysAreWritten) {
    if (travel::on_sqlite()) GTEST_SKIP() << "SQLite's integers are signed";
    const auto type = travel::by_backend("", "numeric(20)", "bigint unsigned");
    make({.parent = type,
          .codes = {"18446744073709551615", "9223372036854775808", "7"},
          .refers_to = {"7", "18446744073709551615"}});
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    const auto author = [&](std::uint64_t code) { return objects<Author<std::uint64_t>>().get("code"_f = code); };
    const auto books = objects<Book<std::uint64_t>>().rows();
    const auto last = author(largest);
    EXPECT_TRUE(last->books.contains(*books[1]));
    EXPECT_FALSE(last->books.contains(*books[0]));
    last->books.add(*books[0]);
    EXPECT_EQ(names_of(last->books.all()), (Names{"b1", "b2"}));
    EXPECT_EQ(books[0]->author.key(), largest);
    last->books.set(std::vector{books[0]});
    EXPECT_EQ(names_of(author(largest)->books.all()), Names{"b1"});

    const auto half = author(std::uint64_t{1} << 63);
    half->clubs.clear();
    const auto club = objects<Club<std::uint64_t>>().get("name"_f = "c1");
    const auto found = objects<Author<std::uint64_t>>().filter("code__in"_f = std::vector{largest, std::uint64_t{7}});
    EXPECT_EQ(names_of(found), (Names{"a1", "a3"}));
    EXPECT_EQ(names_of(club->members.all()), Names{"a3"});
    auto copy = *books[0];
    EXPECT_EQ(copy.author.key(), largest) << "a copy keeps it";
    copy.author.set_key(half->code);
    db().save(copy);
    EXPECT_EQ(names_of(author(std::uint64_t{1} << 63)->books.all()), Names{"b1"});
}

TEST_F(RealKeyColumns, WhatIsNoNumberLeadsNowhereElse) {
    if (travel::backend() != Backend::postgresql) GTEST_SKIP() << "only PostgreSQL keeps such numbers";
    make({.parent = "double precision",
          .codes = {"1.5", "'NaN'", "'Infinity'"},
          .refers_to = {"1.5", "'-Infinity'", "'Infinity'"}});
    const auto authors = objects<Author<double>>().prefetch_related("books", "clubs");
    EXPECT_EQ(names_of(authors[0].books.all()), Names{"b1"});
    EXPECT_EQ(names_of(authors[1].books.all()), Names{});
    EXPECT_EQ(names_of(authors[2].books.all()), Names{"b3"});
    EXPECT_EQ(objects<Book<double>>().prefetch_related("author").size(), 4u);
}

} // namespace key_columns_test
