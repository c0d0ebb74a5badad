#include "progress.hpp"

#include "output.hpp"
#include "printable.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace kith::cli {

using Clock = std::chrono::steady_clock;

Progress::Progress(const Database& db) : on_(isatty(STDERR_FILENO) == 1), begin_(Clock::now()), last_(begin_) {
    if (!on_) return;
    watching_ = db.on_query([this](const QueryEvent& event) {
        ++statements_;
        rows_ += event.rows;
        const auto path = event.lookup.empty() ? std::string() : fmt::format(", last of {}", printable(event.lookup));
        show(fmt::format("{}, {} read{}", counted(statements_, "statement"), counted(rows_, "row"), path));
    });
}

Progress::~Progress() { clear(); }

void Progress::printed(std::size_t rows) {
    if (!on_) return;
    if (isatty(STDOUT_FILENO) == 1) {
        clear();
        watching_.reset();
        on_ = false;
    } else {
        show(fmt::format("{} printed", counted(rows, "row")));
    }
}

void Progress::clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
}

void Progress::show(const std::string& what) {
    const auto now = Clock::now();
    if (now - begin_ < std::chrono::milliseconds(500) || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    shown_ = true;
    const auto seconds = std::chrono::duration<double>(now - begin_).count();
    std::fputs(fmt::format("\r\x1b[K{:.1f} s: {}", seconds, what).c_str(), stderr);
    std::fflush(stderr);
}

} // namespace kith::cli
