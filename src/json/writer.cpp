#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "json/document.hpp"
#include "json/loaded.hpp"
#include "json/shape.hpp"
#include "rows/generic_key.hpp"
#include "rows/row_value.hpp"
#include "rows/value_mark.hpp"

#include <kith/detail/core/json.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

namespace kith::detail {

namespace {

using json_rows::Loaded;
using json_rows::Shape;

constexpr std::size_t piece = std::size_t{64} * 1024;
constexpr std::size_t most_indent = 16;
constexpr std::size_t deepest_row = 200;

/// A row that is being written, and how it was reached.
struct Nested {
    const void* row{nullptr};
    const FieldInfo* back{nullptr}; ///< its member that leads back to the row that it was loaded for
    const void* origin{nullptr};    ///< that row
    std::string_view name{};        ///< of the member that led to it
};

[[noreturn]] void refuse(const FieldInfo& field, const std::string& why) {
    throw ValueError(fmt::format("{} {}", field.label(), why), {.model = field.model->name, .lookup = field.name});
}

void append_number(std::string& out, std::int64_t number) {
    char room[24];
    out.append(room, std::to_chars(room, room + sizeof room, number).ptr);
}

void append_text(std::string& out, const std::string& text, const FieldInfo& field) {
    if (!utf8::is_valid(text)) refuse(field, "holds text that is not UTF-8, which JSON cannot contain");
    append_json_string(out, text);
}

/// The common types straight from the row; false for all others.
bool append_plain(std::string& out, const void* at, const FieldInfo& field) {
    switch (field.names != nullptr ? ColumnType::any : field.member_type()) {
    case ColumnType::boolean: out += *static_cast<const bool*>(at) ? "true" : "false"; return true;
    case ColumnType::int32: append_number(out, *static_cast<const std::int32_t*>(at)); return true;
    case ColumnType::int64: append_number(out, *static_cast<const std::int64_t*>(at)); return true;
    case ColumnType::text: append_text(out, *static_cast<const std::string*>(at), field); return true;
    default: return false;
    }
}

void append_value(std::string& out, const Value& value, const FieldInfo& field) {
    if (const auto* text = std::get_if<std::string>(&value)) return append_text(out, *text, field);
    if (const auto* json = std::get_if<Json>(&value); json != nullptr && !json_rows::is_document(json->text)) {
        refuse(field, "holds text that is not JSON");
    }
    append_json_value(out, value, field.type == ColumnType::float32);
}

void append_member(std::string& out, const void* row, const FieldInfo& field) {
    if (!is_relation(field.kind) && field.generic == nullptr) {
        const void* at = static_cast<const std::byte*>(row) + field.offset;
        if (field.access != nullptr) at = field.access->peek(at);
        if (at == nullptr) return void(out += "null");
        if (append_plain(out, at, field)) return;
    }
    append_value(out, rows::stored_value(row, field), field);
}

/// Whether the member is a Lazy column or an Annotation without its value.
bool is_missing(const void* row, const FieldInfo& field) {
    const bool marked = field.lazy || field.kind == MemberKind::annotation;
    return marked && !rows::mark_of(const_cast<void*>(row), field).is_there();
}

} // namespace

struct JsonWriter::State {
    std::size_t indent{0};
    TextSink sink{nullptr};
    void* to{nullptr};
    std::string out{};
    std::map<const ModelInfo*, Shape> shapes{};
    std::vector<Nested> path{};
    std::size_t level{0};
    bool is_array{false};
    bool is_first{true};

    const Shape& shape_of(const ModelInfo& model) { return shapes.try_emplace(&model, model).first->second; }

    void begin(char bracket) {
        out += bracket;
        ++level;
    }
    void end(char bracket, bool is_empty) {
        --level;
        if (!is_empty) new_line();
        out += bracket;
    }
    void new_line() {
        if (indent == 0) return;
        out += '\n';
        out.append(indent * level, ' ');
    }
    void separate(bool& first) {
        if (!first) out += ',';
        first = false;
        new_line();
    }
    void name(const Shape::Member& member, bool& first) {
        separate(first);
        out += member.quoted;
        out += indent == 0 ? ":" : ": ";
    }

    void object(const ModelInfo& model, const Nested& step) {
        require_new(model, step);
        path.push_back(step);
        const auto& shape = shape_of(model);
        bool first = true;
        begin('{');
        for (const auto& member : shape.values) {
            if (is_missing(step.row, *member.field)) continue;
            name(member, first);
            append_member(out, step.row, *member.field);
        }
        for (const auto& member : shape.relations) relation(member, step, first);
        end('}', first);
        path.pop_back();
    }

    void relation(const Shape::Member& member, const Nested& step, bool& first) {
        const auto& field = *member.field;
        const auto led = json_rows::loaded_by(step.row, field);
        if (!led.known || leads_back(led, field, step)) return;
        name(member, first);
        const auto* inverse = led.followed != nullptr ? led.followed->inverse : nullptr;
        const auto& model = led.followed != nullptr ? *led.followed->target : *field.relation->target;
        if (is_to_one(field.kind)) return one(model, {led.one, inverse, led.from, member.name});
        bool none = true;
        begin('[');
        for (std::size_t i = 0; i < led.many.size; ++i) {
            separate(none);
            object(model, {led.many.data[i], inverse, led.from, member.name});
        }
        end(']', none);
    }
    void one(const ModelInfo& model, const Nested& step) {
        step.row == nullptr ? void(out += "null") : object(model, step);
    }
    /// Whether the member leads only to the row that this one was loaded for.
    static bool leads_back(const Loaded& led, const FieldInfo& field, const Nested& row) {
        return &field == row.back && is_to_one(field.kind) && led.one == row.origin;
    }

    void require_new(const ModelInfo& model, const Nested& step) const {
        if (path.size() >= deepest_row) {
            throw ValueError(fmt::format("{} are nested more than {} levels deep in \"{}\": leave a relation out with "
                                         "kith::hidden",
                                         model.name, deepest_row, path_to(step.name).substr(0, 200)),
                             {.model = model.name});
        }
        if (std::ranges::find(path, step.row, &Nested::row) == path.end()) return;
        throw ValueError(fmt::format("\"{}\" leads back to a {} that contains it, and JSON has no circles: leave a "
                                     "relation on the way out with kith::hidden, or load it for rows that do not "
                                     "lead back",
                                     path_to(step.name), model.name),
                         {.model = model.name, .lookup = path_to(step.name)});
    }
    std::string path_to(std::string_view last) const {
        std::string names;
        for (const auto& step : path) {
            if (!step.name.empty()) names += fmt::format("{}__", step.name);
        }
        return names.append(last);
    }

    void pass_on(std::size_t at_least) {
        if (out.size() < at_least || out.empty()) return;
        sink(to, out);
        out.clear();
    }
};

JsonWriter::JsonWriter(const JsonOptions& options, TextSink sink, void* to)
    : state_(new State{.indent = std::min(options.indent, most_indent), .sink = sink, .to = to}) {}

JsonWriter::~JsonWriter() = default;

void JsonWriter::begin_array() {
    state_->is_array = true;
    state_->begin('[');
}

void JsonWriter::row(const ModelInfo& model, const void* row) {
    if (state_->is_array) state_->separate(state_->is_first);
    state_->path.clear();
    state_->one(model, {.row = row});
    state_->pass_on(piece);
}

void JsonWriter::end_array() { state_->end(']', state_->is_first); }

void JsonWriter::finish() { state_->pass_on(1); }

void throw_failed_sink() { throw Error("write_json() could not write: the stream that it was given failed"); }

} // namespace kith::detail
