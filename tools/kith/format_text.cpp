#include "format.hpp"
#include "json.hpp"
#include "printable.hpp"
#include "rows/row_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

/// Formats for people: they shorten long values.
namespace kith::cli {

namespace {

using detail::FieldInfo;

constexpr std::size_t widest_cell = 40;

bool is_number(const detail::Value& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::uint64_t>(value) ||
           std::holds_alternative<double>(value) || std::holds_alternative<Decimal>(value);
}

/// The title of a row if there is room for one word: its first text, or else its key.
std::string title_of(const Shape& shape, const void* row) {
    for (const auto& [label, field] : shape.columns) {
        if (detail::is_relation(field->kind)) continue;
        auto value = rows::read_value(row, *field);
        if (std::holds_alternative<std::string>(value)) return shortened(plain_text(value, *field), widest_cell);
    }
    const auto key = shape.model->primary_key.empty() ? shape.model->columns : shape.model->primary_key;
    return key.empty() ? printable(shape.model->name) : plain_text(rows::read_value(row, *key.front()), *key.front());
}

/// Rows under headings. The first rows determine the widths; later rows are cut to them.
class TableFormat final : public Format {
public:
    using Format::Format;

    void begin() override {
        for (const auto& column : shape_.columns) headings_.push_back(printable(column.label));
        for (const auto& child : shape_.children) headings_.push_back(printable(child.slot->name));
        numeric_.assign(headings_.size(), true);
    }
    void row(const void* row) override {
        std::vector<std::string> cells;
        for (const auto& [label, field] : shape_.columns) {
            const auto value = rows::read_value(row, *field);
            if (!detail::is_null(value) && !is_number(value))
                numeric_[cells.size()] = numeric_[cells.size()] && !widths_.empty();
            cells.push_back(detail::is_null(value) ? "" : shortened(plain_text(value, *field), widest_cell));
        }
        for (const auto& child : shape_.children) {
            numeric_[cells.size()] = false;
            cells.push_back(summary(child, row));
        }
        if (!widths_.empty()) return print(cells);
        waiting_.push_back(std::move(cells));
        if (waiting_.size() == sample) print_waiting();
    }
    void end() override {
        if (widths_.empty()) print_waiting();
    }

private:
    static constexpr std::size_t sample = 500;

    static std::string summary(const Shape& child, const void* row) {
        void* one = nullptr;
        const auto rows = rows_behind(row, *child.slot, one);
        if (detail::is_to_one(child.slot->kind)) return rows.size == 0 ? "" : title_of(child, rows.data[0]);
        auto text = fmt::format("{}", rows.size);
        for (std::size_t i = 0; i < rows.size && i < 5; ++i) {
            text += i == 0 ? ": " : ", ";
            text += title_of(child, rows.data[i]);
        }
        return shortened(text + (rows.size > 5 ? ", …" : ""), widest_cell);
    }

    void print_waiting() {
        for (const auto& heading : headings_) widths_.push_back(width_of(heading));
        for (const auto& cells : waiting_) {
            for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], width_of(cells[i]));
        }
        if (headings_.empty()) return;
        print(headings_);
        std::string line;
        for (const auto width : widths_) {
            for (std::size_t i = 0; i < width; ++i) line += "─";
            line += "  ";
        }
        line.resize(line.size() - 2);
        out_.add(line + "\n");
        for (const auto& cells : waiting_) print(cells);
        waiting_.clear();
    }

    void print(const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) line += "  ";
            line += padded(shortened(cells[i], std::max<std::size_t>(widths_[i], 1)), widths_[i], numeric_[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out_.add(line + "\n");
    }

    std::vector<std::string> headings_;
    std::vector<bool> numeric_;
    std::vector<std::size_t> widths_; // known after enough rows
    std::vector<std::vector<std::string>> waiting_;
};

/// Rows with their related rows indented below.
class TreeFormat final : public Format {
public:
    using Format::Format;

    void row(const void* row) override { add(shape_, row, "", ""); }

private:
    /// `lead` precedes the row itself, `indent` the lines below it.
    void add(const Shape& shape, const void* row, const std::string& lead, const std::string& indent) {
        out_.add(fmt::format("{}{}\n", lead, describe(shape, row)));
        for (std::size_t i = 0; i < shape.children.size(); ++i) {
            const bool last = i + 1 == shape.children.size();
            add_child(shape.children[i], row, indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
        }
    }

    void add_child(const Shape& child, const void* row, const std::string& lead, const std::string& indent) {
        void* one = nullptr;
        const auto rows = rows_behind(row, *child.slot, one);
        const auto name = printable(child.slot->name);
        if (detail::is_to_one(child.slot->kind)) {
            if (rows.size == 0) {
                out_.add(fmt::format("{}{}: none\n", lead, name));
            } else {
                add(child, rows.data[0], fmt::format("{}{}: ", lead, name), indent);
            }
            return;
        }
        out_.add(fmt::format("{}{}: {}\n", lead, name, counted(rows.size, "row")));
        for (std::size_t i = 0; i < rows.size; ++i) {
            const bool last = i + 1 == rows.size;
            add(child, rows.data[i], indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
        }
    }

    static std::string describe(const Shape& shape, const void* row) {
        auto text = printable(shape.model->name);
        for (const auto& [label, field] : shape.columns) {
            const auto value = plain_text(rows::read_value(row, *field), *field);
            text += fmt::format("  {}={}", printable(label), shortened(value, widest_cell));
        }
        return text;
    }
};

} // namespace

std::unique_ptr<Format> make_table_format(const Shape& shape, Output& out) {
    return std::make_unique<TableFormat>(shape, out);
}
std::unique_ptr<Format> make_tree_format(const Shape& shape, Output& out) {
    return std::make_unique<TreeFormat>(shape, out);
}

} // namespace kith::cli
