#pragma once

#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/database.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::sql {

/// The binds of a statement while its text is written.
class Writer {
public:
    /// `table` is that of the statement; it has to live as long as that. `db` is the database that the conditions of
    /// the statement ask, null where it has none.
    Writer(const Dialect& dialect, std::string_view table, const Database* db = nullptr)
        : dialect_(&dialect), table_(table), db_(db) {}

    const Dialect& dialect() const noexcept { return *dialect_; }
    std::string quote(std::string_view name) const { return dialect_->quote(name); }

    /// Whether the statement asks `db`.
    bool asks(const Database& db) const { return db_ == nullptr || *db_ == db; }
    /// Makes room for `binds` more parameters.
    void reserve(std::size_t binds) { binds_.reserve(binds_.size() + binds); }
    /// A mark that stands for `value` until finish(): parts of a statement are seldom written in the order in which
    /// they stand in it. `stored` is the column that the value is written to, null for one that is not.
    std::string bind(Bind value, const FieldInfo* stored = nullptr) {
        binds_.push_back(std::move(value));
        if (stored != nullptr) {
            stored_.resize(binds_.size());
            stored_.back() = stored;
        }
        return std::string{mark} + std::to_string(binds_.size() - 1) + mark;
    }

    /// The marks of a set of keys, for Dialect::key_source.
    KeyMarks bind_keys(std::shared_ptr<const KeySet> keys);

    /// The statement, with placeholders in place of the marks, numbered as they stand.
    Statement finish(std::string_view text) &&;

private:
    static constexpr char mark = '\x01'; // in no text that is not meant to break things, quoted names included

    const Dialect* dialect_;
    std::string_view table_;
    const Database* db_;
    std::vector<Bind> binds_;
    std::vector<const FieldInfo*> stored_; // in step with them, but may be shorter
};

/// `"schema"."table"`.
inline std::string qualified(const Dialect& dialect, std::string_view schema, std::string_view table) {
    const auto name = dialect.quote(table);
    return schema.empty() ? name : dialect.quote(schema) + "." + name;
}

} // namespace kith::sql
