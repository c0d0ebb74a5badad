#include <kith/types.hpp>

#include <fmt/format.h>

#include <string_view>

namespace {

auto format_text(const fmt::formatter<std::string_view>& formatter, std::string_view text,
                 fmt::format_context& context) {
    return formatter.format(text, context);
}

} // namespace

fmt::format_context::iterator fmt::formatter<kith::Uuid>::format(const kith::Uuid& value,
                                                                 format_context& context) const {
    return format_text(*this, value.str(), context);
}

fmt::format_context::iterator fmt::formatter<kith::Decimal>::format(const kith::Decimal& value,
                                                                    format_context& context) const {
    return format_text(*this, value.str(), context);
}

fmt::format_context::iterator fmt::formatter<kith::Json>::format(const kith::Json& value,
                                                                 format_context& context) const {
    return format_text(*this, value.text, context);
}

// The headers of Kith include only fmt/core.h, which declares the formatters of columns' types without their bodies:
// fmt/format.h alone takes a compiler as long as a tenth of Kith. Programs without it find the bodies here. From {fmt}
// 11 on, fmt/core.h has them.
#if FMT_VERSION < 110000
namespace fmt {
template format_context::iterator formatter<bool>::format(const bool&, format_context&) const;
template format_context::iterator formatter<int>::format(const int&, format_context&) const;
template format_context::iterator formatter<unsigned>::format(const unsigned&, format_context&) const;
template format_context::iterator formatter<long long>::format(const long long&, format_context&) const;
template format_context::iterator formatter<unsigned long long>::format(const unsigned long long&,
                                                                        format_context&) const;
template format_context::iterator formatter<float>::format(const float&, format_context&) const;
template format_context::iterator formatter<double>::format(const double&, format_context&) const;
template format_context::iterator formatter<string_view>::format(const string_view&, format_context&) const;
} // namespace fmt
#endif
