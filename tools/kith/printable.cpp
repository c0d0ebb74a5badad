#include "printable.hpp"

namespace kith::cli {

std::string in_comment(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        if (c == '\\') {
            plain += "\\x5c";
        } else if (c == '?' && plain.ends_with('?')) {
            plain += "\\x3f";
        } else {
            plain += c;
        }
    }
    return printable(plain);
}

} // namespace kith::cli
