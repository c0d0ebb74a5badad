#pragma once

#include <kith/detail/core/stream_handle.hpp>

#include <cstddef>
#include <iterator>
#include <utility>

namespace kith {

/// The rows of a QuerySet, read in chunks: a move-only input range that can be read once. A row, with what was
/// prefetched for it, lives until the next chunk is fetched. A Ref, copy or set of a row keeps its whole chunk alive;
/// `kith::detached(row)` copies the row without it. Uses one connection and an open statement until it has ended or is
/// destroyed. A stream that throws has ended. One statement, and those of the lookups for each chunk.
template <class M>
class Stream {
public:
    /// An input iterator over the rows. `++` fetches the next row.
    class iterator {
    public:
        using value_type = M;
        using difference_type = std::ptrdiff_t;

        iterator() noexcept = default;
        explicit iterator(Stream* stream) noexcept : stream_(stream) {}

        M& operator*() const noexcept { return *static_cast<M*>(stream_->row_); }
        M* operator->() const noexcept { return static_cast<M*>(stream_->row_); }
        iterator& operator++() {
            stream_->row_ = stream_->handle_.next();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return stream_->row_ == nullptr; }

    private:
        Stream* stream_{nullptr};
    };

    /// Internal.
    explicit Stream(detail::StreamHandle handle) noexcept : handle_(std::move(handle)) {}

    /// Fetches the first row: runs the statement, and those of the lookups for the first chunk. To be called once.
    /// Throws DatabaseError.
    iterator begin() {
        row_ = handle_.next();
        return iterator(this);
    }
    /// The end of the stream.
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    detail::StreamHandle handle_;
    void* row_{nullptr};
};

} // namespace kith
