#pragma once

#include "observe/observers.hpp"
#include "observe/span_builder.hpp"

#include <cstdint>
#include <exception>
#include <memory>

namespace kith::observe {

/// Reports one BEGIN, COMMIT, SAVEPOINT or the like to the observers of its Database.
class ControlReport {
public:
    /// `event` has its text, start and connection; `parent` is the span that the text is part of, 0 for none.
    ControlReport(const std::shared_ptr<Observers>& observers, const ControlEvent& event, const backend::Driver& driver,
                  std::uint64_t parent);

    void finish() noexcept { send(false); }
    void fail(const std::exception& error) noexcept;

private:
    void send(bool failed) noexcept;

    Observers* observers_;
    ControlEvent event_;
    std::shared_ptr<SpanBuilder> span_;
};

} // namespace kith::observe
