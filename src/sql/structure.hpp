#pragma once

#include "sql/select.hpp"

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith::sql {

/// What the text of a statement depends on, as bytes, and the values that the statement binds, in their order.
class Structure {
public:
    explicit Structure(const Dialect& dialect) : dialect_(dialect) {}

    /// Adds a part. Two that follow each other must not look like one: lists begin with their size.
    void add(std::uint64_t part) { bytes_.append(reinterpret_cast<const char*>(&part), sizeof part); }
    void add(const void* part) { add(reinterpret_cast<std::uintptr_t>(part)); }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void add(Enum part) {
        add(static_cast<std::uint64_t>(part));
    }
    /// Adds what the rows of `query` are. False if the text depends on more than its structure.
    bool add_query(const Query& query);

    const std::string& bytes() const noexcept { return bytes_; }
    std::string take_bytes() noexcept { return std::move(bytes_); }
    std::vector<Bind>& values() noexcept { return values_; }

private:
    bool add_path(const query::ColumnPath& path);
    bool add_condition(const query::ResolvedCondition& condition);
    bool add_right(const query::ResolvedCondition& condition);

    const Dialect& dialect_;
    std::string bytes_;
    std::vector<Bind> values_;
};

} // namespace kith::sql
