#include "base/calendar.hpp"
#include "base/printable.hpp"
#include "base/utf8.hpp"

#include <kith/detail/core/value_view.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

namespace kith::detail {
namespace {

constexpr std::size_t longest_text = 80;  // bytes shown of a text
constexpr std::size_t longest_bytes = 16; // bytes shown of a blob

/// Where to cut without splitting a UTF-8 sequence.
std::size_t cut(std::string_view text) {
    const auto end = utf8::character_begin(text, longest_text);
    return end == 0 ? longest_text : end;
}

std::string in_quotes(std::string_view text) {
    const bool shorten = text.size() > longest_text;
    const auto shown = utf8::printable(shorten ? text.substr(0, cut(text)) : text);
    return shorten ? fmt::format("'{}…' ({} bytes)", shown, text.size()) : fmt::format("'{}'", shown);
}

std::string hex(const std::vector<std::byte>& bytes) {
    std::string out = "x'";
    for (std::size_t i = 0; i < std::min(bytes.size(), longest_bytes); ++i) {
        out += fmt::format("{:02x}", std::to_integer<unsigned>(bytes[i]));
    }
    out += bytes.size() > longest_bytes ? fmt::format("…' ({} bytes)", bytes.size()) : "'";
    return out;
}

template <class Time>
std::string moment(Time time) {
    try {
        return calendar::format(time);
    } catch (const std::exception&) {
        return fmt::format("{} after 1970 (in {})", time.time_since_epoch().count(),
                           std::is_same_v<Time, Date> ? "days" : "microseconds");
    }
}

const std::byte* low_bytes(const std::int64_t& value, std::size_t size) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    return std::endian::native == std::endian::big ? bytes + sizeof value - size : bytes;
}

struct ToString {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return in_quotes(v); }
    std::string operator()(const std::vector<std::byte>& v) const { return hex(v); }
    std::string operator()(Date v) const { return moment(v); }
    std::string operator()(Timestamp v) const { return moment(v); }
    std::string operator()(const Uuid& v) const { return v.str(); }
    std::string operator()(const Decimal& v) const { return v.str(); }
    std::string operator()(const Json& v) const { return in_quotes(v.text); }
    std::string operator()(LocalTimestamp v) const { return moment(v); }
};

} // namespace

std::string_view EnumTable::name_of(const void* at) const {
    for (std::size_t i = 0; i < count; ++i) {
        // Enumerators were widened from their own type: their low bytes, in native byte order, are the whole value.
        if (std::memcmp(low_bytes(entries[i].value, size), at, size) == 0) return entries[i].name;
    }
    return {};
}

std::string_view EnumTable::name_of_value(std::int64_t value) const {
    for (std::size_t i = 0; i < count; ++i) {
        if (entries[i].value == value) return entries[i].name;
    }
    return {};
}

bool EnumTable::store(void* at, std::string_view name) const {
    for (std::size_t i = 0; i < count; ++i) {
        if (entries[i].name != name) continue;
        std::memcpy(at, low_bytes(entries[i].value, size), size);
        return true;
    }
    return false;
}

std::string EnumTable::list() const {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back(entries[i].name);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string_view name_of_enum(const EnumTable& names, const void* at, std::string_view type) {
    const auto name = names.name_of(at);
    if (!name.empty()) return name;
    throw ValueError(
        fmt::format("an enumerator of {} has no name in kith::EnumNames, which has {}", type, names.list()));
}

void store_enum(const EnumTable& names, void* at, std::string_view name, std::string_view type) {
    if (names.store(at, name)) return;
    throw ValueError(fmt::format("{} has no enumerator called {}: it has {}", type, in_quotes(name), names.list()));
}

std::string to_string(const Value& value) { return std::visit(ToString{}, value); }

Value to_value(const ValueView& view) {
    using Kind = ValueView::Kind;
    switch (view.kind_) {
    case Kind::null: break;
    case Kind::boolean: return view.integer_ != 0;
    case Kind::integer: return view.integer_;
    case Kind::unsigned_integer: return static_cast<std::uint64_t>(view.integer_);
    case Kind::real: return view.real_;
    case Kind::text: return std::string(static_cast<const char*>(view.data_), view.size_);
    case Kind::bytes: {
        const auto* first = static_cast<const std::byte*>(view.data_);
        return std::vector<std::byte>(first, first + view.size_);
    }
    case Kind::date: return Date(Date::duration(view.integer_));
    case Kind::timestamp: return Timestamp(Timestamp::duration(view.integer_));
    case Kind::local_timestamp: return LocalTimestamp(LocalTimestamp::duration(view.integer_));
    case Kind::uuid: return *static_cast<const Uuid*>(view.data_);
    case Kind::decimal: return *static_cast<const Decimal*>(view.data_);
    case Kind::json: return *static_cast<const Json*>(view.data_);
    }
    return {};
}

ValueList::ValueList() noexcept = default;
ValueList::ValueList(ValueList&&) noexcept = default;
ValueList::~ValueList() = default;
bool ValueList::empty() const noexcept { return values_.empty(); }
void ValueList::add(const ValueView& value) { values_.push_back(to_value(value)); }
std::vector<Value> ValueList::take() && noexcept { return std::move(values_); }

} // namespace kith::detail
