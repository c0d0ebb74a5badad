#include "faults/ground.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <stdexcept>
#include <vector>

namespace faults {

namespace {

constexpr std::size_t pool_size = 3;

} // namespace

std::string text_of(const Fault& fault) {
    return fmt::format("{}, {} {}{}, on {}", fault.cell->step->name, name_of(fault.cell->kind), fault.at,
                       fault.persists ? " and all after it" : "",
                       fault.cell->handle == Handle::in_use ? "a handle in use" : "a new handle");
}

Ground::Ground(Place place) : place_(place) {
    // Kith chooses WAL for a file that nobody has written to.
    if (place == Place::rollback_journal) folder_.raw().run("PRAGMA journal_mode = DELETE; CREATE TABLE first(x)");
    db_.emplace(kith::connect(url()));
    check_.emplace(place == Place::memory ? *db_ : kith::connect(url()));
    make_tables(*check_);
    before_ = state_of(*check_);
}

std::string Ground::url() const {
    const std::string options = fmt::format("pool_size={}&pool_timeout=2000&busy_timeout=2000", pool_size);
    return place_ == Place::memory ? "sqlite::memory:?" + options : folder_.url("test.db", options);
}

bool Ground::can_run(const Step& step) const {
    switch (step.on) {
    case Step::On::sqlite: return place_ != Place::server;
    case Step::On::threads: return place_ != Place::memory;
    default: return true;
    }
}

std::string Ground::run_step(const Step& step, Handle handle) {
    fresh_.reset();
    if (handle == Handle::in_use) return step.run(*db_);
    fresh_.emplace(kith::connect(url()));
    return step.run(*fresh_);
}

std::vector<Cell> Ground::measure(const Step& step, std::span<const Kind> kinds, Handle handle) {
    run_step(step, Handle::in_use); // so that what is made once in a program is there
    (void)restored();
    count();
    const auto result = run_step(step, handle);
    disarm();
    std::vector<Cell> cells;
    for (const auto kind : kinds)
        cells.push_back({.step = &step, .kind = kind, .handle = handle, .calls = counted(kind)});
    const auto state = restored();
    const auto& known = expected_.try_emplace(step.name, Expected{result, state}).first->second;
    if (known.result != result) throw std::logic_error(fmt::format("{}: its result varies", step.name));
    if (known.state != state) throw std::logic_error(fmt::format("{}: what it writes varies", step.name));
    return cells;
}

void Ground::run(const Fault& fault, Outcomes& outcomes) {
    const auto& cell = *fault.cell;
    std::optional<std::string> result;
    std::string failure;
    arm(cell.kind, fault.at, fault.persists);
    try {
        result = run_step(*cell.step, cell.handle);
        disarm();
    } catch (const kith::Error&) {
        disarm();
    } catch (const std::bad_alloc&) {
        disarm();
    } catch (const std::exception& e) {
        disarm();
        failure = fmt::format("another exception, {}", e.what());
    }
    try {
        if (!failure.empty()) throw std::logic_error(failure);
        if (!result && !has_fired()) throw std::logic_error("an error without a fault");
        check(*cell.step, result);
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

void Ground::check(const Step& step, const std::optional<std::string>& result) {
    const auto& right = expected_.at(step.name);
    if (result && *result != right.result) throw std::logic_error("a wrong result: " + *result);
    if (place_ != Place::server) {
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
