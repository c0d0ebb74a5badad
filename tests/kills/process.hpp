#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace kills {

/// What a client tells: how many operations are done, as it found them or by itself.
struct Message {
    enum class What : std::int64_t { found, done };

    What what{What::found};
    std::int64_t number{0};
};

/// A process of its own that writes messages. It is killed with this object.
class Process {
public:
    using Tell = std::function<void(const Message&)>;

    explicit Process(const std::function<void(const Tell&)>& work);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// The next message; empty at the end of the process. Throws after a minute without one.
    std::optional<Message> read();
    /// Kills it at once. What it wrote before can still be read.
    void kill();
    /// Waits for it to end by itself. Throws unless `work` returned.
    void join();

private:
    int wait() noexcept;

    pid_t process_{-1};
    int pipe_{-1};
};

} // namespace kills
