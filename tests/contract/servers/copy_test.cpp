#include "support/pooler.hpp"
#include "support/rows.hpp"
#include "support/travel.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// COPY, by which PostgreSQL takes many rows that bring their own keys: it must store what INSERT stores, and refuse
/// what INSERT refuses.

namespace copy_test {

using namespace kith::literals;
using namespace travel;

namespace {

enum class Mood : std::int8_t { calm = -1, merry = 7 };

} // namespace

} // namespace copy_test

template <>
struct kith::EnumNames<copy_test::Mood> {
    using enum copy_test::Mood;
    static constexpr kith::EnumName<copy_test::Mood> names[]{{calm, "calm"}, {merry, "merry"}};
};

namespace copy_test {

namespace {

using namespace std::chrono;
using Bytes = std::vector<std::byte>;

constexpr std::size_t many = 2'500; // two statements

struct Sample {
    kith::PrimaryKey<> id{};
    bool flag{};
    std::int16_t small{};
    std::int32_t medium{};
    std::int64_t large{};
    std::uint64_t vast{};
    float single{};
    double real{};
    std::string text{};
    std::optional<std::string> note{};
    Bytes bytes{};
    kith::Date day{};
    kith::Timestamp at{};
    kith::LocalTimestamp local{};
    kith::Uuid uuid{};
    kith::Decimal price{};
    kith::Json data{"{}"};
    std::optional<Mood> mood{};
    kith::Field<std::optional<std::string>, kith::server_default> state{};
};

struct Shelf {
    kith::PrimaryKey<std::int32_t> id{};
};

struct Tome {
    kith::PrimaryKey<std::string> code{};
    kith::ForeignKey<Shelf, kith::null> shelf{};
};

struct Word {
    kith::PrimaryKey<std::string> text{};
    std::int64_t count{};
};

std::vector<Sample> samples(std::size_t count) {
    std::vector<Sample> rows(count);
    std::int64_t i = 0;
    for (auto& row : rows) {
        ++i;
        const bool last = i % 7 == 0;
        row.id.value = i;
        row.flag = i % 2 == 0;
        row.small = std::numeric_limits<std::int16_t>::min();
        row.medium = static_cast<std::int32_t>(-i);
        row.large = std::numeric_limits<std::int64_t>::max() - i;
        row.vast = std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(i);
        row.single = static_cast<float>(i) / 3;
        row.real = last ? std::numeric_limits<double>::infinity() : static_cast<double>(i) / 7;
        row.text = std::to_string(i) + (last ? "\t\\N\n\"" : "é");
        if (!last) row.note = std::string(static_cast<std::size_t>(i % 50), 'n');
        row.bytes.assign(static_cast<std::size_t>(i % 5), std::byte{0});
        row.day = kith::Date(days(i * 17 - 500'000)); // from the year 601 on
        row.at = kith::Timestamp(microseconds(i * 1'000'003 - 5));
        row.local = kith::LocalTimestamp(microseconds(i * 999'999'999));
        row.uuid.bytes[15] = static_cast<std::uint8_t>(i);
        row.price = kith::Decimal(std::to_string(i) + ".50");
        row.data = kith::Json{R"({"a":)" + std::to_string(i) + "}"};
        if (last) row.mood = Mood::merry;
        row.state = std::optional<std::string>("given");
    }
    return rows;
}

std::vector<Word> words(std::size_t count) {
    std::vector<Word> rows(count);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i].text.value = "w" + std::to_string(i);
        rows[i].count = static_cast<std::int64_t>(i);
    }
    return rows;
}

class ServerCopy : public FileTest {
protected:
    ServerCopy() { db_.create_tables<Sample, Word>(); }
    void SetUp() override {
        if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB has no COPY from a client";
    }

    std::string stored(const std::string& table) const {
        return folder_.raw().value("SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text)) FROM " +
                                   table + " AS t");
    }
    /// Creates the rows at once, expects the same as from INSERTs of few, and whether they were copied.
    template <class M>
    void expect_as_inserted(const std::vector<M>& rows, const std::string& table, bool copied) {
        for (std::size_t at = 0; at < rows.size(); at += 500) {
            const auto end = std::min(rows.size(), at + 500);
            db_.objects<M>().bulk_create(std::vector<M>(rows.begin() + static_cast<std::ptrdiff_t>(at),
                                                        rows.begin() + static_cast<std::ptrdiff_t>(end)));
        }
        const auto expected = stored(table);
        db_.objects<M>().remove();
        kith::QueryLog log(db_);
        EXPECT_EQ(db_.objects<M>().bulk_create(rows).size(), rows.size());
        EXPECT_EQ(log.size(), copied ? 2u : 5u);
        EXPECT_EQ(log[0].sql.starts_with("COPY "), copied) << log[0].sql;
        EXPECT_GE(log[0].rows, copied ? 1'999u : 500u) << "a trigger may leave one out";
        EXPECT_EQ(stored(table), expected);
        db_.objects<M>().remove();
    }
};

} // namespace

TEST_F(ServerCopy, EveryTypeIsStoredAsByInsert) { expect_as_inserted(samples(many), "sample", true); }

TEST_F(ServerCopy, ColumnTypesOfOtherMakersAreStoredAsByInsert) {
    const auto raw = folder_.raw();
    raw.run("CREATE DOMAIN positive AS numeric(12, 2) CHECK (VALUE > 0)");
    raw.run("CREATE TYPE mood AS ENUM ('calm', 'merry')");
    raw.run(
        "ALTER TABLE sample ALTER small TYPE int, ALTER medium TYPE bigint, ALTER single TYPE float8, ALTER note TYPE "
        "varchar(60), ALTER price TYPE positive, ALTER data TYPE jsonb USING data::jsonb, ALTER mood TYPE mood USING "
        "mood::mood");
    expect_as_inserted(samples(many), "sample", true);
}

/// COPY would refuse these, or store another value: they are inserted.
TEST_F(ServerCopy, ColumnsThatConvertAreInserted) {
    for (const std::string change : {"ALTER large TYPE numeric", "ALTER text TYPE name", "ALTER at TYPE timestamp"}) {
        folder_.raw().run("ALTER TABLE sample " + change);
        expect_as_inserted(samples(many), "sample", false);
    }
}

TEST_F(ServerCopy, ATableWithARuleOrAnAlwaysGeneratedKeyIsInserted) {
    folder_.raw().run("CREATE TABLE heard (text text)");
    folder_.raw().run("CREATE RULE hear AS ON INSERT TO word DO ALSO INSERT INTO heard VALUES (NEW.text)");
    expect_as_inserted(words(many), "word", false);
    EXPECT_EQ(folder_.raw().value("SELECT count(*) FROM heard"), std::to_string(2 * many));
    folder_.raw().run("ALTER TABLE sample ALTER id SET GENERATED ALWAYS");
    EXPECT_THROW(db_.objects<Sample>().bulk_create(samples(many)), kith::DatabaseError);
    EXPECT_EQ(db_.objects<Sample>().count(), 0);
}

TEST_F(ServerCopy, TriggersAndPartitionsWorkAsWithInsert) {
    const auto raw = folder_.raw();
    raw.run(
        "CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.count = 7 THEN RETURN NULL; END IF; "
        "NEW.count := 2 * NEW.count; RETURN NEW; END'");
    raw.run("CREATE TRIGGER twice BEFORE INSERT ON word FOR EACH ROW EXECUTE FUNCTION twice()");
    expect_as_inserted(words(many), "word", true);
    raw.run("DROP TABLE word");
    raw.run("CREATE TABLE word (text text, count bigint) PARTITION BY HASH (text)");
    raw.run("CREATE TABLE word_0 PARTITION OF word FOR VALUES WITH (MODULUS 2, REMAINDER 0)");
    raw.run("CREATE TABLE word_1 PARTITION OF word FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
    expect_as_inserted(words(many), "word", true);
}

TEST_F(ServerCopy, AColumnThatTheDatabaseFillsIsFilled) {
    folder_.raw().run(
        "ALTER TABLE word ADD made timestamptz NOT NULL DEFAULT now(), ADD twice bigint GENERATED ALWAYS AS "
        "(2 * count) STORED");
    EXPECT_EQ(db_.objects<Word>().bulk_create(words(many)).size(), many);
    EXPECT_EQ(folder_.raw().value("SELECT count(*) FROM word WHERE twice = 2 * count AND made IS NOT NULL"),
              std::to_string(many));
}

TEST_F(ServerCopy, FewerRowsOrRowsWithoutKeysAreInserted) {
    kith::QueryLog log(db_);
    db_.objects<Word>().bulk_create(words(1000));
    EXPECT_TRUE(log[0].sql.starts_with("INSERT ")) << log[0].sql;
    log.clear();
    auto rows = samples(many);
    for (auto& row : rows) row.id.value = 0;
    EXPECT_EQ(db_.objects<Sample>().bulk_create(rows).back()->id, static_cast<std::int64_t>(many));
    EXPECT_TRUE(log[0].sql.starts_with("INSERT ")) << log[0].sql;
}

TEST_F(ServerCopy, AFailingRowSaysWhatInsertSaysAndLeavesNothing) {
    auto rows = words(many);
    rows[2'200].text.value = "w1";
    std::string message;
    try {
        db_.objects<Word>().bulk_create(rows);
        ADD_FAILURE() << "a key was taken twice";
    } catch (const kith::IntegrityError& error) {
        EXPECT_EQ(error.sqlstate(), "23505");
        EXPECT_TRUE(error.context().sql.starts_with("COPY ")) << error.context().sql;
        EXPECT_EQ(error.row(), 2'200u);
        message = error.what();
    }
    db_.objects<Word>().create({.text = {"x"}});
    const auto of_insert =
        message_of<kith::IntegrityError>([&] { db_.objects<Word>().bulk_create({{.text = {"x"}}}); });
    const auto without_row = [](const std::string& text) { return text.substr(0, text.find(". Refused: row ")); };
    EXPECT_EQ(without_row(of_insert), without_row(message));
    db_.atomic([&] {
        db_.objects<Word>().create({.text = {"before"}});
        EXPECT_THROW(db_.objects<Word>().bulk_create(rows), kith::IntegrityError);
        EXPECT_EQ(db_.objects<Word>().bulk_create(words(many)).size(), many);
    });
    EXPECT_EQ(db_.objects<Word>().count(), static_cast<std::int64_t>(many) + 2);
}

TEST_F(ServerCopy, WhatPostgreSqlCannotHoldIsRefused) {
    auto texts = words(many);
    texts.back().text.value = std::string("a\0b", 3);
    EXPECT_THROW(db_.objects<Word>().bulk_create(texts), kith::ValueError);
    texts.back().text.value = "\xff";
    expect_parts(message_of<kith::DatabaseError>([&] { db_.objects<Word>().bulk_create(texts); }), {"not valid UTF-8"});
    EXPECT_EQ(db_.objects<Word>().count(), 0);
    auto rows = samples(many);
    rows.back().real = std::nan("");
    EXPECT_THROW(db_.objects<Sample>().bulk_create(rows), kith::ValueError);
    rows.back().real = 1;
    folder_.raw().run("ALTER TABLE sample ALTER note TYPE varchar(60), ALTER at TYPE timestamptz(3)");
    EXPECT_THROW(kith::connect(folder_.url()).objects<Sample>().bulk_create(rows), kith::ValueError)
        << "it would be rounded";
    EXPECT_EQ(db_.objects<Sample>().count(), 0);
    EXPECT_EQ(db_.objects<Word>().bulk_create(words(many)).size(), many);
}

/// A foreign key takes any number, and its column would get the low bits of it.
TEST_F(ServerCopy, AForeignKeyBeyondItsColumnIsRefused) {
    db_.create_tables<Shelf, Tome>();
    db_.objects<Shelf>().create({.id = 1});
    std::vector<Tome> rows(many);
    for (std::size_t i = 0; i < many; ++i) rows[i].code.value = std::to_string(i);
    rows.back().shelf.set_key((std::int64_t{1} << 32) + 1);
    expect_parts(message_of<kith::ValueError>([&] { db_.objects<Tome>().bulk_create(rows); }),
                 {"Tome.shelf", "4294967297", "32 bits"});
    EXPECT_EQ(db_.objects<Tome>().count(), 0);
    rows.back().shelf.set_key(1);
    EXPECT_EQ(db_.objects<Tome>().bulk_create(rows).back()->shelf->id, 1);
}

/// A table that was altered since the connection first saw it.
TEST_F(ServerCopy, AnAlteredTableIsSeen) {
    EXPECT_EQ(db_.objects<Word>().bulk_create(words(many)).size(), many);
    db_.objects<Word>().remove();
    folder_.raw().run("ALTER TABLE word ALTER count TYPE int");
    EXPECT_EQ(db_.objects<Word>().bulk_create(words(many)).size(), many) << "inserted";
    EXPECT_EQ(db_.objects<Word>().count(), static_cast<std::int64_t>(many));
}

/// More than the socket's buffers hold.
TEST_F(ServerCopy, LargeRowsAreSentInPieces) {
    auto rows = words(many);
    for (auto& row : rows) row.text.value += std::string(1'000, 'x');
    const auto note = std::string(3'000'000, 'y');
    auto wide = samples(many);
    wide.front().text = note;
    EXPECT_EQ(db_.objects<Word>().bulk_create(rows).size(), many);
    EXPECT_EQ(db_.objects<Sample>().bulk_create(wide).size(), many);
    EXPECT_EQ(db_.objects<Sample>().get("id"_f = 1)->text, note);
}

TEST_F(ServerCopy, APoolerOfTransactionsForwardsIt) {
    if (!PooledDatabase::available()) GTEST_SKIP() << "no pgbouncer: run ./dev test, or by tests/servers.sh";
    const PooledDatabase pooled;
    const auto db = kith::connect(pooled.transaction());
    db.create_tables<Word>();
    kith::QueryLog log(db);
    EXPECT_EQ(db.objects<Word>().bulk_create(words(many)).size(), many);
    EXPECT_TRUE(log[0].sql.starts_with("COPY ")) << log[0].sql;
    EXPECT_THROW(db.objects<Word>().bulk_create(words(many)), kith::IntegrityError);
    EXPECT_EQ(db.objects<Word>().count(), static_cast<std::int64_t>(many));
}

} // namespace copy_test
