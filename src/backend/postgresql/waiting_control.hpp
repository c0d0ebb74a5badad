#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// Transaction control that waits for the next statement, to travel with it: BEGIN, SAVEPOINT and RELEASE. What has no
/// effect is never sent: a transaction or savepoint in which nothing ran, a RELEASE before the end of the transaction.
class WaitingControl {
public:
    /// Takes `text` if it can wait, or if it has no effect now; `in_transaction`: at the server, or by a BEGIN that
    /// waits. False if it must be sent now, behind the texts that take() returns.
    bool accept(std::string_view text, bool in_transaction);
    /// Whether a BEGIN waits.
    bool begins() const noexcept { return !texts_.empty() && texts_.front().starts_with("BEGIN"); }
    /// The texts that wait, in their order; none waits after that.
    std::vector<std::string> take() { return std::exchange(texts_, {}); }
    void clear() noexcept { texts_.clear(); }

private:
    using Position = std::vector<std::string>::iterator;
    Position savepoint(std::string_view name);

    std::vector<std::string> texts_{};
};

} // namespace kith::backend::postgresql
