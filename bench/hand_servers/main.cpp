// The workloads by hand against the client library of a server, as fast as we could write them: see bench/README.md.

#include "load.hpp"

int main(int argc, char** argv) {
    using namespace bench;
    using enum hand::KeyForm;
    constexpr Workload workloads[] = {
        {"W1", hand::by<hand::forward_key, keys>},
        {"W2", hand::by<hand::reverse_key, keys>},
        {"W3", hand::by<hand::many_to_many, keys>},
        {"W4", hand::by<hand::two_levels, keys>},
        {"W5", hand::streaming},
        {"W6", hand::select_related},
        {"W7", hand::plain},
        {"W8", hand::small_loads},
        {"W8b", hand::single_loads},
        {"W9", hand::bulk_create},
        {"W11", hand::set_links},
        {"W12", hand::save_rows},
        {"W1-range", hand::by<hand::forward_key, range>},
        {"W2-range", hand::by<hand::reverse_key, range>},
        {"W3-range", hand::by<hand::many_to_many, range>},
        {"W4-range", hand::by<hand::two_levels, range>},
    };
    return run_variant(argc, argv, hand::client_version(), workloads);
}
