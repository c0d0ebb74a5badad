#include "run/lazy.hpp"

#include "base/mutex.hpp"
#include "observe/detectors.hpp"
#include "prefetch/load.hpp"
#include "query/lookups.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"

#include <kith/detail/core/sets.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace kith::run {

namespace {

using detail::FieldInfo;
using detail::RelationState;

/// Maximum number of rows that `FetchMode::peers` loads for at once.
constexpr std::size_t peer_window = 20'000;

const char* remedy_for(const FieldInfo& field) {
    return detail::is_to_one(field.kind) ? "select_related" : "prefetch_related";
}

[[noreturn]] void block(const FieldInfo& field) {
    const auto* call = remedy_for(field);
    throw FetchBlocked(fmt::format("Fetching of {} blocked by FetchMode::raise: add .{}(\"{}\") to the QuerySet",
                                   field.label(), call, field.name),
                       {.model = field.model->name, .lookup = field.name});
}

} // namespace

std::vector<void*> peers_of(const rows::Segment& segment, const void* row) {
    std::vector<void*> rows;
    rows.reserve(segment.size());
    segment.each_row([&](void* peer) { rows.push_back(peer); });
    if (rows.size() <= peer_window) return rows;
    const auto at = static_cast<std::size_t>(std::ranges::find(rows, row) - rows.begin());
    const auto first = std::min(at - std::min(at, peer_window / 2), rows.size() - peer_window);
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(peer_window)};
}

void note_read_alone(const connection::Session& session, std::unique_lock<base::Mutex>& loading, rows::Segment& segment,
                     const FieldInfo& field, std::size_t statements, const std::string& remedy) {
    const auto& detectors = session.detectors();
    auto& root = segment.root();
    if (!detectors->any() || root.size() < 2) return;
    if (root.watch_number == 0) root.watch_number = observe::next_fetch();
    const auto fetch = root.watch_number;
    loading.unlock(); // a callback may continue to read the same rows
    detectors->read_alone(
        {.fetch = fetch, .model = field.model->name, .member = field.name, .statements = statements, .remedy = remedy});
}

observe::CallInfo loading_of(const FieldInfo& field, std::source_location where) {
    return {.name = "load", .model = field.model, .member = field.name, .where = where};
}

void load_lazily(const RelationState& member, const observe::CallInfo& call) {
    const auto place = rows::place_of(&member);
    if (detail::is_slot(place.field.kind)) {
        throw NotLoaded(fmt::format("{} was not filled: add kith::Prefetch(\"…\"_f, queryset, \"{}\"_f) to the "
                                    "prefetch_related of the QuerySet that loads {}",
                                    place.field.label(), place.field.name, place.field.model->name),
                        {.model = place.field.model->name, .lookup = place.field.name});
    }
    const auto mode = place.segment.mode();
    if (mode == FetchMode::raise) block(place.field);
    if (!detail::is_forward_key(place.field.kind)) {
        rows::require_saved(place.row, place.page.model(), "using its relations");
    }

    auto& graph = place.page.graph();
    // The connection is acquired before the lock: a thread inside its own transaction holds one already.
    const auto& db = place.segment.db();
    connection::Session session(db, call.name.empty() ? loading_of(place.field, call.where) : call);
    std::unique_lock lock(graph.loading());
    if (member.is_loaded_resident()) return;
    const auto rows = mode == FetchMode::peers ? peers_of(place.segment, place.row) : std::vector<void*>{place.row};
    auto* owner = rows.size() == 1 ? &place.segment : nullptr;
    const auto node = query::lookup_of(*place.field.relation, place.field, db);
    prefetch::Loader loader(session, db, graph, mode, owner);
    loader.load(std::span(&node, 1), rows);
    if (!detail::is_to_one(place.field.kind)) rows::loaded_set(member).note_read();
    if (rows.size() > 1) return;
    std::size_t statements = 0;
    for (const auto& loaded : loader.take_report()) statements += loaded.taken.statements;
    const auto* remedy = remedy_for(place.field);
    note_read_alone(session, lock, place.segment, place.field, statements,
                    fmt::format(".{}(\"{}\")", remedy, place.field.name));
}

} // namespace kith::run

namespace kith::detail {

namespace {

[[noreturn]] void follow_nowhere(const RelationState& state, const FieldInfo* field) {
    if (field == nullptr) {
        throw DoesNotExist("a null foreign key was followed: test is_null() first");
    }
    ErrorContext context{.model = field->model->name, .lookup = field->name};
    if (field->kind == MemberKind::reverse_one || field->kind == MemberKind::prefetched_one) {
        throw DoesNotExist(
            fmt::format("this {} has no {}: test it with == nullptr first", field->model->name, field->name), context);
    }
    const auto parts = rows::key_parts(state);
    if (field->kind == MemberKind::composite_key ? rows::leads_to_null(parts) : to_one_is_null(state)) {
        throw DoesNotExist(fmt::format("{} is null and leads nowhere: test is_null() first", field->label()), context);
    }
    std::vector<std::string> key;
    for (const auto& part : parts) key.push_back(to_string(part));
    if (parts.empty()) key.push_back(to_string(to_one_key(state)));
    const auto missing = fmt::format("{} matching query does not exist", field->relation->target->name);
    context.reason = missing;
    throw DoesNotExist(
        fmt::format("{}: {} holds the key {}, which no row has", missing, field->label(), fmt::join(key, ", ")),
        std::move(context));
}

/// Loads a resident member if it is not loaded; returns the row it leads to, or null.
void* resident_row(const RelationState& state) {
    if (!state.is_loaded_resident()) run::load_lazily(state);
    return rows::read_row(state);
}

/// The row that a detached member leads to, or null if it leads nowhere. Loads, if necessary, through the row it was
/// copied from.
void* detached_row(const RelationState& state, const rows::Detached& member) {
    if (member.held != nullptr) return member.held;
    if (member.null) return nullptr;
    if (member.origin == nullptr) {
        throw NotLoaded("this object has the key of its relation but no database to load it from: it was never saved, "
                        "or kith::detached copied only its columns and keys");
    }
    if (rows::origin_speaks_for(member)) return resident_row(*member.origin);
    // The copy was assigned another key: a row made for it leads there from now on.
    const auto place = rows::place_of(member.origin);
    auto* copy = place.page.graph()
                     .new_segment(place.page.model(), place.segment.mode(), &place.segment, &place.segment.db())
                     .append();
    auto& stand_in = rows::state_of(copy, place.field);
    const auto there = rows::place_of(&stand_in);
    if (member.parts.empty()) {
        rows::set_resident_key(stand_in, there, member.key);
    } else {
        rows::set_resident_parts(stand_in, there, member.parts);
    }
    auto& self = const_cast<RelationState&>(state);
    self = stand_in;
    return resident_row(stand_in);
}

const FieldInfo* field_of(const RelationState& state) {
    if (state.is_resident()) return &rows::place_of(&state).field;
    const auto member = rows::read_detached(state);
    return member.origin != nullptr ? &rows::place_of(member.origin).field : nullptr;
}

void* find_row(const RelationState& state) {
    return state.is_resident() ? resident_row(state) : detached_row(state, rows::read_detached(state));
}

} // namespace

void* follow(const RelationState& state) {
    auto* row = find_row(state);
    if (row == nullptr) follow_nowhere(state, field_of(state));
    return row;
}

void* follow_if(const RelationState& state) { return find_row(state); }

void* follow_composite(const RelationState& state) {
    if (field_of(state) == nullptr && !to_one_is_loaded(state) && rows::key_parts(state).empty()) {
        throw NotLoaded("this object has the key of its relation in other members but no database to load it from: it "
                        "was never saved, or kith::detached copied only its columns and keys");
    }
    return follow(state);
}

bool to_one_has_row(const RelationState& state) {
    const auto* field = field_of(state);
    if (field != nullptr && !is_forward_key(field->kind)) return find_row(state) != nullptr;
    const bool composite = field != nullptr && field->kind == MemberKind::composite_key;
    if (composite ? composite_is_null(state) : to_one_is_null(state)) return false;
    return !to_one_is_loaded(state) || find_row(state) != nullptr;
}

void* slot_row(const RelationState& state) {
    if (state.is_resident()) return resident_row(state);
    const auto member = rows::read_detached(state);
    if (member.origin == nullptr) throw NotLoaded("this slot was never filled: its object was not loaded");
    return resident_row(*member.origin);
}

RowSpan slot_rows(const RelationState& state) {
    const auto* member = &state;
    if (!state.is_resident()) member = rows::read_detached(state).origin;
    if (member == nullptr) throw NotLoaded("this slot was never filled: its object was not loaded");
    if (!member->is_loaded_resident()) run::load_lazily(*member);
    rows::loaded_set(*member).note_read();
    return rows::rows_of(*member);
}

} // namespace kith::detail
