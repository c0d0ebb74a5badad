#include "connection/url.hpp"
#include "fuzz/fuzz.hpp"

#include <string>

/// URLs of databases, with their options. No message shows the password.

using namespace fuzz;

namespace {

const std::string password = "S3cr3t-of-the-fuzzer";

void parse(const std::string& text) {
    const bool is_given = text.find(password) != std::string::npos;
    try {
        const auto url = kith::connection::Url::parse(text, {});
        const bool is_password = is_given && url.address.password.find(password) != std::string::npos;
        require(!is_password || url.address.name().find(password) == std::string::npos,
                "an address is shown without its password");
    } catch (const kith::Error& error) {
        const std::string message = error.what();
        require(message.size() > 10, "an error has a sentence");
        require(!is_given || message.find(password) == std::string::npos, "no message shows the password");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const auto scheme = input.take_byte();
    const auto rest = input.take_rest();
    if (rest.find(password) != std::string::npos) return 0; // elsewhere it is no password
    switch (scheme % 4) {
    case 0: parse(rest); break;
    case 1: parse("sqlite:" + rest); break;
    case 2: parse("postgresql://user:" + password + "@" + rest); break;
    default: parse("mariadb://user:" + password + "@" + rest); break;
    }
    return 0;
}
