#pragma once

#include <kith/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What the fuzzers share. The answer to any input is a result or a kith::Error; everything else ends the program, and
/// so does what a sanitizer finds.
namespace fuzz {

/// Ends the program, which libFuzzer reports with the input, unless `holds`.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "not true: %s\n", what);
    std::abort();
}

/// Whether `work` gave a result; it may throw a kith::Error, which must say something.
template <class Work>
bool answered(const Work& work) {
    try {
        work();
        return true;
    } catch (const kith::Error& error) {
        require(std::string_view(error.what()).size() > 10, "an error has a sentence");
        return false;
    }
}

/// The bytes of an input, from the front.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

    bool empty() const noexcept { return rest_.empty(); }
    /// 0 behind the end.
    unsigned take_byte() {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    /// Up to the separator, which is left out, or to the end.
    std::string take_until(char separator) {
        const auto end = rest_.find(separator);
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return text;
    }
    std::string take_rest() {
        std::string text(rest_);
        rest_ = {};
        return text;
    }

private:
    std::string_view rest_;
};

} // namespace fuzz

/// Called by libFuzzer for each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
