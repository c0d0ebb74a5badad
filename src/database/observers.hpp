#pragma once

#include <kith/database.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace kith::database {

/// Who is told of what runs on a Database. Costs one relaxed load a statement while nobody is.
class Observers {
public:
    using OnStatement = std::function<void(const QueryEvent&)>;
    using OnControl = std::function<void(std::string_view text)>;

    /// Both are called on the thread that ran the statement, for one at a time. What they throw is dropped: watching
    /// must not change what is watched. Statements that an observer runs itself are not reported to it. Neither runs
    /// any more once the returned token is destroyed.
    static std::shared_ptr<void> add(const std::shared_ptr<Observers>& self, OnStatement statement, OnControl control);

    bool any() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }
    void statement(const QueryEvent& event) noexcept;
    void control(std::string_view text) noexcept;
    /// The number of the next statement that begins.
    std::uint64_t next_number() noexcept { return next_number_.fetch_add(1, std::memory_order_relaxed); }

private:
    struct Observer {
        OnStatement statement;
        OnControl control;
        std::recursive_mutex mutex{};
        bool busy{false};
        bool gone{false};
    };
    using List = std::vector<std::shared_ptr<Observer>>;

    List current();
    void remove(const std::shared_ptr<Observer>& observer) noexcept;
    template <class Call>
    void tell(const Call& call) noexcept;

    std::atomic<std::size_t> count_{0};
    std::atomic<std::uint64_t> next_number_{0};
    std::mutex mutex_;
    List list_;
};

} // namespace kith::database
