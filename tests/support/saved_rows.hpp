#pragma once

#include "support/test_database.hpp"

#include <kith/kith.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the tests of saved rows share.
namespace travel {

/// Statements that may use 0 as a key.
inline std::string with_zero_keys(const std::string& sql) {
    return by_backend("", "", "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');") + sql;
}

/// Objects of all kinds that are a saved row: from a QuerySet, copied, moved, detached, kept in containers. Each is
/// read separately.
template <class Read, class Use>
void with_each_copy(const Read& read, const Use& use) {
    using M = typename decltype(read())::Model;
    const auto use_row = [&](auto make, const char* which) {
        const kith::Ref<M> row = read();
        auto object = make(*row);
        use(*object, which);
    };
    use_row([](M& row) { return &row; }, "the row itself");
    use_row([](M& row) { return std::make_unique<M>(row); }, "a copy");
    use_row([](M& row) { return std::make_unique<M>(M(row)); }, "a moved copy");
    use_row([](M& row) { return std::make_unique<M>(*std::make_unique<M>(row)); }, "a copy of a copy");
    use_row([](M& row) { return std::make_unique<M>(kith::detached(row)); }, "detached");
    use_row([](M& row) { return std::optional<M>(std::in_place, kith::detached(row)); }, "in an optional");
    use_row(
        [](M& row) {
            std::vector<M> list;
            for (int i = 0; i < 9; ++i) list.push_back(row);
            return std::make_unique<M>(std::move(list.front()));
        },
        "out of a vector that grew");
}

} // namespace travel
