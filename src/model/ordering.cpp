#include "model/build.hpp"
#include "model/path.hpp"

#include <utility>

namespace kith::model {

void resolve_ordering(const Declared& declared) {
    for (auto name : declared.description->table.ordering) {
        const bool descending = name.starts_with('-');
        if (descending) name.remove_prefix(1);
        auto way = column_of(walk(*declared.model, name, false));
        declared.model->ordering.push_back({.relations = std::move(way.relations),
                                            .column = way.column,
                                            .joined = way.joined,
                                            .descending = descending});
    }
}

} // namespace kith::model
