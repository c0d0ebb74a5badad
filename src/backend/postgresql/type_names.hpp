#pragma once

#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/types.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// Types that exist in the catalogue of a single database: enums, and those of extensions and users.
class TypeNames {
public:
    struct Type {
        std::string name{};
        bool is_text{false}; ///< the binary form is the text
    };

    /// The types of the result's columns that must be looked up.
    std::vector<type::Number> unknown(const PGresult* result) const;
    /// Looks them up on the server, which must be idle.
    void ask(Handle& handle, std::span<const type::Number> types);
    /// Null for a type that was not looked up, or does not exist.
    const Type* find(type::Number number) const;

private:
    std::map<type::Number, Type> types_{};
};

} // namespace kith::backend::postgresql
