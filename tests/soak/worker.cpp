#include "soak/worker.hpp"

#include "kills/models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace soak {

using namespace kith::literals;
using kills::Batch;
using kills::Item;
using kills::Tag;
using std::chrono::milliseconds;

namespace {

void require(bool holds, std::string_view what) {
    if (!holds) throw std::logic_error(std::string(what));
}

/// What `ask` returns, when no connection is killed meanwhile.
template <class Ask>
auto surely(const Ask& ask) {
    for (int tries = 0;; ++tries) {
        try {
            return ask();
        } catch (const kith::Error& error) {
            if (!error.is_transient() || tries == 20) throw;
        }
    }
}

} // namespace

Worker::Worker(Stage& stage, std::int64_t owner, std::uint64_t seed)
    : stage_(&stage), owner_(owner), seed_(seed), random_(seed) {}

const Worker::Action& Worker::pick() {
    static constexpr std::array actions{Action{Work::write, &Worker::write, 30},
                                        Action{Work::transfer, &Worker::transfer, 15},
                                        Action{Work::evaluate, &Worker::evaluate, 15},
                                        Action{Work::evaluate, &Worker::evaluate_deeply, 6},
                                        Action{Work::stream, &Worker::stream, 8},
                                        Action{Work::lazy, &Worker::load_lazily, 8},
                                        Action{Work::together, &Worker::evaluate_together, 8},
                                        Action{Work::limits, &Worker::keep_to_limits, 6},
                                        Action{Work::observe, &Worker::observe, 6},
                                        Action{Work::handle, &Worker::use_own_handle, 2}};
    unsigned sum = 0;
    for (const auto& action : actions) sum += action.weight;
    auto left = random_() % sum;
    const auto* action = actions.data();
    for (; left >= action->weight; ++action) left -= action->weight;
    return *action;
}

Worker::Bounded Worker::bound() {
    Bounded bounded{.db = stage_->db()};
    const auto how = random_() % 8;
    const milliseconds time(random_() % 12);
    if (how == 0) {
        bounded.ends = true;
        bounded.db = bounded.db.deadline(time);
    } else if (how == 1) {
        bounded.source.emplace();
        bounded.db = bounded.db.stop(bounded.source->get_token());
        bounded.canceller = std::jthread([source = *bounded.source, time]() mutable {
            std::this_thread::sleep_for(time);
            source.request_stop();
        });
    }
    return bounded;
}

/// What only reads is never in doubt, and waits for no lock of SQLite's.
bool Worker::may_end(End end, Work work, const Bounded& bounded) const {
    const bool writes = work == Work::write || work == Work::transfer;
    switch (end) {
    case End::done: return false;
    case End::deadline: return bounded.ends;
    case End::cancelled: return bounded.source.has_value();
    case End::limit: return work == Work::limits;
    case End::transient: return writes || !travel::on_sqlite();
    case End::in_doubt: return writes && !travel::on_sqlite();
    }
    return false;
}

void Worker::step() {
    if (random_() % 32 == 0) surely([&] { stage_->kill_a_connection(); });
    const auto& action = pick();
    const auto bounded = bound();
    try {
        (this->*action.run)(bounded.db);
        stage_->tally().add(action.work, End::done);
    } catch (const kith::Error& error) {
        const auto end = end_of(error);
        if (!may_end(end, action.work, bounded)) {
            throw std::logic_error(
                fmt::format("unexpected, SQLSTATE '{}', code {}: {}", error.sqlstate(), error.code(), error.what()));
        }
        stage_->tally().add(action.work, end);
    }
}

void Worker::check() const { expect(kills::load(stage_->db(), owner_)); }

void Worker::expect(const kills::Rows& found) const {
    if (found == rows_) return;
    throw std::logic_error(fmt::format("owner {}, operation {}: there is\n{}instead of\n{}", owner_, number_,
                                       kills::text_of(found), kills::text_of(rows_)));
}

// ---- writing

void Worker::write(const kith::Database& db) {
    const auto next = kills::operation(rows_, seed_, ++number_, owner_);
    auto after = rows_;
    kills::apply_to_rows(next, after);
    try {
        kills::perform(next, db);
        rows_ = after;
    } catch (const kith::Error& error) {
        try {
            settle(after, end_of(error) == End::in_doubt);
        } catch (const std::logic_error& fault) {
            throw std::logic_error(fmt::format("{}: {}\n{}", kills::name_of(next.kind), error.what(), fault.what()));
        }
        throw;
    }
}

/// After an error nothing of the operation is there, or, if it is in doubt, perhaps all of it.
void Worker::settle(const kills::Rows& after, bool in_doubt) {
    if (in_doubt) stage_->wait_for_doubts();
    const auto found = surely([&] { return kills::load(stage_->db(), owner_); });
    if (in_doubt && found == after)
        rows_ = after;
    else
        expect(found);
}

void Worker::transfer(const kith::Database& db) {
    const auto [from, to] = accounts::two_of(random_());
    const auto amount = static_cast<std::int64_t>(random_() % 50);
    const bool settles = random_() % 30 == 0;
    db.atomic(
        [&, payer = from, payee = to](kith::Database& tx) {
            if (settles)
                accounts::settle(tx);
            else
                accounts::transfer(tx, payer, payee, amount);
        },
        {.isolation = kith::Isolation::serializable, .retries = random_() % 2 == 0 ? 6U : 0U});
}

// ---- reading

void Worker::evaluate(const kith::Database& db) {
    if (random_() % 2 == 0) return expect(kills::load(db, owner_));
    const auto way = random_() % accounts::ways;
    const auto fault = accounts::fault_in(db, way);
    require(fault.empty(), fmt::format("accounts, way {}: {}", way, fault));
}

void Worker::evaluate_deeply(const kith::Database& db) {
    std::size_t batches = 0;
    for (const Batch& batch : db.objects<Batch>()
                                  .filter("owner"_f = owner_)
                                  .prefetch_related("items__batch", "tags__batches__notes", "notes")) {
        const auto& known = rows_.at(batch.number);
        ++batches;
        require(batch.items.all().size() == static_cast<std::size_t>(known.items), "items are missing");
        for (const Item& item : batch.items.all()) require(item.batch->number == batch.number, "an item is elsewhere");
        require(batch.tags.all().size() == known.tags.size(), "tags are missing");
        for (const Tag& tag : batch.tags.all()) {
            require(tag.batches.all().contains(batch), "a tag does not lead back");
            for (const Batch& other : tag.batches.all()) require(other.notes.all().size() == 2, "a note is missing");
        }
    }
    require(batches == rows_.size(), "batches are missing");
}

void Worker::stream(const kith::Database& db) {
    const auto most = random_() % 3 == 0 ? random_() % 200 : ~std::uint64_t{0};
    std::int64_t total = 0;
    std::uint64_t read = 0;
    for (const Item& item : db.objects<Item>()
                                .filter("batch__owner"_f = owner_)
                                .order_by("id")
                                .prefetch_related("batch__tags")
                                .iterator({.chunk_size = 100 + random_() % 400, .snapshot = random_() % 2 == 0})) {
        if (++read > most) return;
        total += item.value;
        require(item.batch->tags.all().size() == rows_.at(item.batch->number).tags.size(), "tags are missing");
    }
    std::int64_t expected = 0;
    for (const auto& [number, batch] : rows_) expected += batch.total;
    require(total == expected, fmt::format("a stream sees {} instead of {}", total, expected));
}

/// Through rows that other threads read as well.
void Worker::load_lazily(const kith::Database&) {
    static constexpr std::array modes{kith::FetchMode::one, kith::FetchMode::peers};
    std::optional<kith::FetchMode> fresh;
    if (random_() % 4 == 0) fresh = modes.at(random_() % modes.size());
    const auto all = stage_->shared_accounts(fresh);
    require(all.size() == static_cast<std::size_t>(accounts::count), "accounts are missing");
    const auto& account = all[random_() % accounts::count];
    for (const auto& paid : account.paid.all()) {
        require(paid.payer->id == account.id, "a transfer is of another account");
        require(paid.payee->id != account.id, "a transfer leads nowhere");
    }
}

void Worker::evaluate_together(const kith::Database& db) {
    const auto own = db.objects<Item>().filter("batch__owner"_f = owner_);
    const auto [batches, items, total, sum] =
        kith::evaluate_together(db.objects<Batch>().filter("owner"_f = owner_).prefetch_related("items", "tags"),
                                kith::count_of(own), kith::aggregates_of(own, kith::Sum("value"_f)),
                                kith::aggregates_of(db.objects<accounts::Account>(), kith::Sum("balance"_f)));
    require(batches.size() == rows_.size(), "batches are missing");
    std::int64_t count = 0;
    std::int64_t expected = 0;
    for (const auto& [number, batch] : rows_) {
        count += batch.items;
        expected += batch.total;
    }
    require(items == count && total.value_or(0) == expected, "counts of another state");
    require(sum == accounts::count * accounts::at_first, "money was lost");
}

void Worker::keep_to_limits(const kith::Database& db) {
    expect(kills::load(db.limits({.rows = random_() % 8, .related_rows = random_() % 60, .statements = random_() % 8}),
                       owner_));
}

void Worker::observe(const kith::Database& db) {
    const kith::QueryLog log(
        db, {.parameter_values = random_() % 2 == 0 ? kith::ParameterValues::redacted : kith::ParameterValues::shown});
    const kith::LoadingDetector detector(db);
    std::atomic<std::size_t> statements{0};
    std::atomic<std::size_t> spans{0};
    const auto query = db.on_query([&](const kith::QueryEvent&) { ++statements; });
    const auto trace = db.on_trace({.ended = [&](const kith::Span&) { ++spans; }});
    expect(kills::load(db, owner_));
    require(statements >= 1 && spans >= 1 && log.size() >= 1, "an observer saw nothing");
    require(!log.entries().front().sql.empty(), "an entry without its text");
    (void)detector.findings();
}

/// Its last rows outlive the handle, and a stream ends before its end.
void Worker::use_own_handle(const kith::Database&) {
    const auto own = kith::connect(stage_->url(1 + random_() % 2));
    expect(kills::load(own, owner_));
    auto stream = own.objects<Item>().iterator({.chunk_size = 10});
    if (stream.begin() != stream.end() && random_() % 2 == 0) return;
    kept_ = own.objects<accounts::Account>().prefetch_related("paid");
    require(kept_.size() == static_cast<std::size_t>(accounts::count), "accounts are missing");
}

} // namespace soak
