#pragma once

#include "connection/forwarding_cursor.hpp"
#include "connection/pooled_connection.hpp"
#include "observe/statement_report.hpp"

#include <memory>

namespace kith::connection {

/// A cursor as a Session hands it out: keeps its connection, follows it to another thread, tells the transaction of
/// failures and the observers of its end.
class SessionCursor final : public ForwardingCursor {
public:
    SessionCursor(std::shared_ptr<ConnectionGuard> guard, std::unique_ptr<backend::Cursor> inner,
                  std::unique_ptr<observe::Report> report);
    SessionCursor(const SessionCursor&) = delete;
    SessionCursor& operator=(const SessionCursor&) = delete;
    ~SessionCursor() override;

    bool next() override;
    bool read_rows(std::span<const backend::ColumnSlot> slots, int first, backend::RowSink& sink,
                   backend::KeyStore& keys, std::size_t most, std::size_t& count) override;
    bool read_integers(int columns, std::span<std::int64_t> cells, std::size_t& count) override;

private:
    /// Lets `work` read rows from the inner loop, which counts them in `count`.
    template <class Work>
    bool read_many(const std::size_t& count, Work&& work);
    void finish() noexcept;
    void fail(const DatabaseError& error) noexcept;

    std::shared_ptr<ConnectionGuard> guard_;
    std::unique_ptr<observe::Report> report_; // null when nobody watches, and once it is made
    std::size_t rows_{0};
    std::size_t bytes_{0}; // counted for the report alone
};

} // namespace kith::connection
