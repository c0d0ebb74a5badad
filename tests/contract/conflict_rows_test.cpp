#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Which row `kith::on_conflict` updates, returns and names as refused.

namespace conflict_rows_test {

using namespace kith::literals;
using namespace travel;

namespace {

struct Part;

struct Shop {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Part, "shop"> parts{};
};
struct Part {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> code{};
    std::optional<std::int32_t> stock{};
    kith::ForeignKey<Shop, kith::null> shop{};
};
struct Price {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Shop, kith::default_value<2>> shop{};
    kith::Field<std::string, kith::max_length<40>> code{};
    std::int32_t amount{};

    static constexpr kith::Table table{.unique = {{"shop", "code"}}};
};
struct Filled {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> code{};
    kith::Field<std::int32_t, kith::server_default> state{};
    std::int32_t amount{};
};
struct Label {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> code{};
    std::int32_t amount{};
    kith::GenericForeignKey<std::monostate, Shop, Price> on{};
};

struct Naming {
    std::string operator()(const Shop& shop) const { return "shop " + shop.name; }
    std::string operator()(const Price& price) const { return "price " + price.code.value; }
    std::string operator()(std::monostate) const { return "nothing"; }
};

class ConflictRows : public FileTest {
protected:
    ConflictRows() {
        db_.create_tables<Shop, Part, Price, Label>();
        folder_.raw().run(by_backend(
            "CREATE TABLE filled (id integer PRIMARY KEY AUTOINCREMENT, code text NOT NULL UNIQUE, state integer NOT "
            "NULL DEFAULT 7, amount integer NOT NULL CHECK (amount >= 0))",
            "CREATE TABLE filled (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(40) NOT NULL "
            "UNIQUE, state integer NOT NULL DEFAULT 7, amount integer NOT NULL CHECK (amount >= 0))",
            "CREATE TABLE filled (id bigint AUTO_INCREMENT PRIMARY KEY, code varchar(40) NOT NULL UNIQUE, state "
            "integer NOT NULL DEFAULT 7, amount integer NOT NULL CHECK (amount >= 0))"));
    }

    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
    std::optional<std::int32_t> stock_of(const std::string& code) const {
        return objects<Part>().get("code"_f = code)->stock;
    }
};

constexpr auto update_stock = kith::on_conflict("code"_f).update("stock"_f);
constexpr auto update_amount = kith::on_conflict("code"_f).update("amount"_f);

/// Where `work` refuses a row.
template <class E, class Work>
std::optional<std::size_t> refused_by(const Work& work) {
    try {
        work();
    } catch (const E& error) {
        return error.row();
    }
    ADD_FAILURE() << "nothing was refused";
    return std::nullopt;
}

} // namespace

/// A trigger stands for what makes the database write another row than the one that is looked for.
TEST_F(ConflictRows, ARowThatWasWrittenInPlaceOfAnotherIsNotReturned) {
    if (backend() == Backend::sqlite) GTEST_SKIP() << "its triggers change no new row";
    objects<Part>().bulk_create({{.code = {"a"}, .stock = 1}, {.code = {"b"}, .stock = 2}});
    if (backend() == Backend::postgresql) {
        folder_.raw().run("CREATE FUNCTION swap() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.stock = 9 THEN "
                          "NEW.code := ''b''; END IF; RETURN NEW; END'; "
                          "CREATE TRIGGER swap BEFORE INSERT ON part FOR EACH ROW EXECUTE FUNCTION swap()");
    } else {
        folder_.raw().run("CREATE TRIGGER swap BEFORE INSERT ON part FOR EACH ROW "
                          "SET NEW.code = IF(NEW.stock = 9, 'b', NEW.code)");
    }
    expect_parts(message_of<kith::DatabaseError>([&] {
                     objects<Part>().bulk_create({{.code = {"c"}, .stock = 3}, {.code = {"a"}, .stock = 9}},
                                                 update_stock);
                 }),
                 {"A row of Part was written, but not the one with its code"});
    EXPECT_EQ(stock_of("a"), 1);
    EXPECT_EQ(stock_of("b"), 2) << "undone";
    EXPECT_EQ(objects<Part>().count(), 2);
}

TEST_F(ConflictRows, AKeyThatAnotherConnectionAddsIsSeenByTheNextCall) {
    const auto write = [&](const char* code, std::int32_t stock) {
        objects<Part>().create({.code = {code}, .stock = stock}, update_stock);
    };
    write("a", 1);
    write("b", 2);
    folder_.raw().run("CREATE UNIQUE INDEX of_stock ON part (stock)");
    if (backend() == Backend::mariadb) {
        EXPECT_THROW(write("c", 2), kith::ValueError);
    } else {
        EXPECT_THROW(write("c", 2), kith::IntegrityError);
    }
    EXPECT_EQ(stock_of("b"), 2);
    EXPECT_EQ(objects<Part>().count(), 2);
}

/// What the database gave to rows of an attempt that was undone is not given to it in the next.
TEST_F(ConflictRows, TheRowThatIsRefusedIsNamedWithARule) {
    objects<Filled>().bulk_create({{.code = {"n5"}, .state = 1}, {.code = {"n1900"}, .state = 1}});
    std::vector<Filled> rows(2000);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].code = "n" + std::to_string(i);
        rows[i].state = 3;
    }
    rows[700].amount = -1;
    rows[1500].amount = -1;
    EXPECT_EQ(refused_by<kith::IntegrityError>([&] { objects<Filled>().bulk_create(rows, update_amount); }), 700u);
    rows[5].code = "m";
    rows[1900].code = "l";
    EXPECT_EQ(refused_by<kith::IntegrityError>([&] { objects<Filled>().bulk_create(rows); }), 700u);

    std::vector<Filled> few(20); // the database gives them a state
    for (std::size_t i = 0; i < few.size(); ++i) few[i].code = "f" + std::to_string(i);
    few[13].amount = -1;
    EXPECT_EQ(refused_by<kith::IntegrityError>([&] { objects<Filled>().bulk_create(few); }), 13u);
    EXPECT_EQ(objects<Filled>().count(), 2);
}

TEST_F(ConflictRows, AKeyMayBeginWithItsDefault) {
    objects<Shop>().bulk_create({{.name = "one"}, {.name = "two"}});
    const auto rule = kith::on_conflict("shop"_f, "code"_f).update("amount"_f);
    const auto made = objects<Price>().create({.code = {"a"}, .amount = 1}, rule);
    const auto again = objects<Price>().bulk_create({{.code = {"a"}, .amount = 2}, {.code = {"b"}, .amount = 3}}, rule);
    EXPECT_EQ(again[0]->id, made->id);
    EXPECT_EQ(again[0]->shop.key(), 2);
    EXPECT_EQ(objects<Price>().get("code"_f = "a")->amount, 2);
    EXPECT_THROW(objects<Price>().bulk_create({{.code = {"c"}}, {.code = {"c"}}}, rule), kith::ValueError);
    EXPECT_FALSE(objects<Price>().create({.code = {"a"}}, kith::on_conflict("shop"_f, "code"_f).ignore()));
    EXPECT_EQ(objects<Price>().count(), 2);
}

TEST_F(ConflictRows, ADefaultOfTheDatabaseIsNoNewValue) {
    objects<Filled>().create({.code = {"a"}, .state = 3, .amount = 1});
    const auto rule = kith::on_conflict("code"_f).update("state"_f);
    const auto write = [&] { objects<Filled>().bulk_create({{.code = {"b"}, .state = 4}, {.code = {"a"}}}, rule); };
    EXPECT_EQ(refused_by<kith::ValueError>(write), 1u);
    expect_parts(message_of<kith::ValueError>(write), {"Filled.state", "was given no value"});
    EXPECT_EQ(objects<Filled>().get()->state, 3);
    const auto kept = objects<Filled>().create({.code = {"a"}, .amount = 2}, update_amount);
    EXPECT_EQ(kept->state, 3) << "the column is not updated";
    EXPECT_EQ(objects<Filled>().create({.code = {"c"}}, update_amount)->state, 7);
}

TEST_F(ConflictRows, AGenericForeignKeyIsThatOfTheRowThatExists) {
    const auto shop = objects<Shop>().create({.name = "one"});
    const auto other = objects<Shop>().create({.name = "two"});
    const auto price = objects<Price>().create({.shop = other, .code = {"p"}});
    objects<Label>().bulk_create({{.code = {"a"}, .on = price}, {.code = {"b"}, .on = shop}, {.code = {"c"}}});
    const auto rows = objects<Label>().bulk_create({{.code = {"a"}, .amount = 1, .on = other},
                                                    {.code = {"b"}, .amount = 2, .on = price},
                                                    {.code = {"c"}, .amount = 3, .on = price},
                                                    {.code = {"d"}, .amount = 4, .on = shop},
                                                    {.code = {"e"}, .amount = 5}},
                                                   update_amount);
    const auto expect_targets = [](const auto& labels) {
        std::vector<std::string> targets;
        for (const auto& row : labels) targets.push_back(row->on.visit(Naming{}));
        EXPECT_EQ(targets, (std::vector<std::string>{"price p", "shop one", "nothing", "shop one", "nothing"}));
    };
    expect_targets(rows);
    EXPECT_TRUE(rows[0]->on.holds<Price>());
    EXPECT_FALSE(rows[0]->on.holds<Shop>());
    std::vector<kith::Ref<Label>> stored;
    for (const auto& row : rows) stored.push_back(objects<Label>().get("id"_f = row->id.value));
    expect_targets(stored);
    rows[0]->amount = 9;
    db_.save(*rows[0]);
    EXPECT_EQ(objects<Label>().get("code"_f = "a")->on.visit(Naming{}), "price p");
}

TEST_F(ConflictRows, ASetUpdatesNoRowOfAnotherOwner) {
    const auto one = objects<Shop>().create({.name = "one"});
    const auto two = objects<Shop>().create({.name = "two"});
    one->parts.all().create({.code = {"a"}, .stock = 1});
    const auto write = [&] { two->parts.all().bulk_create({{.code = {"a"}, .stock = 2}}, update_stock); };
    expect_parts(message_of<kith::ValueError>(write), {"on_conflict(code)", "Part.shop", "another owner"});
    EXPECT_THROW(two->parts.all().create({.code = {"b"}}, update_stock), kith::ValueError);
    EXPECT_EQ(stock_of("a"), 1);
    EXPECT_FALSE(two->parts.all().create({.code = {"a"}}, kith::on_conflict("code"_f).ignore()));
    EXPECT_EQ(objects<Part>().count(), 1);
}

} // namespace conflict_rows_test
