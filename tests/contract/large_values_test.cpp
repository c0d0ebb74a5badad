#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

/// Values and rows of many megabytes: they are stored and found, or an error says what is too large, and
/// the connection is used again.

namespace large_values_test {

using namespace kith::literals;
using namespace travel;

namespace large {

constexpr std::size_t megabyte = 1'000'000;

struct Page;
struct Letter {
    kith::PrimaryKey<> id{};
    std::string text{};
    std::vector<std::byte> seal{};
    kith::ReverseSet<Page, "letter"> page_set{};
};
struct Page {
    kith::PrimaryKey<std::string> code{};
    kith::ForeignKey<Letter> letter{};
};

class LargeValues : public FileTest {
protected:
    LargeValues() { db_.create_tables<Letter, Page>(); }

    static std::vector<Letter> letters(std::size_t count, std::size_t bytes) {
        std::vector<Letter> rows;
        for (std::size_t i = 0; i < count; ++i) {
            rows.push_back({.text = std::string(bytes, static_cast<char>('a' + i % 26)) + std::to_string(i)});
        }
        return rows;
    }
    /// Writes these rows, and reads them all again.
    void expect_kept(const std::vector<Letter>& rows) const {
        const auto made = db_.objects<Letter>().bulk_create(rows);
        ASSERT_EQ(made.size(), rows.size());
        const auto read = db_.objects<Letter>().order_by("id");
        ASSERT_EQ(read.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(made[i]->id, read[i].id);
            EXPECT_TRUE(read[i].text == rows[i].text) << i;
        }
        db_.objects<Letter>().remove();
    }
};

} // namespace large

using namespace large;

/// Together more than MariaDB takes in a message.
TEST_F(LargeValues, ManyRowsAreSentInParts) {
    expect_kept(letters(200, 100'000));
    expect_kept(letters(500, 40'000));
    expect_kept(letters(4, 6 * megabyte));
}

TEST_F(LargeValues, ARowMayHaveSeveral) {
    const std::string text(10 * megabyte, 'x');
    const std::vector<std::byte> seal(9 * megabyte, std::byte{0});
    const auto letter = db_.objects<Letter>().create({.text = text, .seal = seal});
    EXPECT_EQ(db_.objects<Letter>().get("id"_f = letter->id.value)->seal.size(), seal.size());
    letter->text += '!';
    db_.save(letter);
    EXPECT_EQ(db_.objects<Letter>().filter("text"_f = letter->text).count(), 1);
    EXPECT_EQ(db_.objects<Letter>().filter("text__endswith"_f = "x!").update("text"_f = text), 1);
    EXPECT_EQ(db_.objects<Letter>().filter("text"_f = text, "seal"_f = seal).count(), 1);
    db_.objects<Letter>().create({.text = "short"});
    EXPECT_EQ(db_.objects<Letter>().filter("text"_f = "short").count(), 1) << "the same statement with a small value";
}

namespace {

/// The errors of everything that takes a value of so many bytes too.
void expect_refused(const kith::Database& db, std::size_t bytes, const char* limit) {
    const std::string text(bytes, 'x');
    const auto letters = db.objects<Letter>();
    const auto first = letters.create({.text = "first"});
    const auto named = [&](const auto& work) {
        expect_parts(message_of<kith::ValueError>(work), {"Letter.text", limit, std::to_string(bytes).c_str()});
        EXPECT_EQ(letters.count(), 1) << "and the connection is used again";
    };
    named([&] { letters.create({.text = text}); });
    named([&] { letters.bulk_create({{.text = "a"}, {.text = text}}); });
    named([&] { letters.update("text"_f = text); });
    named([&] { (void)letters.get_or_create("text"_f = "b", kith::defaults("text"_f = text)); });
    named([&] {
        const auto changed = letters.first();
        changed->text = text;
        db.save(changed);
    });
    db.atomic([&] {
        EXPECT_THROW(letters.create({.text = text}), kith::ValueError);
        letters.create({.text = "kept"});
    });
    EXPECT_EQ(letters.count(), 2) << "nothing was sent, so the block goes on";
    EXPECT_EQ(letters.filter("text"_f = "first").count(), 1);
}

using LargeValuesOfSqlite = LargeValues;
using ServerLargeValues = LargeValues;

} // namespace

TEST_F(LargeValuesOfSqlite, AValueThatIsTooLargeForSqliteIsNamed) {
    const auto db = kith::connect(folder_.url("test.db", "untrusted=1"));
    const auto letters = db.objects<Letter>();
    const std::string text(100 * megabyte + 1, 'x');
    const auto message = message_of<kith::ValueError>([&] { letters.create({.text = text}); });
    expect_parts(message, {"Letter.text", "100000001 bytes", "SQLITE_MAX_LENGTH"});
    expect_parts(message_of<kith::DatabaseError>([&] { (void)letters.filter("text"_f = text).count(); }),
                 {"too big", "100,000,000"});
    letters.create({.text = "short"});
    EXPECT_EQ(letters.count(), 1);
}

TEST_F(ServerLargeValues, AValueThatIsTooLargeIsNamed) {
    if (backend() != Backend::mariadb) GTEST_SKIP() << "PostgreSQL takes a gigabyte";
    const auto db = kith::connect(folder_.url("test.db", "pool_size=1"));
    const auto session = db.raw<std::int64_t>("SELECT CONNECTION_ID()");
    const auto most = static_cast<std::size_t>(db.raw<std::int64_t>("SELECT @@max_allowed_packet").front());
    expect_refused(db, most + 1, "max_allowed_packet");
    const std::string text(most + 1, 'x');
    const auto refused = [&](const auto& work) {
        expect_parts(message_of<kith::ValueError>(work), {"max_allowed_packet", "bytes"});
    };
    refused([&] { (void)db.objects<Letter>().filter("text"_f = text).count(); });
    refused([&] { (void)db.objects<Letter>().filter("text__contains"_f = text).count(); });
    refused([&] { (void)db.objects<Page>().filter("code__in"_f = std::vector{text}).count(); });
    refused([&] { (void)db.raw<std::int64_t>("SELECT LENGTH(?)", text); });
    EXPECT_EQ(db.raw<std::int64_t>("SELECT CONNECTION_ID()"), session);
}

} // namespace large_values_test
