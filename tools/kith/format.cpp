#include "format.hpp"

#include "json.hpp"
#include "rows/row_value.hpp"

#include <kith/error.hpp>

namespace kith::cli {

namespace {

/// One object: its columns, then its related rows.
void append_object(std::string& out, const Shape& shape, const void* row) {
    out += '{';
    const auto* separator = "";
    const auto name = [&](const std::string& text) {
        out += separator;
        separator = ",";
        append_json_text(out, text);
        out += ':';
    };
    for (const auto& [label, field] : shape.columns) {
        name(label);
        append_json(out, rows::read_value(row, *field), *field);
    }
    for (const auto& child : shape.children) {
        name(child.slot->name);
        void* one = nullptr;
        const auto rows = rows_behind(row, *child.slot, one);
        const bool single = detail::is_to_one(child.slot->kind);
        if (single && rows.size == 0) out += "null";
        if (!single) out += '[';
        for (std::size_t i = 0; i < rows.size; ++i) {
            if (i > 0) out += ',';
            append_object(out, child, rows.data[i]);
        }
        if (!single) out += ']';
    }
    out += '}';
}

/// An array of objects, one per line.
class JsonFormat final : public Format {
public:
    using Format::Format;

    void begin() override { out_.add("["); }
    void row(const void* row) override {
        out_.add(first_ ? "\n" : ",\n");
        first_ = false;
        append_object(out_.text(), shape_, row);
    }
    void end() override { out_.add(first_ ? "]\n" : "\n]\n"); }

private:
    bool first_{true};
};

/// One object per line, and nothing else.
class JsonLinesFormat final : public Format {
public:
    using Format::Format;

    void row(const void* row) override {
        append_object(out_.text(), shape_, row);
        out_.add("\n");
    }
};

} // namespace

std::unique_ptr<Format> make_format(std::string_view name, const Shape& shape, Output& out) {
    if (name == "json") return std::make_unique<JsonFormat>(shape, out);
    if (name == "jsonl") return std::make_unique<JsonLinesFormat>(shape, out);
    if (name == "table") return make_table_format(shape, out);
    if (name == "tree") return make_tree_format(shape, out);
    throw ValueError("the formats are json, jsonl, table and tree");
}

} // namespace kith::cli
