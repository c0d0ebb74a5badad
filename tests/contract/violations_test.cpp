#include "support/rows.hpp"
#include "support/travel.hpp"

#include <functional>
#include <string>
#include <vector>

/// What an IntegrityError tells about the constraint that was violated.
namespace violations_test {

using namespace kith::literals;
using namespace travel;
using kith::Violation;

namespace {

using Texts = std::vector<std::string>;

struct Sale;

struct Buyer {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<40>> email{};
    kith::ReverseSet<Sale, "buyer"> sales{};
};
struct Article {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::column<"stock keeping, unit">, kith::max_length<40>> sku{};
    kith::ManyToMany<Article> parts{};

    static constexpr kith::Table table{.name = "things", .unique = {{"sku", "id"}}};
};
struct Sale {
    kith::PrimaryKey<> id{};
    std::int64_t number{};
    kith::ForeignKey<Buyer, kith::on_delete<kith::OnDelete::restrict>> buyer{};
    kith::ForeignKey<Article, kith::null> article{};

    static constexpr kith::Table table{.unique = {{"buyer", "number"}}};
};

struct House;
struct Country {
    kith::PrimaryKey<> id{};
};
struct Town {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<10>> code{};
    kith::ForeignKey<Country> country{};
    kith::ReverseSet<House, "town"> houses{};
};
struct House {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Town, kith::to_field<"code">> town{};
};

struct Wish;
struct Ticket;
struct Guest {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Wish, "guest"> wishes{};
    kith::ReverseSet<Ticket, "guest"> tickets{};
};
struct Wish {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Guest> guest{}; // goes with its guest
};
struct Ticket {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Guest, kith::on_delete<kith::OnDelete::restrict>> guest{};
};
struct Keepsake;
/// The same table, of which another part is known.
struct Lodger {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Keepsake, "lodger"> keepsakes{};

    static constexpr kith::Table table{.name = "guest"};
};
struct Keepsake {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Lodger> lodger{};
};

class Violations : public FileTest {
protected:
    Violations() {
        db_.create_tables<Buyer, Article, Sale>();
        buyer_ = db_.objects<Buyer>().create({.email = {"a@b.c"}});
        sale_ = db_.objects<Sale>().create({.number = 1, .buyer = buyer_});
    }

    struct Expected {
        Violation kind{};
        std::string model{};
        Texts columns{};
        std::string reason{};
    };
    /// Each is tried outside and inside a block, whose rest goes on.
    void expect(const Expected& expected, const std::function<void()>& write) {
        const testing::ScopedTrace trace(__FILE__, __LINE__, expected.reason);
        const auto violated = [&] {
            try {
                write();
            } catch (const kith::IntegrityError& error) {
                EXPECT_EQ(error.kind(), expected.kind) << error.what();
                EXPECT_EQ(error.model(), expected.model) << error.what();
                EXPECT_EQ(error.columns(), expected.columns) << error.what();
                EXPECT_EQ(error.reason(), expected.reason) << error.what();
                constraint_ = error.constraint();
                return;
            }
            ADD_FAILURE() << "nothing was refused";
        };
        violated();
        db_.atomic([&] {
            try {
                db_.atomic(violated);
            } catch (const kith::OperationalError&) { // a statement of the block itself failed
            }
            EXPECT_EQ(db_.objects<Buyer>().filter("email"_f = "a@b.c").count(), 1);
        });
    }
    kith::Ref<Buyer> buyer_;
    kith::Ref<Sale> sale_;
    std::string constraint_;
};

} // namespace

TEST_F(Violations, OfOneUniqueColumn) {
    const Expected expected{Violation::unique, "Buyer", {"email"}, "Buyer: another row has the same email"};
    expect(expected, [&] { db_.objects<Buyer>().create({.email = {"a@b.c"}}); });
    EXPECT_FALSE(constraint_.empty());
    expect(expected, [&] { db_.objects<Buyer>().bulk_create({{.email = {"x"}}, {.email = {"a@b.c"}}}); });
    expect(expected, [&] {
        Buyer other{.email = {"a@b.c"}};
        db_.save(other);
    });
    const auto other = db_.objects<Buyer>().create({.email = {"other"}});
    expect(expected, [&] { db_.objects<Buyer>().filter("id"_f = other->id).update("email"_f = "a@b.c"); });
    expect(expected, [&] {
        auto copy = *other;
        copy.email = "a@b.c";
        db_.save(copy);
    });
}

TEST_F(Violations, OfSeveralUniqueColumnsAndTheKey) {
    expect({Violation::unique, "Sale", {"buyer_id", "number"}, "Sale: another row has the same buyer_id, number"},
           [&] { db_.objects<Sale>().create({.number = 1, .buyer = buyer_}); });
    expect({Violation::unique, "Buyer", {"id"}, "Buyer: another row has the same id"},
           [&] { db_.objects<Buyer>().bulk_create({{.id = buyer_->id, .email = {"x"}}}); });
}

TEST_F(Violations, OfAForeignKeyThatLeadsNowhere) {
    auto sale_of = [number = std::int64_t{1}](std::int64_t buyer, std::int64_t article) mutable {
        Sale sale{.number = ++number};
        sale.buyer.set_key(buyer);
        if (article != 0) sale.article.set_key(article);
        return sale;
    };
    const auto expect_from = [&](const std::string& column, std::int64_t buyer, std::int64_t article) {
        Expected expected{
            Violation::foreign_key, "Sale", {column}, "Sale: the row that " + column + " refers to does not exist"};
        expect(expected, [&] { db_.objects<Sale>().create(sale_of(buyer, article)); });
        expect(expected, [&] { db_.objects<Sale>().bulk_create({sale_of(buyer_->id, 0), sale_of(buyer, article)}); });
        expected.reason += ", or is still referred to"; // an UPDATE
        expect(expected, [&] {
            auto sale = *sale_;
            sale.buyer.set_key(buyer);
            if (article != 0) sale.article.set_key(article);
            db_.save(sale);
        });
    };
    expect_from("buyer_id", 99, 0);
    const auto article = db_.objects<Article>().create({.sku = {"s"}});
    expect_from("buyer_id", 99, article->id);
    expect_from("article_id", buyer_->id, 99);
    expect({Violation::foreign_key,
            "Sale",
            {"article_id"},
            "Sale: the row that article_id refers to does not exist, or is still referred to"},
           [&] { db_.objects<Sale>().filter("number"_f = 1).update("article_id"_f = 99); });
}

TEST_F(Violations, OfAForeignKeyToARowThatIsRemoved) {
    const Expected expected{Violation::foreign_key, "Sale", {"buyer_id"}, "Sale: buyer_id still refers to the row"};
    expect(expected, [&] { db_.objects<Buyer>().filter("id"_f = buyer_->id).remove(); });
    expect(expected, [&] {
        auto copy = *buyer_;
        db_.remove(copy);
    });
}

TEST_F(Violations, OfTheForeignKeyThatForbidsARemoval) {
    db_.create_tables<Guest, Wish, Ticket, Keepsake>();
    const auto guest = db_.objects<Guest>().create({});
    db_.objects<Wish>().create({.guest = guest});
    db_.objects<Ticket>().create({.guest = guest});
    expect({Violation::foreign_key, "Ticket", {"guest_id"}, "Ticket: guest_id still refers to the row"},
           [&] { db_.objects<Guest>().filter("id"_f = guest->id).remove(); });
    // Where the relation is not declared, the table is named, and no other relation.
    try {
        db_.objects<Lodger>().filter("id"_f = guest->id).remove();
        ADD_FAILURE() << "nothing was refused";
    } catch (const kith::IntegrityError& error) {
        EXPECT_EQ(error.model(), "ticket") << error.what();
    }
}

TEST_F(Violations, OfAForeignKeyToAColumnThatIsChanged) {
    db_.create_tables<Country, Town, House>();
    const auto country = db_.objects<Country>().create({});
    const auto town = db_.objects<Town>().create({.code = {"a"}, .country = country});
    db_.objects<House>().create({.town = town});
    const Expected expected{Violation::foreign_key,
                            "House",
                            {"town_id"},
                            "House: the row that town_id refers to does not exist, or is still referred to"};
    expect(expected, [&] {
        auto copy = *town;
        copy.code = "b";
        db_.save(copy);
    });
    expect(expected, [&] { db_.objects<Town>().update("code"_f = "b"); });
    expect({Violation::foreign_key,
            "Town",
            {"country_id"},
            "Town: the row that country_id refers to does not exist, or is still referred to"},
           [&] {
               auto copy = *town;
               copy.country.set_key(99);
               db_.save(copy);
           });
}

TEST_F(Violations, OfANullThatIsRefusedBeforeItIsSent) {
    expect({Violation::not_null, "Sale", {"buyer_id"}, "Sale: buyer_id must have a value"},
           [&] { db_.objects<Sale>().create({.number = 5}); });
}

// ---- what only a schema of others has

TEST_F(Violations, OfColumnsThatMustNotBeNull) {
    const auto raw = folder_.raw();
    raw.run("DROP TABLE sale");
    raw.run(by_backend("CREATE TABLE sale (id integer PRIMARY KEY, number bigint NOT NULL, buyer_id bigint NOT NULL, "
                       "article_id bigint NOT NULL, CONSTRAINT positive CHECK (number > 0))",
                       "CREATE TABLE sale (id bigserial PRIMARY KEY, number bigint NOT NULL, buyer_id bigint NOT NULL, "
                       "article_id bigint NOT NULL, CONSTRAINT positive CHECK (number > 0))",
                       "CREATE TABLE sale (id bigint AUTO_INCREMENT PRIMARY KEY, number bigint NOT NULL, buyer_id "
                       "bigint NOT NULL, article_id bigint NOT NULL, CONSTRAINT positive CHECK (number > 0))"));
    expect({Violation::not_null, "Sale", {"article_id"}, "Sale: article_id must have a value"},
           [&] { db_.objects<Sale>().create({.number = 5, .buyer = buyer_}); });
    const auto article = db_.objects<Article>().create({.sku = {"s"}});
    expect({Violation::check, "Sale", {}, "Sale: the values break a rule (positive)"},
           [&] { db_.objects<Sale>().create({.number = -5, .buyer = buyer_, .article = article}); });
    EXPECT_EQ(constraint_, "positive");
}

TEST_F(Violations, OfAKeyWithANameAndOddColumns) {
    folder_.raw().run(by_backend("CREATE UNIQUE INDEX \"the 'unit'\" ON things (\"stock keeping, unit\")",
                                 "CREATE UNIQUE INDEX \"the 'unit'\" ON things (\"stock keeping, unit\")",
                                 "CREATE UNIQUE INDEX `the unit` ON things (`stock keeping, unit`)"));
    db_.objects<Article>().create({.sku = {"' for key 'x'"}});
    expect({Violation::unique,
            "Article",
            {"stock keeping, unit"},
            "Article: another row has the same stock keeping, unit"},
           [&] { db_.objects<Article>().create({.sku = {"' for key 'x'"}}); });
    EXPECT_EQ(constraint_, by_backend("the 'unit'", "the 'unit'", "the unit"));
}

TEST_F(Violations, ErrorsOfTheDatabaseHaveAReasonWithoutPlaces) {
    const auto reason_of = [](const std::function<void()>& work) -> std::string {
        try {
            work();
        } catch (const kith::Error& error) {
            return error.reason();
        }
        return {};
    };
    folder_.raw().run("DROP TABLE sale");
    EXPECT_EQ(reason_of([&] { (void)db_.objects<Sale>().count(); }), "The database cannot do this at the moment");
    EXPECT_EQ(reason_of([&] { (void)kith::connect("sqlite:/nowhere/at/all.db"); }),
              "The database cannot do this at the moment");
    EXPECT_EQ(reason_of([&] { (void)db_.objects<Buyer>().filter(kith::runtime("nme") = 1); }).find("Buyer has no"), 0u);
}

} // namespace violations_test
