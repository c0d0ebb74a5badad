#include "backend/postgresql/names.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace kith::backend::postgresql {

// Drawn from the system each time: after a fork, two processes would continue with the same state of a generator.
std::string unique_prefix() {
    std::random_device random;
    std::uniform_int_distribution<std::uint64_t> bits;
    return fmt::format("kith_{:016x}", bits(random));
}

std::string text_literal(std::string_view text) {
    std::string out = text.find('\\') != std::string_view::npos ? "E'" : "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += c;
        out += c;
    }
    return out + '\'';
}

} // namespace kith::backend::postgresql
