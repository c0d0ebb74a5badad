#pragma once

#include "imdb/hand/models.hpp"
#include "imdb/hand/pipeline.hpp"

#include <string>

/// The queries as one statement each, whose related rows are arrays of records.
namespace bench::imdb {

class SingleLoad {
public:
    SingleLoad(const std::string& url, const char* sql) : connection_(url), statement_(connection_.prepare(sql)) {}

protected:
    Rows rows(std::int32_t id);

private:
    Connection connection_;
    std::string statement_;
};

class MovieSingle : SingleLoad {
public:
    explicit MovieSingle(const std::string& url);
    MoviePage load(std::int32_t id);
};

class UserSingle : SingleLoad {
public:
    explicit UserSingle(const std::string& url);
    UserPage load(std::int32_t id);
};

class PersonSingle : SingleLoad {
public:
    explicit PersonSingle(const std::string& url);
    PersonPage load(std::int32_t id);
};

} // namespace bench::imdb
