#include "backend/mariadb/error.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::test {
namespace {

constexpr unsigned duplicate = 1062;
constexpr unsigned no_target = 1452;
constexpr unsigned still_referred_to = 1451;
constexpr unsigned null = 1048;
constexpr unsigned check_failed = 4025;

ErrorContext told_by(unsigned number, std::string_view text) {
    try {
        backend::mariadb::raise({.text = text, .number = number});
    } catch (const IntegrityError& error) {
        return error.context();
    }
}

using Texts = std::vector<std::string>;

TEST(MariadbErrors, NameTheKey) {
    EXPECT_EQ(told_by(duplicate, "Duplicate entry 'x' for key 'name'").constraint, "name");
    EXPECT_EQ(told_by(duplicate, "Duplicate entry '' for key 'x'' for key 'the name'").constraint, "the name");
    EXPECT_EQ(told_by(duplicate, "Duplicate entry").constraint, "");
    EXPECT_EQ(told_by(duplicate, "Duplicate entry '1' for key 'unended").constraint, "unended");
}

TEST(MariadbErrors, NameTheForeignKey) {
    const auto told =
        told_by(no_target, "Cannot add or update a child row: a foreign key constraint fails (`db`.`a``b`, CONSTRAINT "
                           "`the key` FOREIGN KEY (`one`, `other`) REFERENCES `target` (`x`, `y`))");
    EXPECT_EQ(told.violation, Violation::foreign_key);
    EXPECT_EQ(told.table, "a`b");
    EXPECT_EQ(told.constraint, "the key");
    EXPECT_EQ(told.columns, (Texts{"one", "other"}));
    EXPECT_EQ(told_by(still_referred_to, "Cannot delete a parent row (`db`").columns, Texts{});
}

TEST(MariadbErrors, NameTheColumnAndTheCheck) {
    EXPECT_EQ(told_by(null, "Column 'number' cannot be null").columns, Texts{"number"});
    const auto check = told_by(check_failed, "CONSTRAINT `positive` failed for `db`.`sale`");
    EXPECT_EQ(check.violation, Violation::check);
    EXPECT_EQ(check.constraint, "positive");
    EXPECT_EQ(check.table, "sale");
}

} // namespace
} // namespace kith::test
