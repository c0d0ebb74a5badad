#pragma once

#include "hand/database.hpp"
#include "hand/key_form.hpp"
#include "hand/models.hpp"

#include <string>

/// The loads that several workloads are made of.
namespace bench::hand {

Blocks<Person> read_people(Database& db);

/// The rows of `table`, which is named `t`, whose `column` is among the keys of bind_keys(), in their order.
std::string select_by_keys(const std::string& columns, const std::string& table, const std::string& column,
                           KeyForm form);

/// Finds rows of a table by id: prepared once, its memory reused. `T` is City or Province.
template <class T>
class Finder {
public:
    explicit Finder(Database& db, KeyForm form = KeyForm::keys);

    /// The rows with the ids in `wanted`, which is empty afterwards; `by_id` leads to them.
    std::vector<T> find(ById<T>& by_id);
    IdSet wanted;

private:
    KeyForm form_;
    Statement statement_;
    std::vector<std::int64_t> ids_;
};

/// Who visited what: in the order of the people, each with the number of cities given by `counts`.
struct Visits {
    std::vector<std::uint32_t> counts;   ///< per requested person
    std::vector<std::uint32_t> city_ids; ///< of all of them, one after the other
};

/// The link rows of the people with `ids`, which must ascend.
class VisitReader {
public:
    explicit VisitReader(Database& db, KeyForm form = KeyForm::keys);
    void read(Keys ids, Visits& visits);

private:
    KeyForm form_;
    Statement statement_;
};

/// Pointers to the cities of `visits`; the spans of the people refer to `places`.
std::vector<City*> places_of(const Visits& visits, ById<City>& by_id);

} // namespace bench::hand
