// The workloads by hand against the C API of SQLite, as fast as we could write them: see bench/README.md.

#include "hand/models.hpp"

#include <sqlite3.h>

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
        {"W10a", hand::keys_10k},
        {"W10b", hand::keys_100k},
        {"W10c", hand::keys_1m},
        {"W11", hand::set_links},
        {"W12", hand::save_rows},
        {"W3-join", hand::many_to_many_join},
        {"W1-range", hand::by<hand::forward_key, range>},
        {"W2-range", hand::by<hand::reverse_key, range>},
        {"W3-range", hand::by<hand::many_to_many, range>},
        {"W4-range", hand::by<hand::two_levels, range>},
        {"W1-scan", hand::forward_key_scan},
        {"W2-scan", hand::reverse_key_scan},
        {"W3-scan", hand::many_to_many_scan},
        {"W4-scan", hand::two_levels_scan},
    };
    return run_variant(argc, argv, sqlite3_libversion(), workloads);
}
