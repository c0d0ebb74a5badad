#include "faults/messages.hpp"

#include "faults/injection.hpp"
#include "support/test_database.hpp"

#include <array>

namespace faults {
namespace {

using Side = travel::Proxy::Side;
using travel::Treatment;

constexpr std::chrono::milliseconds brief{2};

struct TreatmentOfKind {
    Kind kind;
    Treatment treatment;
};

constexpr std::array treatments{
    TreatmentOfKind{Kind::cut, {.action = Treatment::Action::cut}},
    TreatmentOfKind{Kind::tear, {.action = Treatment::Action::tear}},
    TreatmentOfKind{Kind::split, {.action = Treatment::Action::split}},
    TreatmentOfKind{Kind::delay, {.action = Treatment::Action::delay, .time = brief}},
    TreatmentOfKind{Kind::delay_too_long, {.action = Treatment::Action::delay, .time = beyond_deadline}},
    TreatmentOfKind{Kind::repeat_sent, {.action = Treatment::Action::repeat}},
    TreatmentOfKind{Kind::repeat_received, {.action = Treatment::Action::repeat}},
};
static_assert(treatments.size() == message_kinds.size());

/// MariaDB executes a command that it receives twice twice, and gives both answers the same numbers: nobody can tell
/// them from those of the next command.
bool concerns(Kind kind, Side from) {
    if (kind == Kind::repeat_sent) return from == Side::client && travel::backend() == travel::Backend::postgresql;
    return kind != Kind::repeat_received || from == Side::server;
}

} // namespace

travel::Treatment treat_message(Side from) {
    Treatment chosen;
    for (const auto& [kind, treatment] : treatments) {
        if (concerns(kind, from) && fails(kind)) chosen = treatment; // each kind counts the message
    }
    return chosen;
}

} // namespace faults
