#pragma once

#include "models.hpp"

struct Reader {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<City> hometown{};
    kith::ManyToMany<City> visitation{};
    kith::Annotation<std::int64_t> visits{};
    kith::Annotation<std::optional<std::int64_t>> most{};
};
struct Loan {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Reader> reader{};
};
