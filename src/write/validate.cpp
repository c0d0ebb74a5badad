#include "write/validate.hpp"

#include "base/faults.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace kith::write {

namespace {

const void* address_of(const NewRow& fresh) { return fresh.row; }
const void* address_of(const void* row) { return row; }

template <class Row>
void require_all_valid(const ModelInfo& model, std::span<const Row> rows, std::string_view set) {
    if (model.validate == nullptr) return;
    if (rows.size() == 1 && set.empty()) return require_valid(model, address_of(rows.front()));
    std::vector<Fault> faults;
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < rows.size() && faults.size() < base::most_faults; ++i) {
        const auto known = faults.size();
        model.validate(address_of(rows[i]), faults);
        if (!first && !faults.empty() && set.empty()) first = i;
        for (auto fault = known; fault < faults.size(); ++fault) {
            auto& member = faults[fault].member;
            member = fmt::format("{}[{}].{}", set, i, member);
        }
    }
    if (!faults.empty()) throw ValidationError(model.name, std::move(faults), first);
}

} // namespace

void require_valid(const ModelInfo& model, const void* row) {
    if (model.validate == nullptr) return;
    std::vector<Fault> faults;
    model.validate(row, faults);
    if (!faults.empty()) throw ValidationError(model.name, std::move(faults));
}

void require_valid(const ModelInfo& model, std::span<const NewRow> rows, std::string_view set) {
    require_all_valid(model, rows, set);
}

void require_valid(const ModelInfo& model, std::span<const void* const> rows) { require_all_valid(model, rows, {}); }

} // namespace kith::write
