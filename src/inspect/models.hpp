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
    /// The columns to load, per table; all where nothing is said. Keys are always loaded, and conditions and orders may
    /// name the others as well.
    std::map<std::string, std::set<std::string>> columns{};
    /// The relations to many rows that will be loaded, per table; all where nothing is said. Conditions may go through
    /// the others, but rows have no place for them.
    std::optional<std::map<std::string, std::set<std::string>>> relations{};
};

struct RuntimeModel;

/// The ModelInfos of a schema, made at run time. They must outlive the queries that use them, and the rows.
///
/// Rows are laid out here: a member for each column that is loaded, and one for each relation. Where the database does
/// not promise the type of a cell, the member is a Value. Such rows lie in the pages of a graph and nowhere else.
class Models {
public:
    /// Throws FieldError for a slot whose relation does not exist, ValueError for one whose name is taken.
    explicit Models(const Schema& schema, const ModelOptions& options = {});
    ~Models();
    Models(const Models&) = delete;
    Models& operator=(const Models&) = delete;

    /// The model of a table, with rows. Throws as Schema::table() does, and ValueError where such rows would be too
    /// large.
    const detail::ModelInfo& of(std::string_view table) const;
    /// Throws ValueError where rows of the model have no place for what the member leads to.
    static void require_place(const detail::FieldInfo& member);
    /// The member that holds a column of the table, null where there is no such column.
    static const detail::FieldInfo* column(const detail::ModelInfo& model, std::string_view column);

private:
    const Schema& schema_;
    std::map<std::string, std::unique_ptr<RuntimeModel>, std::less<>> models_;
};

} // namespace kith::inspect
