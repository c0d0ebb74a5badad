// The workloads with Kith, written as a user would write them: see bench/README.md. `--create-tables DATABASE` creates
// their tables.

#include "kith/models.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

int main(int argc, char** argv) try {
    if (argc == 3 && std::string_view(argv[1]) == "--create-tables") {
        bench::connect(argv[2]).create_tables<bench::Province, bench::City, bench::Person>();
        return 0;
    }
    constexpr bench::Workload workloads[] = {
        {"W1", bench::forward_key}, {"W2", bench::reverse_key}, {"W3", bench::many_to_many},
        {"W4", bench::two_levels},  {"W5", bench::streaming},   {"W6", bench::select_related},
        {"W7", bench::plain},       {"W8", bench::small_loads}, {"W8b", bench::single_loads},
        {"W9", bench::bulk_create}, {"W10a", bench::keys_10k},  {"W10b", bench::keys_100k},
        {"W10c", bench::keys_1m},   {"W11", bench::set_links},  {"W12", bench::save_rows},
    };
    return bench::run_variant(argc, argv, KITH_VERSION, workloads);
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
