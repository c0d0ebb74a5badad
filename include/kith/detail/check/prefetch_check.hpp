#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/path.hpp>
#include <kith/detail/check/sentence.hpp>

#include <cstdint>
#include <string_view>

/// Checks Prefetch objects at compile time against the model of the rows.
namespace kith::detail {

enum class PrefetchFault : std::uint8_t {
    none,
    path,
    queryset,
    generic_queryset,
    generic_slot,
    no_slot,
    slot_kind,
    slot_model
};

struct PrefetchVerdict {
    PrefetchFault fault{PrefetchFault::none};
    Resolved found{};
    KnownMember slot{};
};

/// The arguments of a Prefetch. Empty if they were left out or are known only at run time.
struct PrefetchParts {
    std::string_view lookup{};
    std::string_view slot{};
    std::string_view rows{}; ///< the full name of the model of the queryset
};

constexpr PrefetchVerdict judge_prefetch(const CheckedModel& model, const PrefetchParts& parts) {
    PrefetchVerdict verdict{.found = resolve(model, parts.lookup, PathUse::prefetch)};
    if (verdict.found.fault != LookupFault::none) {
        verdict.fault = PrefetchFault::path;
        return verdict;
    }
    const MemberDescription& relation = *verdict.found.last.member;
    if (relation.kind == MemberKind::generic_key) {
        if (!parts.slot.empty()) verdict.fault = PrefetchFault::generic_slot;
        if (!parts.rows.empty() && !leads_to(relation, parts.rows)) verdict.fault = PrefetchFault::generic_queryset;
        return verdict;
    }
    const CheckedModel& target = target_of(relation);
    if (!parts.rows.empty() && parts.rows != target.type) {
        verdict.fault = PrefetchFault::queryset;
        return verdict;
    }
    if (parts.slot.empty()) return verdict;
    verdict.slot = find_member(*verdict.found.last.model, parts.slot);
    if (verdict.slot == nullptr) {
        verdict.fault = PrefetchFault::no_slot;
    } else if (!is_slot(verdict.slot->kind) || is_to_one(verdict.slot->kind) != is_to_one(relation.kind)) {
        verdict.fault = PrefetchFault::slot_kind;
    } else if (target_of(*verdict.slot).type != target.type) {
        verdict.fault = PrefetchFault::slot_model;
    }
    return verdict;
}

constexpr Sentence describe_fault(const PrefetchVerdict& wrong, const PrefetchParts& parts) {
    Sentence s;
    s << "kith: ";
    if (wrong.fault == PrefetchFault::path) {
        say_path_fault(s, wrong.found, parts.lookup);
        return s;
    }
    const MemberDescription& relation = *wrong.found.last.member;
    const auto model = wrong.found.last.model->name;
    if (wrong.fault == PrefetchFault::generic_slot) {
        s << model << "::" << relation.name << " leads to several models: its Prefetch takes no slot";
        return s;
    }
    if (wrong.fault == PrefetchFault::generic_queryset) {
        s << "the Prefetch of `" << parts.lookup << "` was given a QuerySet of " << unqualified(parts.rows)
          << ", which " << model << "::" << relation.name << " does not lead to";
        return s;
    }
    const auto target = target_of(relation).name;
    const std::string_view slot_type = is_to_one(relation.kind) ? "kith::PrefetchedOne<" : "kith::PrefetchedSet<";
    switch (wrong.fault) {
    case PrefetchFault::queryset:
        s << "the Prefetch of `" << parts.lookup << "` needs a QuerySet of " << target << ", but was given one of "
          << unqualified(parts.rows);
        break;
    case PrefetchFault::no_slot:
        s << model << " has no slot `" << parts.slot << "` for the Prefetch of `" << parts.lookup << "`: add "
          << slot_type << target << "> " << parts.slot << "{};";
        break;
    case PrefetchFault::slot_kind:
        s << model << "::" << parts.slot << " cannot take the Prefetch of `" << parts.lookup << "`: it is no "
          << slot_type << target << ">";
        break;
    default:
        s << model << "::" << parts.slot << " is a slot for " << target_of(*wrong.slot).name << ", but `"
          << parts.lookup << "` fetches " << target;
    }
    return s;
}

template <class M, class P>
struct WrongPrefetch {
    static constexpr Sentence sentence = describe_fault(judge_prefetch(description<M>, P::parts()), P::parts());
};

template <class M, class P>
consteval bool check_prefetch() {
    if constexpr (P::parts().lookup.empty() || judge_prefetch(description<M>, P::parts()).fault == PrefetchFault::none)
        return true;
    else
        return stop<WrongPrefetch<M, P>>();
}

/// Whether the Prefetch type `P` is right for rows of `M`.
template <class M, class P>
inline constexpr bool prefetch_ok = check_prefetch<M, P>();

} // namespace kith::detail
