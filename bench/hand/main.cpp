// The workloads by hand against the C API of SQLite, as fast as we could write them: see bench/README.md.

#include "hand/models.hpp"

#include <sqlite3.h>

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
        {"W9", hand::bulk_create},
        {"W10a", hand::keys_10k},
        {"W10b", hand::keys_100k},
        {"W10c", hand::keys_1m},
        {"W11", hand::set_links},
        {"W12", hand::save_rows},
        {"W3-join", hand::many_to_many_join},
        {"W1-range", hand::forward_key_range},
        {"W2-range", hand::reverse_key_range},
        {"W3-range", hand::many_to_many_range},
        {"W4-range", hand::two_levels_range},
        {"W1-scan", hand::forward_key_scan},
        {"W2-scan", hand::reverse_key_scan},
        {"W3-scan", hand::many_to_many_scan},
        {"W4-scan", hand::two_levels_scan},
    };
    return run_variant(argc, argv, sqlite3_libversion(), workloads);
}
