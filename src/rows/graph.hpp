#pragma once

#include "base/mutex.hpp"
#include "rows/linked.hpp"
#include "rows/page.hpp"
#include "rows/segment.hpp"

#include <kith/database.hpp>

#include <forward_list>
#include <memory>

namespace kith::rows {

/// All rows of one evaluation, with what was loaded through them later: the unit of lifetime. Inside a graph rows refer
/// to each other by plain pointers. Graphs whose rows were assigned to each other hold each other in one direction;
/// those on a circle become members of one group and are destroyed together.
class Graph final : public Linked {
public:
    /// The caller holds the graph once, and releases it.
    static Graph* make(Database db);

    const Database& db() const noexcept { return db_; }

    /// Locked while a relation member is loaded lazily. Acquired after the thread's connection, never before it.
    base::Mutex& loading() noexcept { return loading_; }

    /// A segment of the evaluation (`owner` null), or one loaded lazily through a member of a row in `owner`; with
    /// `db`, of rows from another database.
    Segment& new_segment(const ModelInfo& model, FetchMode mode, Segment* owner = nullptr,
                         const Database* db = nullptr);

    /// Destroys all rows if the caller alone holds the graph; other rows can then fill their memory. False, and nothing
    /// happens, if anything else holds it.
    bool clear() noexcept;
    void destroy() noexcept override;

private:
    friend class Segment;

    explicit Graph(Database db) : db_(std::move(db)) {}
    ~Graph() = default;

    Page* take_page(Segment& segment);
    Page* open_page(Segment& segment) noexcept;
    Page* new_page();
    void open_last_page(Segment& segment) noexcept;
    void forget(Segment& segment) noexcept;
    void destroy_segments() noexcept;
    void let_go(Page& page) noexcept;
    void free_page(Page& page) noexcept;
    void free_pages(PageList& pages) noexcept;

    const Database* kept(const Database* db);

    Database db_;
    std::forward_list<Database> others_; // other databases that segments came from
    base::Mutex loading_;
    base::Mutex memory_; // guards segments and pages; no other lock is acquired under it
    Segment* segments_{nullptr};
    PageList open_;           // one at most for each model
    PageList spare_;          // of rows that were destroyed
    Slab* slab_{nullptr};     // from which new pages are taken
    std::size_t pages_{0};    // that there are
    bool keeps_pages_{false}; // while rows are destroyed so that others can fill their pages
};

} // namespace kith::rows
