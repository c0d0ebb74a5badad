#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// New rows whose unique key another row has: `kith::on_conflict` of `create` and `bulk_create`.

namespace conflicts_test {

using namespace kith::literals;
using namespace travel;

namespace {

using kith::Decimal;
using Texts = std::vector<std::string>;

struct Offer;

struct Item {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> sku{};
    Decimal price{};
    std::int32_t stock{};
    std::optional<std::string> note{};
    kith::ReverseSet<Offer, "item"> offers{};
};
struct Offer {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Item> item{};
    kith::Field<std::optional<std::int32_t>> shop{};
    std::int32_t amount{};

    static constexpr kith::Table table{.unique = {{"item", "shop"}}};
};
/// With a key that the program gives.
struct Coded {
    kith::PrimaryKey<std::string> code{};
    std::int32_t amount{};
};
struct Twice {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> name{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> mail{};
    std::int32_t amount{};
};

class Conflicts : public FileTest {
protected:
    Conflicts() { db_.create_tables<Item, Offer, Coded, Twice>(); }

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    kith::QuerySet<Item> items() const { return objects<Item>(); }
    Item stored(const std::string& sku) const { return *items().get("sku"_f = sku); }
    /// Where the rows that exist must be looked for.
    static std::size_t statements_to_ignore(std::size_t statements) {
        return backend() == Backend::mariadb ? 2 * statements : statements;
    }
    /// Lets the database take texts that differ in case only for the same. False if it cannot.
    bool ignore_case() const {
        try {
            folder_.raw().run(by_backend(
                R"(DROP TABLE offer; DROP TABLE item; CREATE TABLE item (id integer PRIMARY KEY AUTOINCREMENT, sku text
                   NOT NULL UNIQUE COLLATE NOCASE, price decimal NOT NULL, stock integer NOT NULL, note text))",
                "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
                "ALTER TABLE item ALTER COLUMN sku TYPE varchar(40) COLLATE any_case",
                "ALTER TABLE item MODIFY sku varchar(40) COLLATE utf8mb4_general_ci NOT NULL"));
            return true;
        } catch (const std::exception&) {
            return false; // built without ICU
        }
    }
};

std::vector<Item> numbered(std::size_t count, const char* prefix = "n") {
    std::vector<Item> rows(count);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i].sku = prefix + std::to_string(i);
        rows[i].stock = static_cast<std::int32_t>(i);
    }
    return rows;
}

constexpr auto update_price = kith::on_conflict("sku"_f).update("price"_f);

} // namespace

TEST_F(Conflicts, UpdateReturnsEachRowAsTheDatabaseHasIt) {
    const auto a = items().create({.sku = {"a"}, .price = Decimal("1"), .stock = 5, .note = "old"});
    items().create({.sku = {"b"}, .price = Decimal("2")});
    kith::QueryLog log(db_);
    const auto rows = items().bulk_create({{.sku = {"c"}, .price = Decimal("3"), .stock = 3},
                                           {.sku = {"a"}, .price = Decimal("9.5"), .stock = 7, .note = "new"},
                                           {.sku = {"d"}, .price = Decimal("4")}},
                                          update_price);
    EXPECT_EQ(log.size(), 1u);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1]->id, a->id);
    EXPECT_EQ(rows[1]->price, Decimal("9.5"));
    EXPECT_EQ(rows[1]->stock, 5);
    EXPECT_EQ(rows[1]->note, "old");
    for (const auto& row : rows) EXPECT_EQ(stored(row->sku).id, row->id) << row->sku.value;
    EXPECT_EQ(stored("a").price, Decimal("9.5"));
    EXPECT_EQ(stored("a").note, "old");
    EXPECT_EQ(stored("b").price, Decimal("2"));
    EXPECT_EQ(items().count(), 4);

    rows[1]->stock = 6; // a saved row
    db_.save(*rows[1]);
    EXPECT_EQ(stored("a").stock, 6);
}

TEST_F(Conflicts, ManyRowsTakeOneStatementForEachBatch) {
    const auto before = items().bulk_create(numbered(700));
    auto rows = numbered(1201);
    for (auto& row : rows) row.price = Decimal("7");
    kith::QueryLog log(db_);
    const auto updated = items().bulk_create(rows, kith::on_conflict("sku"_f).update("price"_f, "note"_f));
    EXPECT_EQ(log.size(), 3u);
    for (std::size_t i = 0; i < before.size(); ++i) ASSERT_EQ(updated[i]->id, before[i]->id) << i;
    EXPECT_EQ(items().filter("price"_f = Decimal("7")).count(), 1201);
    log.clear();
    const auto ignored = items().bulk_create(numbered(1300), kith::on_conflict("sku"_f).ignore());
    EXPECT_EQ(log.size(), backend() == Backend::mariadb ? 4u : 3u); // two batches of which nothing is new
    for (std::size_t i = 0; i < ignored.size(); ++i) ASSERT_EQ(bool(ignored[i]), i >= 1201) << i;
    for (std::size_t i = 1201; i < ignored.size(); ++i) ASSERT_EQ(stored("n" + std::to_string(i)).id, ignored[i]->id);
    EXPECT_EQ(items().count(), 1300);
}

TEST_F(Conflicts, AnIgnoredRowIsAnEmptyRef) {
    items().create({.sku = {"a"}, .stock = 1});
    kith::QueryLog log(db_);
    const auto rows = items().bulk_create(
        {{.sku = {"b"}, .stock = 2}, {.sku = {"a"}, .stock = 3}, {.sku = {"b"}, .stock = 4}, {.sku = {"c"}}},
        kith::on_conflict("sku"_f).ignore());
    EXPECT_EQ(log.size(), statements_to_ignore(1));
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_TRUE(rows[0]);
    EXPECT_FALSE(rows[1]);
    EXPECT_FALSE(rows[2]) << "the first of two is inserted";
    EXPECT_TRUE(rows[3]);
    EXPECT_EQ(stored("b").id, rows[0]->id);
    EXPECT_EQ(stored("c").id, rows[3]->id);
    EXPECT_EQ(stored("a").stock, 1);
    EXPECT_EQ(stored("b").stock, 2);
    EXPECT_TRUE(items().bulk_create({}, kith::on_conflict("sku"_f).ignore()).empty());
}

TEST_F(Conflicts, CreateTakesTheSameRules) {
    const auto made = items().create({.sku = {"a"}, .stock = 1}, update_price);
    const auto again = items().create({.sku = {"a"}, .price = Decimal("2"), .stock = 9}, update_price);
    EXPECT_EQ(again->id, made->id);
    EXPECT_EQ(again->stock, 1);
    EXPECT_EQ(stored("a").price, Decimal("2"));
    EXPECT_FALSE(items().create({.sku = {"a"}}, kith::on_conflict("sku"_f).ignore()));
    EXPECT_EQ(items().create({.sku = {"b"}}, kith::on_conflict("sku"_f).ignore())->id, stored("b").id);

    objects<Coded>().create({.code = "x", .amount = 1});
    objects<Coded>().create({.code = "x", .amount = 2}, kith::on_conflict("code"_f).update("amount"_f));
    objects<Coded>().create({.code = "y", .amount = 3}, kith::on_conflict("pk"_f).update("amount"_f));
    EXPECT_FALSE(objects<Coded>().create({.code = "y", .amount = 4}, kith::on_conflict("code"_f).ignore()));
    EXPECT_EQ((objects<Coded>().order_by("code").values_list<"amount">()), (std::vector<std::int32_t>{2, 3}));
}

TEST_F(Conflicts, NullConflictsWithNothing) {
    const auto item = items().create({.sku = {"a"}});
    const auto rule = kith::on_conflict("item"_f, "shop"_f).update("amount"_f);
    const auto first = item->offers.all().bulk_create({{.shop = 1, .amount = 1}, {.amount = 2}, {.amount = 3}}, rule);
    const auto again = objects<Offer>().bulk_create(
        {{.item = item, .amount = 4}, {.item = item, .shop = 1, .amount = 5}, {.item = item, .shop = 2, .amount = 6}},
        kith::on_conflict("shop"_f, "item_id"_f).update("amount"_f));
    EXPECT_EQ(again[1]->id, first[0]->id);
    EXPECT_EQ(again[1]->item.key(), item->id);
    EXPECT_EQ((objects<Offer>().order_by("amount").values_list<"amount">()),
              (std::vector<std::int32_t>{2, 3, 4, 5, 6}));
    for (const auto& row : again) EXPECT_EQ(objects<Offer>().get("id"_f = row->id.value)->amount, row->amount);
}

TEST_F(Conflicts, TwoRowsWithOneKeyAreNotBothUpdated) {
    auto rows = numbered(700);
    rows[650].sku = "n3";
    expect_parts(message_of<kith::ValueError>([&] { items().bulk_create(rows, update_price); }),
                 {"Rows 3 and 650 of Item", "the same sku"});
    EXPECT_EQ(items().count(), 0);
}

TEST_F(Conflicts, OtherErrorsAreNotIgnored) {
    const auto item = items().create({.sku = {"a"}});
    const auto ignore = kith::on_conflict("item"_f, "shop"_f).ignore();
    Offer lost{.shop = 7};
    lost.item.set_key(99);
    EXPECT_THROW(objects<Offer>().bulk_create({{.item = item, .shop = 1}, lost}, ignore), kith::IntegrityError);
    EXPECT_THROW(objects<Offer>().bulk_create({{.item = item, .shop = 1}, {.shop = 2}}, ignore), kith::IntegrityError);
    EXPECT_THROW(items().create({.sku = {std::string(41, 'x')}}, kith::on_conflict("sku"_f).ignore()),
                 kith::ValueError);
    EXPECT_EQ(objects<Offer>().count(), 0);
    EXPECT_EQ(items().count(), 1);
}

/// The others report the conflict with the key that the rule does not name.
TEST_F(Conflicts, ADatabaseThatCannotNameTheKeyTakesNoAmbiguousRule) {
    objects<Twice>().create({.name = {"a"}, .mail = {"m"}, .amount = 1});
    const auto update = [&](const char* name, const char* mail) {
        objects<Twice>().create({.name = {name}, .mail = {mail}, .amount = 2},
                                kith::on_conflict("name"_f).update("amount"_f));
    };
    const auto update_with_key = [&] {
        items().create({.id = 5, .sku = {"a"}}, kith::on_conflict("sku"_f).update("price"_f));
    };
    if (backend() != Backend::mariadb) {
        update("a", "other");
        EXPECT_EQ(objects<Twice>().get()->amount, 2);
        EXPECT_EQ(objects<Twice>().get()->mail, "m");
        EXPECT_THROW(update("b", "m"), kith::IntegrityError);
        update_with_key();
        EXPECT_EQ(stored("a").id, 5);
        return;
    }
    const auto message = message_of<kith::ValueError>([&] { update("a", "m"); });
    expect_parts(message, {"on_conflict(name) of Twice is ambiguous", "(mail)"});
    expect_parts(message_of<kith::ValueError>(update_with_key), {"on_conflict(sku) of Item", "(id)"});
    EXPECT_EQ(objects<Twice>().get()->amount, 1);

    const auto add = [&] { items().create({.sku = {"a"}}, update_price); };
    add();
    db_.raw("ALTER TABLE item ADD CONSTRAINT of_stock UNIQUE (stock)");
    expect_parts(message_of<kith::ValueError>(add), {"on_conflict(sku) of Item", "\"of_stock\" in the table"});
    db_.raw("ALTER TABLE item DROP KEY of_stock, DROP KEY sku");
    EXPECT_THROW(add(), kith::OperationalError);
}

TEST_F(Conflicts, WhatOnlyTheDatabaseTakesForTheSameIsFound) {
    if (!ignore_case()) GTEST_SKIP() << "needs a collation that ignores case";
    const auto abc = items().create({.sku = {"abc"}, .stock = 1});
    const auto rows =
        items().bulk_create({{.sku = {"x"}}, {.sku = {"ABC"}, .price = Decimal("2")}, {.sku = {"y"}}}, update_price);
    EXPECT_EQ(rows[1]->id, abc->id);
    EXPECT_EQ(rows[1]->sku, "abc");
    EXPECT_EQ(rows[1]->stock, 1);
    EXPECT_EQ(items().get("id"_f = abc->id.value)->price, Decimal("2"));
    EXPECT_THROW(items().bulk_create({{.sku = {"new"}}, {.sku = {"NEW"}}}, update_price), kith::ValueError);
    EXPECT_EQ(items().count(), 3);
    const auto kept = items().bulk_create({{.sku = {"Abc"}}, {.sku = {"z"}}, {.sku = {"Z"}}, {.sku = {"w"}}},
                                          kith::on_conflict("sku"_f).ignore());
    EXPECT_FALSE(kept[0]);
    EXPECT_TRUE(kept[1]);
    EXPECT_FALSE(kept[2]);
    EXPECT_EQ(items().get("id"_f = kept[3]->id.value)->sku, "w");
    EXPECT_EQ(items().count(), 5);
}

/// On MariaDB, between looking for the rows and inserting them.
TEST_F(Conflicts, ARowThatAnotherConnectionInsertsIsIgnored) {
    bool inserted = false;
    const auto observer = db_.on_query([&](const kith::QueryEvent& event) {
        if (inserted || !event.sql.ends_with("FOR UPDATE")) return;
        inserted = true;
        folder_.raw().run("INSERT INTO item (sku, price, stock) VALUES ('b', 1, 8)");
    });
    const auto rows =
        items().bulk_create({{.sku = {"a"}}, {.sku = {"b"}}, {.sku = {"c"}}}, kith::on_conflict("sku"_f).ignore());
    EXPECT_EQ(inserted, backend() == Backend::mariadb);
    EXPECT_EQ(bool(rows[1]), !inserted);
    EXPECT_EQ(stored("b").stock, inserted ? 8 : 0);
    EXPECT_EQ(stored("c").id, rows[2]->id);
    EXPECT_EQ(items().count(), 3);
}

TEST_F(Conflicts, RowsWithKeysAreInsertedNotCopied) {
    std::vector<Coded> rows(1100);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].code = std::to_string(i);
    objects<Coded>().bulk_create(rows);
    for (auto& row : rows) row.amount = 1;
    rows.resize(1099);
    kith::QueryLog log(db_);
    objects<Coded>().bulk_create(rows, kith::on_conflict("code"_f).update("amount"_f));
    EXPECT_EQ(log.size(), 3u);
    EXPECT_EQ(objects<Coded>().filter("amount"_f = 1).count(), 1099);
}

// ---- a row that is refused, and progress

TEST_F(Conflicts, TheRowThatIsRefusedIsNamed) {
    items().create({.sku = {"taken"}});
    const auto refused = [&](std::size_t count, std::size_t place, const auto& spoil) {
        auto rows = numbered(count);
        spoil(rows[place]);
        try {
            items().bulk_create(rows);
            ADD_FAILURE() << "nothing was thrown";
        } catch (const kith::Error& error) {
            EXPECT_EQ(error.row(), place) << error.what();
            EXPECT_EQ(items().count(), 1);
            return std::string(error.what());
        }
        return std::string();
    };
    const auto take = [](Item& row) { row.sku = "taken"; };
    expect_parts(refused(1200, 900, take), {"row 900 of 1200", "(sku 'taken')"});
    expect_parts(refused(3, 2, take), {"row 2 of 3"});
    expect_parts(refused(1, 0, take), {"row 0 of 1"});
    expect_parts(refused(700, 650, [](Item& row) { row.sku = "n3"; }), {"row 650 of 700", "(sku 'n3')"});
    expect_parts(refused(700, 650, [](Item& row) { row.sku = std::string(41, 'x'); }), {"Item.sku", "row 650 of 700"});
    db_.atomic([&] {
        expect_parts(refused(20, 19, take), {"row 19 of 20"});
        items().create({.sku = {"later"}});
    });
    EXPECT_EQ(items().count(), 2);

    std::vector<Offer> offers(600, Offer{.item = items().get("sku"_f = "taken")});
    offers[400].item.set_key(99);
    try {
        objects<Offer>().bulk_create(offers);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const kith::IntegrityError& error) {
        EXPECT_EQ(error.kind(), kith::Violation::foreign_key);
        EXPECT_EQ(error.row(), 400u);
        EXPECT_EQ(error.columns(), Texts{"item_id"});
    }
    const auto careful = kith::connect(folder_.url("test.db", "parameter_values=redacted"));
    const auto message =
        message_of<kith::IntegrityError>([&] { careful.objects<Item>().bulk_create({{.sku = {"taken"}}}); });
    expect_parts(message, {"row 0 of 1"});
    EXPECT_EQ(message.find("(sku"), std::string::npos);
}

TEST_F(Conflicts, ProgressIsToldAfterEachStatementAndMayStopTheCall) {
    std::vector<std::size_t> told;
    const auto tell = [&](std::size_t done, std::size_t all) {
        EXPECT_EQ(all, 1100u);
        told.push_back(done);
    };
    items().bulk_create(numbered(1100), {.progress = tell});
    EXPECT_EQ(told, (std::vector<std::size_t>{500, 1000, 1100}));
    told.clear();
    items().bulk_create(numbered(1100), kith::on_conflict("sku"_f).ignore(), {.progress = tell});
    EXPECT_EQ(told, (std::vector<std::size_t>{500, 1000, 1100}));
    for (const std::size_t last : {500u, 1100u}) {
        const auto stop = [&](std::size_t done, std::size_t) {
            if (done == last) throw std::runtime_error("enough");
        };
        EXPECT_THROW(items().bulk_create(numbered(1100, "m"), {.progress = stop}), std::runtime_error);
        EXPECT_EQ(items().count(), 1100);
    }
    EXPECT_EQ(items().bulk_create(numbered(3, "m")).size(), 3u);
}

} // namespace conflicts_test
