// The workloads by hand against the client library of a server, as fast as we could write them: see bench/README.md.

#include "load.hpp"

int main(int argc, char** argv) {
    using namespace bench;
    constexpr Workload workloads[] = {
        {"W1", hand::forward_key},
        {"W2", hand::reverse_key},
        {"W3", hand::many_to_many},
        {"W4", hand::two_levels},
        {"W5", hand::streaming},
        {"W6", hand::select_related},
        {"W7", hand::plain},
        {"W8", hand::small_loads},
        {"W8b", hand::single_loads},
        {"W1-range", hand::forward_key_range},
        {"W2-range", hand::reverse_key_range},
        {"W3-range", hand::many_to_many_range},
        {"W4-range", hand::two_levels_range},
    };
    return run_variant(argc, argv, hand::client_version(), workloads);
}
