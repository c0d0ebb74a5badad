#pragma once

#include <kith/detail/check/rows_model.hpp>
#include <kith/detail/core/json.hpp>
#include <kith/query_set.hpp>

#include <concepts>
#include <ios>
#include <iterator>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Rows as JSON. kith.hpp does not include this header.
namespace kith {

namespace detail {

template <class S> concept StreamLike = requires(S& sink, const char* text) {
    sink.write(text, std::streamsize{});
    { !sink } -> std::convertible_to<bool>;
};

template <class S>
void pass_to(void* to, std::string_view text) {
    S& sink = *static_cast<S*>(to);
    if constexpr (std::is_same_v<S, std::string>) {
        sink += text;
    } else if constexpr (StreamLike<S>) {
        sink.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!sink) throw_failed_sink();
    } else {
        sink(text);
    }
}

template <class R>
void write_rows(JsonWriter& writer, R& rows, std::source_location where) {
    if constexpr (requires { rows.size(where); }) (void)rows.size(where); // evaluates it for the caller
    if constexpr (requires { std::begin(rows); }) {
        writer.begin_array();
        for (auto&& row : rows) writer.row(model<rows_model<R>>(), row_address(row));
        writer.end_array();
    } else {
        writer.row(model<rows_model<R>>(), row_address(rows));
    }
    writer.finish();
}

} // namespace detail

/// Writes rows as JSON to `sink`: a std::string, a std::ostream, or a function that takes each piece as a
/// std::string_view. `rows` as for to_json(), or a Stream, of which one chunk is in memory at a time. Throws Error if a
/// std::ostream fails; else as to_json(). What was written before stays written.
template <class Sink, class R>
void write_json(Sink&& sink, R&& rows, const JsonOptions& options = {},
                std::source_location where = std::source_location::current()) {
    using S = std::remove_reference_t<Sink>;
    detail::JsonWriter writer(options, &detail::pass_to<S>, const_cast<std::remove_const_t<S>*>(&sink));
    detail::write_rows(writer, rows, where);
}

/// Returns rows as JSON: an array for a QuerySet or a range of rows, Refs or pointers; an object, or null, for a row or
/// a Ref. A row has its columns, then the relations and slots that are loaded, as objects and arrays. No statement but
/// those of a QuerySet that was not evaluated.
///
/// Lossless: 64-bit integers have all digits, reals enough to read back the same (NaN and infinity are texts), a
/// Decimal is a text, bytes are base64, dates and times texts such as `2024-02-29 12:30:00`, enums their names. Columns
/// are called as their members, the key of a relation `author_id`; kith::json and kith::hidden change that. What was
/// not loaded is left out: relations, Lazy columns, Annotations. A relation without a row is null.
///
/// A row that several others lead to is written each time. The member that leads back from a related row to the row
/// that it was reached from is left out. Throws ValueError if another member leads back to a row that is being written,
/// for texts that are not UTF-8, and for a kith::Json that is none; it names the member.
template <class R>
std::string to_json(R&& rows, const JsonOptions& options = {},
                    std::source_location where = std::source_location::current()) {
    std::string text;
    write_json(text, rows, options, where);
    return text;
}

namespace detail {

template <class T>
inline constexpr bool is_row_list = false;
template <class M>
inline constexpr bool is_row_list<std::vector<M>> = true;

template <class M>
void* append_row(void* list) {
    return &static_cast<std::vector<M>*>(list)->emplace_back();
}

} // namespace detail

/// Returns the row that a JSON object describes, or with a std::vector of a model the rows of an array:
/// `from_json<Post>(text)`, `from_json<std::vector<Post>>(text)`. Members have the names and the forms that to_json()
/// writes; those that the text does not have keep the value of a new object. A relation is given by its key,
/// `author_id`. A Decimal may be a number too; the texts of NaN and infinity are not read. No statement: save the row,
/// or pass it to create().
///
/// Throws JsonError for a text that is not JSON, for unknown and hidden members and members that are given twice, for
/// relations, Annotations and columns that the database computes, and for values that the column cannot hold. The key
/// of the row itself is a member like all others: set it after reading if a client must not choose it.
template <class T>
T from_json(std::string_view text) {
    T result{};
    if constexpr (detail::is_row_list<T>) {
        using M = typename T::value_type;
        detail::read_json_list(detail::model<M>(), text, &detail::append_row<M>, &result);
    } else {
        detail::read_json(detail::model<T>(), text, &result);
    }
    return result;
}

} // namespace kith
