#include "kills/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <utility>

namespace kills {

namespace {

constexpr int longest_silence = 60'000; // milliseconds

[[noreturn]] void run(const std::function<void(const Process::Tell&)>& work, int pipe) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        work([pipe](const Message& message) {
            if (write(pipe, &message, sizeof message) != sizeof message) std::_Exit(EXIT_FAILURE);
        });
        std::_Exit(EXIT_SUCCESS);
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}\n", e.what());
        std::fflush(stderr);
        std::_Exit(EXIT_FAILURE);
    }
}

} // namespace

Process::Process(const std::function<void(const Tell&)>& work) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
    std::fflush(nullptr);
    process_ = fork();
    if (process_ == 0) {
        close(ends[0]);
        run(work, ends[1]);
    }
    close(ends[1]);
    pipe_ = ends[0];
    if (process_ < 0) throw std::runtime_error("fork failed");
}

Process::~Process() {
    if (process_ > 0) kill();
    close(pipe_);
}

std::optional<Message> Process::read() {
    pollfd waiting{.fd = pipe_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, longest_silence) != 1) throw std::runtime_error("a client does nothing for a minute");
    Message message;
    const auto size = ::read(pipe_, &message, sizeof message); // one is written at once
    if (size == 0) return std::nullopt;
    if (size != sizeof message) throw std::runtime_error("a message is cut");
    return message;
}

int Process::wait() noexcept {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {}
    process_ = -1;
    return status;
}

void Process::kill() {
    ::kill(process_, SIGKILL);
    wait();
}

void Process::join() {
    const auto status = wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
        throw std::runtime_error(fmt::format("a client ended by itself, with the status {}", status));
    }
}

} // namespace kills
