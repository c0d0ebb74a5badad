#pragma once

#include <memory>

namespace kith::detail {

struct StreamState;

/// A stream of rows in chunks; each chunk is a graph of its own. Move-only. Destroying it ends its statement.
class StreamHandle {
public:
    StreamHandle() noexcept;
    explicit StreamHandle(std::unique_ptr<StreamState> state) noexcept;
    StreamHandle(StreamHandle&&) noexcept;
    StreamHandle& operator=(StreamHandle&&) noexcept;
    ~StreamHandle();

    /// Returns the next row, or null at the end. The row lives until the next chunk is fetched, unless it is held.
    void* next();

private:
    std::unique_ptr<StreamState> state_;
};

} // namespace kith::detail
