#pragma once

#include "faults/injection.hpp"
#include "faults/workload.hpp"
#include "support/proxy.hpp"
#include "support/test_database.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faults {

/// The handle that a step meets.
enum class Handle : unsigned char { in_use, new_one, with_deadline };

std::string_view name_of(Handle handle);

/// A step, what fails in it, and the number of calls that may fail.
struct Cell {
    const Step* step{nullptr};
    Kind kind{Kind::none};
    Handle handle{Handle::in_use};
    std::uint64_t calls{0};
};

/// The call of that number fails, and with `persists` all after it.
struct Fault {
    const Cell* cell{nullptr};
    std::uint64_t at{0};
    bool persists{false};
};

std::string text_of(const Fault& fault);

struct Outcomes {
    std::uint64_t calls{0};
    std::uint64_t once{0};
    std::uint64_t persisting{0};
    std::uint64_t errors{0};
    std::uint64_t whole{0}; ///< the right result in spite of the fault
    std::uint64_t failures{0};
};

/// A database with the rows of the workload, and what its steps do without faults.
class Ground {
public:
    enum class Place : unsigned char {
        wal,
        rollback_journal,
        memory,
        server,
        network, ///< a server behind a proxy, whose messages are calls
    };

    explicit Ground(Place place);

    bool can_run(const Step& step) const;
    /// Runs the step without faults, and counts its calls of these kinds.
    std::vector<Cell> measure(const Step& step, std::span<const Kind> kinds, Handle handle);
    /// Runs the step with the fault. What it leaves must be an error or the right result, all or nothing in the
    /// database, and a handle whose connections all work; everything else is reported and counted as a failure.
    void run(const Fault& fault, Outcomes& outcomes);

private:
    struct Expected {
        std::string result{};
        std::string state{};
    };

    bool on_server() const { return place_ == Place::server || place_ == Place::network; }
    std::string url() const;
    std::string url_beside_faults() const;
    std::string run_step(const Step& step, Handle handle, std::chrono::milliseconds deadline);
    std::optional<std::string> run_fault(const Fault& fault);
    void settle();
    std::string restored();
    void check(const Cell& cell, const std::optional<std::string>& result);
    void check_state(const Expected& right, bool has_result);

    Place place_;
    travel::TemporaryFolder folder_;
    std::optional<travel::Proxy> proxy_;
    std::optional<kith::Database> db_;
    std::optional<kith::Database> check_; ///< a pool of its own, unless the database is in memory
    std::optional<kith::Database> fresh_;
    std::string before_;
    std::map<std::string_view, Expected> expected_;
};

} // namespace faults
