#include "run/iterate.hpp"

#include "prefetch/attach.hpp"
#include "prefetch/load.hpp"
#include "rows/row_reader.hpp"
#include "run/execute.hpp"
#include "run/open_rows.hpp"

#include <kith/error.hpp>

namespace kith::detail {

namespace {

/// Rows decoded at once if nothing is prefetched.
constexpr std::size_t plain_chunk = 2000;

} // namespace

/// The statement that is being read, and the chunk read last.
struct StreamState {
    StreamState(std::shared_ptr<const Query> what, const IteratorOptions& options, std::source_location from)
        : query(std::move(what)),
          chunk_size(options.chunk_size.value_or(plain_chunk)),
          snapshot(options.snapshot),
          where(from) {}

    void* next() {
        if (position == rows().size()) {
            if (ended) return nullptr;
            fetch_chunk();
            if (rows().empty()) return nullptr;
        }
        return rows()[position++];
    }

private:
    std::vector<void*>& rows() {
        static std::vector<void*> none;
        return chunk != nullptr ? chunk->rows() : none;
    }

    void open() {
        run::require_block(*query);
        session.emplace(query->db, observe::CallInfo{.name = "iterator", .model = query->model, .where = where});
        if (snapshot || session->streams_need_transaction()) view.emplace(*session);
        cursor = run::stream_rows(*session, *query, plan, chunk_size);
    }

    /// The last chunk without its rows; a new one if something holds a part of it.
    std::unique_ptr<run::Evaluation> empty_chunk() {
        auto last = std::move(chunk);
        if (last != nullptr && last->clear()) return last;
        last = nullptr;
        return std::make_unique<run::Evaluation>(query->db);
    }

    void fetch_chunk() {
        position = 0;
        // Until the chunk is complete the stream counts as ended: no rows may follow a failure.
        ended = true;
        auto fresh = empty_chunk();
        if (query->nothing) return;
        if (!session) open();
        rows::RowReader reader(fresh->graph(), *plan, run::mode_of(*query), nullptr);
        const bool more = reader.read_on(*cursor, fresh->rows(), chunk_size);
        reader.finish();
        if (query->owner) prefetch::attach_owner(*query->owner, fresh->rows());
        prefetch::Loader(*session, query->db, fresh->graph(), run::mode_of(*query), nullptr, &elsewhere)
            .load(query->lookups, fresh->rows(), {.fresh = run::is_fresh(*query)});
        if (more) {
            ended = false;
        } else {
            close();
        }
        if (!fresh->rows().empty()) chunk = std::move(fresh);
    }

    void close() {
        cursor.reset();
        if (view) view->commit();
        view.reset();
        session.reset();
    }

    std::shared_ptr<const Query> query;
    std::size_t chunk_size;
    bool snapshot;
    std::source_location where;
    bool ended{false};
    std::size_t position{0};
    prefetch::BoundsElsewhere elsewhere;
    std::unique_ptr<run::Evaluation> chunk;
    std::shared_ptr<const sql::RowPlan> plan;
    // In the order of opening, so that they close in reverse.
    std::optional<connection::Session> session;
    std::optional<connection::Snapshot> view;
    std::unique_ptr<backend::Cursor> cursor;
};

StreamHandle::StreamHandle() noexcept = default;
StreamHandle::StreamHandle(std::unique_ptr<StreamState> state) noexcept : state_(std::move(state)) {}
StreamHandle::StreamHandle(StreamHandle&&) noexcept = default;
StreamHandle& StreamHandle::operator=(StreamHandle&&) noexcept = default;
StreamHandle::~StreamHandle() = default;

void* StreamHandle::next() { return state_ != nullptr ? state_->next() : nullptr; }

} // namespace kith::detail

namespace kith::run {

detail::StreamHandle iterate(std::shared_ptr<const detail::Query> query, const IteratorOptions& options,
                             std::source_location where) {
    if (!query->lookups.empty() && !options.chunk_size) {
        throw ValueError("chunk_size must be provided when using QuerySet.iterator() after prefetch_related().",
                         {.model = query->model->name});
    }
    if (options.chunk_size == std::size_t{0}) {
        throw ValueError("Chunk size must be strictly positive.", {.model = query->model->name});
    }
    return detail::StreamHandle(std::make_unique<detail::StreamState>(std::move(query), options, where));
}

} // namespace kith::run
