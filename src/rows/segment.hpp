#pragma once

#include "backend/backend.hpp"
#include "base/few.hpp"
#include "rows/holdable.hpp"
#include "rows/page.hpp"

#include <kith/database.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/fetch_mode.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <forward_list>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kith::detail {
struct Query;
}

namespace kith::rows {

using detail::RelationState;
using detail::RowSpan;
using detail::Value;

/// What the sets filled by one fetch have in common.
struct LoadedSet {
    Segment* segment{nullptr};                       ///< holds the rows and the lists of them
    const detail::RelationInfo* relation{nullptr};   ///< the relation that was followed, also if it filled a slot
    std::shared_ptr<const detail::Query> queryset{}; ///< the Prefetch's own, from which refinements of the set continue
    std::shared_ptr<std::atomic<bool>> was_read{};   ///< set if it matters whether one of the sets was read

    void note_read() const noexcept {
        if (was_read) was_read->store(true, std::memory_order_relaxed);
    }
};

/// The rows of one model that one fetch returned, with what belongs to them: the lists of the sets they form, wide
/// keys.
///
/// A segment of an evaluation lives as long as its graph. One that was loaded lazily through a relation member lives
/// while that member caches it, while anything in it is held, or while it is pinned.
class Segment final : public Holdable, public backend::KeyStore {
public:
    /// `owner` is the segment of the member through which this one was loaded lazily; null in an evaluation.
    /// `db` is the database of the rows if it is not that of the graph.
    Segment(Graph& graph, const ModelInfo& model, FetchMode mode, Segment* owner, const Database* db);

    Graph& graph() const noexcept { return graph_; }
    const ModelInfo& model() const noexcept { return model_; }
    FetchMode mode() const noexcept { return mode_; }
    Segment* owner() const noexcept { return owner_; }
    /// The segment of the fetch through whose rows this one was loaded, step by step; itself if there is none.
    Segment& root() noexcept { return owner_ == nullptr ? *this : owner_->root(); }
    /// Set if it matters whether one of the rows is read through a member that leads to it.
    std::shared_ptr<std::atomic<bool>> was_read{};
    void note_read() const noexcept {
        if (was_read) was_read->store(true, std::memory_order_relaxed);
    }
    /// The number that identifies the fetch to detectors; 0 until it is assigned. Changed under the graph's loading
    /// lock.
    std::uint64_t watch_number{0};
    /// The database of the rows, from which their relations are loaded too.
    const Database& db() const noexcept;

    /// A new row: constructed, its relation members resident, its foreign keys null, its sets not loaded.
    void* append();
    /// A resident copy of the detached row `from`; its to-one members keep the rows that were assigned to them.
    void* append_copy(const void* from);
    /// To be called after the last row: the rest of the last page becomes available to other segments.
    void finish() noexcept;
    std::size_t size() const noexcept { return size_; }
    /// Calls `visit(void* row)` for each row in order of arrival.
    template <class F>
    void each_row(F&& visit) const {
        for (const auto& part : parts_.all()) {
            for (std::size_t i = 0; i < part.count; ++i) visit(part.page->row(part.first + i));
        }
    }

    const Value* keep(Value key) override {
        if (!keys_) keys_.emplace();
        return &keys_->emplace_back(std::move(key));
    }

    /// Room for the lists of sets: per set its size, then its rows.
    std::uintptr_t* new_list(std::size_t words);
    /// Keeps `rows`, which sets refer to.
    std::span<void* const> keep_list(std::shared_ptr<const std::vector<void*>> rows) {
        kept_list_ = std::move(rows);
        return *kept_list_;
    }
    LoadedSet& new_loaded_set(const detail::RelationInfo& relation, std::shared_ptr<const detail::Query> queryset);

    /// The member that cached this segment forgets it.
    void orphan() noexcept { drop_owner(); }
    /// Something inside is referenced from elsewhere in the graph: the segment stays as long as the graph does.
    void pin() noexcept;
    bool is_pinned() const noexcept { return pinned_.load(std::memory_order_acquire); }

    void destroy() noexcept override;

private:
    friend class Graph;
    ~Segment() override = default;

    struct Part {
        Page* page;
        std::size_t first;
        std::size_t count;
    };

    void held() noexcept override { owners_.fetch_add(1, std::memory_order_acq_rel); }
    void unheld() noexcept override { drop_owner(); }
    void drop_owner() noexcept;
    void* append_raw() {
        auto* row = page_ != nullptr ? page_->append() : nullptr;
        if (row == nullptr) return append_to_new_page();
        ++parts_.last().count;
        return row;
    }
    void* append_to_new_page();

    Graph& graph_;
    const ModelInfo& model_;
    FetchMode mode_;
    Segment* owner_;
    const Database* db_;
    Segment* next_{nullptr}; // in the list of one owner, or of the graph
    Segment* previous_{nullptr};
    Segment* lazies_{nullptr}; // loaded through members of rows in here
    Page* page_{nullptr};
    base::Few<Part> parts_;
    std::size_t size_{0};
    base::Few<std::unique_ptr<std::uintptr_t[]>> lists_;
    std::forward_list<LoadedSet> loaded_sets_; // addresses are handed out, here and below
    std::optional<std::deque<Value>> keys_;    // few segments have any, and an empty deque is not small
    std::atomic<std::uint32_t> owners_{1};     // the cache, all holders together, and a pin
    std::atomic<bool> pinned_{false};
    std::shared_ptr<const std::vector<void*>> kept_list_;
};

} // namespace kith::rows
