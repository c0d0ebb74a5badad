#pragma once

#include <kith/detail/check/lookup_names.hpp>
#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Lookup paths, walked over models at run time. The compiler walks literals by the same rules, over descriptions
/// (kith/detail/check/path.hpp); tests/unit/path_grammar_test.cpp compares the two.
namespace kith::model {

using detail::FieldInfo;
using detail::FieldLookup;
using detail::ModelInfo;
using detail::RelationInfo;

/// A path, walked to its end.
struct Walk {
    std::vector<const RelationInfo*> relations{}; ///< on the way to `member`, without its own
    const FieldInfo* member{nullptr};
    std::optional<FieldLookup> lookup{};
};

/// ConnectOptions::max_lookup_depth where there is no Database.
inline constexpr std::size_t usual_depth = 16;

/// Walks `text` from `model`, over at most `most` relations; it may end in a lookup if `lookup_allowed`. Throws
/// FieldError with the model, the wrong part, and the members or lookups that exist.
Walk walk(const ModelInfo& model, std::string_view text, bool lookup_allowed, std::size_t most = usual_depth);

/// Throws FieldError if `relations`, as many as the path `text` has led through so far, are more than `most`.
void require_depth(const ModelInfo& model, std::size_t relations, std::size_t most, std::string_view text);

/// A path from a model through relations to a column. If the key column of the last relation already holds the value,
/// the relation is left out: `province__id` is the column `province_id`.
struct ColumnWay {
    std::vector<const RelationInfo*> relations{};
    const FieldInfo* column{nullptr};
    bool joined{false}; ///< the value is the key in the join table of the last relation, which needs no further join
};

/// The column at the end of a walk: that of the member, or the key that a relation stands for. The member must not be
/// an annotation, nor stand for a key of several columns.
ColumnWay column_of(Walk walked);

/// The first step of a path from `model`: the member, null if there is none, its text, and the rest of the path.
struct Step {
    const FieldInfo* member{nullptr};
    std::string_view part{};
    std::string_view behind{};
};
/// Splits as detail::split_path() does, except that members of models made at run time may have `__` in their names.
Step first_step(const ModelInfo& model, std::string_view path);

/// Throws FieldError: `model` has no member `part`, in the path `text`.
[[noreturn]] void no_such_member(const ModelInfo& model, std::string_view part, std::string_view text);

/// Throws FieldError if `member` belongs to a GenericForeignKey: the path `text` would follow it to only one of its
/// tables.
void require_one_target(const FieldInfo& member, std::string_view text);

/// The names of a model's members, for messages.
std::string member_names(const ModelInfo& model);
/// The same as the end of a message about the unknown `part`, with the nearest name.
std::string members_instead(const ModelInfo& model, std::string_view part);

} // namespace kith::model
