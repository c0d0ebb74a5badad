#include "connection/cursors.hpp"

#include "connection/violation.hpp"

#include <kith/error.hpp>

#include <algorithm>

namespace kith::connection {

namespace {

/// How many rows are read before a bound is looked at again.
constexpr std::size_t checked_rows = 512;

/// Rather than a value that did not fit its member.
bool is_end_of_call(const Error& error) {
    return dynamic_cast<const DeadlineExceeded*>(&error) != nullptr ||
           dynamic_cast<const Cancelled*>(&error) != nullptr;
}

} // namespace

class CountingCursor::CountingSink final : public backend::RowSink {
public:
    CountingSink(backend::RowSink& to, CountingCursor& cursor) : to_(&to), cursor_(&cursor) {}
    void* next_row() override {
        *cursor_->bytes_ += cursor_->inner_->row_bytes();
        return to_->next_row();
    }

private:
    backend::RowSink* to_;
    CountingCursor* cursor_;
};

bool CountingCursor::next() {
    if (!inner_->next()) return false;
    *bytes_ += inner_->row_bytes();
    return true;
}

bool CountingCursor::read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink,
                               backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    CountingSink counting(sink, *this);
    return inner_->row_loop()->read_rows(slots, first, counting, keys, most, count);
}

bool CountingCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    const bool more = inner_->row_loop()->read_integers(columns, cells, count);
    *bytes_ += count * static_cast<std::size_t>(columns) * sizeof(std::int64_t);
    return more;
}

void note_interruption(PooledConnection& pooled, const std::exception& error,
                       observe::StatementReport* report) noexcept {
    const bool is_ours = dynamic_cast<const Error*>(&error) != nullptr;
    if (is_ours && dynamic_cast<const DatabaseError*>(&error) == nullptr) return;
    pooled.transactions().note_failure(error);
    if (report != nullptr) report->fail(error);
}

class BudgetCursor::Sink final : public backend::RowSink {
public:
    Sink(backend::RowSink& to, BudgetCursor& cursor) : to_(&to), cursor_(&cursor) {}
    void* next_row() override {
        cursor_->count_row();
        return to_->next_row();
    }

private:
    backend::RowSink* to_;
    BudgetCursor* cursor_;
};

void BudgetCursor::count_row() { bound_->add_row(lookup_, bound_->counts_bytes() ? inner_->row_bytes() : 0); }

bool BudgetCursor::next() {
    if (!inner_->next()) return false;
    count_row();
    return true;
}

bool BudgetCursor::read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink,
                             backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    Sink counting(sink, *this);
    return inner_->row_loop()->read_rows(slots, first, counting, keys, most, count);
}

bool BudgetCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    const bool more = inner_->row_loop()->read_integers(columns, cells, count);
    for (std::size_t row = 0; row < count; ++row) {
        bound_->add_row(lookup_, static_cast<std::size_t>(columns) * sizeof(std::int64_t));
    }
    return more;
}

SessionCursor::SessionCursor(std::shared_ptr<ConnectionGuard> guard, std::shared_ptr<base::Bound> bound,
                             std::unique_ptr<backend::Cursor> inner, std::unique_ptr<observe::StatementReport> report,
                             std::string_view lookup, const Task& task)
    : ForwardingCursor(std::move(inner)),
      guard_(std::move(guard)),
      bound_(std::move(bound)),
      report_(std::move(report)),
      writes_(task.effect != Effect::none),
      must_end_(task.effect == Effect::whole),
      written_(must_end_ ? task.statement : nullptr),
      model_(task.model) {
    if (!writes_ && bound_ != nullptr && bound_->counts_rows()) {
        inner_ = std::make_unique<BudgetCursor>(std::move(inner_), *bound_, lookup);
    }
    if (report_ != nullptr) inner_ = std::make_unique<CountingCursor>(std::move(inner_), bytes_);
}

void SessionCursor::check_bound() { bound_->check("the rows of a statement were read"); }

SessionCursor::~SessionCursor() {
    PooledConnection& pooled = guard_->pooled();
    if (must_end_ && pooled.lock().is_mine()) {
        pooled.transactions().note_failure("the rows that a statement returned after writing were not all read");
    }
    if (pooled.lock().is_mine()) pooled.watch(bound_); // rather than the bound of a later call that is over
    pooled.end(std::move(inner_));
    finish();
}

bool SessionCursor::next() {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter(bound_);
    try {
        if (bound_ != nullptr && !writes_ && unchecked_++ % checked_rows == 0) check_bound();
        if (inner_->next()) {
            ++rows_;
            return true;
        }
    } catch (std::exception& e) {
        if (written_ != nullptr) describe_violation(e, pooled.connection(), *written_, model_);
        stop_beyond_limit(e);
        note_interruption(pooled, e, nullptr);
        fail(e);
        throw;
    }
    finish();
    return false;
}

template <class Read>
bool SessionCursor::read_many(const std::size_t& count, Read&& read) {
    PooledConnection& pooled = guard_->pooled();
    pooled.enter(bound_);
    auto& loop = *inner_->row_loop();
    const std::size_t before = count;
    try {
        if (bound_ != nullptr && !writes_) check_bound();
        const bool more = read(loop);
        rows_ += count - before;
        if (!more) finish();
        return more;
    } catch (const Error& e) {
        rows_ += count - before;
        stop_beyond_limit(e);
        // Otherwise the statement is sound, and only a value did not fit its member.
        if (loop.has_failed() || is_end_of_call(e)) {
            note_interruption(pooled, e, nullptr);
            fail(e);
        }
        throw;
    } catch (const std::exception& e) {
        rows_ += count - before;
        note_interruption(pooled, e, nullptr);
        fail(e);
        throw;
    }
}

bool SessionCursor::read_rows(std::span<const sql::ColumnSlot> slots, int first, backend::RowSink& sink,
                              backend::KeyStore& keys, std::size_t most, std::size_t& count) {
    const auto read_to = [&](std::size_t end) {
        return read_many(count, [&](auto& loop) { return loop.read_rows(slots, first, sink, keys, end, count); });
    };
    if (bound_ == nullptr) return read_to(most);
    bool more = true;
    while (more && count < most) more = read_to(std::min(most, count + checked_rows));
    return more;
}

bool SessionCursor::read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) {
    count = 0;
    return read_many(count, [&](auto& loop) { return loop.read_integers(columns, cells, count); });
}

/// The rest of a result that is too large may be very large.
void SessionCursor::stop_beyond_limit(const std::exception& error) noexcept {
    if (dynamic_cast<const LimitExceeded*>(&error) == nullptr) return;
    const auto& transactions = guard_->pooled().transactions();
    stop(transactions.is_of_one_call() && (guard_->snapshots != 0 || !transactions.is_open()));
}

/// The statement has ended, well or not.
void SessionCursor::finish() noexcept {
    must_end_ = false;
    if (const auto report = std::move(report_)) report->finish({.rows = rows_, .bytes = bytes_, .returned = true});
}

void SessionCursor::fail(const std::exception& error) noexcept {
    must_end_ = false;
    if (const auto report = std::move(report_)) report->fail(error, {.rows = rows_, .bytes = bytes_, .returned = true});
}

} // namespace kith::connection
