// The workloads with Kith, written as a user would: see bench/README.md.

#include "kith/models.hpp"

int main(int argc, char** argv) {
    constexpr bench::Workload workloads[] = {
        {"W1", bench::forward_key}, {"W2", bench::reverse_key}, {"W3", bench::many_to_many},
        {"W4", bench::two_levels},  {"W5", bench::streaming},   {"W6", bench::select_related},
        {"W7", bench::plain},       {"W8", bench::small_loads}, {"W9", bench::bulk_create},
        {"W10a", bench::keys_10k},  {"W10b", bench::keys_100k}, {"W10c", bench::keys_1m},
    };
    return bench::run_variant(argc, argv, KITH_VERSION, workloads);
}
