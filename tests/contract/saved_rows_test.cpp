#include "support/rows.hpp"
#include "support/saved_rows.hpp"
#include "support/travel.hpp"

#include <memory>
#include <optional>
#include <vector>

/// Whether a row is saved is known, and not guessed from its key: 0, the empty text and the nil Uuid are keys like all
/// others in rows that came from a database or went into one. Rows are put there by plain SQL, which is also the truth.

namespace saved_rows_test {

using namespace kith::literals;
using namespace travel;

namespace {

/// A kind of key, with a key that looks as if none was given.
template <int Kind>
struct KeyKind;

template <>
struct KeyKind<0> {
    using Member = kith::PrimaryKey<>;
    static constexpr bool is_made = true; ///< by the database, where none is given
    static std::int64_t key() { return 0; }
    static std::string sql() { return "0"; }
};
template <>
struct KeyKind<1> {
    using Member = kith::PrimaryKey<std::int16_t>;
    static constexpr bool is_made = true;
    static std::int16_t key() { return -7; } // looks like a key: what holds for the others holds for it
    static std::string sql() { return "-7"; }
};
template <>
struct KeyKind<2> {
    using Member = kith::PrimaryKey<std::string>;
    static constexpr bool is_made = false;
    static std::string key() { return {}; }
    static std::string sql() { return "''"; }
};
template <>
struct KeyKind<3> {
    using Member = kith::PrimaryKey<kith::Uuid>;
    static constexpr bool is_made = true;
    static kith::Uuid key() { return {}; }
    static std::string sql() { return "'00000000000000000000000000000000'"; }
};
template <>
struct KeyKind<4> {
    using Member = kith::Field<std::string, kith::primary_key, kith::max_length<20>>;
    static constexpr bool is_made = false;
    static std::string key() { return {}; }
    static std::string sql() { return "''"; }
};

/// Models with keys of one kind. `Alone` has no relation.
template <int Kind>
struct World : KeyKind<Kind> {
    using Key = typename KeyKind<Kind>::Member;

    struct Book;
    struct Card;
    struct Tag;
    struct Stamp;

    struct Alone {
        Key id{};
        std::string name{};

        static constexpr kith::Table table{.name = "alone"};
    };
    struct Author {
        Key id{};
        std::string name{};
        kith::ReverseSet<Book, "author"> books{};
        kith::ReverseOne<Card, "author"> card{};
        kith::ManyToMany<Tag, kith::join_table<"author_tag">> tags{};

        static constexpr kith::Table table{.name = "author"};
    };
    struct Tag {
        Key id{};
        std::string name{};
        kith::ReverseSet<Author, "tags"> authors{};

        static constexpr kith::Table table{.name = "tag"};
    };
    struct Book {
        kith::PrimaryKey<> id{};
        std::string title{};
        kith::ForeignKey<Author, kith::null> author{};

        static constexpr kith::Table table{.name = "book"};
    };
    struct Card {
        kith::OneToOne<Author, kith::primary_key> author{};
        std::string text{};
        kith::ReverseSet<Stamp, "card"> stamps{};

        static constexpr kith::Table table{.name = "card"};
    };
    struct Stamp {
        kith::PrimaryKey<> id{};
        kith::ForeignKey<Card, kith::null> card{};

        static constexpr kith::Table table{.name = "stamp"};
    };
};

template <class Kind>
class SavedRows : public FileTest {
protected:
    using W = World<Kind::value>;

    SavedRows() {
        db_.template create_tables<typename W::Alone, typename W::Author, typename W::Tag, typename W::Book,
                                   typename W::Card, typename W::Stamp>();
        const auto key = W::sql();
        raw_.run(with_zero_keys("INSERT INTO alone (id, name) VALUES (" + key + ", 'first')"));
        raw_.run(with_zero_keys("INSERT INTO author (id, name) VALUES (" + key + ", 'Ann')"));
        raw_.run(with_zero_keys("INSERT INTO tag (id, name) VALUES (" + key + ", 'new')"));
        raw_.run("INSERT INTO book (title, author_id) VALUES ('one', " + key + ")");
        raw_.run("INSERT INTO book (title) VALUES ('two')");
        raw_.run("INSERT INTO card (author_id, text) VALUES (" + key + ", 'hello')");
        log_.clear();
    }
    std::string value(const std::string& sql) const { return raw_.value(sql); }
    std::string count(const std::string& table) const { return value("SELECT COUNT(*) FROM " + table); }
    /// Of the row with the key of the kind.
    std::string name_in(const std::string& table) const {
        return value("SELECT name FROM " + table + " WHERE id = " + W::sql());
    }
    kith::Ref<typename W::Alone> alone() const { return db_.objects<typename W::Alone>().get("pk"_f = W::key()); }
    kith::Ref<typename W::Author> author() const { return db_.objects<typename W::Author>().get("pk"_f = W::key()); }
    kith::Ref<typename W::Book> book(const char* title) const {
        return db_.objects<typename W::Book>().get("title"_f = title);
    }
    std::string author_of(const std::string& title) const {
        return value("SELECT COUNT(*) FROM book WHERE title = '" + title + "' AND author_id = " + W::sql());
    }
    template <class Work>
    std::size_t statements(Work&& work) const {
        const auto before = log_.size();
        work();
        return log_.size() - before;
    }

    Raw raw_ = folder_.raw();
    kith::QueryLog log_{db_};
};

template <int Kind>
using KindOf = std::integral_constant<int, Kind>;
using KeyKinds = testing::Types<KindOf<0>, KindOf<1>, KindOf<2>, KindOf<3>, KindOf<4>>;

struct KeyKindName {
    template <class Kind>
    static std::string GetName(int) {
        constexpr const char* names[]{"Zero", "Negative", "EmptyText", "NilUuid", "EmptyField"};
        return names[Kind::value];
    }
};
TYPED_TEST_SUITE(SavedRows, KeyKinds, KeyKindName);

} // namespace

TYPED_TEST(SavedRows, AreUpdatedAndNeverDoubled) {
    const auto work = [&](const auto& row, const std::string& table) {
        int number = 0;
        with_each_copy(row, [&](auto& object, const char* which) {
            object.name = "changed " + std::to_string(++number);
            EXPECT_EQ(this->statements([&] { this->db_.save(object); }), 1U) << which;
            EXPECT_EQ(this->name_in(table), object.name) << which;
            EXPECT_EQ(this->count(table), "1") << which;
            object.name += "!";
            this->db_.save(object);
            EXPECT_EQ(this->name_in(table), object.name) << which;
            EXPECT_EQ(this->count(table), "1") << which;
        });
    };
    work([&] { return this->alone(); }, "alone");
    work([&] { return this->author(); }, "author");
}

TYPED_TEST(SavedRows, FromEverySortOfReadingAreSaved) {
    using Author = typename TestFixture::W::Author;
    const auto authors = this->db_.template objects<Author>();
    int number = 0;
    const auto save = [&](Author& row, const char* which) {
        row.name = "changed " + std::to_string(++number);
        this->db_.save(row);
        EXPECT_EQ(this->name_in("author"), row.name) << which;
        EXPECT_EQ(this->count("author"), "1") << which;
    };
    for (auto& row : authors.all()) save(row, "a list");
    for (auto& row : authors.iterator()) save(row, "a stream");
    for (auto& row : authors.raw("SELECT id, name FROM author")) save(row, "raw");
    save(*this->book("one")->author, "loaded lazily");
    auto books = this->db_.template objects<typename TestFixture::W::Book>().filter("title"_f = "one");
    auto joined = books.select_related("author");
    save(*joined[0].author, "joined");
    auto prefetched = books.prefetch_related("author");
    save(*prefetched[0].author, "prefetched");
    save(*authors.first(), "first");
    auto found = authors.in_bulk(std::vector{TestFixture::W::key()});
    save(*found.begin()->second, "in bulk");
    save(*authors.get_or_create("pk"_f = TestFixture::W::key()).first, "get_or_create");
}

TYPED_TEST(SavedRows, AnObjectWithoutAKeyIsANewRow) {
    using Alone = typename TestFixture::W::Alone;
    if (TestFixture::W::key() != decltype(TestFixture::W::key()){}) return; // this key says what it is
    Alone fresh{.name = "fresh"};
    if (TestFixture::W::is_made) {
        EXPECT_EQ(this->statements([&] { this->db_.save(fresh); }), 1U);
        EXPECT_NE(fresh.id, TestFixture::W::key());
        EXPECT_EQ(this->count("alone"), "2");
        this->db_.template objects<Alone>().bulk_create(std::vector{Alone{.name = "a"}, Alone{.name = "b"}});
        EXPECT_EQ(this->count("alone"), "4");
    } else {
        EXPECT_THROW(this->db_.save(fresh), kith::ValueError);
        EXPECT_THROW(this->db_.template objects<Alone>().create(fresh), kith::ValueError);
        EXPECT_EQ(this->count("alone"), "1");
    }
    EXPECT_EQ(this->name_in("alone"), "first") << "the row with that key was not meant";
}

TYPED_TEST(SavedRows, WhatIsNotSavedIsStillRefused) {
    using Author = typename TestFixture::W::Author;
    if (TestFixture::W::key() != decltype(TestFixture::W::key()){}) return; // this key says what it is
    Author fresh{.name = "fresh"};
    Author copy = fresh;
    for (auto* row : {&fresh, &copy}) {
        EXPECT_THROW(this->db_.refresh(*row), kith::ValueError);
        EXPECT_THROW(this->db_.remove(*row), kith::ValueError);
        EXPECT_THROW((void)this->db_.template objects<Author>().contains(*row), kith::ValueError);
        EXPECT_THROW(this->book("two")->author = *row, kith::ValueError);
        EXPECT_THROW((void)this->db_.template objects<typename TestFixture::W::Book>().filter("author"_f = *row),
                     kith::ValueError);
        EXPECT_THROW(row->books.add(*this->book("two")), kith::ValueError);
    }
    typename TestFixture::W::Tag tag{.name = "fresh"};
    EXPECT_THROW(this->author()->tags.add(tag), kith::ValueError);
    EXPECT_EQ(this->count("author"), "1");
    EXPECT_EQ(this->count("author_tag"), "0");
}

TYPED_TEST(SavedRows, AreMadeWithSuchAKeyWhenItIsAskedFor) {
    using Alone = typename TestFixture::W::Alone;
    this->raw_.run("DELETE FROM alone");
    const auto objects = this->db_.template objects<Alone>();
    auto [row, made] = objects.get_or_create("pk"_f = TestFixture::W::key(), kith::defaults("name"_f = "made"));
    EXPECT_TRUE(made);
    EXPECT_EQ(row->id, TestFixture::W::key());
    EXPECT_EQ(this->name_in("alone"), "made");
    EXPECT_FALSE(objects.get_or_create("pk"_f = TestFixture::W::key()).second);
    EXPECT_FALSE(objects.update_or_create("pk"_f = TestFixture::W::key(), kith::defaults("name"_f = "again")).second);
    row->name = "saved";
    this->db_.save(*row);
    EXPECT_EQ(this->name_in("alone"), "saved");
    EXPECT_EQ(this->count("alone"), "1");
}

TYPED_TEST(SavedRows, AreRefreshed) {
    const auto work = [&](const auto& row, const std::string& table) {
        int number = 0;
        with_each_copy(row, [&](auto& object, const char* which) {
            const auto name = "by SQL " + std::to_string(++number);
            this->raw_.run("UPDATE " + table + " SET name = '" + name + "'");
            EXPECT_EQ(this->statements([&] { this->db_.refresh(object); }), 1U) << which;
            EXPECT_EQ(object.name, name) << which;
            this->db_.save(object);
            EXPECT_EQ(this->count(table), "1") << which;
        });
    };
    work([&] { return this->alone(); }, "alone");
    work([&] { return this->author(); }, "author");
}

TYPED_TEST(SavedRows, AreRemovedAndAreNewRowsThen) {
    with_each_copy([&] { return this->alone(); },
                   [&](auto& object, const char* which) {
                       this->db_.remove(object);
                       EXPECT_EQ(this->count("alone"), "0") << which;
                       this->db_.save(object); // the row with another key where the database makes them, else the same
                       EXPECT_EQ(this->count("alone"), "1") << which;
                       if (std::is_integral_v<decltype(TestFixture::W::key())>) {
                           EXPECT_NE(object.id, TestFixture::W::key()) << which;
                       } else {
                           EXPECT_EQ(object.id, TestFixture::W::key()) << which;
                       }
                       object.name = "again";
                       this->db_.save(object);
                       EXPECT_EQ(this->value("SELECT name FROM alone"), "again") << which;
                       EXPECT_EQ(this->count("alone"), "1") << which;
                       this->raw_.run(with_zero_keys("DELETE FROM alone; INSERT INTO alone (id, name) VALUES (" +
                                                     TestFixture::W::sql() + ", 'first')"));
                   });
}

TYPED_TEST(SavedRows, RemovedOnesAreNoKeysOfOthers) {
    if (!std::is_same_v<decltype(TestFixture::W::key()), std::int64_t>) return; // these keep their key
    using Author = typename TestFixture::W::Author;
    auto other = this->db_.template objects<Author>().create({.name = "Bo"});
    this->db_.remove(other);
    EXPECT_EQ(other->id, TestFixture::W::key()) << "as a row that was never saved, and as Ann has it";
    EXPECT_THROW((void)other->books.count(), kith::ValueError) << "these would be Ann's";
    EXPECT_THROW((void)static_cast<bool>(other->card), kith::ValueError);
    EXPECT_THROW(other->books.clear(), kith::ValueError);
    EXPECT_THROW(this->db_.remove(other), kith::ValueError);
    other->name = "Cy";
    this->db_.save(other);
    EXPECT_EQ(this->name_in("author"), "Ann");
    EXPECT_EQ(this->count("author"), "2");
    EXPECT_EQ(other->books.count(), 0);
}

TYPED_TEST(SavedRows, ThatAreGoneAreInsertedUnderTheirKey) {
    with_each_copy([&] { return this->alone(); },
                   [&](auto& object, const char* which) {
                       this->raw_.run("DELETE FROM alone");
                       object.name = which;
                       this->db_.save(object);
                       EXPECT_EQ(this->name_in("alone"), which);
                       EXPECT_EQ(object.id, TestFixture::W::key()) << which;
                       EXPECT_EQ(this->count("alone"), "1") << which;
                   });
}

TYPED_TEST(SavedRows, CannotBeInsertedAgain) {
    using Alone = typename TestFixture::W::Alone;
    with_each_copy(
        [&] { return this->alone(); },
        [&](auto& object, const char* which) {
            EXPECT_THROW(this->db_.insert(object), kith::IntegrityError) << which;
            EXPECT_THROW(this->db_.template objects<Alone>().create(object), kith::IntegrityError) << which;
            EXPECT_THROW(this->db_.template objects<Alone>().bulk_create(std::vector{object}), kith::IntegrityError)
                << which;
            EXPECT_EQ(this->count("alone"), "1") << which;
            object.name = "still saved";
            this->db_.save(object);
            EXPECT_EQ(this->name_in("alone"), "still saved") << which;
        });
}

TYPED_TEST(SavedRows, WithoutTheirKeyAreNewRows) {
    if (!TestFixture::W::is_made) return; // this key must be given
    using Key = decltype(TestFixture::W::key());
    with_each_copy([&] { return this->alone(); },
                   [&](auto& object, const char* which) {
                       object.id = Key{};
                       this->db_.save(object);
                       EXPECT_NE(object.id, TestFixture::W::key()) << which;
                   });
    EXPECT_EQ(this->name_in("alone"), "first");
    EXPECT_EQ(this->count("alone"), "8");
}

TYPED_TEST(SavedRows, AreFoundByContains) {
    using Author = typename TestFixture::W::Author;
    with_each_copy([&] { return this->author(); },
                   [&](auto& object, const char* which) {
                       const auto authors = this->db_.template objects<Author>();
                       EXPECT_TRUE(authors.contains(object)) << which;
                       EXPECT_FALSE(authors.filter("name"_f = "nobody").contains(object)) << which;
                       auto evaluated = authors.all();
                       EXPECT_EQ(evaluated.size(), 1U);
                       EXPECT_TRUE(evaluated.contains(object)) << which;
                       auto sliced = authors.slice(0, 1);
                       EXPECT_TRUE(sliced.contains(object)) << which;
                   });
}

TYPED_TEST(SavedRows, AreAssignedToForeignKeys) {
    with_each_copy([&] { return this->author(); },
                   [&](auto& object, const char* which) {
                       auto two = this->book("two");
                       two->author = object;
                       EXPECT_EQ(two->author.key(), TestFixture::W::key()) << which;
                       this->db_.save(two);
                       EXPECT_EQ(this->author_of("two"), "1") << which;
                       EXPECT_EQ(two->author->name, "Ann") << which;
                       two->author = nullptr;
                       this->db_.save(two);
                       EXPECT_EQ(this->author_of("two"), "0") << which;
                       typename TestFixture::W::Book three{.title = "three", .author = object};
                       this->db_.save(three);
                       EXPECT_EQ(this->author_of("three"), "1") << which;
                       EXPECT_EQ(three.author->name, "Ann") << which;
                       this->db_.remove(three);
                   });
    auto two = this->book("two");
    two->author = this->author();
    this->db_.save(two);
    EXPECT_EQ(this->author_of("two"), "1");
}

TYPED_TEST(SavedRows, AreCompared) {
    using Book = typename TestFixture::W::Book;
    with_each_copy([&] { return this->author(); },
                   [&](auto& object, const char* which) {
                       EXPECT_EQ(column(this->db_.template objects<Book>().filter("author"_f = object), &Book::title),
                                 std::vector<std::string>{"one"})
                           << which;
                       const std::vector list{object};
                       EXPECT_EQ(this->db_.template objects<Book>().filter("author__in"_f = list).count(), 1) << which;
                       EXPECT_EQ(this->db_.template objects<Book>().exclude("author"_f = object).count(), 1) << which;
                       EXPECT_TRUE(object.id == TestFixture::W::key()) << which;
                   });
}

TYPED_TEST(SavedRows, LeadToWhatBelongsToThem) {
    auto row = this->author();
    EXPECT_EQ(row->books.count(), 1);
    EXPECT_EQ(row->books.first()->title, "one");
    EXPECT_EQ(row->card->text, "hello");
    auto copy = *row;
    EXPECT_EQ(copy.books.count(), 1);
    EXPECT_EQ(copy.card->text, "hello");
    auto alone = kith::detached(row);
    EXPECT_THROW((void)alone.books.count(), kith::ValueError) << "it knows no database";
    this->db_.save(alone);
    EXPECT_EQ(alone.books.count(), 1);
    for (const auto mode : {kith::FetchMode::one, kith::FetchMode::peers}) {
        auto books = this->db_.template objects<typename TestFixture::W::Book>().order_by("title").fetch_mode(mode);
        EXPECT_EQ(books[0].author->name, "Ann");
        EXPECT_TRUE(books[1].author == nullptr);
        EXPECT_EQ(books[0].author->books.count(), 1);
    }
    auto prefetched =
        this->db_.template objects<typename TestFixture::W::Author>().prefetch_related("books", "card__stamps");
    EXPECT_EQ(prefetched[0].books.all().size(), 1U);
    EXPECT_TRUE(prefetched[0].card->stamps.all().empty());
}

TYPED_TEST(SavedRows, AreChildrenOfSets) {
    with_each_copy([&] { return this->author(); },
                   [&](auto& object, const char* which) {
                       if (!object.books.is_prefetched())
                           this->db_.refresh(object); // a detached one gets its database back
                       object.books.add(this->book("two"));
                       EXPECT_EQ(this->author_of("two"), "1") << which;
                       object.books.remove(*this->book("two"));
                       EXPECT_EQ(this->author_of("two"), "0") << which;
                       object.books.set(this->db_.template objects<typename TestFixture::W::Book>().rows());
                       EXPECT_EQ(this->author_of("two"), "1") << which;
                       EXPECT_TRUE(object.books.contains(this->book("two"))) << which;
                       object.books.create({.title = "three"});
                       EXPECT_EQ(this->author_of("three"), "1") << which;
                       object.books.clear();
                       EXPECT_EQ(this->value("SELECT COUNT(*) FROM book WHERE author_id IS NOT NULL"), "0") << which;
                       this->raw_.run("DELETE FROM book WHERE title = 'three'");
                   });
}

TYPED_TEST(SavedRows, AreMembersOfManyToManys) {
    const auto links = [&] { return this->count("author_tag"); };
    const auto tag = [&] {
        return this->db_.template objects<typename TestFixture::W::Tag>().get("pk"_f = TestFixture::W::key());
    };
    const auto author = this->author();
    with_each_copy(tag, [&](auto& object, const char* which) {
        author->tags.add(object);
        author->tags.add(object);
        EXPECT_EQ(links(), "1") << which;
        EXPECT_TRUE(author->tags.contains(object)) << which;
        EXPECT_EQ(author->tags.all().size(), 1U) << which;
        EXPECT_TRUE(author->tags.contains(object)) << which;
        author->tags.remove(object);
        EXPECT_EQ(links(), "0") << which;
        author->tags.set(std::vector{object});
        EXPECT_EQ(links(), "1") << which;
        author->tags.clear();
        EXPECT_EQ(links(), "0") << which;
        this->db_.refresh(object);
        object.authors.add(*author);
        EXPECT_EQ(links(), "1") << which;
        EXPECT_EQ(object.authors.first()->name, "Ann") << which;
        object.authors.clear();
    });
}

TYPED_TEST(SavedRows, WhoseKeyIsAOneToOneAreSaved) {
    using Card = typename TestFixture::W::Card;
    const auto card = [&] { return this->db_.template objects<Card>().get("author"_f = TestFixture::W::key()); };
    int number = 0;
    with_each_copy(card, [&](auto& object, const char* which) {
        object.text = "changed " + std::to_string(++number);
        EXPECT_EQ(this->statements([&] { this->db_.save(object); }), 1U) << which;
        EXPECT_EQ(this->value("SELECT text FROM card"), object.text) << which;
        EXPECT_EQ(this->count("card"), "1") << which;
        this->db_.refresh(object);
        EXPECT_TRUE(this->db_.template objects<Card>().contains(object)) << which;
        typename TestFixture::W::Stamp stamp{.card = object};
        this->db_.save(stamp);
        EXPECT_EQ(stamp.card->text, object.text) << which;
        EXPECT_EQ(object.stamps.count(), 1) << which;
        this->db_.remove(stamp);
        this->raw_.run("DELETE FROM card");
        this->db_.save(object);
        EXPECT_EQ(this->value("SELECT COUNT(*) FROM card WHERE author_id = " + TestFixture::W::sql()), "1") << which;
        this->db_.remove(object);
        EXPECT_EQ(this->count("card"), "0") << which;
        Card second{.author = this->author(), .text = "second"};
        this->db_.insert(second);
        EXPECT_EQ(second.author->name, "Ann") << which;
    });
    Card nobodys{.text = "nobody's"};
    EXPECT_THROW(this->db_.save(nobodys), kith::Error);
}

} // namespace saved_rows_test
