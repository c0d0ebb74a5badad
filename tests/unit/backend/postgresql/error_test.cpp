#include "backend/postgresql/error.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kith::test {
namespace {

/// The columns that are read from the detail of a message about a unique key.
std::vector<std::string> columns_in(std::string_view detail) {
    try {
        backend::postgresql::raise({.text = "refused", .sqlstate = "23505", .detail = detail});
    } catch (const IntegrityError& error) {
        EXPECT_EQ(error.kind(), Violation::unique);
        return error.columns();
    }
}

using Texts = std::vector<std::string>;

TEST(PostgresqlErrors, NameTheColumnsOfAKey) {
    EXPECT_EQ(columns_in("Key (name)=(x) already exists."), Texts{"name"});
    EXPECT_EQ(columns_in("Key (city_id, \"Order\")=(1, 2) already exists."), (Texts{"city_id", "Order"}));
    EXPECT_EQ(columns_in("Schlüssel »(name)=((a)=(b))« existiert bereits."), Texts{"name"});
    EXPECT_EQ(columns_in("Key (\"a \"\"b\"\", (c)\")=(x) already exists."), Texts{"a \"b\", (c)"});
}

TEST(PostgresqlErrors, NameNoColumnsWhereThereAreNone) {
    EXPECT_EQ(columns_in(""), Texts{});
    EXPECT_EQ(columns_in("Key (lower(name::text))=(x) already exists."), Texts{});
    EXPECT_EQ(columns_in("Key ((a || b))=(x) already exists."), Texts{});
    EXPECT_EQ(columns_in(")=("), Texts{});
}

} // namespace
} // namespace kith::test
