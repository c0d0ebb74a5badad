#include "output.hpp"
#include "printable.hpp"
#include "schema_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// The tables as boxes with lines between them: in Graphviz's language, and as a picture.
namespace kith::cli {

namespace {

using inspect::Relation;
using inspect::Table;
using Kind = Relation::Kind;

/// A line from the referring table to the one it refers to, or between the ends of a many-to-many.
struct Edge {
    std::size_t from;
    std::size_t to;
    std::string label;
    std::string column; ///< in `from`, where the line starts
    bool many;
};

/// Link tables are lines, not boxes, if both linked tables are shown.
struct Graph {
    std::vector<const Table*> boxes{};
    std::vector<Edge> edges{};
};

bool is_shown(Tables tables, const std::string& name) {
    return std::ranges::any_of(tables, [&](const Table* table) { return table->name == name; });
}

bool is_line(const Table& table, Tables tables) {
    return table.is_link && std::ranges::all_of(table.relations, [&](const Relation& relation) {
               return relation.kind != Kind::foreign_key || is_shown(tables, relation.target);
           });
}

Graph graph_of(Tables tables) {
    Graph graph;
    std::map<std::string, std::size_t> places;
    for (const auto* table : tables) {
        if (is_line(*table, tables)) continue;
        places.emplace(table->name, graph.boxes.size());
        graph.boxes.push_back(table);
    }
    for (const auto& [name, from] : places) {
        for (const auto& relation : graph.boxes[from]->relations) {
            const bool many = relation.kind == Kind::many_to_many;
            const auto to = places.find(relation.target);
            const bool drawn =
                many ? !relation.is_far && !places.contains(relation.link) : relation.kind == Kind::foreign_key;
            if (drawn && to != places.end())
                graph.edges.push_back({from, to->second, relation.name, relation.columns.front(), many});
        }
    }
    return graph;
}

std::string in_dot(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        if (std::string_view("\"\\{}|<>").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string in_svg(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

// ---- the picture: boxes in columns, those that others refer to on the right

constexpr std::size_t most_columns = 14; // of a table, in its box
constexpr int letter = 7;
constexpr int line = 18;
constexpr int gap_across = 120;
constexpr int gap_down = 28;
constexpr int margin = 24;

struct Box {
    std::vector<std::string> lines{};
    int layer{0};
    int x{0};
    int y{0};
    int width{0};
    int height{0};
};

std::vector<std::string> lines_of(const Table& table) {
    std::vector<std::string> lines;
    for (const auto& column : table.columns) {
        if (lines.size() == most_columns) {
            lines.push_back(fmt::format("… and {} more", table.columns.size() - most_columns));
            break;
        }
        lines.push_back(shortened(column.name, 28));
    }
    return lines;
}

std::vector<Box> boxes_of(const Graph& graph) {
    std::vector<Box> boxes;
    for (const auto* table : graph.boxes) {
        Box box{.lines = lines_of(*table)};
        auto widest = width_of(shortened(table->name, 40));
        for (const auto& text : box.lines) widest = std::max(widest, width_of(text));
        box.width = static_cast<int>(widest) * letter + 28;
        box.height = static_cast<int>(box.lines.size() + 1) * line + 14;
        boxes.push_back(std::move(box));
    }
    return boxes;
}

/// Each box goes to the right of those that refer to it; circles terminate because the number of layers is limited.
void choose_layers(const Graph& graph, std::vector<Box>& boxes) {
    const auto most = std::min<std::size_t>(boxes.size(), 12);
    for (std::size_t round = 0; round < most; ++round) {
        bool moved = false;
        for (const auto& edge : graph.edges) {
            auto& to = boxes[edge.to];
            const bool is_left = edge.from != edge.to && to.layer <= boxes[edge.from].layer;
            if (!is_left || boxes[edge.from].layer + 1 >= static_cast<int>(most)) continue;
            to.layer = boxes[edge.from].layer + 1;
            moved = true;
        }
        if (!moved) break;
    }
    // Circles push each other further right: removes the empty layers.
    std::set<int> used;
    for (const auto& box : boxes) used.insert(box.layer);
    for (auto& box : boxes) box.layer = static_cast<int>(std::distance(used.begin(), used.find(box.layer)));
}

/// The average height of a box's neighbours, so that fewer lines cross.
double height_of_neighbours(const Graph& graph, const std::vector<Box>& boxes, std::size_t box) {
    double sum = 0;
    int count = 0;
    for (const auto& edge : graph.edges) {
        if (edge.from == edge.to || (edge.from != box && edge.to != box)) continue;
        const auto& other = boxes[edge.from == box ? edge.to : edge.from];
        sum += other.y + other.height / 2.0;
        ++count;
    }
    return count == 0 ? boxes[box].y + boxes[box].height / 2.0 : sum / count;
}

void sort_by_neighbours(const Graph& graph, const std::vector<Box>& boxes, std::vector<std::size_t>& layer) {
    std::vector<std::pair<double, std::size_t>> heights; // with the place in the layer, which breaks ties
    for (std::size_t i = 0; i < layer.size(); ++i)
        heights.emplace_back(height_of_neighbours(graph, boxes, layer[i]), i);
    std::ranges::sort(heights);
    std::vector<std::size_t> sorted;
    for (const auto& [height, i] : heights) sorted.push_back(layer[i]);
    layer = std::move(sorted);
}

struct Size {
    int width;
    int height;
};

Size place(const Graph& graph, std::vector<Box>& boxes) {
    choose_layers(graph, boxes);
    std::map<int, std::vector<std::size_t>> layers;
    for (std::size_t i = 0; i < boxes.size(); ++i) layers[boxes[i].layer].push_back(i);
    const auto stack = [&](const std::vector<std::size_t>& layer) {
        int y = margin;
        for (const auto i : layer) {
            boxes[i].y = y;
            y += boxes[i].height + gap_down;
        }
        return y;
    };
    int height = 0;
    for (int round = 0; round < 4; ++round) {
        for (auto& [number, layer] : layers) {
            if (round > 0) sort_by_neighbours(graph, boxes, layer);
            height = std::max(height, stack(layer));
        }
    }
    int x = margin;
    for (const auto& [number, layer] : layers) {
        int widest = 0;
        for (const auto i : layer) {
            boxes[i].x = x;
            widest = std::max(widest, boxes[i].width);
        }
        x += widest + gap_across;
    }
    return {x - gap_across + margin + 90, height};
}

/// The end points of the lines, each at a place of its own, so that they can be distinguished.
class Ends {
public:
    Ends(const Graph& graph, const std::vector<Box>& boxes) : graph_(graph), boxes_(boxes), taken_(boxes.size(), 0) {}

    /// At the line of the edge's column; for many-to-manys, which have none, at the name.
    int of_source(const Edge& edge) {
        const auto& columns = graph_.boxes[edge.from]->columns;
        const auto at = std::ranges::find(columns, edge.column, &inspect::CatalogColumn::name) - columns.begin();
        if (edge.many || at >= static_cast<std::ptrdiff_t>(boxes_[edge.from].lines.size())) return next(edge.from);
        return boxes_[edge.from].y + line * (static_cast<int>(at) + 2);
    }
    int of_target(const Edge& edge) { return next(edge.to); }

private:
    int next(std::size_t box) {
        const auto room = boxes_[box].height - 16;
        return boxes_[box].y + 8 + 9 * taken_[box]++ % room;
    }

    const Graph& graph_;
    const std::vector<Box>& boxes_;
    std::vector<int> taken_;
};

std::string svg_edge(const Edge& edge, const Box& from, const Box& to, Ends& ends) {
    const bool forward = to.layer > from.layer;
    const bool back = to.layer < from.layer;
    const int x1 = back ? from.x : from.x + from.width;
    const int x2 = forward ? to.x : to.x + to.width;
    const int y1 = ends.of_source(edge);
    const int y2 = ends.of_target(edge);
    const int bend = back ? -60 : 60;
    const int bend2 = forward ? -60 : 60;
    return fmt::format("<path class=\"{}\" marker-end=\"url(#tip)\"{} d=\"M{},{} C{},{} {},{} {},{}\"/>\n"
                       "<text class=\"label\" text-anchor=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n",
                       edge.many ? "many" : "one", edge.many ? " marker-start=\"url(#tip)\"" : "", x1, y1, x1 + bend,
                       y1, x2 + bend2, y2, x2, y2, back ? "end" : "start", back ? x1 - 10 : x1 + 10, y1 - 4,
                       in_svg(shortened(edge.label, 24)));
}

std::string svg_box(const Table& table, const Box& box) {
    auto out =
        fmt::format("<rect class=\"box\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" rx=\"6\"/>\n"
                    "<text class=\"name\" x=\"{4}\" y=\"{5}\">{6}</text>\n",
                    box.x, box.y, box.width, box.height, box.x + 14, box.y + line, in_svg(shortened(table.name, 40)));
    int y = box.y + line + 4;
    for (const auto& text : box.lines) {
        y += line;
        const bool is_key = std::ranges::find(table.primary_key, text) != table.primary_key.end();
        out += fmt::format("<text{} x=\"{}\" y=\"{}\">{}</text>\n", is_key ? " class=\"key\"" : "", box.x + 14, y,
                           in_svg(text));
    }
    return out;
}

constexpr const char* svg_head = R"(<style>
text { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; fill: #24292f }
.name { font-weight: bold }
.key { text-decoration: underline }
.label { font-size: 10px; fill: #57606a }
.box { fill: #f6f8fa; stroke: #57606a }
.one, .many { fill: none; stroke: #0969da; stroke-width: 1.3 }
.many { stroke: #8250df }
.sheet { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .label { fill: #9198a1 } .box { fill: #151b23; stroke: #9198a1 } .sheet { fill: #0d1117 }
  .one { stroke: #4493f8 } .many { stroke: #ab7df8 }
}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
<path d="M0,0 L8,4 L0,8 z" fill="#57606a"/></marker></defs>
)";

} // namespace

std::string schema_dot(Tables tables) {
    const auto graph = graph_of(tables);
    std::string out = "digraph schema {\n  rankdir=LR;\n  node [shape=record, fontname=\"monospace\"];\n";
    for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
        const auto& table = *graph.boxes[i];
        out += fmt::format("  t{} [label=\"{}|", i, in_dot(table.name));
        for (const auto& column : table.columns) out += in_dot(column.name) + "\\l";
        out += "\"];\n";
    }
    for (const auto& edge : graph.edges) {
        out += fmt::format("  t{} -> t{} [label=\"{}\"{}];\n", edge.from, edge.to, in_dot(edge.label),
                           edge.many ? ", dir=both" : "");
    }
    return out + "}\n";
}

std::string schema_svg(Tables tables) {
    const auto graph = graph_of(tables);
    auto boxes = boxes_of(graph);
    const auto [width, height] = place(graph, boxes);
    auto out =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
                    "role=\"img\" aria-label=\"Tables and their relations\">\n{2}"
                    "<rect class=\"sheet\" width=\"{0}\" height=\"{1}\"/>\n",
                    width, height, svg_head);
    for (std::size_t i = 0; i < boxes.size(); ++i) out += svg_box(*graph.boxes[i], boxes[i]);
    Ends ends(graph, boxes);
    for (const auto& edge : graph.edges) out += svg_edge(edge, boxes[edge.from], boxes[edge.to], ends);
    return out + "</svg>\n";
}

} // namespace kith::cli
