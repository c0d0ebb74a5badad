#pragma once

#include "rows/graph.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"
#include "rows/segment.hpp"
#include "unit/query/queries.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace kith::test {

inline std::vector<Value> numbers(std::initializer_list<std::int64_t> list) { return {list.begin(), list.end()}; }
inline std::vector<Value> texts(std::initializer_list<const char*> list) {
    std::vector<Value> values;
    for (const auto* text : list) values.emplace_back(std::string(text));
    return values;
}

/// Rows in a graph, made without a statement.
class MadeRows {
public:
    MadeRows() : graph_(*rows::Graph::make(memory())) {}
    MadeRows(const MadeRows&) = delete;
    MadeRows& operator=(const MadeRows&) = delete;
    ~MadeRows() { graph_.release(); }

    rows::Graph& graph() { return graph_; }

    /// Makes a row for each of `values`, and stores the value in `member`.
    template <class M>
    std::vector<void*> add(std::string_view member, const std::vector<Value>& values) {
        last_ = &graph_.new_segment(model<M>(), FetchMode::one);
        std::vector<void*> made;
        for (const auto& value : values) {
            made.push_back(last_->append());
            rows::write_value(made.back(), field<M>(member), value);
        }
        last_->finish();
        return made;
    }
    /// The segment of the rows that were made last.
    rows::Segment& segment() { return *last_; }

private:
    rows::Graph& graph_;
    rows::Segment* last_{nullptr};
};

template <class M>
detail::RelationState& state(void* row, std::string_view member) {
    return rows::state_of(row, field<M>(member));
}

} // namespace kith::test
