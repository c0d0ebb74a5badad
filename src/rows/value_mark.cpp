#include "rows/value_mark.hpp"

#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/row_handle.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::detail {

void ValueMark::copy_from(const ValueMark& other) noexcept {
    const auto word = other.word_.load(std::memory_order_acquire);
    if ((word & there_bit) != 0) {
        word_.store(there_bit, std::memory_order_relaxed);
        return;
    }
    const auto* origin = (word & resident_bit) != 0 ? &other : other.origin();
    hold_row(origin);
    word_.store(reinterpret_cast<std::uintptr_t>(origin), std::memory_order_relaxed);
}

ValueMark& ValueMark::operator=(const ValueMark& other) noexcept {
    if (this == &other) return *this;
    const ValueMark copy(other); // NOLINT(performance-unnecessary-copy-initialization): it holds what `other` held
    set_there(copy.is_there());
    if (!is_resident() && !copy.is_there()) copy_from(copy);
    return *this;
}

void ValueMark::set_there(bool there) noexcept {
    const auto word = word_.load(std::memory_order_relaxed);
    const auto resident = word & resident_bit;
    word_.store(resident | (there ? there_bit : 0), std::memory_order_release);
    if (word >= least_address) release_row(reinterpret_cast<const void*>(word));
}

const ValueMark* ValueMark::origin() const noexcept {
    const auto word = word_.load(std::memory_order_relaxed);
    return word >= least_address ? reinterpret_cast<const ValueMark*>(word) : nullptr;
}

void ValueMark::drop() noexcept { release_row(origin()); }

void detach(ValueMark& mark) noexcept {
    if (!mark.is_there()) mark.set_there(false);
}

void throw_not_annotated(const ValueMark& mark) {
    const auto* resident = mark.is_resident() ? &mark : mark.origin();
    if (resident == nullptr) {
        throw NotLoaded("this annotation was not computed: no annotated QuerySet loaded its object");
    }
    const auto& field = rows::marked_field(*resident);
    throw NotLoaded(fmt::format("{} was not computed: add .annotate(\"{}\"_f = …) to the QuerySet that loads {}",
                                field.label(), field.name, field.model->name),
                    {.model = field.model->name, .lookup = field.name});
}

} // namespace kith::detail

namespace kith::rows {

const FieldInfo& marked_field(const detail::ValueMark& mark) noexcept {
    const auto& page = Page::of(&mark);
    const auto* row = const_cast<Page&>(page).row(page.index_of(&mark));
    const auto offset = reinterpret_cast<const std::byte*>(&mark) - static_cast<const std::byte*>(row);
    const auto& marked = page.model().marked;
    return **std::ranges::find(marked, static_cast<std::uint32_t>(offset), &FieldInfo::offset);
}

} // namespace kith::rows
