#include "sql/writer.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/sql/dialects.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using sql::Writer;

TEST(Writer, NumbersBindsInTheOrderOfTheText) {
    expect_statement(
        [](const sql::Dialect& dialect) {
            Writer writer(dialect, "t");
            const auto first = writer.bind(number(1));
            const auto second = writer.bind(number(2));
            return std::move(writer).finish("a = " + second + " AND b = " + first);
        },
        "a = ?2 AND b = ?1");
}

TEST(Writer, DropsUnusedBinds) {
    expect_statement(
        [](const sql::Dialect& dialect) {
            Writer writer(dialect, "t");
            (void)writer.bind(number(1));
            const auto second = writer.bind(number(2));
            return std::move(writer).finish("a = " + second);
        },
        "a = ?2");
}

TEST(Writer, BindsARepeatedValueOnceIfPlaceholdersAreNumbered) {
    for_each_dialect({"?1 ?1", "$1 $1", "? ?"}, [](const sql::Dialect& dialect, std::string_view text) {
        Writer writer(dialect, "t");
        const auto mark = writer.bind(number(1));
        const auto statement = std::move(writer).finish(mark + " " + mark);
        EXPECT_EQ(statement.text.str(), text);
        EXPECT_EQ(statement.binds.size(), dialect.numbers_placeholders() ? 1U : 2U);
    });
}

TEST(Writer, FillsSmallSetsWhereTheDatabaseHasAPlanForLargerOnes) {
    const auto& column = field<library::Book>("pages");
    const auto bound = [&](const sql::Dialect& dialect, const std::vector<Value>& values) {
        Writer writer(dialect, "t");
        const auto text = writer.is_one_of("pages", keys(column, values), sql::KeyColumn::of(column));
        return std::get<std::shared_ptr<const sql::KeySet>>(std::move(writer).finish(text).binds.front());
    };
    for_each_dialect("", [&](const sql::Dialect& dialect, std::string_view) {
        const auto few = bound(dialect, {number(7), number(9)});
        EXPECT_EQ(few->size(), 2u);
        EXPECT_EQ(few->fillings(), dialect.fewest_keys() == 0 ? 0u : dialect.fewest_keys() - 2);
        EXPECT_EQ(few->filling(), sql::KeySet::Filling::last_key);
        EXPECT_EQ(bound(dialect, {})->fillings(), 0u);
        EXPECT_EQ(bound(dialect, std::vector<Value>(11, number(1)))->fillings(), 0u);
    });
}

TEST(Writer, RecordsTheColumnsOfStoredValues) {
    const backend::sqlite::Dialect dialect(false);
    Writer writer(dialect, "t");
    const auto plain = writer.bind(number(1));
    const auto stored = writer.bind(number(2), &field<library::Book>("pages"));
    const auto statement = std::move(writer).finish(stored + plain);
    EXPECT_EQ(statement.stored, (std::vector<const detail::FieldInfo*>{&field<library::Book>("pages"), nullptr}));
}

TEST(Writer, RefusesNamesThatLookLikeMarks) {
    const backend::sqlite::Dialect dialect(false);
    KITH_EXPECT_ERROR(Writer(dialect, "t")
                          .finish(dialect.quote("a\x01"
                                                "7\x01")),
                      ValueError, "contains the control character 1");
    KITH_EXPECT_ERROR(Writer(dialect, "t").finish("\x01"), ValueError, "contains the control character 1");
}

TEST(Writer, BindsTheColumnsOfAKeyTogetherOrApart) {
    const std::vector types{detail::ColumnType::int32, detail::ColumnType::text};
    auto set = std::make_shared<sql::KeySet>(types);
    set->add(std::vector<Value>{number(1), text("a")});
    set->add(std::vector<Value>{number(2), text("b")});
    for_each_dialect({"together", "apart", "together"}, [&](const sql::Dialect& dialect, std::string_view how) {
        Writer writer(dialect, "t");
        const auto marks = writer.bind_keys(set);
        ASSERT_EQ(marks.parts.size(), 1U);
        EXPECT_EQ(marks.parts[0].columns.size(), how == "apart" ? 2U : 1U);
    });
}

#ifdef KITH_WITH_MARIADB
TEST(Writer, SplitsKeysThatOneParameterCannotHold) {
    backend::mariadb::Dialect dialect;
    dialect.set_largest_value(1024);
    std::vector<Value> many;
    for (std::int64_t i = 0; i < 1000; ++i) many.emplace_back(i);
    Writer writer(dialect, "t");
    const auto marks = writer.bind_keys(keys(field<library::Book>("id"), many));
    ASSERT_GT(marks.parts.size(), 1U);
    std::string text;
    for (const auto& part : marks.parts) text += part.before + part.columns.front();
    const auto statement = std::move(writer).finish(text);
    std::int64_t before = 0;
    for (std::size_t i = 0; i < statement.binds.size(); i += 2) {
        EXPECT_EQ(written(statement.binds[i]), std::to_string(before));
        before += static_cast<std::int64_t>(std::get<1>(statement.binds[i + 1])->size());
    }
    EXPECT_EQ(before, 1000) << "no key is lost";
}
#endif

// ---- sets of keys

TEST(KeySet, DropsKeysThatItsTypeCannotHold) {
    const auto held = [](detail::ColumnType type, const Value& value) {
        sql::KeySet set(std::span(&type, 1));
        set.add(value);
        return set.size() == 1;
    };
    EXPECT_TRUE(held(detail::ColumnType::int64, number(-1)));
    EXPECT_FALSE(held(detail::ColumnType::uint64, number(-1)));
    EXPECT_TRUE(held(detail::ColumnType::uint64, Value{std::uint64_t{1} << 63}));
    EXPECT_FALSE(held(detail::ColumnType::int64, Value{std::uint64_t{1} << 63}));
    EXPECT_FALSE(held(detail::ColumnType::int64, Value{2.5}));
    EXPECT_TRUE(held(detail::ColumnType::text, text("x")));
}

TEST(KeySet, IsCutIntoParts) {
    const auto set = keys(field<library::Book>("id"), {number(1), number(2), number(3)});
    EXPECT_EQ(set->part(0, 2).columns()[0].integers, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(set->part(2, 2).columns()[0].integers, (std::vector<std::int64_t>{3}));
    EXPECT_EQ(set->part(7, 2).size(), 0U);
}

} // namespace
} // namespace kith::test
