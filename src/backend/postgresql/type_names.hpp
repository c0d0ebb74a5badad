#pragma once

#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/types.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// Types that are in the catalogue of one database alone: enums, and those of extensions and users.
class TypeNames {
public:
    struct Type {
        std::string name{};
        bool is_text{false}; ///< the binary form is the text
    };

    /// The types of the result's columns that have to be asked for.
    std::vector<type::Number> unknown(const PGresult* result) const;
    /// Asks the server, which must be free to answer.
    void ask(const Handle& handle, std::span<const type::Number> types);
    /// Null for a type that was not asked for, or is not there.
    const Type* find(type::Number number) const;

private:
    std::map<type::Number, Type> types_{};
};

} // namespace kith::backend::postgresql
