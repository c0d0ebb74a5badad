#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

/// The counted hold on rows.
namespace kith::detail {

/// The rows of an evaluated QuerySet, a set or a slot, in order. Valid while their graph is held.
struct RowSpan {
    void* const* data{nullptr};
    std::size_t size{0};
};

/// Holds the graph of a resident row, and the counted segment that contains it. `row` may be null.
void hold_row(const void* row) noexcept;
void release_row(const void* row) noexcept;
/// Throws DoesNotExist: an empty Ref<Model> was followed.
[[noreturn]] void throw_empty_ref(std::string_view model);

/// A counted hold on one resident row: the content of a Ref<M>. One pointer wide.
class RowHandle {
public:
    RowHandle() noexcept = default;
    /// Takes a new hold on `row`, which must be resident or null.
    explicit RowHandle(void* row) noexcept : row_(row) { hold_row(row_); }
    RowHandle(const RowHandle& other) noexcept : RowHandle(other.row_) {}
    RowHandle(RowHandle&& other) noexcept : row_(std::exchange(other.row_, nullptr)) {}
    RowHandle& operator=(RowHandle other) noexcept {
        std::swap(row_, other.row_);
        return *this;
    }
    ~RowHandle() { release_row(row_); }

    void* get() const noexcept { return row_; }

private:
    void* row_{nullptr};
};

} // namespace kith::detail
