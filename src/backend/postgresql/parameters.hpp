#pragma once

#include "backend/postgresql/types.hpp"
#include "sql/statement.hpp"

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// The forms of a value on the wire, as libpq numbers them.
inline constexpr int text_format = 0;
inline constexpr int binary_format = 1;

/// Whether keys of `type` are sent as text, so that the statement must name their type.
bool is_written_as_text(detail::ColumnType type);

/// The parameters of a statement in libpq's form: binary, except text, whose type is left to the server. So a text can
/// be compared with every kind of column that is written as text: char(n), citext, an enum.
///
/// Points into the statement, which must outlive this object and not change.
class Parameters {
public:
    /// Throws ValueError for what PostgreSQL cannot hold: NaN, a date beyond the year 9999, text with a NUL character,
    /// more than largest_message.
    explicit Parameters(const sql::Statement& statement);
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    int size() const noexcept { return static_cast<int>(types_.size()); }
    std::span<const type::Number> types() const noexcept { return types_; }
    const char* const* values() const noexcept { return values_.data(); }
    const int* lengths() const noexcept { return lengths_.data(); }
    const int* formats() const noexcept { return formats_.data(); }
    bool is_null(std::size_t i) const noexcept { return values_[i] == nullptr; }
    /// The approximate number of bytes on the wire.
    std::size_t bytes() const noexcept { return buffer_.size() + texts_; }
    /// The number of keys in the largest set.
    std::size_t most_keys() const noexcept { return most_keys_; }

private:
    void add_keys(const sql::KeySet& keys);
    void add_null();
    /// A text stored elsewhere, terminated by a NUL.
    void add_text(const std::string& text);
    /// Everything appended to the buffer from `begin` on.
    void add_buffered(type::Number type, int format, std::size_t begin);

    // Few parameters need no allocation.
    std::array<std::byte, 1024> room_;
    std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
    std::pmr::vector<type::Number> types_{&memory_};
    std::pmr::vector<const char*> values_{&memory_};
    std::pmr::vector<int> lengths_{&memory_};
    std::pmr::vector<int> formats_{&memory_};
    std::pmr::vector<std::size_t> offsets_{&memory_}; // into the buffer, npos for text stored elsewhere
    std::string buffer_;
    std::size_t texts_{0}; // bytes of text stored elsewhere
    std::size_t most_keys_{0};
};

} // namespace kith::backend::postgresql
