#include "support/rows.hpp"
#include "support/travel.hpp"

#include <kith/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What create_tables() declares besides types and keys: kith::default_value, kith::check, ON DELETE SET DEFAULT.
namespace column_defaults_test {
enum class Mood : std::int32_t { calm = 1, merry = 2 };
enum class Level : std::uint8_t { low, high };
} // namespace column_defaults_test

template <>
struct kith::EnumNames<column_defaults_test::Mood> {
    static constexpr kith::EnumName<column_defaults_test::Mood> names[]{{column_defaults_test::Mood::calm, "calm"},
                                                                        {column_defaults_test::Mood::merry, "mer'ry"}};
};

namespace column_defaults_test {

using namespace kith::literals;
using namespace travel;
using kith::Violation;

namespace {

struct Shelf {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::max_length<10>> name{};
};
struct Product {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Field<std::string, kith::default_value<"it's \\ ä?">> label{};
    kith::Field<std::string, kith::default_value<"">, kith::max_length<5>> code{};
    kith::Field<Mood, kith::default_value<Mood::merry>> mood{};
    kith::Field<Level, kith::default_value<Level::high>> level{};
    kith::Field<std::int32_t, kith::default_value<-5>, kith::check<"stock >= -10 AND name <> 'x?'">> stock{};
    kith::Field<double, kith::default_value<2.5>> weight{};
    kith::Field<bool, kith::default_value<true>> is_open{};
    kith::Field<kith::Decimal, kith::default_value<"12.50">> price{};
    kith::Field<kith::Decimal, kith::default_value<7>> tax{};
    kith::Field<std::optional<std::int64_t>, kith::default_value<7>> maybe{};
    kith::Lazy<std::string, kith::default_value<"long">> text{};
    kith::ForeignKey<Shelf, kith::default_value<2>> shelf{};
};
struct Label {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Shelf, kith::default_value<1>, kith::on_delete<kith::set_default>> shelf{};
};

} // namespace

class ColumnDefaults : public FileTest {
protected:
    ColumnDefaults() {
        db_.create_tables<Shelf, Product>();
        db_.objects<Shelf>().bulk_create({{.name = {"a"}}, {.name = {"b"}}, {.name = {"c"}}});
    }
};

TEST_F(ColumnDefaults, AreThoseOfTheProgramAndOfTheDatabase) {
    const auto expect = [](const Product& row) {
        EXPECT_EQ(row.label, "it's \\ ä?");
        EXPECT_EQ(row.code, "");
        EXPECT_EQ(row.mood, Mood::merry);
        EXPECT_EQ(row.level, Level::high);
        EXPECT_EQ(row.stock, -5);
        EXPECT_EQ(row.weight, 2.5);
        EXPECT_TRUE(row.is_open);
        EXPECT_EQ(row.price, kith::Decimal("12.50"));
        EXPECT_EQ(row.tax, kith::Decimal(7));
        EXPECT_EQ(row.maybe.value, 7);
        EXPECT_EQ(row.text, "long");
    };
    Product own{.name = "own"};
    expect(own);
    EXPECT_TRUE(own.shelf.is_null());
    db_.insert(own);
    EXPECT_EQ(own.shelf.key(), 2) << "a key that must not be null takes its default when it is inserted";
    folder_.raw().run("INSERT INTO product (name) VALUES ('raw')");
    for (const Product& row : db_.objects<Product>()) {
        expect(row);
        EXPECT_EQ(row.shelf.key(), 2);
    }
    const std::string_view cells = "SELECT COUNT(*) FROM product p, product q WHERE p.id < q.id AND p.label = q.label "
                                   "AND p.mood = q.mood AND p.price = q.price AND p.tax = q.tax AND p.is_open = "
                                   "q.is_open AND p.text = q.text";
    EXPECT_EQ(folder_.raw().value(std::string(cells)), "1") << "both store the same";
    Product other{.name = "other", .stock = 3, .is_open = false, .maybe = std::nullopt};
    other.shelf.set_key(3);
    db_.save(other);
    const auto read = db_.objects<Product>().get("id"_f = other.id);
    EXPECT_TRUE(read->stock == 3 && !read->is_open && !read->maybe.value.has_value() && read->shelf.key() == 3);

    Product refused{.id = own.id, .name = "x"};
    EXPECT_THROW(db_.insert(refused), kith::IntegrityError);
    EXPECT_TRUE(refused.shelf.is_null()) << "the key is taken away again";
    EXPECT_EQ(kith::from_json<Product>(R"({"name": "json", "stock": 1})").mood, Mood::merry);
}

TEST_F(ColumnDefaults, ACheckHasAName) {
    const auto product = db_.objects<Product>().create({.name = "y"});
    for (const bool stock : {false, true}) {
        try {
            if (stock)
                db_.objects<Product>().update("stock"_f = -11);
            else
                db_.objects<Product>().create({.name = "x?"});
            ADD_FAILURE() << "nothing was refused";
        } catch (const kith::IntegrityError& error) {
            EXPECT_EQ(error.kind(), Violation::check);
            EXPECT_EQ(error.constraint(), "product_stock_check");
            EXPECT_EQ(error.model(), "Product");
        }
    }
    db_.drop_tables<Product>();
}

TEST_F(ColumnDefaults, OfAKeyWhoseRowIsDeleted) {
    if (backend() == Backend::mariadb) {
        expect_parts(message_of<kith::ValueError>([&] { db_.create_tables<Label>(); }),
                     {"Label.shelf", "set_default", "declare another action"});
        return;
    }
    db_.create_tables<Label>();
    const auto shelf = db_.objects<Shelf>().get("name"_f = "c");
    const auto label = db_.objects<Label>().create({.shelf = shelf});
    db_.remove(shelf);
    EXPECT_EQ(db_.objects<Label>().get()->shelf.key(), 1);
    EXPECT_THROW(db_.objects<Shelf>().filter("id"_f = 1).remove(), kith::IntegrityError) << "there is no other default";
}

} // namespace column_defaults_test
