#pragma once

#include "sql/change.hpp"
#include "sql/statement.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace kith::sql {

/// The UPDATEs of single rows that one connection has run, kept to be run again with other values: nothing else differs
/// between two rows of a model with the same members. Those of models made at run time, whose addresses may become
/// those of others, are made anew each time.
class KeptUpdates {
public:
    /// As update_row().
    Statement row(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                  std::vector<Value> key, const Dialect& dialect);

    std::size_t size() const noexcept { return kept_.size(); }
    /// If there are more, all are forgotten.
    static constexpr std::size_t most = 100;

private:
    struct Kept {
        const ModelInfo* model{nullptr};
        std::vector<const FieldInfo*> fields{};
        StatementText text{};
        std::vector<const FieldInfo*> stored{};
    };

    std::vector<Kept> kept_;
};

} // namespace kith::sql
