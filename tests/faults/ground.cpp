#include "faults/ground.hpp"

#include "faults/messages.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <stdexcept>
#include <vector>

namespace faults {

namespace {

constexpr std::size_t pool_size = 3;

/// Such a deadline never passes.
constexpr std::chrono::milliseconds no_deadline = std::chrono::hours(1);

} // namespace

std::string_view name_of(Handle handle) {
    switch (handle) {
    case Handle::in_use: return "a handle in use";
    case Handle::new_one: return "a new handle";
    case Handle::with_deadline: return "a handle with a deadline";
    }
    return {};
}

std::string text_of(const Fault& fault) {
    return fmt::format("{}, {} {}{}, on {}", fault.cell->step->name, name_of(fault.cell->kind), fault.at,
                       fault.persists ? " and all after it" : "", name_of(fault.cell->handle));
}

Ground::Ground(Place place) : place_(place) {
    // Kith chooses WAL for a file that nobody has written to.
    if (place == Place::rollback_journal) folder_.raw().run("PRAGMA journal_mode = DELETE; CREATE TABLE first(x)");
    if (place == Place::network) {
        proxy_.emplace(travel::server_socket(), travel::backend() == travel::Backend::postgresql);
        proxy_->treat(treat_message);
    }
    db_.emplace(kith::connect(url()));
    check_.emplace(place == Place::memory ? *db_ : kith::connect(url_beside_faults()));
    make_tables(*check_);
    before_ = state_of(*check_);
}

std::string Ground::url_beside_faults() const {
    const std::string options = fmt::format("pool_size={}&pool_timeout=2000&busy_timeout=2000", pool_size);
    return place_ == Place::memory ? "sqlite::memory:?" + options : folder_.url("test.db", options);
}

std::string Ground::url() const {
    if (!proxy_) return url_beside_faults();
    const auto without_tls = travel::by_backend("", "&sslmode=disable&gssencmode=disable", "");
    return folder_.url_at(fmt::format("127.0.0.1:{}", proxy_->port()),
                          fmt::format("pool_size={}&pool_timeout=2000&busy_timeout=2000{}", pool_size, without_tls));
}

bool Ground::can_run(const Step& step) const {
    switch (step.on) {
    case Step::On::sqlite: return !on_server();
    case Step::On::threads: return place_ != Place::memory;
    case Step::On::network: return place_ == Place::network;
    default: return true;
    }
}

std::string Ground::run_step(const Step& step, Handle handle, std::chrono::milliseconds deadline) {
    fresh_.reset();
    if (handle == Handle::in_use) return step.run(*db_);
    if (handle == Handle::with_deadline) return step.run(db_->deadline(deadline));
    fresh_.emplace(kith::connect(url()));
    return step.run(*fresh_);
}

/// Waits for what is still under way to the server, or runs there.
void Ground::settle() {
    if (proxy_) proxy_->settle();
}

std::vector<Cell> Ground::measure(const Step& step, std::span<const Kind> kinds, Handle handle) {
    run_step(step, Handle::in_use, no_deadline); // so that what is made once in a program is there
    (void)restored();
    settle();
    count();
    const auto result = run_step(step, handle, no_deadline);
    settle();
    disarm();
    std::vector<Cell> cells;
    for (const auto kind : kinds) {
        if ((kind == Kind::delay_too_long) != (handle == Handle::with_deadline)) continue;
        cells.push_back({.step = &step, .kind = kind, .handle = handle, .calls = counted(kind)});
    }
    const auto state = restored();
    const auto& known = expected_.try_emplace(step.name, Expected{result, state}).first->second;
    if (known.result != result) throw std::logic_error(fmt::format("{}: its result varies", step.name));
    if (known.state != state) throw std::logic_error(fmt::format("{}: what it writes varies", step.name));
    return cells;
}

/// Nothing where it throws what is allowed.
std::optional<std::string> Ground::run_fault(const Fault& fault) {
    const auto& cell = *fault.cell;
    settle();
    arm(cell.kind, fault.at, fault.persists);
    try {
        auto result = run_step(*cell.step, cell.handle, deadline_of_calls);
        disarm();
        return result;
    } catch (const kith::Error& e) {
        disarm();
        if (is_harmless(cell.kind)) throw std::logic_error(fmt::format("nothing failed but {}", e.what()));
        // Without its fault, a step may be too slow for its deadline.
        if (!has_fired() && cell.handle != Handle::with_deadline) throw std::logic_error("an error without a fault");
    } catch (const std::bad_alloc&) {
        disarm();
        if (!has_fired()) throw std::logic_error("an error without a fault");
    } catch (const std::exception& e) {
        disarm();
        throw std::logic_error(fmt::format("another exception, {}", e.what()));
    }
    return std::nullopt;
}

void Ground::run(const Fault& fault, Outcomes& outcomes) {
    std::optional<std::string> result;
    try {
        result = run_fault(fault);
        settle();
        check(*fault.cell, result);
    } catch (const std::exception& e) {
        fmt::print(stderr, "{}: {}\n", text_of(fault), e.what());
        if (++outcomes.failures == 20 || place_ == Place::memory) throw std::runtime_error("too many failures");
        db_.emplace(kith::connect(url())); // so that the next fault meets a sound one
        (void)restored();
    }
    if (!has_fired()) return;
    ++(result ? outcomes.whole : outcomes.errors);
    ++(fault.persists ? outcomes.persisting : outcomes.once);
}

/// The state, which then is the first one again.
std::string Ground::restored() {
    auto state = state_of(*check_);
    if (state != before_) restore(*check_);
    return state;
}

void Ground::check(const Cell& cell, const std::optional<std::string>& result) {
    const auto& right = expected_.at(cell.step->name);
    if (result && *result != right.result) throw std::logic_error("a wrong result: " + *result);
    if (!on_server()) {
        const auto says = check_->raw<std::string>("PRAGMA integrity_check");
        if (says != std::vector<std::string>{"ok"}) throw std::logic_error("damage: " + says.front());
    }
    const auto count = place_ == Place::memory ? 1 : pool_size;
    for (auto* handle : {&fresh_, &db_}) {
        if (!*handle) continue;
        use(**handle);
        take_connections(**handle, count);
    }
    fresh_.reset();
    check_state(right, result.has_value());
}

/// After an error too, everything may have been written: the answer to COMMIT may be what failed.
void Ground::check_state(const Expected& right, bool has_result) {
    const auto state = restored();
    if (state == right.state || (state == before_ && !has_result)) return;
    if (has_result) throw std::logic_error("the result is not in the database");
    throw std::logic_error("only a part is in the database: " + state);
}

} // namespace faults
