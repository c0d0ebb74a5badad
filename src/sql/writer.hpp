#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/statement.hpp"

namespace kith::sql {

/// The binds of a statement while its text is written.
class Writer {
public:
    explicit Writer(const Dialect& dialect) : dialect_(&dialect) {}

    const Dialect& dialect() const noexcept { return *dialect_; }
    std::string quote(std::string_view name) const { return dialect_->quote(name); }

    /// Makes room for `binds` more parameters.
    void reserve(std::size_t binds) { binds_.reserve(binds_.size() + binds); }
    /// The placeholder for `value`.
    std::string bind(Bind value) {
        binds_.push_back(std::move(value));
        return dialect_->placeholder(binds_.size());
    }

    Statement finish(std::string text) && { return {.text = std::move(text), .binds = std::move(binds_)}; }

private:
    const Dialect* dialect_;
    std::vector<Bind> binds_;
};

/// `"schema"."table"`.
inline std::string qualified(const Dialect& dialect, std::string_view schema, std::string_view table) {
    const auto name = dialect.quote(table);
    return schema.empty() ? name : dialect.quote(schema) + "." + name;
}

}  // namespace kith::sql
