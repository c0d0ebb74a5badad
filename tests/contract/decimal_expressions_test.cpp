#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Computed decimals and integers are compared and sorted by value, whatever the cells hold that they come from.
namespace decimal_expressions_test {

using namespace kith::literals;
using kith::Case;
using kith::Coalesce;
using kith::Count;
using kith::Decimal;
using kith::having;
using kith::Max;
using kith::Min;
using kith::Sum;
using kith::When;

namespace {

struct Item;

struct Shop {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Item, "shop"> items{};
    kith::Annotation<std::optional<Decimal>> cheapest{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Item {
    kith::PrimaryKey<> id{};
    std::int64_t stock{};
    Decimal price{};
    std::optional<Decimal> discount{};
    double weight{};
    double parts{};
    kith::ForeignKey<Shop> shop{};
    kith::Annotation<Decimal> net{};
    kith::Annotation<std::int64_t> total{};
    kith::Annotation<std::optional<double>> share{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

using Keys = std::vector<std::int64_t>;

/// Two cheap items in the first shop, a dear one in the second. As text, the numbers have another order.
class DecimalExpressions : public travel::FileTest {
protected:
    void fill() {
        const auto first = db_.objects<Shop>().create({.name = "first"});
        const auto second = db_.objects<Shop>().create({.name = "second"});
        items().create({.stock = 8, .price = Decimal("10.5"), .weight = 7, .parts = 2, .shop = first});
        items().create({.stock = 2,
                        .price = Decimal("1.25"),
                        .discount = Decimal("2.50"),
                        .weight = 1,
                        .parts = 4,
                        .shop = first});
        items().create({.stock = 9,
                        .price = Decimal("100"),
                        .discount = Decimal("12"),
                        .weight = 1.5,
                        .parts = 3,
                        .shop = second});
    }

    kith::QuerySet<Item> items() const { return db_.objects<Item>(); }
    /// 8, 2.50 and 12.
    kith::QuerySet<Item> net() const { return items().annotate("net"_f = Coalesce("discount"_f, "stock"_f)); }
    /// 9, 3 and 10.
    kith::QuerySet<Item> total() const { return items().annotate("total"_f = "stock"_f + 1); }

    void expect_comparisons() const {
        EXPECT_EQ(travel::keys_of(net().filter("net__lt"_f = Decimal("3"))), Keys{2});
        EXPECT_EQ(travel::keys_of(net().filter("net__gte"_f = 8)), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(net().filter("net"_f = Decimal("2.5"))), Keys{2});
        EXPECT_EQ(travel::keys_of(net().exclude("net"_f = Decimal("2.5"))), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(net().filter("net__in"_f = {Decimal("8.0"), Decimal("12")})), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(net().filter("net__range"_f = std::pair(Decimal("2.5"), Decimal("8")))),
                  (Keys{1, 2}));
        EXPECT_EQ(travel::keys_of(net().filter("net__lt"_f = "price"_f)), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(total().filter("total__gt"_f = "price"_f * 2)), Keys{2});
        EXPECT_EQ(travel::keys_of(total().filter("total__lt"_f = "price"_f)), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(items().filter("price__gt"_f = "stock"_f * 2)), Keys{3});
        EXPECT_EQ(travel::keys_of(items().filter("stock__lt"_f = "price"_f)), (Keys{1, 3}));
        EXPECT_EQ(travel::keys_of(items().filter("price"_f = Coalesce("discount"_f, "price"_f))), Keys{1});
        EXPECT_EQ(items()
                      .annotate("total"_f = Case(When("stock__gt"_f = "discount"_f * 3, 1)).otherwise(0))
                      .values_list<"total">(),
                  (Keys{0, 0, 0}));
    }
    void expect_order() const {
        EXPECT_EQ(travel::column(net().order_by("net"), &Item::id), (std::vector<decltype(Item::id)>{{2}, {1}, {3}}));
        EXPECT_EQ(items().aggregate(Max(Coalesce("discount"_f, "stock"_f))), Decimal("12"));
        EXPECT_EQ(items().aggregate(Min(Coalesce("discount"_f, "stock"_f))), Decimal("2.5"));
        EXPECT_EQ(net().aggregate(Max("net"_f)), Decimal("12"));
    }
    void expect_aggregates() const {
        using Groups = std::vector<std::tuple<std::string, std::int64_t>>;
        const auto named = items().order_by("shop__name");
        EXPECT_EQ(named.group_by<"shop__name">(Count(), having(Min("price"_f) > Decimal("20"))),
                  (Groups{{"second", 1}}));
        EXPECT_EQ(named.group_by<"shop__name">(Count(), having(Max("price"_f) < 20)), (Groups{{"first", 2}}));
        EXPECT_EQ(named.group_by<"shop__name">(Count(), having(Sum("stock"_f) > Decimal("9.5"))),
                  (Groups{{"first", 2}}));
        EXPECT_EQ(named.group_by<"shop__name">(Count(), having(Max(Coalesce("discount"_f, "stock"_f)) > 9)),
                  (Groups{{"second", 1}}));
        const auto shops = db_.objects<Shop>().annotate("cheapest"_f = Min("items__price"_f));
        EXPECT_EQ(travel::keys_of(shops.filter("cheapest__lt"_f = Decimal("3"))), Keys{1});
        EXPECT_EQ(travel::keys_of(shops.filter("cheapest__gt"_f = Decimal("3"))), Keys{2});
    }
    void expect_quotients() const {
        EXPECT_EQ(items().annotate("share"_f = "weight"_f / "parts"_f).values_list<"share">(),
                  (std::vector<std::optional<double>>{3.5, 0.25, 0.5}));
    }
};

/// The same columns as other programs declare them: SQLite makes numbers of what they hold.
class SqliteNumericColumns : public DecimalExpressions {
protected:
    SqliteNumericColumns() {
        db_.raw("CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        db_.raw("CREATE TABLE item (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL, price NUMERIC NOT NULL, discount "
                "DECIMAL(10, 2), weight NUMERIC NOT NULL, parts NUMERIC NOT NULL, shop_id INTEGER NOT NULL REFERENCES "
                "shop)");
        fill();
    }
};

class ExactColumns : public DecimalExpressions {
protected:
    ExactColumns() {
        db_.create_tables<Shop, Item>();
        fill();
    }
};

} // namespace

TEST_F(ExactColumns, ComputedNumbersAreComparedByValue) { expect_comparisons(); }
TEST_F(ExactColumns, ComputedNumbersAreSortedByValue) { expect_order(); }
TEST_F(ExactColumns, AggregatesAreComparedByValue) { expect_aggregates(); }
TEST_F(ExactColumns, RealsHaveFractions) { expect_quotients(); }

TEST_F(ExactColumns, IntegersAndDecimalsAreComparedExactly) {
    items().filter("pk"_f = 3).update("stock"_f = std::int64_t{1} << 53, "price"_f = Decimal("9007199254740992.5"));
    EXPECT_EQ(travel::keys_of(items().filter("stock__lt"_f = "price"_f)), (Keys{1, 3}));
    EXPECT_EQ(travel::keys_of(total().filter("total__gt"_f = "price"_f)), (Keys{2, 3}));
}

TEST_F(SqliteNumericColumns, ComputedNumbersAreComparedByValue) { expect_comparisons(); }
TEST_F(SqliteNumericColumns, ComputedNumbersAreSortedByValue) { expect_order(); }
TEST_F(SqliteNumericColumns, AggregatesAreComparedByValue) { expect_aggregates(); }
TEST_F(SqliteNumericColumns, RealsHaveFractions) { expect_quotients(); }

TEST_F(SqliteNumericColumns, ATextIsNoReal) {
    db_.raw("UPDATE item SET weight = 'heavy'");
    EXPECT_THROW((void)items().annotate("share"_f = "weight"_f / "parts"_f).size(), kith::DatabaseError);
}

} // namespace decimal_expressions_test
