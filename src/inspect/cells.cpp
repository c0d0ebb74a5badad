#include "inspect/cells.hpp"

#include <kith/detail/core/relation_state.hpp>

#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace kith::inspect {

namespace {

using detail::ColumnAccess;
using detail::ColumnType;
using detail::Value;

template <class T>
T& as(void* at) {
    return *static_cast<T*>(at);
}
template <class T>
const T& as(const void* at) {
    return *static_cast<const T*>(at);
}

template <class T>
void construct(void* at) {
    ::new (at) T();
}
template <class T>
void destroy(void* at) {
    std::destroy_at(static_cast<T*>(at));
}

template <class T>
struct OptionalCell {
    using Member = std::optional<T>;
    static void* engage(void* at) { return &as<Member>(at).emplace(); }
    static void reset(void* at) { as<Member>(at).reset(); }
    static const void* peek(const void* at) {
        const auto& member = as<Member>(at);
        return member ? &*member : nullptr;
    }
};

struct ValueCell {
    using Member = Value;
    static void* engage(void* at) { return at; }
    static void reset(void* at) { as<Value>(at) = Value{}; }
    static const void* peek(const void* at) { return detail::is_null(as<Value>(at)) ? nullptr : at; }
};

template <class T>
struct BoxedCell {
    using Member = std::unique_ptr<T>;
    static void* engage(void* at) {
        auto& member = as<Member>(at);
        if (member == nullptr) member = std::make_unique<T>();
        return member.get();
    }
    static void reset(void* at) { as<Member>(at).reset(); }
    static const void* peek(const void* at) { return as<Member>(at).get(); }
};

template <class Cell>
constexpr ColumnAccess access_of{&Cell::engage, &Cell::reset, &Cell::peek};

template <class Member>
CellKind kind_of(const ColumnAccess* access) {
    return {.size = sizeof(Member),
            .align = alignof(Member),
            .construct = &construct<Member>,
            .destroy = &destroy<Member>,
            .access = access};
}
template <class Cell>
CellKind kind_of() {
    return kind_of<typename Cell::Member>(&access_of<Cell>);
}

template <class T>
CellKind kind_in(CellForm form) {
    switch (form) {
    case CellForm::plain: return kind_of<T>(nullptr);
    case CellForm::optional: return kind_of<OptionalCell<T>>();
    case CellForm::boxed: break;
    }
    return kind_of<BoxedCell<T>>();
}

} // namespace

CellKind cell_kind(ColumnType type, CellForm form) {
    switch (type) {
    case ColumnType::boolean: return kind_in<bool>(form);
    case ColumnType::int8: return kind_in<std::int8_t>(form);
    case ColumnType::int16: return kind_in<std::int16_t>(form);
    case ColumnType::int32: return kind_in<std::int32_t>(form);
    case ColumnType::int64: return kind_in<std::int64_t>(form);
    case ColumnType::uint8: return kind_in<std::uint8_t>(form);
    case ColumnType::uint16: return kind_in<std::uint16_t>(form);
    case ColumnType::uint32: return kind_in<std::uint32_t>(form);
    case ColumnType::uint64: return kind_in<std::uint64_t>(form);
    case ColumnType::float32: return kind_in<float>(form);
    case ColumnType::float64: return kind_in<double>(form);
    case ColumnType::text:
    case ColumnType::enumeration: return kind_in<std::string>(form);
    case ColumnType::bytes: return kind_in<std::vector<std::byte>>(form);
    case ColumnType::date: return kind_in<Date>(form);
    case ColumnType::timestamp: return kind_in<Timestamp>(form);
    case ColumnType::uuid: return kind_in<Uuid>(form);
    case ColumnType::decimal: return kind_in<Decimal>(form);
    case ColumnType::json: return kind_in<Json>(form);
    case ColumnType::local_timestamp: return kind_in<LocalTimestamp>(form);
    case ColumnType::any: break;
    }
    return form == CellForm::boxed ? kind_of<BoxedCell<Value>>() : kind_of<ValueCell>();
}

CellKind relation_cell() { return kind_of<detail::RelationState>(nullptr); }

} // namespace kith::inspect
