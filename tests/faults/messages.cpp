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

/// A server that receives a whole command, or its end, twice answers twice, and nobody can tell the second answer from
/// that to the next command. PostgreSQL's other messages are parts of a command.
bool is_part(char first) {
    constexpr char query = 'Q';
    constexpr char sync = 'S';
    return travel::backend() == travel::Backend::postgresql && first != query && first != sync;
}

bool concerns(Kind kind, Side from, char first) {
    if (kind == Kind::repeat_sent) return from == Side::client && is_part(first);
    return kind != Kind::repeat_received || from == Side::server;
}

} // namespace

travel::Treatment treat_message(Side from, char first) {
    Treatment chosen;
    for (const auto& [kind, treatment] : treatments) {
        if (concerns(kind, from, first) && fails(kind)) chosen = treatment; // each kind counts the message
    }
    return chosen;
}

} // namespace faults
