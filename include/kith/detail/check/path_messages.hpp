#pragma once

#include <kith/detail/check/nearest.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

/// Functions that are never defined. A wrong lookup calls one while it is compiled, so that the compiler's message
/// names the function, and the model that the wrong part of the lookup belongs to.
namespace kith::wrong_lookup {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
/// `DidYouMean` is the member that was probably meant; empty if there is none.
template <class Model, detail::Text DidYouMean, detail::Text... Members>
void the_lookup_names_no_member_of(std::string_view part);
template <class Model>
void the_lookup_continues_after_a_column_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_relation_but_names_a_column_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_column_but_names_a_slot_of(std::string_view part);
template <class Model>
void select_related_takes_single_rows_but_the_lookup_names_a_set_of(std::string_view part);
template <class Model>
void only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of(std::string_view part);
template <class Model>
void the_lookup_leads_through_a_relation_to_an_annotation_of(std::string_view part);
template <class Model>
void the_lookup_needs_a_column_but_names_a_set_of(std::string_view part);
template <class Model>
void the_lookup_continues_after_a_generic_foreign_key_or_names_one_in_sql_of(std::string_view part);
template <class Model>
void the_path_ends_in_no_lookup_that_exists_for_a_column_of(std::string_view part);
template <class Model>
void the_path_ends_in_a_lookup_for_other_types_than_this_column_of(std::string_view part);
template <class Model>
void pk_cannot_stand_for_the_several_columns_of_the_key_of(std::string_view part);
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

} // namespace kith::wrong_lookup

namespace kith::detail {

template <class M>
struct MemberList {
    static consteval Sentence say() {
        Sentence s; // made from the names: the description of the model may be incomplete here
        for (const std::string_view name : member_names<M>) s << (s.size == 0 ? "" : ", ") << name;
        return s;
    }
    static constexpr Sentence sentence = say();
};

/// One function for each member that may have been meant, and the last for none: which one, only the evaluation knows.
template <class M, std::size_t... N, std::size_t... I>
constexpr auto no_member_complaints(std::index_sequence<N...>, std::index_sequence<I...>) {
    constexpr auto begins = begin_texts<sizeof...(I)>(MemberList<M>::sentence);
    using Complaint = void (*)(std::string_view part);
    return std::array<Complaint, sizeof...(N) + 1>{
        &wrong_lookup::the_lookup_names_no_member_of<M, Text<member_names<M>[N].size()>(member_names<M>[N]),
                                                     Text<text_size(MemberList<M>::sentence, begins[I])>(
                                                         MemberList<M>::sentence, begins[I])...>...,
        &wrong_lookup::the_lookup_names_no_member_of<M, Text<0>(std::string_view{}),
                                                     Text<text_size(MemberList<M>::sentence, begins[I])>(
                                                         MemberList<M>::sentence, begins[I])...>};
}

template <class M>
constexpr void complain_now(LookupFault fault, std::string_view part) {
    switch (fault) {
    case LookupFault::no_member:
        no_member_complaints<M>(
            std::make_index_sequence<member_count<M>>{},
            std::make_index_sequence<count_texts(MemberList<M>::sentence)>{})[nearest_index(part, member_names<M>)](
            part);
        break;
    case LookupFault::column_has_no_members: wrong_lookup::the_lookup_continues_after_a_column_of<M>(part); break;
    case LookupFault::column_is_no_relation:
        wrong_lookup::the_lookup_needs_a_relation_but_names_a_column_of<M>(part);
        break;
    case LookupFault::slot_is_no_column: wrong_lookup::the_lookup_needs_a_column_but_names_a_slot_of<M>(part); break;
    case LookupFault::set_in_select_related:
        wrong_lookup::select_related_takes_single_rows_but_the_lookup_names_a_set_of<M>(part);
        break;
    case LookupFault::not_lazy:
        wrong_lookup::only_and_defer_take_lazy_columns_but_the_lookup_names_another_member_of<M>(part);
        break;
    case LookupFault::annotation_of_other:
        wrong_lookup::the_lookup_leads_through_a_relation_to_an_annotation_of<M>(part);
        break;
    case LookupFault::through_generic:
        wrong_lookup::the_lookup_continues_after_a_generic_foreign_key_or_names_one_in_sql_of<M>(part);
        break;
    case LookupFault::unknown_lookup:
        wrong_lookup::the_path_ends_in_no_lookup_that_exists_for_a_column_of<M>(part);
        break;
    case LookupFault::unfit_lookup:
        wrong_lookup::the_path_ends_in_a_lookup_for_other_types_than_this_column_of<M>(part);
        break;
    case LookupFault::no_single_key:
        wrong_lookup::pk_cannot_stand_for_the_several_columns_of_the_key_of<M>(part);
        break;
    default: wrong_lookup::the_lookup_needs_a_column_but_names_a_set_of<M>(part);
    }
}

/// Descriptions point at this function, so it is compiled. It only acts in constant expressions, so a program never
/// refers to the functions that are not defined.
template <class M>
constexpr void complain(LookupFault fault, std::string_view part) {
    if (__builtin_is_constant_evaluated()) complain_now<M>(fault, part);
}

/// Stops a constant evaluation if `path` is wrong.
constexpr void check_path(const CheckedModel& model, std::string_view path, PathUse use) {
    const Resolved found = resolve(model, path, use);
    if (found.fault != LookupFault::none) found.model->complain(found.fault, found.part);
}

} // namespace kith::detail
