#include "observe/detectors.hpp"

#include "base/mutex.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace kith {

struct LoadingDetector::State {
    explicit State(LoadingDetectorOptions given) : options(std::move(given)) {}

    /// Counts what is a finding from `enough` on. Returns it when the count first reaches `enough`.
    template <class Key>
    std::optional<LoadingFinding> count(std::map<Key, std::size_t>& places, Key key, std::size_t enough,
                                        std::size_t cost, LoadingFinding finding) {
        const std::lock_guard lock(mutex);
        const auto [entry, is_new] = places.try_emplace(std::move(key), all.size());
        if (is_new) {
            try {
                all.push_back(std::move(finding));
            } catch (...) {
                places.erase(entry);
                throw;
            }
        }
        auto& counted = all[entry->second];
        counted.times += 1;
        counted.statements += cost;
        return counted.times == enough ? std::optional(counted) : std::nullopt;
    }
    void tell(const LoadingFinding& finding) const noexcept {
        try {
            if (options.prints) std::fputs(("kith: " + finding.text() + "\n").c_str(), stderr);
            if (options.on_finding) options.on_finding(finding);
        } catch (...) { // NOLINT(bugprone-empty-catch): observing must not change the outcome
        }
    }
    std::size_t enough(LoadingFinding::Kind kind) const noexcept {
        switch (kind) {
        case LoadingFinding::Kind::row_by_row: return options.rows;
        case LoadingFinding::Kind::repeated_statement: return options.runs;
        case LoadingFinding::Kind::unread_prefetch: break;
        }
        return 1;
    }

    using Member = std::pair<std::string, std::string>;

    const LoadingDetectorOptions options;
    mutable base::Mutex mutex;
    std::vector<LoadingFinding> all; // everything counted, whether or not it is enough
    std::map<std::tuple<std::uint64_t, std::string, std::string>, std::size_t> reads;
    std::map<std::string, std::size_t> statements;
    std::map<Member, std::size_t> unread;
};

std::string LoadingFinding::text() const {
    switch (kind) {
    case Kind::row_by_row:
        return fmt::format("{}.{} was loaded row by row: {} times, {} statements. Add {} to the QuerySet that loads {}",
                           model, member, times, statements, remedy, model);
    case Kind::repeated_statement:
        return fmt::format("a statement ran {} times: {}. Load all rows at once: {}", times, sql, remedy);
    case Kind::unread_prefetch: break;
    }
    return fmt::format("{}.{} was prefetched {} and never read. Leave out {}", model, member,
                       times == 1 ? "once" : fmt::format("{} times", times), remedy);
}

LoadingDetector::LoadingDetector(const std::shared_ptr<observe::Detectors>& detectors, LoadingDetectorOptions options)
    : state_(std::make_shared<State>(std::move(options))), token_(observe::Detectors::add(detectors, state_)) {}

LoadingDetector::~LoadingDetector() = default;

std::vector<LoadingFinding> LoadingDetector::findings() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<LoadingFinding> found;
    for (const auto& finding : state_->all) {
        if (finding.times >= state_->enough(finding.kind)) found.push_back(finding);
    }
    return found;
}

} // namespace kith

namespace kith::observe {

std::uint64_t next_fetch() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::shared_ptr<void> Detectors::add(const std::shared_ptr<Detectors>& self,
                                     const std::shared_ptr<LoadingDetector::State>& detector) {
    {
        const std::lock_guard lock(self->mutex_);
        self->list_.push_back(detector);
        self->count_.store(self->list_.size(), std::memory_order_relaxed);
    }
    return {detector.get(), [self, detector](void*) {
                const std::lock_guard lock(self->mutex_);
                std::erase(self->list_, detector);
                self->count_.store(self->list_.size(), std::memory_order_relaxed);
            }};
}

Detectors::List Detectors::current() {
    const std::lock_guard lock(mutex_);
    return list_;
}

void Detectors::read_alone(const ReadAlone& read) {
    using Kind = LoadingFinding::Kind;
    for (const auto& detector : current()) {
        std::tuple key(read.fetch, std::string(read.model), std::string(read.member));
        const auto found =
            detector->count(detector->reads, std::move(key), detector->enough(Kind::row_by_row), read.statements,
                            {.kind = Kind::row_by_row,
                             .model = std::string(read.model),
                             .member = std::string(read.member),
                             .remedy = std::string(read.remedy)});
        if (!found) continue;
        detector->tell(*found);
        if (detector->options.throws)
            throw FetchBlocked(found->text(), {.model = found->model, .lookup = found->member});
    }
}

void Detectors::main_statement(std::string_view sql) noexcept {
    using Kind = LoadingFinding::Kind;
    if (!sql.starts_with("SELECT")) return;
    try {
        for (const auto& detector : current()) {
            const auto found =
                detector->count(detector->statements, std::string(sql), detector->enough(Kind::repeated_statement), 1,
                                {.kind = Kind::repeated_statement,
                                 .sql = std::string(sql),
                                 .remedy = "in_bulk(), filter() with \"…__in\"_f, or a lookup of prefetch_related"});
            if (found) detector->tell(*found);
        }
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory to count in
    }
}

std::shared_ptr<std::atomic<bool>> Detectors::watch_now(const std::shared_ptr<Detectors>& self, std::string_view model,
                                                        std::string_view member) {
    struct Watched {
        std::shared_ptr<Detectors> detectors;
        std::string model;
        std::string member;
        std::atomic<bool> read{false};

        Watched(std::shared_ptr<Detectors> by, std::string_view of, std::string_view named)
            : detectors(std::move(by)), model(of), member(named) {}
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;
        ~Watched() {
            if (!read.load(std::memory_order_relaxed)) detectors->unread(model, member);
        }
    };
    const auto watched = std::make_shared<Watched>(self, model, member);
    return {watched, &watched->read};
}

void Detectors::unread(const std::string& model, const std::string& member) noexcept {
    using Kind = LoadingFinding::Kind;
    try {
        for (const auto& detector : current()) {
            const auto found =
                detector->count(detector->unread, std::pair(model, member), detector->enough(Kind::unread_prefetch), 1,
                                {.kind = Kind::unread_prefetch,
                                 .model = model,
                                 .member = member,
                                 .remedy = fmt::format(".prefetch_related(\"{}\")", member)});
            if (found) detector->tell(*found);
        }
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory to count in
    }
}

} // namespace kith::observe
