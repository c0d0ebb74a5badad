#pragma once

#include <kith/detail/core/stream_handle.hpp>

#include <cstddef>
#include <iterator>
#include <utility>

namespace kith {

/// The rows of a QuerySet as they come from the database: a move-only input range, read once. Destroying it ends its
/// statement. A row, and what was prefetched for it, lives until the next chunk is fetched; a Ref keeps its whole chunk
/// alive, `kith::detached(row)` copies a row without it.
template <class M>
class Stream {
public:
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

    /// For the library.
    explicit Stream(detail::StreamHandle handle) noexcept : handle_(std::move(handle)) {}

    /// Fetches the first row: the first chunk's statements, or those of the chunk at hand. Throws DatabaseError.
    iterator begin() {
        row_ = handle_.next();
        return iterator(this);
    }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    detail::StreamHandle handle_;
    void* row_{nullptr};
};

} // namespace kith
