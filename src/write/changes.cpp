#include "write/changes.hpp"

#include "base/base64.hpp"
#include "rows/row_value.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kith::write {

namespace {

using detail::Value;

/// A part of a key as JSON has it, whole; to_string() would shorten it.
std::string key_part(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* bytes = std::get_if<std::vector<std::byte>>(&value)) return base64(view(*bytes));
    return detail::to_string(value);
}

std::string key_text(std::span<const Value> key) {
    std::string text;
    for (const auto& part : key) {
        if (&part != &key.front()) text += ',';
        text += key_part(part);
    }
    return text;
}

} // namespace

void note_change(connection::Session& session, ChangeKind kind, const ModelInfo& model, const void* row) {
    if (!session.observes_changes()) return;
    note_change(session, kind, model, rows::primary_key(row, model));
}

void note_change(connection::Session& session, ChangeKind kind, const ModelInfo& model, std::span<const Value> key) {
    if (!session.observes_changes()) return;
    session.note_change({.model = &model, .kind = kind, .key = key_text(key)});
}

void note_changes(connection::Session& session, ChangeKind kind, const ModelInfo& model, const DistinctKeys& keys) {
    if (!session.observes_changes()) return;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        session.note_change({.model = &model, .kind = kind, .key = key_part(keys.at(i))});
    }
}

void note_count(connection::Session& session, ChangeKind kind, const ModelInfo& model, std::int64_t rows) {
    if (rows <= 0 || !session.observes_changes()) return;
    session.note_change({.model = &model, .kind = kind, .rows = static_cast<std::size_t>(rows)});
}

void note_links(connection::Session& session, const detail::RelationInfo& relation, const Value& owner) {
    if (!session.observes_changes()) return;
    session.note_change({.model = relation.source,
                         .kind = ChangeKind::updated,
                         .key = key_part(owner),
                         .member = relation.field->name});
}

} // namespace kith::write
