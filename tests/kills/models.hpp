#pragma once

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace kills {

struct Batch;

struct Tag {
    kith::PrimaryKey<> id{};
    std::int64_t number{};
    kith::ReverseSet<Batch, "tags"> batches{};

    static constexpr kith::Table table{.name = "kill_tag", .ordering = {"number"}};
};

struct Item {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Batch, kith::on_delete<kith::OnDelete::cascade>> batch{};
    std::int64_t value{};
    std::string text{};

    static constexpr kith::Table table{.name = "kill_item"};
};

/// Removed with a statement of its own, before the row that it is on.
struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<std::monostate, Batch> on{};

    static constexpr kith::Table table{.name = "kill_note"};
};

struct Batch {
    kith::PrimaryKey<> id{};
    std::int64_t owner{}; // who alone writes it
    std::int64_t number{};
    std::int64_t label{};
    kith::ManyToMany<Tag> tags{};
    kith::ReverseSet<Item, "batch"> items{};
    kith::ReverseGeneric<Note, "on"> notes{};
    kith::Annotation<std::int64_t> item_count{};
    kith::Annotation<std::optional<std::int64_t>> item_total{};

    static constexpr kith::Table table{.name = "kill_batch", .ordering = {"number"}};
};

/// Written by each client before anything else: the locks of the one before it are gone.
struct Turn {
    kith::PrimaryKey<> id{};
    std::int64_t client{};

    static constexpr kith::Table table{.name = "kill_turn"};
};

} // namespace kills
