#pragma once

#include "parity/json.hpp"
#include "support/press_data.hpp"

#include <functional>
#include <string>
#include <vector>

/// The scenarios in Kith: what has the same name in press/*.py does the same in Django.
namespace parity {

using namespace kith::literals;
using namespace press;

using Database = kith::Database;

struct Scenario {
    std::string name;
    std::function<Json(const Database&)> run;
};

void add_loading(std::vector<Scenario>& list);
void add_prefetching(std::vector<Scenario>& list);
void add_queries(std::vector<Scenario>& list);
void add_writes(std::vector<Scenario>& list);

/// The result of `of` for each row.
template <class Rows, class Of>
Json each(const Rows& rows, Of&& of) {
    std::vector<Json> parts;
    for (auto& row : rows) parts.push_back(of(row));
    return Json(parts);
}
template <class Rows>
Json names(const Rows& rows) {
    return Json(names_of(rows));
}
/// The name of the row that a relation leads to, or null.
template <class Relation>
Json name(const Relation& relation) {
    if (relation == nullptr) return {};
    if constexpr (requires { relation->title; }) {
        return std::string(relation->title);
    } else {
        return std::string(relation->name);
    }
}
template <class M>
kith::Ref<M> named(const Database& db, const char* text) {
    if constexpr (requires(M& m) { m.title; }) {
        return db.objects<M>().get(kith::runtime("title") = std::string(text));
    } else {
        return db.objects<M>().get(kith::runtime("name") = std::string(text));
    }
}
inline Json colour(const kith::ReverseOne<Cover, "book">& cover) {
    return cover == nullptr ? Json() : Json(cover->colour);
}

} // namespace parity
