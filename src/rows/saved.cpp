#include "rows/saved.hpp"

#include "base/mutex.hpp"
#include "rows/page_table.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/key_mark.hpp>

#include <array>
#include <cstddef>
#include <mutex>
#include <new>
#include <unordered_set>

namespace kith::rows {

namespace {

/// The keys that are marked, by their addresses.
class KeyMarks {
public:
    bool contains(const void* key) noexcept {
        if (!any()) return false;
        auto& part = part_of(key);
        const std::lock_guard lock(part.mutex);
        return part.keys.contains(key);
    }
    void set(const void* key, bool marked) {
        if (!marked) return erase(key);
        auto& part = part_of(key);
        const std::lock_guard lock(part.mutex);
        if (!part.keys.insert(key).second) return;
        part.size.fetch_add(1, std::memory_order_relaxed);
        detail::key_marks.fetch_add(1, std::memory_order_relaxed);
    }
    void erase(const void* key) noexcept {
        if (!any()) return;
        auto& part = part_of(key);
        if (part.size.load(std::memory_order_relaxed) == 0) return;
        const std::lock_guard lock(part.mutex);
        if (part.keys.erase(key) == 0) return;
        part.size.fetch_sub(1, std::memory_order_relaxed);
        detail::key_marks.fetch_sub(1, std::memory_order_relaxed);
    }

private:
    /// Spread over several locks: destroying a row without a mark must seldom wait for one with a mark.
    struct alignas(64) Part {
        base::Mutex mutex;
        std::unordered_set<const void*> keys;
        std::atomic<std::size_t> size{0};
    };

    static bool any() noexcept { return detail::key_marks.load(std::memory_order_relaxed) != 0; }
    Part& part_of(const void* key) noexcept {
        return parts_[reinterpret_cast<std::uintptr_t>(key) / 64 % parts_.size()];
    }

    std::array<Part, 64> parts_;
};

/// Never destroyed, because rows may be static; in memory of its own, because it may be needed when there is no other.
KeyMarks& marks() noexcept {
    alignas(KeyMarks) static std::byte memory[sizeof(KeyMarks)];
    static auto& all = *new (memory) KeyMarks;
    return all;
}

bool is_saved_key(const void* key) noexcept { return PageTable::holds(key) != marks().contains(key); }

const void* key_of(const void* row, const FieldInfo& field) noexcept {
    return static_cast<const std::byte*>(row) + field.offset;
}

} // namespace

bool is_unset_key(const detail::Value& key) {
    if (const auto* number = std::get_if<std::int64_t>(&key)) return *number == 0;
    if (const auto* text = std::get_if<std::string>(&key)) return text->empty();
    if (const auto* uuid = std::get_if<Uuid>(&key)) return uuid->is_nil();
    return detail::is_null(key);
}

bool is_unset(const detail::Value& key, const FieldInfo& field) {
    return detail::is_relation(field.kind) ? detail::is_null(key) : is_unset_key(key);
}

bool is_known_saved(const void* row, const ModelInfo& model) noexcept {
    const bool resident = PageTable::holds(row);
    for (const auto* field : model.primary_key) {
        if (field->keeps_mark && marks().contains(key_of(row, *field))) return !resident;
    }
    return resident;
}

bool has_key(const void* row, const ModelInfo& model) {
    bool any = false;
    bool all = true;
    for (const auto* field : model.primary_key) {
        const auto key = read_value(row, *field);
        all = all && !detail::is_null(key);
        any = any || !is_unset(key, *field);
    }
    return (any && all) || is_known_saved(row, model);
}

void set_saved(const void* row, const ModelInfo& model, bool saved) {
    const bool resident = PageTable::holds(row);
    for (const auto* field : model.primary_key) {
        if (!field->keeps_mark) continue;
        marks().set(key_of(row, *field), is_unset_key(read_value(row, *field)) && saved != resident);
    }
}

} // namespace kith::rows

namespace kith::detail {

void copy_key_mark(const void* to, const void* from) {
    const bool saved = rows::is_saved_key(from);
    // A row that is made in a graph is inserted into the database, or does not remain.
    if (!rows::PageTable::holds(to)) rows::marks().set(to, saved);
}

void mark_unsaved(const void* key) { rows::marks().set(key, rows::PageTable::holds(key)); }

void drop_key_mark(const void* key) noexcept { rows::marks().erase(key); }

} // namespace kith::detail
