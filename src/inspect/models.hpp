#pragma once

#include "inspect/schema.hpp"

#include <kith/detail/core/model_info.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kith::inspect {

/// A slot that a Prefetch fills, beside the relation that it follows.
struct Slot {
    std::string table{};
    std::string name{};
    std::string relation{};
};

struct ModelOptions {
    std::vector<Slot> slots{};
    /// The columns to load, per table; all by default. Keys are always loaded, and conditions and orders may name the
    /// other columns too.
    std::map<std::string, std::set<std::string>> columns{};
    /// The relations to many rows that will be loaded, per table; all by default. Conditions may go through the others,
    /// but rows have no place for them.
    std::optional<std::map<std::string, std::set<std::string>>> relations{};
};

struct RuntimeModel;

/// The ModelInfos of a schema, made at run time. They must outlive the queries that use them, and the rows.
///
/// Rows have a member for each loaded column, and one for each relation. If the database does not promise the type of a
/// cell, the member is a Value. Such rows exist only in the pages of a graph.
class Models {
public:
    /// Throws FieldError for a slot whose relation does not exist, ValueError for one whose name is taken.
    explicit Models(const Schema& schema, const ModelOptions& options = {});
    ~Models();
    Models(const Models&) = delete;
    Models& operator=(const Models&) = delete;

    /// The model of a table, with rows. Throws as Schema::table() does, and ValueError if the rows would be too large.
    const detail::ModelInfo& of(std::string_view table) const;
    /// Throws ValueError if rows of the model have no place for what the member leads to.
    static void require_place(const detail::FieldInfo& member);
    /// The member that holds a column of the table; null if there is no such column.
    static const detail::FieldInfo* column(const detail::ModelInfo& model, std::string_view column);

private:
    const Schema& schema_;
    std::map<std::string, std::unique_ptr<RuntimeModel>, std::less<>> models_;
};

} // namespace kith::inspect
