#include "observe/span_builder.hpp"

namespace kith::observe {
namespace {

/// The class of an error under which programs catch it.
const char* class_of(const std::exception& error) noexcept {
    if (dynamic_cast<const IntegrityError*>(&error) != nullptr) return "kith::IntegrityError";
    if (dynamic_cast<const OperationalError*>(&error) != nullptr) return "kith::OperationalError";
    if (dynamic_cast<const DatabaseError*>(&error) != nullptr) return "kith::DatabaseError";
    return dynamic_cast<const Error*>(&error) != nullptr ? "kith::Error" : "std::exception";
}

std::string status_code(const ErrorContext& context) {
    if (!context.sqlstate.empty()) return context.sqlstate;
    return context.code != 0 ? std::to_string(context.code) : std::string{};
}

} // namespace

std::source_location of_program(std::source_location where) noexcept {
    return std::string_view(where.file_name()).find("/include/c++/") == std::string_view::npos ? where
                                                                                               : std::source_location{};
}

SpanBuilder::SpanBuilder(const std::shared_ptr<Observers>& observers, Span::Kind kind, std::uint64_t parent)
    : observers_(observers), tracers_(observers->tracers()) {
    span_.kind = kind;
    span_.id = observers->next_span();
    span_.parent = parent;
}

void SpanBuilder::start() {
    const auto now = std::chrono::steady_clock::now();
    if (span_.start == std::chrono::steady_clock::time_point{}) span_.start = now;
    span_.started_at = std::chrono::system_clock::now() -
                       std::chrono::duration_cast<std::chrono::system_clock::duration>(now - span_.start);
    span_.end = span_.start;
    started_ = true;
    observers_->started(tracers_, span_);
}

SpanBuilder::~SpanBuilder() {
    if (!started_) return;
    span_.end = std::chrono::steady_clock::now();
    try {
        if (failure_) {
            span_.failed = true;
            set("error.type", failure_->type);
            if (!failure_->status.empty()) set("db.response.status_code", failure_->status);
        }
    } catch (...) { // NOLINT(bugprone-empty-catch): without memory, the span lacks its error
    }
    observers_->ended(tracers_, span_);
}

void SpanBuilder::set_source(std::source_location where) {
    where = of_program(where);
    if (where.line() == 0) return;
    set("code.file.path", where.file_name());
    set("code.line.number", std::size_t{where.line()});
    set("code.function.name", where.function_name());
}

void SpanBuilder::set_server(const backend::ServerAddress& server) {
    set("db.system.name", server.system);
    if (!server.database.empty()) set("db.namespace", server.database);
    if (!server.address.empty()) set("server.address", server.address);
    if (server.port != 0) set("server.port", std::size_t{server.port});
}

void SpanBuilder::fail(const std::exception& error) noexcept {
    try {
        const auto* ours = dynamic_cast<const Error*>(&error);
        failure_ = {.type = class_of(error), .status = ours != nullptr ? status_code(ours->context()) : std::string{}};
    } catch (...) { // NOLINT(bugprone-empty-catch): without memory, the span lacks its error
    }
}

} // namespace kith::observe
