#include "kills/operations.hpp"

#include "kills/models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

namespace kills {

using namespace kith::literals;

namespace {

constexpr std::int64_t tags = 6;
constexpr std::size_t most_batches = 6;
constexpr std::int64_t most_items = 2500;

std::int64_t items_in(const Rows& rows) {
    std::int64_t items = 0;
    for (const auto& [number, batch] : rows) items += batch.items;
    return items;
}

kith::Ref<Batch> batch_of(const Operation& operation, const kith::Database& db) {
    return db.objects<Batch>().get("owner"_f = operation.owner, "number"_f = operation.batch);
}

void add_items(const Operation& operation, const kith::Database& db, const kith::Ref<Batch>& batch) {
    const std::vector<Item> items(static_cast<std::size_t>(operation.items),
                                  {.batch = batch, .value = operation.number, .text = std::string(40, 'i')});
    (void)db.objects<Item>().bulk_create(items);
}

std::vector<kith::Ref<Tag>> tags_of(const Operation& operation, const kith::Database& db) {
    return db.objects<Tag>().filter("number__in"_f = std::vector(operation.tags.begin(), operation.tags.end())).rows();
}

/// A Batch with all that belongs to it, and two inner blocks: one is rolled back.
void create(const Operation& operation, kith::Database& tx) {
    const auto batch = tx.objects<Batch>().create({.owner = operation.owner, .number = operation.number});
    add_items(operation, tx, batch);
    batch->tags.set(tags_of(operation, tx));
    tx.atomic([&] {
        (void)tx.objects<Batch>().filter("id"_f = batch->id).update("label"_f = operation.number);
        tx.objects<Note>().create({.on = batch});
    });
    try {
        tx.atomic([&] {
            tx.objects<Note>().create({.on = batch});
            throw std::domain_error("changed its mind");
        });
    } catch (const std::domain_error&) {}
    tx.objects<Note>().create({.on = batch});
}

} // namespace

std::string_view name_of(Kind kind) {
    static constexpr std::array<std::string_view, kinds> names{"atomic", "bulk_create", "save",   "insert",
                                                               "update", "set",         "remove", "remove_many"};
    return names.at(static_cast<std::size_t>(kind));
}

Operation operation(const Rows& rows, std::uint64_t seed, std::int64_t number, std::int64_t owner) {
    std::mt19937_64 random(seed + 0x9e3779b97f4a7c15 * static_cast<std::uint64_t>(number));
    Operation next{.owner = owner, .number = number};
    static constexpr std::array<std::int64_t, 4> sizes{2, 40, 600, 1200};
    next.items = sizes[random() % sizes.size()];
    for (std::int64_t tag = 1; tag <= tags; ++tag) {
        if (random() % 2 == 0) next.tags.insert(tag);
    }
    if (rows.empty()) return next;
    next.kind = static_cast<Kind>(random() % kinds);
    next.batch = std::next(rows.begin(), static_cast<std::ptrdiff_t>(random() % rows.size()))->first;
    if (rows.size() >= most_batches || items_in(rows) > most_items) {
        next.kind = random() % 2 == 0 ? Kind::remove : Kind::remove_many;
    }
    return next;
}

void apply_to_rows(const Operation& operation, Rows& rows) {
    if (operation.kind == Kind::atomic) {
        rows[operation.number] = {.label = operation.number,
                                  .tags = operation.tags,
                                  .notes = 2,
                                  .items = operation.items,
                                  .total = operation.items * operation.number};
        return;
    }
    auto& batch = rows.at(operation.batch);
    const auto added = operation.kind == Kind::bulk_create ? operation.items : 1;
    switch (operation.kind) {
    case Kind::atomic: break;
    case Kind::bulk_create:
    case Kind::insert:
        batch.items += added;
        batch.total += added * operation.number;
        break;
    case Kind::save: batch.label = operation.number; break;
    case Kind::update: batch.total = batch.items * operation.number; break;
    case Kind::set: batch.tags = operation.tags; break;
    case Kind::remove: rows.erase(operation.batch); break;
    case Kind::remove_many: rows.erase(rows.begin(), rows.upper_bound(operation.batch)); break;
    }
}

void perform(const Operation& operation, const kith::Database& db) {
    if (operation.kind == Kind::atomic) return db.atomic([&](kith::Database& tx) { create(operation, tx); });
    const auto batch = batch_of(operation, db);
    switch (operation.kind) {
    case Kind::atomic: break;
    case Kind::bulk_create: add_items(operation, db, batch); break;
    case Kind::save:
        batch->label = operation.number;
        db.save(batch);
        break;
    case Kind::insert: {
        Item item{.batch = batch, .value = operation.number};
        db.save(item);
        break;
    }
    case Kind::update: (void)db.objects<Item>().filter("batch"_f = batch).update("value"_f = operation.number); break;
    case Kind::set: batch->tags.set(tags_of(operation, db)); break;
    case Kind::remove: db.remove(batch); break;
    case Kind::remove_many:
        (void)db.objects<Batch>().filter("owner"_f = operation.owner, "number__lte"_f = operation.batch).remove();
        break;
    }
}

void make_tables(const kith::Database& db) {
    db.create_tables<Tag, Batch, Item, Note, Turn>();
    for (std::int64_t tag = 1; tag <= tags; ++tag) db.objects<Tag>().create({.number = tag});
    db.objects<Turn>().create({.id = 1});
}

Rows load(const kith::Database& db, std::int64_t owner) {
    Rows rows;
    for (const Batch& batch :
         db.objects<Batch>()
             .filter("owner"_f = owner)
             .annotate("item_count"_f = kith::Count("items"_f), "item_total"_f = kith::Sum("items__value"_f))
             .prefetch_related("tags", "notes")) {
        auto& found = rows[batch.number];
        found = {.label = batch.label,
                 .notes = batch.notes.all().size(),
                 .items = batch.item_count,
                 .total = batch.item_total.value().value_or(0)};
        for (const Tag& tag : batch.tags.all()) found.tags.insert(tag.number);
    }
    return rows;
}

void require_no_orphans(const kith::Database& db) {
    const auto [batches, all_items, all_notes] = kith::evaluate_together(
        db.objects<Batch>().annotate("item_count"_f = kith::Count("items"_f)).prefetch_related("notes"),
        kith::count_of(db.objects<Item>()), kith::count_of(db.objects<Note>()));
    std::int64_t items = 0;
    std::size_t notes = 0;
    for (const Batch& batch : batches) {
        items += batch.item_count;
        notes += batch.notes.all().size();
    }
    if (all_items != items) throw std::logic_error(fmt::format("{} items, {} in a batch", all_items, items));
    if (static_cast<std::size_t>(all_notes) != notes) {
        throw std::logic_error(fmt::format("{} notes, {} on a batch", all_notes, notes));
    }
}

std::string text_of(const Rows& rows) {
    std::string text;
    for (const auto& [number, batch] : rows) {
        text += fmt::format("  batch {}: label {}, tags {}, {} notes, {} items of {} in all\n", number, batch.label,
                            fmt::join(batch.tags, ","), batch.notes, batch.items, batch.total);
    }
    return text.empty() ? "  no batch\n" : text;
}

} // namespace kills
