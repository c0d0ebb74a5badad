#pragma once

#include "base/mutex.hpp"

#include <kith/loading_detector.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kith::observe {

/// A relation or column that was loaded for a single row.
struct ReadAlone {
    std::uint64_t fetch{0}; ///< distinguishes the rows that were fetched together from all others
    std::string_view model{};
    std::string_view member{};
    std::size_t statements{0};
    std::string_view remedy{};
};

/// The LoadingDetectors of a Database. Without a detector, each possible finding costs one relaxed load.
class Detectors {
public:
    static std::shared_ptr<void> add(const std::shared_ptr<Detectors>& self,
                                     const std::shared_ptr<LoadingDetector::State>& detector);

    bool any() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }
    /// Throws FetchBlocked if a detector is set to throw.
    void read_alone(const ReadAlone& read);
    void main_statement(std::string_view sql) noexcept;
    /// The flag to set when the rows prefetched into `member` are read; destroyed without that, it is a finding. Null,
    /// and nothing is copied, if there is no detector.
    static std::shared_ptr<std::atomic<bool>> watch(const std::shared_ptr<Detectors>& self, std::string_view model,
                                                    std::string_view member) {
        return self->any() ? watch_now(self, model, member) : nullptr;
    }

private:
    using List = std::vector<std::shared_ptr<LoadingDetector::State>>;

    static std::shared_ptr<std::atomic<bool>> watch_now(const std::shared_ptr<Detectors>& self, std::string_view model,
                                                        std::string_view member);
    List current();
    void unread(const std::string& model, const std::string& member) noexcept;

    std::atomic<std::size_t> count_{0};
    base::Mutex mutex_;
    List list_;
};

/// A new number for rows that are fetched together.
std::uint64_t next_fetch() noexcept;

} // namespace kith::observe
