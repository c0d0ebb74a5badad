#include "support/test_database.hpp"

#include <gtest/gtest.h>

#include <iostream>

/// Beside gtest's own main: where the server is missing, the test tells so and counts as skipped, not as passed.
int main(int argc, char** argv) {
    constexpr int skipped = 77;
    testing::InitGoogleTest(&argc, argv);
    if (!testing::GTEST_FLAG(list_tests) && !travel::on_sqlite() &&
        travel::variable(travel::server_variable()).empty()) {
        std::cout << travel::server_variable()
                  << " names no server: run ./dev test, or this test by tests/servers.sh\n";
        return skipped;
    }
    return RUN_ALL_TESTS();
}
