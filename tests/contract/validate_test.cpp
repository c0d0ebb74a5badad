#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <vector>

/// validate(): a model's own function, asked before its rows are written.
namespace validate_test {

using namespace kith::literals;
using kith::Decimal;
using kith::ValidationError;
using travel::expect_parts;
using travel::message_of;

namespace {

struct Product;

struct Shop {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Product, "shop"> products{};
};

struct Label {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::ReverseSet<Product, "labels"> products{};

    kith::Faults<Label> validate() const;
};

/// Within the class, its members have names although the models around it are not complete.
struct Product {
    kith::PrimaryKey<> id{};
    std::string name{};
    Decimal price{};
    kith::ForeignKey<Shop, kith::null> shop{};
    kith::ManyToMany<Label> labels{};

    kith::Faults<Product> validate() const {
        ++asked;
        kith::Faults<Product> faults;
        if (price < Decimal(0)) faults.add("price", "must not be negative");
        if (name.empty()) faults.add("name", "must be given");
        if (price > Decimal(1000) && shop.is_null()) faults.add("shop", "must be given for what is dear");
        return faults;
    }

    static inline int asked = 0;
};

kith::Faults<Label> Label::validate() const {
    if (text.empty()) return {"text", "must be given"};
    return {};
}

class Validate : public travel::FileTest {
protected:
    Validate() { db_.create_tables<Shop, Label, Product>(); }

    kith::QuerySet<Product> products() const { return db_.objects<Product>(); }

    /// What is wrong, as `member: reason`. Nothing may be sent, and nothing be written.
    template <class Work>
    std::vector<std::string> faults_of(const Work& work, bool sends = false) const {
        const auto before = rows();
        kith::QueryLog log(db_);
        std::vector<std::string> found;
        try {
            work();
            ADD_FAILURE() << "nothing was thrown";
        } catch (const ValidationError& error) {
            for (const auto& [member, reason] : error.faults()) found.push_back(member + ": " + reason);
            EXPECT_EQ(error.lookup(), error.faults().front().member);
        }
        if (!sends) {
            EXPECT_EQ(log.size(), 0U);
            EXPECT_TRUE(log.transaction_control().empty());
        }
        EXPECT_EQ(rows(), before);
        return found;
    }

    std::vector<std::string> rows() const {
        std::vector<std::string> texts;
        for (const auto& [name, price] : products().order_by("id").values_list<"name", "price">()) {
            texts.push_back(name + " " + price.str());
        }
        return texts;
    }
};

using Texts = std::vector<std::string>;
const std::string negative = "price: must not be negative";
const std::string unnamed = "name: must be given";

TEST_F(Validate, RefusesARowWithAllThatIsWrong) {
    EXPECT_EQ(faults_of([&] { products().create({.price = Decimal(-1)}); }), (Texts{negative, unnamed}));
    Product bad{.name = "tea", .price = Decimal("-0.01")};
    EXPECT_EQ(faults_of([&] { db_.insert(bad); }), Texts{negative});
    EXPECT_EQ(faults_of([&] { db_.save(bad); }), Texts{negative});
    bad.price = Decimal(2);
    db_.save(bad);
    bad.name.clear();
    EXPECT_EQ(faults_of([&] { db_.save(bad); }), Texts{unnamed});
    const auto text = message_of<ValidationError>([&] { db_.save(bad); });
    EXPECT_EQ(text, "Product is not valid: name: must be given");
    EXPECT_EQ(message_of<kith::ValueError>([&] { db_.save(bad); }), text);
}

TEST_F(Validate, RefusesAllOfManyWhereOneIsWrong) {
    std::vector<Product> many(5, {.name = "tea", .price = Decimal(1)});
    many[1].price = Decimal(-1);
    many[3].price = Decimal(-1);
    many[3].name.clear();
    EXPECT_EQ(faults_of([&] { products().bulk_create(many); }),
              (Texts{"[1]." + negative, "[3]." + negative, "[3]." + unnamed}));
    auto saved = products().bulk_create(std::vector<Product>(3, {.name = "tea"}));
    saved[2]->price = Decimal(-1);
    EXPECT_EQ(faults_of([&] { products().bulk_update(saved, "price"_f); }), Texts{"[2]." + negative});
    try {
        products().bulk_update(saved, "price"_f);
    } catch (const ValidationError& error) {
        EXPECT_EQ(error.row(), 2U);
    }
    const std::vector<Product> empty(5000);
    EXPECT_EQ(faults_of([&] { products().bulk_create(empty); }).size(), 100U);
    const auto text = message_of<ValidationError>([&] { products().bulk_create(empty); });
    expect_parts(text, {"Product is not valid: [0].name: must be given; [1].name", "[9].name", "and 90 more"});
}

TEST_F(Validate, AsksOnceForEachRowThatIsWritten) {
    const auto asked = [&](const auto& work) {
        Product::asked = 0;
        work();
        return Product::asked;
    };
    auto tea = products().create({.name = "tea"});
    EXPECT_EQ(asked([&] { products().create({.name = "rice"}); }), 1);
    EXPECT_EQ(asked([&] { db_.save(*tea); }), 1);
    Product gone{.id = 1000, .name = "gone"};
    EXPECT_EQ(asked([&] { db_.save(gone); }), 1) << "an UPDATE that finds no row, then an INSERT";
    EXPECT_EQ(asked([&] { products().bulk_create(std::vector<Product>(3, {.name = "salt"})); }), 3);
    EXPECT_EQ(asked([&] { (void)products().filter("name"_f = "tea").first(); }), 0);
    EXPECT_EQ(asked([&] { products().update("name"_f = ""); }), 0) << "it has no rows";
    EXPECT_EQ(asked([&] { products().remove(); }), 0);
}

TEST_F(Validate, IsAskedByGetOrCreateAndUpdateOrCreate) {
    EXPECT_EQ(
        faults_of([&] { products().get_or_create("name"_f = "", kith::defaults("price"_f = Decimal(-1))); }, true),
        (Texts{negative, unnamed}));
    products().create({.name = "tea", .price = Decimal(1)});
    EXPECT_EQ(faults_of([&] { products().update_or_create("name"_f = "tea", kith::defaults("price"_f = Decimal(-1))); },
                        true),
              Texts{negative});
    db_.atomic([&] {
        EXPECT_THROW(products().get_or_create("name"_f = ""), ValidationError);
        products().create({.name = "rice"}); // the block is still good
    });
    EXPECT_EQ(products().filter("name"_f = "rice").count(), 1);
}

TEST_F(Validate, SeesTheOwnerOfASetAndAsksTheRowsOfSets) {
    const auto shop = db_.objects<Shop>().create({.name = "corner"});
    shop->products.create({.name = "gold", .price = Decimal(2000)});
    EXPECT_EQ(faults_of([&] { products().create({.name = "gold", .price = Decimal(2000)}); }),
              Texts{"shop: must be given for what is dear"});
    EXPECT_EQ(faults_of([&] { shop->products.create({.name = ""}); }), Texts{unnamed});
    EXPECT_EQ(faults_of([&] { shop->products.all().create({.name = ""}); }), Texts{unnamed});
    EXPECT_EQ(faults_of([&] {
                  const std::vector<Product> some{{.name = "tea"}, {.price = Decimal(-1)}};
                  db_.objects<Shop>().create({.name = "new"}, kith::with("products"_f, some));
              }),
              (Texts{"products[1]." + negative, "products[1]." + unnamed}));
    EXPECT_EQ(db_.objects<Shop>().count(), 1);
    const auto gold = products().get("name"_f = "gold");
    EXPECT_EQ(faults_of([&] { gold->labels.create({}); }), Texts{"text: must be given"});
}

TEST_F(Validate, LetsTheBlockGoOnAfterAFault) {
    db_.atomic([&] {
        products().create({.name = "tea"});
        EXPECT_THROW(products().create({}), ValidationError);
        EXPECT_THROW(products().bulk_create(std::vector<Product>(2)), ValidationError);
        products().create({.name = "rice"});
    });
    EXPECT_EQ(rows(), (Texts{"tea 0", "rice 0"}));
}

} // namespace
} // namespace validate_test
