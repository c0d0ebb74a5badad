#include "query/default_query.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace kith::query {

namespace {

/// The models whose default querysets are being built on this thread, each for a lookup of the one before.
thread_local std::vector<const ModelInfo*> in_the_making;

class Making {
public:
    explicit Making(const ModelInfo& model) {
        if (std::ranges::find(in_the_making, &model) != in_the_making.end()) refuse(model);
        in_the_making.push_back(&model);
    }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;
    ~Making() { in_the_making.pop_back(); }

private:
    [[noreturn]] static void refuse(const ModelInfo& model) {
        std::vector<std::string> names;
        for (const auto* each : in_the_making) names.push_back(each->name);
        names.push_back(model.name);
        throw ValueError(
            fmt::format("the default querysets of these models prefetch each other in a circle: {}; leave a "
                        "lookup out of one of them",
                        fmt::join(names, " → ")),
            {.model = model.name});
    }
};

} // namespace

std::shared_ptr<const detail::Query> default_query(const ModelInfo& model, const Database& db) {
    if (model.objects == nullptr) return nullptr;
    const Making making(model);
    return model.objects(std::make_shared<const detail::Query>(detail::Query{.model = &model, .db = db}));
}

} // namespace kith::query
