#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <kith/detail/value.hpp>

namespace kith::rows {

using detail::Value;

/// Numbers distinct integers in order of first appearance: open addressing, at most half full.
class IntegerIndex {
public:
    static constexpr std::uint32_t none = 0xffffffff;

    explicit IntegerIndex(std::size_t expected = 0) { resize(std::bit_ceil(expected * 2 + 16)); }

    std::size_t size() const noexcept { return size_; }

    /// The number of `key`, which is `size()` as it was when the key is new.
    std::uint32_t insert(std::int64_t key) {
        if (size_ * 2 >= slots_.size()) resize(slots_.size() * 2);
        auto& slot = find_slot(key);
        if (slot.number == none) slot = {key, static_cast<std::uint32_t>(size_++)};
        return slot.number;
    }
    std::uint32_t find(std::int64_t key) const noexcept { return const_cast<IntegerIndex*>(this)->find_slot(key).number; }

private:
    struct Slot {
        std::int64_t key{0};
        std::uint32_t number{none};
    };

    Slot& find_slot(std::int64_t key) noexcept {
        // Fibonacci hashing: neighbouring keys spread, the high bits choose.
        auto at = static_cast<std::size_t>((static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15U) >> shift_);
        while (slots_[at].number != none && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void resize(std::size_t capacity) {
        std::vector<Slot> old(capacity);
        old.swap(slots_);
        shift_ = 64 - std::countr_zero(capacity);
        for (const auto& slot : old) {
            if (slot.number != none) find_slot(slot.key) = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t size_{0};
    int shift_{0};
};

/// A value of a key column in a form that can be hashed: the texts, bytes and numbers that keys are made of.
struct ValueHash {
    std::size_t operator()(const Value& value) const noexcept {
        return std::visit([](const auto& v) { return hash(v); }, value);
    }

private:
    static std::size_t hash(std::monostate) { return 0; }
    static std::size_t hash(bool v) { return std::hash<bool>{}(v); }
    static std::size_t hash(std::int64_t v) { return std::hash<std::int64_t>{}(v); }
    static std::size_t hash(std::uint64_t v) { return std::hash<std::uint64_t>{}(v); }
    static std::size_t hash(double v) { return std::hash<double>{}(v); }
    static std::size_t hash(const std::string& v) { return std::hash<std::string>{}(v); }
    static std::size_t hash(const std::vector<std::byte>& v) {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(v.data()), v.size()});
    }
    static std::size_t hash(Date v) { return std::hash<std::int64_t>{}(v.time_since_epoch().count()); }
    static std::size_t hash(Timestamp v) { return std::hash<std::int64_t>{}(v.time_since_epoch().count()); }
    static std::size_t hash(const Uuid& v) {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(v.bytes.data()), v.bytes.size()});
    }
    static std::size_t hash(const Decimal& v) { return std::hash<double>{}(v.to_double()); }
    static std::size_t hash(const Json& v) { return std::hash<std::string>{}(v.text); }
};

/// Numbers distinct keys in order of first appearance, whatever their type.
class KeyIndex {
public:
    explicit KeyIndex(detail::ColumnType type, std::size_t expected = 0)
        : integers_(detail::is_integer(type) ? expected : 0) {}

    std::size_t size() const noexcept { return integers_.size() + values_.size(); }
    std::uint32_t insert(std::int64_t key) { return integers_.insert(key); }
    std::uint32_t insert(const Value& key) {
        if (const auto* number = std::get_if<std::int64_t>(&key)) return integers_.insert(*number);
        return values_.try_emplace(key, static_cast<std::uint32_t>(values_.size())).first->second;
    }
    /// IntegerIndex::none when the key is unknown.
    std::uint32_t find(const Value& key) const {
        if (const auto* number = std::get_if<std::int64_t>(&key)) return integers_.find(*number);
        const auto found = values_.find(key);
        return found == values_.end() ? IntegerIndex::none : found->second;
    }
    std::uint32_t find(std::int64_t key) const { return integers_.find(key); }

private:
    IntegerIndex integers_;
    std::unordered_map<Value, std::uint32_t, ValueHash> values_;
};

}  // namespace kith::rows
