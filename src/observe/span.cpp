#include <kith/span.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kith {

SpanValue::SpanValue(const SpanValue& other) : variant(std::int64_t{0}) { assign(other); }
SpanValue::SpanValue(SpanValue&&) noexcept = default;
SpanValue& SpanValue::operator=(const SpanValue& other) {
    if (this != &other) assign(other);
    return *this;
}
SpanValue& SpanValue::operator=(SpanValue&&) noexcept = default;
SpanValue::~SpanValue() = default;

void SpanValue::assign(const SpanValue& other) {
    if (const auto* text = std::get_if<std::string>(&other)) {
        std::string copy(*text);
        emplace<std::string>(std::move(copy));
    } else {
        emplace<std::int64_t>(std::get<std::int64_t>(other));
    }
}

const SpanAttribute* Span::find(std::string_view key) const noexcept {
    for (const auto& attribute : attributes) {
        if (attribute.key == key) return &attribute;
    }
    return nullptr;
}

} // namespace kith
