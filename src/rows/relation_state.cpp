#include "rows/relation_state.hpp"

#include "rows/graph.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/value_access.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace kith::rows {

namespace {

using State = RelationState;

/// A detached key that does not fit into eight bytes, with the link that it replaces.
struct DetachedKey {
    Value key;
    std::vector<Value> parts; // of a composite key that was assigned; its members are written later
    std::uintptr_t link;
};

std::uintptr_t tag_of(std::uintptr_t link) noexcept { return link & State::tag_bits; }
std::uintptr_t address_of(std::uintptr_t link) noexcept { return link & ~State::tag_bits; }

bool leads_somewhere(std::uintptr_t link) noexcept { return tag_of(link) != 0; }

DetachedKey* detached_key(std::uintptr_t link) noexcept {
    if (tag_of(link) != 0 || link < State::least_address) return nullptr;
    return reinterpret_cast<DetachedKey*>(link);
}

std::uintptr_t take_hold(std::uintptr_t link) noexcept {
    if (leads_somewhere(link)) detail::hold_row(reinterpret_cast<void*>(address_of(link)));
    return link;
}

void release(std::uintptr_t link) noexcept {
    if (leads_somewhere(link)) detail::release_row(reinterpret_cast<void*>(address_of(link)));
}

/// Stores the values of an assigned composite key in the detached member, for settle_keys() to write.
void add_parts(State& state, std::vector<Value> parts) {
    const auto link = state.link.load(std::memory_order_relaxed);
    if (auto* kept = detached_key(link)) {
        kept->parts = std::move(parts);
    } else {
        kept = new DetachedKey{{}, std::move(parts), link};
        state.link.store(reinterpret_cast<std::uintptr_t>(kept), std::memory_order_relaxed);
    }
}

bool is_composite(const FieldInfo& field) noexcept { return field.kind == detail::MemberKind::composite_key; }

} // namespace

void write_detached(State& state, std::uintptr_t link, const Value& key) {
    if (const auto* number = std::get_if<std::int64_t>(&key)) {
        state.key = static_cast<std::uint64_t>(*number);
    } else if (!detail::is_null(key)) {
        link = reinterpret_cast<std::uintptr_t>(new DetachedKey{key, {}, take_hold(link)});
        state.link.store(link, std::memory_order_relaxed);
        return;
    }
    state.link.store(take_hold(link), std::memory_order_relaxed);
}

void write_detached_parts(State& state, std::uintptr_t link, std::vector<Value> parts) {
    state.link.store(take_hold(link), std::memory_order_relaxed);
    add_parts(state, std::move(parts));
}

bool is_wide(detail::ColumnType key_type) noexcept { return !detail::is_integer(key_type); }

Detached read_detached(const State& state) {
    auto link = state.link.load(std::memory_order_relaxed);
    Detached result;
    if (const auto* wide = detached_key(link)) {
        result.key = wide->key;
        result.parts = wide->parts;
        link = wide->link;
    } else if (link != 0) {
        result.key = static_cast<std::int64_t>(state.key);
    }
    auto* address = reinterpret_cast<void*>(address_of(link));
    switch (tag_of(link)) {
    case State::copied:
    case State::copied_null: result.origin = static_cast<State*>(address); break;
    case State::held: result.held = address; break;
    default: break;
    }
    result.null = link == 0 || tag_of(link) == State::copied_null || leads_to_null(result.parts);
    if (result.null) result.key = Value{};
    return result;
}

bool origin_speaks_for(const Detached& member) {
    const auto& field = place_of(member.origin).field;
    if (!member.parts.empty()) return key_parts(*member.origin) == member.parts;
    return !detail::has_column(field.kind) || resident_key(*member.origin, field) == member.key;
}

Value resident_key(const State& state, const FieldInfo& field) {
    if (is_null_key(state)) return {};
    if (is_wide(field.type)) return *reinterpret_cast<const Value*>(state.key);
    return detail::integer_value(field.type, static_cast<std::int64_t>(state.key));
}

Value key_of(const State& state) {
    return state.is_resident() ? resident_key(state, place_of(&state).field) : read_detached(state).key;
}

bool leads_to_null(std::span<const Value> parts) noexcept { return std::ranges::any_of(parts, detail::is_null); }

std::vector<Value> key_parts(const State& state) {
    if (!state.is_resident()) {
        auto member = read_detached(state);
        if (!member.parts.empty() || member.origin == nullptr) return std::move(member.parts);
        return key_parts(*member.origin);
    }
    const auto place = place_of(&state);
    if (!is_composite(place.field)) return {};
    return read_values(place.row, place.field.relation->source_columns);
}

namespace {

/// Writes the parts of a composite key into the members of `row` that hold it. NULL is written to those that can hold
/// it.
void write_parts(void* row, const FieldInfo& field, std::span<const Value> parts) {
    const auto& members = field.relation->source_columns;
    if (!leads_to_null(parts)) {
        for (std::size_t i = 0; i < members.size(); ++i) write_value(row, *members[i], parts[i]);
        return;
    }
    if (!field.nullable) {
        throw ValueError(
            fmt::format("{} cannot be null: none of the members that hold its key is a std::optional", field.label()),
            {.model = field.model->name, .lookup = field.name});
    }
    for (const auto* member : members) {
        if (member->nullable) write_value(row, *member, Value{});
    }
}

} // namespace

void settle_keys(void* row, const ModelInfo& model) {
    for (const auto* field : model.states) {
        auto& state = state_of(row, *field);
        if (!is_composite(*field) || state.is_resident()) continue;
        auto* kept = detached_key(state.link.load(std::memory_order_relaxed));
        if (kept == nullptr) continue;
        write_parts(row, *field, kept->parts);
        state.link.store(kept->link, std::memory_order_relaxed);
        delete kept;
    }
}

void become_copy(State& state, const State& resident) {
    State copy(resident); // first: without memory for it, the member keeps its key
    std::destroy_at(&state);
    std::construct_at(&state);
    state.key = copy.key;
    state.link.store(copy.link.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
}

void make_resident(State& state, const FieldInfo& field, Segment& segment) {
    if (is_composite(field)) {
        const auto was = read_detached(state);
        const detail::RowHandle held(was.held);
        std::destroy_at(&state);
        std::construct_at(&state);
        state.link.store(State::resident_bit, std::memory_order_relaxed);
        const auto place = place_of(&state);
        if (!was.parts.empty()) write_parts(place.row, field, was.parts);
        if (was.held != nullptr) point_at(state, place, was.held);
        return;
    }
    if (!detail::has_column(field.kind)) {
        const State released(std::move(state)); // releases the hold of the copy
        std::destroy_at(&state);
        std::construct_at(&state);
        state.link.store(State::resident_bit, std::memory_order_relaxed);
        return;
    }
    const auto was = read_detached(state);
    const detail::RowHandle held(was.held);
    std::destroy_at(&state);
    std::construct_at(&state);
    if (was.null) {
        state.link.store(State::resident_bit | State::loaded_bit | State::null_key, std::memory_order_relaxed);
        return;
    }
    state.key = is_wide(field.type) ? reinterpret_cast<std::uintptr_t>(segment.keep(was.key))
                                    : static_cast<std::uint64_t>(detail::integer_bits(was.key));
    state.link.store(State::resident_bit, std::memory_order_relaxed);
    if (was.held != nullptr) point_at(state, place_of(&state), was.held);
}

namespace {

/// The segment that a loaded member leads into; null if it leads nowhere.
Segment* segment_behind(const State& state, const FieldInfo& field) noexcept {
    if (!detail::is_to_one(field.kind)) return loaded_set(state).segment;
    auto* row = state.peek_row();
    return row == nullptr ? nullptr : &Page::of(row).segment_of(row);
}

} // namespace

void forget_loaded(State& state, const Place& place) noexcept {
    const auto link = state.link.load(std::memory_order_acquire);
    if ((link & State::loaded_bit) == 0 || address_of(link) == State::null_key) return;
    auto* segment = segment_behind(state, place.field);
    state.link.store(State::resident_bit, std::memory_order_release);
    if (segment == nullptr) return;
    if (&segment->graph() != &place.page.graph()) {
        Graph::unlink(place.page.graph(), segment->graph());
    } else if (segment->owner() == &place.segment && !segment->is_pinned()) {
        segment->orphan();
    }
}

void set_resident_parts(State& state, const Place& place, std::span<const Value> parts) {
    write_parts(place.row, place.field, parts);
    forget_loaded(state, place);
}

void set_resident_key(State& state, const Place& place, const Value& key) {
    if (resident_key(state, place.field) == key) return;
    forget_loaded(state, place);
    if (detail::is_null(key)) {
        state.link.store(State::resident_bit | State::loaded_bit | State::null_key, std::memory_order_release);
        return;
    }
    state.key = is_wide(place.field.type) ? reinterpret_cast<std::uintptr_t>(place.segment.keep(key))
                                          : static_cast<std::uint64_t>(detail::integer_bits(key));
    state.link.store(State::resident_bit, std::memory_order_release);
}

void* read_row(const State& state) noexcept {
    if (auto* row = state.loaded_row()) return row;
    auto* row = state.peek_row();
    if (row == nullptr) return nullptr;
    Page::of(row).segment_of(row).note_read();
    // Not a read-modify-write: another thread that reads the row at the same time stores the same value.
    auto& link = const_cast<State&>(state).link;
    link.store(link.load(std::memory_order_relaxed) & ~State::watched_bit, std::memory_order_release);
    return row;
}

void point_at(State& state, const Place& place, void* row) {
    if (state.peek_row() == row) return;
    auto& page = Page::of(row);
    page.segment_of(row).pin();
    Graph::link(place.page.graph(), page.graph());
    forget_loaded(state, place);
    publish_row(state, row);
}

} // namespace kith::rows

namespace kith::detail {

using rows::place_of;

void RelationState::copy_from(const RelationState& other) {
    const auto their = other.link.load(std::memory_order_acquire);
    const auto here = reinterpret_cast<std::uintptr_t>(&other);
    if ((their & resident_bit) == 0) {
        if (const auto* wide = rows::detached_key(their); wide != nullptr && !wide->parts.empty()) {
            rows::write_detached_parts(*this, wide->link, wide->parts);
        } else if (wide != nullptr) {
            rows::write_detached(*this, wide->link, wide->key);
        } else {
            key = other.key;
            link.store(rows::take_hold(their), std::memory_order_relaxed);
        }
        return;
    }
    const auto place = place_of(&other);
    if (!detail::has_column(place.field.kind)) {
        link.store(rows::take_hold(here | copied), std::memory_order_relaxed);
        return;
    }
    const auto their_key = rows::resident_key(other, place.field);
    rows::write_detached(*this, here | (is_null(their_key) ? copied_null : copied), their_key);
}

RelationState& RelationState::operator=(const RelationState& other) {
    if (this == &other) return *this;
    auto parts = rows::key_parts(other);
    if (!is_resident()) {
        RelationState copy(other);
        if (!parts.empty()) rows::add_parts(copy, std::move(parts));
        drop();
        key = copy.key;
        link.store(copy.link.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
        return *this;
    }
    auto* row = rows::read_row(other);
    if (!other.is_resident()) row = rows::read_detached(other).held;
    const auto place = place_of(this);
    if (rows::is_composite(place.field)) {
        if (!parts.empty()) rows::set_resident_parts(*this, place, parts);
    } else {
        rows::set_resident_key(*this, place, rows::key_of(other));
    }
    if (row != nullptr) rows::point_at(*this, place, row);
    return *this;
}

void RelationState::drop() noexcept {
    const auto old = link.exchange(0, std::memory_order_relaxed);
    if (auto* wide = rows::detached_key(old)) {
        rows::release(wide->link);
        delete wide;
    } else {
        rows::release(old);
    }
}

} // namespace kith::detail
