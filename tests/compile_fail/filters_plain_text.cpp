// EXPECT: kith: this text is no literal, so it cannot be checked
#include "models.hpp"

#include <kith/filters.hpp>

kith::Filters<Person> allowed(const std::string& name) { return {name}; }
