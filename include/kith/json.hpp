#pragma once

#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/rows_model.hpp>
#include <kith/detail/core/json.hpp>
#include <kith/query_set.hpp>

#include <algorithm>
#include <concepts>
#include <initializer_list>
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

/// `"title"`: a column of the model that JSON can set.
template <class M>
class SettableName : public NameArgument {
public:
    consteval SettableName(const char* literal) : NameArgument{literal} {
        const CheckedModel& model = description<M>;
        const Resolved found = resolve(model, path, PathUse::assignment);
        if (found.fault != LookupFault::none) found.model->complain(found.fault, found.part);
        const MemberDescription& member = *found.last.member;
        if (!has_column(member.kind) || member.generated || member.hidden) {
            model.complain(LookupFault::relation_is_no_value, path);
        }
        path = member.name;
    }
    template <PlainText T>
    SettableName(const T&) {
        refuse_plain_text<T>();
    }
};

} // namespace detail

/// The members that a JSON text may set, and those that it must have:
///
///     const kith::Members<Post> editable{"title", "status", "author"};
///     auto post = kith::from_json<Post>(text, editable.require({"title", "author"}));
///     kith::read_json(*post, text, editable);
///
/// A foreign key has the name of its member; the text has its key, `author_id`.
template <class M>
class Members {
    using Names = std::initializer_list<detail::SettableName<M>>;

public:
    /// Literals, checked by the compiler: columns of the model.
    Members(Names names) { append(allowed_, names); }

    /// The same list, of which a text must have `names`; they are allowed too.
    Members require(Names names) const {
        Members stricter(*this);
        append(stricter.allowed_, names);
        append(stricter.required_, names);
        return stricter;
    }

    /// Internal.
    detail::JsonMembers lists() const noexcept { return {allowed_, required_}; }

private:
    static void append(std::vector<std::string_view>& list, Names names) {
        for (const auto& name : names) {
            if (std::ranges::find(list, name.path) == list.end()) list.push_back(name.path);
        }
    }

    std::vector<std::string_view> allowed_;
    std::vector<std::string_view> required_;
};

namespace detail {

template <class T>
inline constexpr bool is_row_list = false;
template <class M>
inline constexpr bool is_row_list<std::vector<M>> = true;

template <class M>
void* append_row(void* list) {
    return &static_cast<std::vector<M>*>(list)->emplace_back();
}

template <class T>
struct ReadModel {
    using type = T;
};
template <class M>
struct ReadModel<std::vector<M>> {
    using type = M;
};
/// The model of what from_json<T>() reads.
template <class T>
using read_model = typename ReadModel<T>::type;

template <class T>
T read_rows(std::string_view text, const JsonMembers* members) {
    T result{};
    if constexpr (is_row_list<T>) {
        read_json_list(model<read_model<T>>(), text, &append_row<read_model<T>>, &result, members);
    } else {
        read_json(model<T>(), text, &result, members);
    }
    return result;
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
/// of the row itself is a member like all others: pass Members where a client must not choose it.
template <class T>
T from_json(std::string_view text) {
    return detail::read_rows<T>(text, nullptr);
}
/// The same, of which the text may have `members` alone, and must have those that are required. Every other member is a
/// fault, and so is one that is missing: for texts of clients, who must not choose keys, owners and the like.
template <class T>
T from_json(std::string_view text, const Members<detail::read_model<T>>& members) {
    const detail::JsonMembers lists = members.lists();
    return detail::read_rows<T>(text, &lists);
}

/// Reads a JSON object into `row`, all or nothing: members that the text does not have keep their values. As
/// from_json(), with the same errors. No statement: save the row.
template <class M>
void read_json(M& row, std::string_view text, const Members<M>& members) {
    (void)from_json<M>(text, members); // every fault is found before the row changes
    const detail::JsonMembers lists = members.lists();
    detail::read_json(detail::model<M>(), text, &row, &lists);
}

} // namespace kith
