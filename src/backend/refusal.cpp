#include "backend/refusal.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::backend {
namespace {

constexpr std::size_t longest_shown = 40; // bytes of a stored text in a message

std::string label(const CellLabel& place) {
    return place.field != nullptr ? place.field->label() : fmt::format("Column {}", place.column + 1);
}

} // namespace

void refuse(const CellLabel& place, const std::string& message) {
    ErrorContext context{.sql = std::string(place.sql)};
    if (place.field != nullptr && place.field->model != nullptr) context.model = place.field->model->name;
    throw DatabaseError(message, std::move(context));
}

void refuse_type(const CellLabel& place, const std::string& holds, std::string_view belongs) {
    refuse(place,
           fmt::format(
               "{} holds {} instead of {} (row {} of the result): correct the stored value, or the type of the member",
               label(place), holds, belongs, place.row));
}

void refuse_null(const CellLabel& place) {
    refuse(place, fmt::format("{} is NULL in the database, but the member is not a std::optional (row {} of the "
                              "result): declare it std::optional (a relation kith::null), or fill the column",
                              label(place), place.row));
}

void refuse_key_form(const CellLabel& place, const std::string& holds, std::string_view form, std::string_view remedy) {
    refuse(place,
           fmt::format(
               "{} holds {} (row {} of the result), but Kith searches for {}, and would miss rows without an error: {}",
               label(place), holds, place.row, form, remedy));
}

void refuse_range(const CellLabel& place, const std::string& holds, const std::string& least, const std::string& most) {
    refuse(place, fmt::format("{} holds {}, which is beyond the member's range {} to {} (row {} of the result): give "
                              "the member a larger type, or correct the stored value",
                              label(place), holds, least, most, place.row));
}

void refuse_inexact(const CellLabel& place, const std::string& holds) {
    refuse(place, fmt::format("{} holds {}, which the database computed in binary, not in decimal (row {} of the "
                              "result): read it as a double, or let aggregate(kith::Sum(…)) add up the decimals",
                              label(place), holds, place.row));
}

void refuse_unknown(const CellLabel& place, std::string_view type) {
    refuse(place, fmt::format("{} has the type {}, whose values Kith does not read (row {} of the result): let a view, "
                              "a generated column or the statement itself cast it to text",
                              label(place), type, place.row));
}

std::string shown_text(std::string_view text) {
    const bool shorten = text.size() > longest_shown;
    return "text " + detail::to_string(shorten ? std::string(text.substr(0, longest_shown)) + "…" : std::string(text));
}

} // namespace kith::backend
