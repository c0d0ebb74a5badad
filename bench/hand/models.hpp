#pragma once

#include "common/cases.hpp"
#include "common/measure.hpp"
#include "hand/key_form.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// The travel data as plain structs, and the few containers that the loads need. Ids start at 1, so 0 means no key.
namespace bench::hand {

struct City;

struct Province {
    std::int64_t id{0};
    std::string name;
    std::span<City* const> cities;
};

struct City {
    std::int64_t id{0};
    std::string name;
    std::int64_t province_id{0};
    Province* province{nullptr};
};

struct Person {
    std::int64_t id{0};
    std::string firstname;
    std::string lastname;
    std::int64_t hometown_id{0};
    std::int64_t living_id{0};
    City* hometown{nullptr};
    City* living{nullptr};
    std::span<City* const> visitation;
};

/// Rows whose number is not known in advance: blocks that never move, where a growing vector would move every string
/// repeatedly and hold all rows twice meanwhile.
template <class T>
class Blocks {
public:
    T& append() {
        if (size_ % per_block == 0) blocks_.push_back(std::make_unique<Block>());
        return *new (blocks_.back()->at(size_++ % per_block)) T();
    }
    std::size_t size() const noexcept { return size_; }
    template <class Visit>
    void each(Visit&& visit) {
        for (std::size_t i = 0; i < size_; ++i) visit(*reinterpret_cast<T*>(blocks_[i / per_block]->at(i % per_block)));
    }

    Blocks() = default;
    Blocks(Blocks&& other) noexcept : blocks_(std::move(other.blocks_)), size_(std::exchange(other.size_, 0)) {}
    Blocks& operator=(Blocks&& other) noexcept {
        std::swap(blocks_, other.blocks_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Blocks() {
        each([](T& row) { row.~T(); });
    }

private:
    static constexpr std::size_t per_block = 512;
    struct Block {
        // Left uninitialized: rows are made in it one by one.
        Block() {} // NOLINT(modernize-use-equals-default)
        void* at(std::size_t i) noexcept { return bytes + i * sizeof(T); }
        alignas(T) std::byte bytes[per_block * sizeof(T)];
    };

    std::vector<std::unique_ptr<Block>> blocks_;
    std::size_t size_{0};
};

/// A set of ids, which automatic keys keep dense: one bit each.
class IdSet {
public:
    void insert(std::int64_t id) {
        const auto word = static_cast<std::size_t>(id) / 64;
        if (word >= words_.size()) words_.resize(word + word / 2 + 16);
        words_[word] |= std::uint64_t{1} << (id % 64);
    }
    /// All ids in ascending order, in which SQLite finds them fastest; the set is empty afterwards.
    void take_sorted(std::vector<std::int64_t>& ids) {
        ids.clear();
        for (std::size_t word = 0; word < words_.size(); ++word) {
            for (auto bits = std::exchange(words_[word], 0); bits != 0; bits &= bits - 1) {
                ids.push_back(static_cast<std::int64_t>(word * 64) + std::countr_zero(bits));
            }
        }
    }

private:
    std::vector<std::uint64_t> words_;
};

/// From id to row, by dense ids.
template <class T>
class ById {
public:
    /// Room for ids up to `last`. Existing entries are kept.
    void reach(std::int64_t last) {
        if (static_cast<std::size_t>(last) >= rows_.size()) rows_.resize(static_cast<std::size_t>(last) + 1);
    }
    T*& operator[](std::int64_t id) noexcept { return rows_[static_cast<std::size_t>(id)]; }

private:
    std::vector<T*> rows_;
};

// The workloads, each in the file of its group.
void forward_key(Run& run, KeyForm form);
void reverse_key(Run& run, KeyForm form);
void many_to_many(Run& run, KeyForm form);
void two_levels(Run& run, KeyForm form);
void streaming(Run& run);
void select_related(Run& run);
void plain(Run& run);
void small_loads(Run& run);
void single_loads(Run& run);
void bulk_create(Run& run);
void keys_10k(Run& run);
void keys_100k(Run& run);
void keys_1m(Run& run);
void set_links(Run& run);
void save_rows(Run& run);

// For comparison only: see bench/README.md.
void many_to_many_join(Run& run);
void forward_key_scan(Run& run);
void reverse_key_scan(Run& run);
void many_to_many_scan(Run& run);
void two_levels_scan(Run& run);

} // namespace bench::hand
