#include <kith/detail/core/model_info.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace kith::detail {

std::string FieldInfo::label() const { return fmt::format("{}.{}", model->name, name); }

const FieldInfo* ModelInfo::find(std::string_view field_name) const noexcept {
    const auto found = std::ranges::find(fields, field_name, &FieldInfo::name);
    return found == fields.end() ? nullptr : &*found;
}

const FieldInfo& ModelInfo::state_at(std::size_t offset) const noexcept {
    const auto found = std::ranges::find_if(states, [&](const FieldInfo* f) { return f->offset == offset; });
    return **found;
}

const FieldInfo& ModelInfo::key() const {
    if (primary_key.size() == 1) return *primary_key.front();
    const auto* problem = primary_key.empty() ? "has no primary key, which this needs"
                                              : "has a primary key of several columns; this needs a single one";
    throw ValueError(fmt::format("{} {}", name, problem), {.model = name});
}

std::string snake_case(std::string_view name) {
    const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool starts_word =
            is_upper(name[i]) && i > 0 && name[i - 1] != '_' &&
            (!is_upper(name[i - 1]) || (i + 1 < name.size() && !is_upper(name[i + 1]) && name[i + 1] != '_'));
        if (starts_word) result += '_';
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
    return result;
}

} // namespace kith::detail
