#include "observe/control_report.hpp"

#include <chrono>
#include <string>

namespace kith::observe {

ControlReport::ControlReport(const std::shared_ptr<Observers>& observers, const ControlEvent& event,
                             const backend::Driver& driver, std::uint64_t parent)
    : observers_(observers.get()),
      event_(event),
      span_(SpanBuilder::open(observers, Span::Kind::control, parent, [&](SpanBuilder& span) {
          span.begin_at(event.start);
          const std::string operation(event.text.substr(0, event.text.find(' ')));
          span.name(operation);
          span.set_server(driver.server_address());
          span.set("db.query.text", std::string(event.text));
          span.set("db.operation.name", operation);
          span.set("kith.connection", std::size_t{event.connection});
      })) {}

void ControlReport::fail(const std::exception& error) noexcept {
    if (span_) span_->fail(error);
    send(true);
}

void ControlReport::send(bool failed) noexcept {
    event_.duration = std::chrono::steady_clock::now() - event_.start;
    event_.failed = failed;
    observers_->control(event_);
    span_.reset();
}

} // namespace kith::observe
