#include "backend/postgresql/pipeline.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

namespace kith::backend::postgresql {
namespace {

/// Beyond this number of keys, planning for the given keys gains more than it costs.
constexpr std::size_t most_keys_of_named = 500;
/// Bytes that are sent ahead of results. More would be in memory twice, here and in the server, and gains nothing: with
/// that much to send, latency no longer matters.
constexpr auto most_in_flight = std::size_t{256} * 1024;

} // namespace

std::shared_ptr<Pipeline::Step> Pipeline::add(const sql::Statement& statement, bool keep) {
    const auto& step = steps_.emplace_back(std::make_shared<Step>());
    step->sql = statement.text;
    step->statement = &statement;
    step->keep = keep;
    return step;
}

std::shared_ptr<Pipeline::Step> Pipeline::add(const sql::StatementText& text) {
    const auto& step = steps_.emplace_back(std::make_shared<Step>());
    step->sql = text;
    step->own.text = text;
    step->statement = &step->own;
    return step;
}

std::shared_ptr<Pipeline::Step> Pipeline::add_commit(bool needs_all) {
    auto step = add(commit_);
    step->needs_all = needs_all;
    return step;
}

void Pipeline::open() {
    if (std::exchange(open_, true)) return;
    if (PQenterPipelineMode(handle_->get()) != 1 || PQsetnonblocking(handle_->get(), 1) != 0) broken_ = true;
}

void Pipeline::send() {
    open();
    const auto before = unsent_;
    while (unsent_ < steps_.size() && (in_flight_ == 0 || in_flight_ < most_in_flight)) send(*steps_[unsent_++]);
    bool good = true;
    if (unsent_ == steps_.size()) {
        good = std::exchange(synchronised_, true) || PQpipelineSync(handle_->get()) == 1;
    } else if (unsent_ > before) {
        good = PQsendFlushRequest(handle_->get()) == 1; // otherwise the server keeps its results until the end
    }
    const int flushed = good ? PQflush(handle_->get()) : -1;
    flushing_ = flushed == 1;
    if (flushed < 0) broken_ = true;
}

void Pipeline::send(Step& step) {
    const bool wanted = steps_[unsent_ - 1].use_count() > 1;
    if (!wanted || broken_) return;
    if (step.needs_all) {
        const auto unsent = std::ranges::find_if(steps_, [](const auto& other) { return other->error != nullptr; });
        if (unsent != steps_.end()) {
            step.cause = *unsent;
            return;
        }
    }
    try {
        const Parameters parameters(*step.statement);
        broken_ = !send_statement(step, parameters);
    } catch (...) {
        step.error = std::current_exception();
    }
}

bool Pipeline::send_statement(Step& step, const Parameters& parameters) {
    auto* connection = handle_->get();
    const auto& sql = step.statement->text;
    const bool is_planned_anew = step.statement->plan_for_values || parameters.most_keys() > most_keys_of_named;
    const bool keep = step.keep && !statements_->off() && !is_planned_anew;
    auto* entry = keep ? statements_->find(sql, parameters) : nullptr;
    const bool prepares = entry != nullptr && entry->name.empty();
    if (prepares) {
        statements_->name(*entry);
        try {
            step.prepares = entry->name;
        } catch (...) { // a name is of a statement that the server has
            entry->name.clear();
            throw;
        }
    }
    // No exception from here on: the answers that are awaited are those to what was sent.
    step.awaited = prepares ? 2 : 1;
    step.bytes = sql.size() + parameters.bytes();
    in_flight_ += step.bytes;
    if (entry == nullptr) {
        return PQsendQueryParams(connection, sql.c_str(), parameters.size(), parameters.types().data(),
                                 parameters.values(), parameters.lengths(), parameters.formats(), binary_format) == 1;
    }
    step.named = true;
    if (prepares && PQsendPrepare(connection, entry->name.c_str(), sql.c_str(), static_cast<int>(entry->types.size()),
                                  entry->types.data()) != 1) {
        return false;
    }
    return PQsendQueryPrepared(connection, entry->name.c_str(), parameters.size(), parameters.values(),
                               parameters.lengths(), parameters.formats(), binary_format) == 1;
}

void Pipeline::wait_for(const Step& step) {
    while (!step.ended) advance();
    if (current_ == steps_.size()) settle();
}

bool Pipeline::wait_for_row(const Step& step) {
    while (step.rows.empty() && !step.ended) advance();
    if (current_ == steps_.size()) settle();
    return !step.rows.empty();
}

void Pipeline::settle() {
    while (active()) advance();
}

void Pipeline::advance() {
    if (handle_->lost()) broken_ = true;
    if (!broken_) send();
    if (broken_) return give_up();
    while (current_ < unsent_ && steps_[current_]->awaited == 0) end_current(); // was not sent
    if (current_ == unsent_ && !synchronised_) return;
    ask_for_rows();
    // PQgetResult would only wait for a result, and not send.
    if (flushing_) wait_for_socket();
    if (!flushing_) handle_->await_result();
    if (handle_->gave_up()) return; // the next call does too
    if (!flushing_ || PQisBusy(handle_->get()) == 0) receive(Result(PQgetResult(handle_->get())));
}

/// libpq grants it once the results of the step before have ended, and before it has read any of this one.
void Pipeline::ask_for_rows() {
    if (current_ == unsent_) return;
    auto& step = *steps_[current_];
    if (step.by_row && !step.asked && step.awaited == 1) step.asked = PQsetSingleRowMode(handle_->get()) == 1;
}

/// Until the socket can be written or read. Any fault of it is reported by PQgetResult.
void Pipeline::wait_for_socket() {
    handle_->await(POLLIN | POLLOUT);
    PQconsumeInput(handle_->get());
}

void Pipeline::receive(Result result) {
    const auto status = PQresultStatus(result.get());
    if (result == nullptr) { // the end of one statement's results; twice, if libpq has given up the connection
        broken_ = std::exchange(paused_, true);
        return;
    }
    paused_ = false;
    if (status == PGRES_PIPELINE_SYNC) return close();
    if (current_ == unsent_) return receive_behind_all(std::move(result));
    auto& step = *steps_[current_];
    if (status == PGRES_SINGLE_TUPLE) {
        ++step.rows_arrived;
        if (steps_[current_].use_count() > 1) keep_row(step, std::move(result));
        return;
    }
    --step.awaited;
    if (status == PGRES_PIPELINE_ABORTED) {
        if (failed_ != steps_[current_]) step.cause = failed_;
    } else if (is_failure(result.get())) {
        if (failed_ == nullptr) failed_ = steps_[current_];
        step.result = std::move(result);
    } else if (step.awaited > 0) {
        step.prepares.clear(); // the statement is prepared now
    } else if (!has_all_rows(result.get(), step.rows_arrived)) {
        lose_track();
    } else if (steps_[current_].use_count() > 1) {
        step.result = std::move(result);
    }
    if (step.awaited == 0) end_current();
}

void Pipeline::keep_row(Step& step, Result row) noexcept {
    if (step.most_kept.is_beyond(step.kept_rows, step.kept_bytes)) return;
    ++step.kept_rows;
    for (int column = 0; column < PQnfields(row.get()); ++column) {
        step.kept_bytes += static_cast<std::size_t>(PQgetlength(row.get(), 0, column));
    }
    try {
        step.rows.push_back(std::move(row));
    } catch (...) { // whoever reads the rows must not take them for all
        step.error = std::current_exception();
    }
}

/// A result after all statements were answered: outside of a transaction, that they could not be committed.
void Pipeline::receive_behind_all(Result result) {
    if (current_ == 0 || !is_failure(result.get())) return lose_track();
    steps_[current_ - 1]->result = std::move(result);
}

/// The connection is lost. If a statement was its own transaction, it is unknown whether that was committed.
void Pipeline::give_up() {
    if (auto& last = *steps_.back(); last.result != nullptr && !is_failure(last.result.get())) last.result.reset();
    close();
}

/// The server has sent what no statement expects.
void Pipeline::lose_track() noexcept {
    broken_ = true;
    handle_->lose_track();
}

void Pipeline::end_current() {
    auto& step = *steps_[current_++];
    in_flight_ -= step.bytes;
    step.ended = true;
    if (!step.prepares.empty()) statements_->was_not_prepared(step.prepares);
}

void Pipeline::close() {
    for (; current_ < steps_.size(); ++current_) {
        steps_[current_]->ended = true;
        if (failed_ != steps_[current_]) steps_[current_]->cause = failed_;
    }
    if (!broken_ && (PQexitPipelineMode(handle_->get()) != 1 || PQsetnonblocking(handle_->get(), 0) != 0)) lose_track();
    steps_.clear();
    failed_ = nullptr;
    unsent_ = current_ = in_flight_ = 0;
    open_ = synchronised_ = flushing_ = paused_ = false;
    handle_->end();
}

} // namespace kith::backend::postgresql
