#pragma once

#include <kith/database.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kith::database {

/// BEGIN, COMMIT, SAVEPOINT and their like.
struct ControlEvent {
    std::string_view text{};
    std::chrono::steady_clock::time_point start{};
    std::chrono::nanoseconds duration{};
    std::uint32_t connection{0};
    bool failed{false};
};

/// The parameters of a statement as texts, for those who may see them and for all others.
struct Parameters {
    std::vector<std::string> shown{}; ///< empty where nobody may
    std::vector<std::string> redacted{};
};

/// Who is told of what runs on a Database. Costs one relaxed load a statement while nobody is.
class Observers {
public:
    using OnStatement = std::function<void(const QueryEvent&)>;
    using OnControl = std::function<void(const ControlEvent&)>;

    /// Both are called on the thread that ran the statement, for one at a time. What they throw is dropped: watching
    /// must not change what is watched. Statements that an observer runs itself are not reported to it. Neither runs
    /// any more once the returned token is destroyed.
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control,
                                     ParameterValues values);

    bool any() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }
    /// Whether one of them is to be shown the values of parameters.
    bool any_shown_values() const noexcept { return showing_.load(std::memory_order_relaxed) != 0; }
    /// Each is given the parameters that it may see.
    void statement(QueryEvent event, const Parameters& parameters) noexcept;
    void control(const ControlEvent& event) noexcept;
    /// The number of the next statement that begins.
    std::uint64_t next_number() noexcept { return next_number_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t next_evaluation() noexcept { return last_evaluation_.fetch_add(1, std::memory_order_relaxed) + 1; }

private:
    struct Observer {
        OnStatement statement;
        OnControl control;
        ParameterValues values;
        std::recursive_mutex mutex{};
        bool busy{false};
        bool gone{false};
    };
    using List = std::vector<std::shared_ptr<Observer>>;

    List current();
    void remove(const std::shared_ptr<Observer>& observer) noexcept;
    void count() noexcept;
    template <class Call>
    void tell(const Call& call) noexcept;

    std::atomic<std::size_t> count_{0};
    std::atomic<std::size_t> showing_{0};
    std::atomic<std::uint64_t> next_number_{0};
    std::atomic<std::uint64_t> last_evaluation_{0};
    std::mutex mutex_;
    List list_;
};

} // namespace kith::database
