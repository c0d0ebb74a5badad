#pragma once

#include "imdb/common/client.hpp"
#include "imdb/hand/models.hpp"
#include "imdb/hand/pipeline.hpp"

#include <string>

/// The queries over one connection, each in one round trip. The statements of a load see one state of the database:
/// BEGIN and COMMIT travel with them.
namespace bench::imdb {

class MovieLoad {
public:
    explicit MovieLoad(const std::string& url);
    MoviePage load(std::int32_t id);

private:
    Connection connection_;
    std::string begin_;
    std::string movie_;
    std::string directors_;
    std::string cast_;
    std::string reviews_;
    std::string commit_;
};

class UserLoad {
public:
    explicit UserLoad(const std::string& url);
    UserPage load(std::int32_t id);

private:
    Connection connection_;
    std::string begin_;
    std::string user_;
    std::string reviews_;
    std::string commit_;
};

class PersonLoad {
public:
    explicit PersonLoad(const std::string& url);
    PersonPage load(std::int32_t id);

private:
    Connection connection_;
    std::string begin_;
    std::string person_;
    std::string acted_in_;
    std::string directed_;
    std::string commit_;
};

class MovieInsert {
public:
    explicit MovieInsert(const std::string& url);
    InsertedMovie insert(const NewMovie& values);

private:
    Connection connection_;
    std::string insert_;
};

} // namespace bench::imdb
