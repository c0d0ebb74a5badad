#pragma once

#include "support/travel.hpp"

#include <cstdlib>

namespace travel {

/// Tests beside a server of their own, by tests/servers.sh --own.
class OwnServerTest : public TravelTest {
protected:
    /// Kills the server and starts it again.
    static void restart() { ASSERT_EQ(std::system(variable("KITH_TEST_RESTART").c_str()), 0); }
};

} // namespace travel
