#pragma once

#include <kith/detail/core/value_access.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace kith::rows {

using detail::Value;

/// Numbers distinct integers in order of first appearance.
///
/// The first few are found by comparing them all, without any memory for them. Keys that a database generates are close
/// together: of more, those below a bound that grows with their number are found by indexing an array. All others are
/// hashed, with open addressing, at most half full.
class IntegerIndex {
public:
    static constexpr std::uint32_t none = 0xffffffff;

    IntegerIndex() = default;
    /// For about `expected` keys: if these are many, the first of them are not hashed either.
    explicit IntegerIndex(std::size_t expected) noexcept : expected_(std::max(expected, fewest)) {}

    std::size_t size() const noexcept { return size_; }

    /// The number of `key`; for a new key, the `size()` before the call.
    std::uint32_t insert(std::int64_t key) {
        const auto place = static_cast<std::uint64_t>(key); // negative keys become large ones
        return place < dense_.size() ? insert_dense(place) : insert_farther(key);
    }
    std::uint32_t find(std::int64_t key) const noexcept {
        const auto place = static_cast<std::uint64_t>(key);
        if (place < dense_.size()) return dense_[place];
        if (are_few()) return find_among_few(key);
        return slots_.empty() ? none : const_cast<IntegerIndex*>(this)->find_slot(key).number;
    }

    /// Renumbers the keys in ascending order, and sorts `keys`, which holds all keys by their numbers. Returns the new
    /// number of each old one.
    std::vector<std::uint32_t> sort(std::vector<std::int64_t>& keys) {
        if (are_few()) return sort_few(keys);
        if (!slots_.empty() && !reach(farthest_hashed())) return sort_hashed(keys);
        std::vector<std::uint32_t> ranks(keys.size());
        std::uint32_t rank = 0;
        for (std::size_t key = 0; rank < ranks.size(); ++key) {
            if (dense_[key] == none) continue;
            ranks[dense_[key]] = rank;
            keys[rank] = static_cast<std::int64_t>(key);
            dense_[key] = rank++;
        }
        return ranks;
    }

private:
    static constexpr std::size_t few = 16;
    static constexpr std::size_t fewest = 64;
    struct Slot {
        std::int64_t key{0};
        std::uint32_t number{none};
    };

    /// Whether the keys are the first of `few_`.
    bool are_few() const noexcept { return dense_.empty() && slots_.empty(); }
    std::uint32_t find_among_few(std::int64_t key) const noexcept {
        for (std::uint32_t number = 0; number < size_; ++number) {
            if (few_[number] == key) return number;
        }
        return none;
    }
    std::vector<std::uint32_t> sort_few(std::vector<std::int64_t>& keys) {
        std::vector<std::uint32_t> ranks(size_);
        for (std::size_t i = 0; i < size_; ++i) {
            const auto is_less = [&](std::int64_t other) { return other < few_[i]; };
            const auto rank = std::count_if(few_.begin(), few_.begin() + static_cast<std::ptrdiff_t>(size_), is_less);
            ranks[i] = static_cast<std::uint32_t>(rank);
            keys[ranks[i]] = few_[i];
        }
        std::ranges::copy(keys, few_.begin());
        return ranks;
    }
    /// From now on they are found in the array or hashed, with the same numbers.
    void place_few() {
        const auto count = std::exchange(size_, 0);
        for (std::size_t i = 0; i < count; ++i) insert_placed(few_[i]);
    }
    /// The places that the array may have for so many keys. A few are hashed faster than a large array is filled.
    std::uint64_t most_places() const noexcept {
        return size_ < fewest && expected_ == fewest ? 128 : 8 * (std::uint64_t{size_} + expected_);
    }
    /// Extends the array to `place`, unless that would make it too large.
    bool reach(std::uint64_t place) {
        if (place >= most_places()) return false;
        dense_.resize(place + place / 2 + 64, none);
        take_over_hashed();
        return true;
    }
    /// Keys that were hashed when the bound was lower are found in the array from now on.
    void take_over_hashed() {
        bool all = true;
        for (const auto& slot : slots_) {
            if (slot.number == none) continue;
            const auto place = static_cast<std::uint64_t>(slot.key);
            if (place < dense_.size()) {
                dense_[place] = slot.number;
            } else {
                all = false;
            }
        }
        if (!all) return;
        slots_.clear();
        hashed_ = 0;
    }
    std::vector<std::uint32_t> sort_hashed(std::vector<std::int64_t>& keys) {
        std::vector<Slot> order(keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) order[i] = {keys[i], static_cast<std::uint32_t>(i)};
        std::ranges::sort(order, {}, &Slot::key);
        std::vector<std::uint32_t> ranks(keys.size());
        for (std::size_t rank = 0; rank < order.size(); ++rank) {
            ranks[order[rank].number] = static_cast<std::uint32_t>(rank);
            keys[rank] = order[rank].key;
        }
        const auto renumber = [&](std::uint32_t& number) {
            if (number != none) number = ranks[number];
        };
        for (auto& number : dense_) renumber(number);
        for (auto& slot : slots_) renumber(slot.number);
        return ranks;
    }
    std::uint64_t farthest_hashed() const noexcept {
        std::uint64_t farthest = 0;
        for (const auto& slot : slots_) {
            if (slot.number != none) farthest = std::max(farthest, static_cast<std::uint64_t>(slot.key));
        }
        return farthest;
    }
    std::uint32_t insert_dense(std::uint64_t place) {
        auto& number = dense_[place];
        if (number == none) number = static_cast<std::uint32_t>(size_++);
        return number;
    }
    /// Out of line, so that the code before the call is small enough to be inlined into the loops of callers.
    [[gnu::noinline]] std::uint32_t insert_farther(std::int64_t key) {
        if (are_few()) {
            if (const auto known = find_among_few(key); known != none) return known;
            if (size_ < few && expected_ == fewest) {
                few_[size_] = key;
                return static_cast<std::uint32_t>(size_++);
            }
            place_few();
        }
        return insert_placed(key);
    }
    std::uint32_t insert_placed(std::int64_t key) {
        const auto place = static_cast<std::uint64_t>(key);
        if (place < dense_.size() || reach(place)) return insert_dense(place);
        if (hashed_ * 2 >= slots_.size()) grow();
        auto& slot = find_slot(key);
        if (slot.number == none) {
            slot = {key, static_cast<std::uint32_t>(size_++)};
            ++hashed_;
        }
        return slot.number;
    }
    Slot& find_slot(std::int64_t key) noexcept {
        // Fibonacci hashing: neighbouring keys spread, the high bits choose.
        auto at = static_cast<std::size_t>((static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15U) >> shift_);
        while (slots_[at].number != none && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void grow() {
        constexpr std::size_t first = 32; // for the keys of a small load
        std::vector<Slot> old(slots_.empty() ? first : slots_.size() * 2);
        old.swap(slots_);
        shift_ = 64 - std::countr_zero(slots_.size());
        for (const auto& slot : old) {
            if (slot.number != none) find_slot(slot.key) = slot;
        }
    }

    std::array<std::int64_t, few> few_{}; // by number, while there are no others
    std::vector<std::uint32_t> dense_;    // by key
    std::vector<Slot> slots_;
    std::size_t expected_{fewest};
    std::size_t size_{0};
    std::size_t hashed_{0};
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
    static std::size_t hash(LocalTimestamp v) { return std::hash<std::int64_t>{}(v.time_since_epoch().count()); }
    static std::size_t hash(const Uuid& v) {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(v.bytes.data()), v.bytes.size()});
    }
    static std::size_t hash(const Decimal& v) { return std::hash<std::string>{}(v.str()); }
    static std::size_t hash(const Json& v) { return std::hash<std::string>{}(v.text); }
};

/// Whether two keys are the same. Decimals must also have the same digits: 1.5 and 1.50 are equal, but a database that
/// stores them as text distinguishes them.
struct SameKey {
    bool operator()(const Value& a, const Value& b) const {
        const auto* left = std::get_if<Decimal>(&a);
        const auto* right = std::get_if<Decimal>(&b);
        return left != nullptr && right != nullptr ? left->str() == right->str() : a == b;
    }
    bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
        return std::ranges::equal(a, b, *this);
    }
};

/// Numbers distinct keys of several columns in order of first appearance.
class CompositeIndex {
public:
    std::size_t size() const noexcept { return numbers_.size(); }
    /// The number of `key`; for a new key, the `size()` before the call.
    std::uint32_t insert(const std::vector<Value>& key) {
        return numbers_.try_emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
    }

private:
    struct Hash {
        std::size_t operator()(const std::vector<Value>& key) const noexcept {
            std::size_t hash = 0;
            for (const auto& part : key) hash = (hash ^ ValueHash{}(part)) * 0x9e3779b97f4a7c15U;
            return hash;
        }
    };

    std::unordered_map<std::vector<Value>, std::uint32_t, Hash, SameKey> numbers_;
};

/// Numbers distinct keys in order of first appearance, whatever their type. All keys of one index are of one type.
class KeyIndex {
public:
    std::size_t size() const noexcept { return integers_.size() + values_.size(); }
    std::uint32_t insert(std::int64_t key) { return integers_.insert(key); }
    std::uint32_t insert(const Value& key) {
        if (is_integer(key)) return integers_.insert(detail::integer_bits(key));
        return values_.try_emplace(key, static_cast<std::uint32_t>(values_.size())).first->second;
    }
    /// IntegerIndex::none if the key is unknown.
    std::uint32_t find(const Value& key) const {
        if (is_integer(key)) return integers_.find(detail::integer_bits(key));
        const auto found = values_.find(key);
        return found == values_.end() ? IntegerIndex::none : found->second;
    }
    std::uint32_t find(std::int64_t key) const { return integers_.find(key); }
    /// See IntegerIndex::sort.
    std::vector<std::uint32_t> sort(std::vector<std::int64_t>& keys) { return integers_.sort(keys); }

private:
    static bool is_integer(const Value& key) {
        return std::holds_alternative<std::int64_t>(key) || std::holds_alternative<std::uint64_t>(key);
    }

    IntegerIndex integers_;
    std::unordered_map<Value, std::uint32_t, ValueHash, SameKey> values_;
};

} // namespace kith::rows
