#pragma once

#include "sql/select.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace kith::sql {

/// What the text of a statement depends on, as bytes, and the values that the statement binds, in their order.
class Structure {
public:
    /// `bytes` is room for them, which is used again.
    Structure(const Dialect& dialect, std::string& bytes) : dialect_(dialect), bytes_(bytes) { bytes_.clear(); }

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
    /// Adds what `relation` leads to, as `queryset` selects it; this may be null.
    bool add_related(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset);

    const std::string& bytes() const noexcept { return bytes_; }
    /// The keys in which the rows above begin; null if there are none.
    const std::shared_ptr<const KeySet>& keys() const noexcept { return keys_; }
    /// All others.
    std::vector<Bind>& values() noexcept { return values_; }

private:
    bool add_origin(const KeyOrigin& from);
    bool add_keys(const std::shared_ptr<const KeySet>& keys);
    void add_paths(const std::vector<std::vector<const RelationInfo*>>& paths);
    bool add_path(const query::ColumnPath& path);
    bool add_paths(const std::vector<query::ColumnPath>& paths);
    bool add_aggregate(const query::ResolvedAggregate& aggregate);
    bool add_annotation(const query::ResolvedValue& value);
    bool add_condition(const query::ResolvedCondition& condition);
    bool add_right(const query::ResolvedCondition& condition);
    bool add_value(const query::ResolvedValue& value);

    const Dialect& dialect_;
    std::string& bytes_;
    std::shared_ptr<const KeySet> keys_;
    std::vector<Bind> values_;
};

} // namespace kith::sql
