#pragma once

#include "sql/select.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kith::sql {

class Structure;

/// A SELECT, and what its columns are.
struct Select {
    Statement statement{};
    std::shared_ptr<const RowPlan> plan{};
};

/// The SELECTs of one connection, kept to be run again with other values: between two loads of the same shape nothing
/// else differs. They are found by their structure: every field of a Query that its text depends on. What a structure
/// cannot hold (subselects, lists, filtered aggregates, runs of keys, keys of several columns) is made anew each time,
/// and so are the statements of models made at run time, whose addresses may become those of others.
class KeptSelects {
public:
    /// As select_rows().
    Select rows(const Query& query, const Dialect& dialect);
    /// As select_related_rows().
    Select related_rows(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset,
                        const Dialect& dialect);

    std::size_t size() const noexcept { return kept_.size(); }
    /// If there are more, all are forgotten: a program has fewer shapes, unless it makes them up.
    static constexpr std::size_t most = 1000;

private:
    /// How the keys are bound.
    struct KeysBind {
        std::size_t at{0}; // its index among the binds
        bool as_number{false};
        std::size_t filled_to{0};
        KeySet::Filling filling{};
    };
    struct Kept {
        StatementText text{};
        std::string_view table{};
        std::vector<Bind> constants{}; // the binds that are not keys, if the structure has no values
        std::optional<KeysBind> keys{};
        std::shared_ptr<const RowPlan> plan{};
    };

    static std::optional<KeysBind> find_keys(const std::vector<Bind>& binds, const KeySet& keys,
                                             const std::vector<Bind>& values);
    static Bind bind_of(const KeysBind& how, const std::shared_ptr<const KeySet>& keys);
    static Select bound(const Kept& kept, Structure& structure);
    void keep(const Select& select, Structure& structure);
    template <class Add, class Make>
    Select find_or_make(const Dialect& dialect, const Add& add, const Make& make);

    std::unordered_map<std::string, Kept> kept_;
    std::string structure_; // of the last one
};

} // namespace kith::sql
