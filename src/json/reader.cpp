#include "base/faults.hpp"
#include "base/json_text.hpp"
#include "base/nearest.hpp"
#include "base/printable.hpp"
#include "base/utf8.hpp"
#include "json/shape.hpp"
#include "query/coerce.hpp"
#include "query/text_value.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace kith {

JsonError::JsonError(const std::string& model, std::vector<JsonFault> faults)
    : ValueError(base::with_faults(model + " cannot be read from JSON", faults),
                 {.model = model, .lookup = faults.empty() ? "" : faults.front().member}),
      faults_(std::move(faults)) {}

} // namespace kith

namespace kith::detail {

namespace {

using json_rows::Shape;

constexpr std::size_t deepest_document = 1000; // levels of a kith::Json
constexpr std::size_t longest_name = 100;

/// A number, a text, true, false or null.
struct Scalar {
    Value value{};
    std::string json{}; ///< as it is written
};

/// Takes the parts of a text as the parser finds them. Its functions have the names that the parser calls, and return
/// whether to go on.
class Reader {
public:
    /// `next` returns the address of one more row; without `members`, a row may have all.
    Reader(const ModelInfo& model, bool is_list, const JsonMembers* members, std::function<void*()> next)
        : model_(model), shape_(model), is_list_(is_list), members_(members), next_(std::move(next)) {}

    void read(std::string_view text) {
        // The library takes NUL for the end of the text.
        const auto nul = text.find('\0');
        const bool whole = nul == std::string_view::npos || refuse_at(nul);
        const bool done = whole && nlohmann::json::sax_parse(text.begin(), text.end(), this);
        if (!faults_.empty() || !done) throw JsonError(model_.name, std::move(faults_));
    }

    bool null() { return scalar({.json = "null"}); }
    bool boolean(bool value) { return scalar({Value{value}, value ? "true" : "false"}); }
    bool number_integer(std::int64_t value) { return scalar({Value{value}, fmt::format("{}", value)}); }
    bool number_unsigned(std::uint64_t value) {
        if (std::in_range<std::int64_t>(value)) return number_integer(static_cast<std::int64_t>(value));
        return scalar({Value{value}, fmt::format("{}", value)});
    }
    bool number_float(double value, const std::string& text) { return scalar({Value{value}, text}); }
    bool string(const std::string& value) {
        std::string json;
        append_json_string(json, value);
        return scalar({Value{value}, std::move(json)});
    }
    bool binary(const nlohmann::json::binary_t&) { return false; }

    bool start_object(std::size_t) {
        if (!is_at_row()) return open('{');
        row_ = next_();
        seen_.clear();
        name_.clear();
        field_ = nullptr;
        return true;
    }
    bool key(const std::string& name) {
        if (!captured_.empty()) {
            separate();
            append_json_string(captured_, name);
            captured_ += ':';
            return true;
        }
        return begin_member(name);
    }
    bool end_object() {
        if (!captured_.empty()) return close('}');
        const bool more = require_members();
        row_ = nullptr;
        ++index_;
        return more;
    }
    bool start_array(std::size_t) {
        if (is_list_ && !in_list_) return in_list_ = true;
        return open('[');
    }
    bool end_array() { return captured_.empty() ? true : close(']'); }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
        constexpr int out_of_range = 406;
        if (error.id != out_of_range) return refuse_at(position);
        add("the number is too large");
        return false;
    }

private:
    bool refuse_at(std::size_t position) {
        add(fmt::format("no JSON at byte {}", position));
        return false;
    }
    bool is_at_row() const { return row_ == nullptr && captured_.empty() && in_list_ == is_list_; }

    // ---- faults

    bool add(std::string reason) {
        auto member = is_list_ && in_list_ ? fmt::format("[{}]", index_) : std::string();
        if (row_ != nullptr && !name_.empty()) member += (member.empty() ? "" : ".") + name_;
        faults_.push_back({std::move(member), std::move(reason)});
        return faults_.size() < base::most_faults;
    }
    bool expected(std::string_view wanted, std::string_view got) {
        return add(fmt::format("expected {}, but got {}", wanted, got));
    }

    // ---- members

    bool begin_member(const std::string& name) {
        name_ = utf8::printable(name.substr(0, longest_name));
        const auto* member = shape_.value_called(name);
        field_ = member != nullptr ? member->field : nullptr;
        if (const auto* relation = shape_.relation_called(name); member == nullptr && relation != nullptr) {
            return add(has_column(relation->field->kind)
                           ? fmt::format("this relation is set by its key, {}_id", name)
                           : std::string("relations are not read: only the columns of the row are"));
        }
        if (member == nullptr) return add(unknown(name));
        if (std::ranges::find(seen_, field_) != seen_.end()) return std::exchange(field_, nullptr), add("given twice");
        seen_.push_back(field_);
        if (!is_allowed(*field_)) return std::exchange(field_, nullptr), add("this member cannot be set");
        if (field_->generated || field_->kind == MemberKind::annotation || field_->generic != nullptr) {
            field_ = nullptr;
            return add("this member is not read");
        }
        return true;
    }
    bool is_allowed(const FieldInfo& field) const {
        return members_ == nullptr || std::ranges::find(members_->allowed, field.name) != members_->allowed.end();
    }
    /// At the end of a row.
    bool require_members() {
        if (members_ == nullptr) return true;
        bool more = true;
        for (const auto& member : shape_.values) {
            const bool required = std::ranges::find(members_->required, member.field->name) != members_->required.end();
            if (!more || !required || std::ranges::find(seen_, member.field) != seen_.end()) continue;
            name_ = member.name;
            more = add("is missing");
        }
        return more;
    }
    std::string unknown(const std::string& name) const {
        std::vector<std::string_view> names;
        for (const auto& member : shape_.values) {
            if (is_allowed(*member.field)) names.push_back(member.name);
        }
        const auto near = nearest(name, names);
        return near.empty() ? fmt::format("{} has no such member", model_.name)
                            : fmt::format("{} has no such member: did you mean '{}'?", model_.name, near);
    }

    bool scalar(Scalar scalar) {
        if (!captured_.empty()) {
            separate();
            captured_ += scalar.json;
            return true;
        }
        if (row_ == nullptr) {
            const bool more = expected(is_list_ && !in_list_ ? "an array" : "an object", shown(scalar.json));
            ++index_;
            return more;
        }
        return field_ == nullptr ? true : store(scalar);
    }
    static std::string shown(const std::string& json) {
        constexpr std::size_t most_shown = 60;
        return json.size() <= most_shown ? json : json.substr(0, utf8::character_begin(json, most_shown)) + "…";
    }

    bool store(const Scalar& scalar) {
        if (is_null(scalar.value)) {
            if (field_->nullable) return put(Value{});
            if (field_->type != ColumnType::json) return expected(forms(), "null");
        }
        const auto value = value_for(scalar);
        return value ? put(*value) : expected(forms(), shown(scalar.json));
    }
    bool put(Value value) {
        try {
            const auto* text = std::get_if<std::string>(&value);
            if (text != nullptr && field_->max_length != 0 && utf8::length(*text) > field_->max_length) {
                return expected(fmt::format("at most {} characters", field_->max_length),
                                fmt::format("{}", utf8::length(*text)));
            }
            rows::write_value(row_, *field_, query::coerce_value(*field_, std::move(value)));
        } catch (const ValueError& error) {
            return add(error.what());
        }
        return true;
    }

    /// The scalar as a value of the column, if it has the form that to_json() writes.
    std::optional<Value> value_for(const Scalar& scalar) const {
        const auto type = field_->type;
        if (type == ColumnType::json) return Value{Json{scalar.json}};
        if (const auto* text = std::get_if<std::string>(&scalar.value)) {
            const bool is_plain = is_integer(type) || is_real(type) || type == ColumnType::boolean;
            return is_plain ? std::nullopt : query::value_of_text(*field_, *text);
        }
        if (std::holds_alternative<bool>(scalar.value)) {
            return type == ColumnType::boolean ? std::optional(scalar.value) : std::nullopt;
        }
        if (type == ColumnType::decimal) return query::value_of_text(*field_, scalar.json);
        const bool is_whole = !std::holds_alternative<double>(scalar.value);
        if (is_real(type)) return is_whole ? query::value_of_text(*field_, scalar.json) : std::optional(scalar.value);
        return is_integer(type) && is_whole ? std::optional(scalar.value) : std::nullopt;
    }
    std::string forms() const { return query::texts_of(*field_); }

    // ---- a kith::Json with parts, written anew

    void separate() {
        const char last = captured_.back();
        if (last != '{' && last != '[' && last != ':') captured_ += ',';
    }
    bool open(char bracket) {
        if (captured_.empty() && row_ == nullptr) {
            add(is_list_ && !in_list_ ? "expected an array" : "expected an object");
            return false;
        }
        if (!captured_.empty()) separate();
        captured_ += bracket;
        if (++depth_ <= deepest_document) return true;
        add(fmt::format("nested more than {} levels deep", deepest_document));
        return false;
    }
    bool close(char bracket) {
        captured_ += bracket;
        if (--depth_ > 0) return true;
        const auto json = std::exchange(captured_, {});
        if (field_ == nullptr) return true;
        if (field_->type == ColumnType::json) return put(Value{Json{json}});
        return expected(forms(), bracket == ']' ? "an array" : "an object");
    }

    const ModelInfo& model_;
    Shape shape_;
    bool is_list_;
    const JsonMembers* members_;
    std::function<void*()> next_;
    bool in_list_{false};
    std::size_t index_{0};
    void* row_{nullptr};
    std::string name_{};                   // of the member, for messages
    const FieldInfo* field_{nullptr};      // null if the member is not stored
    std::vector<const FieldInfo*> seen_{}; // of the row
    std::string captured_{};               // of the parts of the member that are being read
    std::size_t depth_{0};                 // within it
    std::vector<JsonFault> faults_{};
};

} // namespace

void read_json(const ModelInfo& model, std::string_view text, void* row, const JsonMembers* members) {
    Reader(model, false, members, [row] { return row; }).read(text);
}

void read_json_list(const ModelInfo& model, std::string_view text, void* (*append)(void* list), void* list,
                    const JsonMembers* members) {
    Reader(model, true, members, [=] { return append(list); }).read(text);
}

} // namespace kith::detail
