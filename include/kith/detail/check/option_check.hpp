#pragma once

#include <kith/detail/check/path.hpp>
#include <kith/detail/core/value_rules.hpp>

#include <cstddef>
#include <string_view>

/// Checks the options of a column that writes and create_tables() follow. What is wrong is told as the end of a
/// sentence that begins with the member; an empty text means that nothing is.
namespace kith::detail {

/// Whether another option gives the member its value, or the primary key does.
constexpr bool has_other_value(const CheckedModel& model, const MemberDescription& member) {
    const KeyMembers key = key_members(model);
    for (std::size_t i = 0; i < key.size; ++i) {
        if (key.members[i] == KnownMember(&member)) return true;
    }
    return member.generated || member.server_default;
}

constexpr std::string_view judge_version(const CheckedModel& model, const Member& field) {
    const MemberDescription& member = *field.member;
    const auto type = member.type;
    const bool counts = type == ColumnType::int32 || type == ColumnType::int64 || type == ColumnType::uint32 ||
                        type == ColumnType::uint64;
    if (member.kind != MemberKind::column || !counts || !field.check().enumeration.empty() || member.nullable) {
        return "is a kith::row_version, which is an integer of 32 or 64 bits that is never NULL";
    }
    if (has_other_value(model, member) || member.default_value) {
        return "is a kith::row_version, which takes no option that gives it another value";
    }
    for (const MemberDescription& other : model.members) {
        if (&other == &member) break;
        if (other.row_version) return "is a second kith::row_version: a model has one";
    }
    return {};
}

constexpr std::string_view judge_time(const CheckedModel& model, const MemberDescription& member) {
    const bool is_time = member.type == ColumnType::timestamp || member.type == ColumnType::date;
    if (member.kind != MemberKind::column || !is_time) {
        return "is set to the time, for which it has to be a kith::Timestamp or a kith::Date";
    }
    if (has_other_value(model, member) || member.default_value || (member.auto_now && member.auto_now_add)) {
        return "is set to the time, and takes no other option that gives it a value";
    }
    return {};
}

constexpr bool is_decimal_text(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    std::size_t digits = 0;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point && digits > 0) {
            point = true;
            digits = 0;
        } else if (c >= '0' && c <= '9') {
            ++digits;
        } else {
            return false;
        }
    }
    return digits > 0;
}

constexpr bool is_text_within(std::string_view text, std::uint32_t max_length) {
    std::size_t characters = 0;
    for (const char c : text) {
        if (c == 0) return false;
        if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++characters;
    }
    return max_length == 0 || characters <= max_length;
}

constexpr bool is_named(const EnumTable& names, std::int64_t enumerator) {
    for (std::size_t i = 0; i < names.count; ++i) {
        if (names.entries[i].value == enumerator) return true;
    }
    return false;
}

/// Whether `column` can hold `constant`.
constexpr bool holds(const Member& column, const DefaultValue& constant, std::uint32_t max_length) {
    using Kind = DefaultValue::Kind;
    if (column.member == nullptr || column.check().enumeration != constant.enumeration) return false;
    const auto type = column.member->type;
    switch (type) {
    case ColumnType::boolean: return constant.kind == Kind::boolean;
    case ColumnType::enumeration:
        return constant.kind == Kind::integer && is_named(*column.member->names, constant.integer);
    case ColumnType::text: return constant.kind == Kind::text && is_text_within(constant.text, max_length);
    case ColumnType::decimal:
        return constant.kind == Kind::integer || (constant.kind == Kind::text && is_decimal_text(constant.text));
    default: break;
    }
    if (is_real(type)) {
        return constant.kind == Kind::integer || (constant.kind == Kind::real && constant.real - constant.real == 0);
    }
    const auto [least, most] = range_of(type);
    return is_integer(type) && constant.kind == Kind::integer && constant.integer >= least && constant.integer <= most;
}

constexpr std::string_view judge_default(const CheckedModel& model, const Member& field) {
    const MemberDescription& member = *field.member;
    if (!holds(value_column(field), member.default_value, member.max_length)) {
        return "has a kith::default_value that it cannot hold";
    }
    if (has_other_value(model, member)) {
        return "has a kith::default_value, and takes no other option that gives it a value";
    }
    return {};
}

/// Whether the key of a relation has a default: all members that form it, if there are several.
constexpr bool has_default_key(const CheckedModel& model, const MemberDescription& member) {
    if (member.from_fields.empty()) return static_cast<bool>(member.default_value);
    for (const std::string_view name : member.from_fields) {
        const KnownMember part = find_member(model, name);
        if (part == nullptr || !part->default_value) return false;
    }
    return true;
}

constexpr std::string_view judge_options(const CheckedModel& model, const Member& field) {
    const MemberDescription& member = *field.member;
    if ((member.checks > 0 || member.default_value) && !has_column(member.kind)) {
        return "has no column of its own, which kith::check and kith::default_value need";
    }
    if (member.checks > 1) return "has several kith::check: join them with AND";
    if (is_forward_key(member.kind) && member.on_delete == OnDelete::set_default && !has_default_key(model, member)) {
        return "is set to its default when the row that it refers to is deleted, and has none: add a "
               "kith::default_value";
    }
    if (member.row_version) return judge_version(model, field);
    if (member.auto_now || member.auto_now_add) return judge_time(model, member);
    return member.default_value ? judge_default(model, field) : std::string_view{};
}

} // namespace kith::detail
