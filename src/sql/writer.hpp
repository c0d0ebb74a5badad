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
    /// `table` is the statement's table; it must live as long as the statement. `db` is the database that the statement
    /// runs on, null if it has none.
    Writer(const Dialect& dialect, std::string_view table, const Database* db = nullptr)
        : dialect_(&dialect), table_(table), db_(db) {}

    const Dialect& dialect() const noexcept { return *dialect_; }
    std::string quote(std::string_view name) const { return dialect_->quote(name); }

    /// Whether the statement runs on `db`.
    bool asks(const Database& db) const { return db_ == nullptr || *db_ == db; }
    /// Planning the statement for its values gains more than it costs.
    void plan_for_values() noexcept { plans_for_values_ = true; }
    /// Makes room for `binds` more parameters.
    void reserve(std::size_t binds) { binds_.reserve(binds_.size() + binds); }
    /// A mark for `value` until finish(): parts of a statement are seldom written in their final order. `stored` is the
    /// column that the value is written to, null if it is not stored.
    std::string bind(Bind value, const FieldInfo* stored = nullptr) {
        binds_.push_back(std::move(value));
        if (stored != nullptr) {
            stored_.resize(binds_.size());
            stored_.back() = stored;
        }
        std::string text(1, mark);
        text += std::to_string(binds_.size() - 1);
        text += mark;
        return text;
    }

    /// The time of the statement by its database, the same wherever it is written.
    std::string now();

    /// The marks of a set of keys, for Dialect::key_source.
    KeyMarks bind_keys(std::shared_ptr<const KeySet> keys);
    /// The condition that `column`, which is `key` as the statement writes it, is one of `keys`.
    std::string is_one_of(const std::string& column, std::shared_ptr<const KeySet> keys, const KeyColumn& key);

    /// The statement, with the marks replaced by placeholders, numbered in order of appearance.
    Statement finish(std::string_view text) &&;

private:
    static constexpr char mark = '\x01'; // no honest text contains it, quoted names included

    const Dialect* dialect_;
    std::string_view table_;
    const Database* db_;
    bool plans_for_values_{false};
    std::string now_; // its mark, if the database has no clock of its own
    std::vector<Bind> binds_;
    std::vector<const FieldInfo*> stored_; // parallel to binds_, but may be shorter
};

/// The time of this machine, in the unit of the time stamps that the database stores.
Timestamp clock(const Dialect& dialect);
/// `now` as the value of a column with kith::auto_now or auto_now_add.
Value time_for(const FieldInfo& field, Timestamp now);

/// `"schema"."table"`.
inline std::string qualified(const Dialect& dialect, std::string_view schema, std::string_view table) {
    const auto name = dialect.quote(table);
    return schema.empty() ? name : dialect.quote(schema) + "." + name;
}

/// The schema of the table that `statement` stores values in; empty if its model names none.
inline std::string_view schema_of(const Statement& statement) {
    const auto* field = statement.stored.empty() ? nullptr : statement.stored.front();
    return field != nullptr ? std::string_view(field->model->schema) : std::string_view();
}

} // namespace kith::sql
