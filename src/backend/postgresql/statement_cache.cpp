#include "backend/postgresql/statement_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::backend::postgresql {
namespace {

/// Whether a statement that was prepared for `types` accepts `parameters`; NULL fits every type.
bool takes(const std::vector<type::Number>& types, const Parameters& parameters) {
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (!parameters.is_null(i) && parameters.types()[i] != types[i]) return false;
    }
    return true;
}

} // namespace

StatementCache::Entry* StatementCache::find(const sql::StatementText& sql, const Parameters& parameters) {
    const auto found = by_text_.find(sql);
    if (found == by_text_.end()) {
        entries_.push_front({.sql = sql, .name = {}, .types = {parameters.types().begin(), parameters.types().end()}});
        try {
            by_text_.emplace(entries_.front().sql, entries_.begin());
        } catch (...) {
            entries_.pop_front();
            throw;
        }
        if (entries_.size() > capacity_) {
            drop(entries_.back());
            by_text_.erase(entries_.back().sql);
            entries_.pop_back();
        }
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    auto& entry = entries_.front();
    if (entry.types.size() == parameters.types().size() && takes(entry.types, parameters)) return &entry;
    drop(entry);
    entry.types.resize(parameters.types().size(), type::unknown);
    for (std::size_t i = 0; i < entry.types.size(); ++i) {
        // A NULL has no type: the known one stays.
        if (!parameters.is_null(i)) entry.types[i] = parameters.types()[i];
    }
    return &entry;
}

void StatementCache::name(Entry& entry) { entry.name = fmt::format("{}_{}", prefix_, ++last_name_); }

void StatementCache::forget_all() {
    for (auto& entry : entries_) drop(entry);
}

void StatementCache::was_not_prepared(const std::string& name) {
    if (const auto found = std::ranges::find(entries_, name, &Entry::name); found != entries_.end()) {
        found->name.clear();
    } else {
        std::erase(dropped_, name);
    }
}

void StatementCache::clear() {
    for (auto& entry : entries_) entry.name.clear();
    dropped_.clear();
}

void StatementCache::drop(Entry& entry) {
    if (entry.name.empty()) return;
    dropped_.push_back(entry.name); // a copy: without memory for it, the name is not lost
    entry.name.clear();
}

} // namespace kith::backend::postgresql
