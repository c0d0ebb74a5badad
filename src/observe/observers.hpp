#pragma once

#include "base/mutex.hpp"
#include "observe/changes.hpp"

#include <kith/database.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::observe {

/// BEGIN, COMMIT, SAVEPOINT and their like.
struct ControlEvent {
    std::string_view text{};
    std::chrono::steady_clock::time_point start{};
    std::chrono::nanoseconds duration{};
    std::uint32_t connection{0};
    bool failed{false};
};

/// The prefix of the Span attributes that show a parameter; its number follows.
inline constexpr std::string_view query_parameter = "db.query.parameter.";

/// The parameters of a statement as texts, for observers that may see the values and for all others.
struct Parameters {
    std::vector<std::string> shown{}; ///< empty if no observer may see them
    std::vector<std::string> redacted{};
};

/// The observers of a Database. Without observers, a statement costs one relaxed load.
class Observers {
public:
    using OnStatement = std::function<void(const QueryEvent&)>;
    using OnControl = std::function<void(const ControlEvent&)>;
    using OnChange = std::function<void(const Change&)>;

    /// Both are called on the thread that ran the statement, one call at a time. Exceptions are dropped: observing must
    /// not change the outcome. Statements that an observer runs itself are not reported to it. No call is made after
    /// the returned token is destroyed.
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control,
                                     ParameterValues values);
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, Tracer tracer);
    /// Called on the thread that committed.
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, OnChange change);

    bool any() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }
    /// Whether changes are observed. Such observers do not count for any().
    bool any_of_changes() const noexcept { return changing_.load(std::memory_order_relaxed) != 0; }
    void changed(std::span<const PendingChange> changes) noexcept;
    /// Whether an observer may see the values of parameters.
    bool any_shown_values() const noexcept { return showing_.load(std::memory_order_relaxed) != 0; }
    /// Each observer gets the parameters that it may see.
    void statement(QueryEvent event, const Parameters& parameters) noexcept;
    void control(const ControlEvent& event) noexcept;
    /// The number of the next statement to begin.
    std::uint64_t next_number() noexcept { return next_number_.fetch_add(1, std::memory_order_relaxed); }
    /// A number that no other span or evaluation of this Database has.
    std::uint64_t next_span() noexcept { return last_span_.fetch_add(1, std::memory_order_relaxed) + 1; }

    struct Observer;
    using List = std::vector<std::shared_ptr<Observer>>;

    bool any_tracers() const noexcept { return tracing_.load(std::memory_order_relaxed) != 0; }
    List tracers();
    void started(const List& tracers, const Span& span) noexcept;
    /// Removes the parameters for tracers that may not see them.
    void ended(const List& tracers, const Span& span) noexcept;

    /// One of OnStatement, Tracer and OnChange; OnControl may be missing.
    struct Observer {
        OnStatement statement{};
        OnControl control{};
        Tracer tracer{};
        OnChange change{};
        ParameterValues values{};
        base::RecursiveMutex mutex{};
        bool busy{false};
        bool gone{false};
    };

private:
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, const std::shared_ptr<Observer>& observer);
    /// Those of changes, or all others: a call of one must not wait for a call of the other.
    List current(bool of_changes = false);
    void remove(const std::shared_ptr<Observer>& observer) noexcept;
    void count() noexcept;
    template <class Call>
    static void tell(const List& observers, const Call& call) noexcept;
    template <class Call>
    void tell(const Call& call, bool of_changes = false) noexcept;

    std::atomic<std::size_t> count_{0};
    std::atomic<std::size_t> showing_{0};
    std::atomic<std::size_t> tracing_{0};
    std::atomic<std::size_t> changing_{0};
    std::atomic<std::uint64_t> next_number_{0};
    std::atomic<std::uint64_t> last_span_{0};
    base::Mutex mutex_;
    List list_;
};

} // namespace kith::observe
