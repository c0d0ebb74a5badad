#include "support/test_database.hpp"

#include <gtest/gtest.h>

/// Beside gtest's own main: where the server is missing, the test tells so and counts as skipped, not as passed.
int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (!testing::GTEST_FLAG(list_tests) && travel::lacks_server()) return travel::skipped;
    return RUN_ALL_TESTS();
}
