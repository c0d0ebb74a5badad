#pragma once

#include "sql/dialect.hpp"

#include <kith/detail/core/model_info.hpp>

#include <optional>
#include <vector>

namespace kith::write {

using detail::FieldInfo;
using detail::ModelInfo;

/// What a write itself puts into a row: the time (kith::auto_now, auto_now_add), the version (kith::row_version), and
/// into a foreign key that must not be null its default. All rows of one statement have the same time.
class Stamps {
public:
    explicit Stamps(const sql::Dialect& dialect) : dialect_(dialect) {}

    /// The columns of a row that stamp_new() may change.
    static std::vector<const FieldInfo*> of_new(const ModelInfo& model);
    /// Prepares a row that is to be inserted.
    void stamp_new(const ModelInfo& model, void* row);

    /// The value that an UPDATE of `row` gives to `field`; none if it is that of the row.
    std::optional<detail::Value> of_update(const void* row, const FieldInfo& field);

private:
    detail::Value now(const FieldInfo& field);

    const sql::Dialect& dialect_;
    std::optional<Timestamp> now_{}; // from the first use on
};

/// The version of `row` after its next write.
detail::Value next_version(const void* row, const FieldInfo& version);

} // namespace kith::write
