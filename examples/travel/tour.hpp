#pragma once

#include "page.hpp"

#include <kith/kith.hpp>

#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace travel {

/// A place in the source of a chapter.
using Mark = std::source_location;

/// One database, and the page on which is told what happens there.
///
/// What stands between `tour.code()` and `tour.ran()` runs as it stands, and is then shown, taken
/// from the very text that was compiled, with the statements that it caused:
///
///     tour.code();
///     const auto hubei = db.objects<Province>().get("name__iexact"_f = "hubei province");
///     tour.ran();
class Tour {
public:
    Tour(Page& page, kith::Database db) : page_(page), db_(std::move(db)) {}

    Page& page() const { return page_; }
    const kith::Database& db() const { return db_; }

    /// The code to be shown begins on the next line. Statements are recorded from here.
    void code(Mark here = Mark::current());
    /// It ended on the line before: shows it, its statements, their number, and what it found.
    void ran(const std::vector<Table>& found = {}, Mark here = Mark::current());

    /// Shows the code between two places, without its statements.
    void show_code(const Mark& begin, const Mark& end = Mark::current()) const;
    /// Shows statements, with their parameters and the number of their rows.
    void show_statements(const std::vector<kith::QueryLog::Entry>& statements) const;

private:
    Page& page_;
    kith::Database db_;
    std::optional<kith::QueryLog> log_; // only while code runs that is shown
    Mark begin_;
};

// ---- the chapters

/// The document "prefetch_related", section by section.
void tell_prefetch_related(Tour& cast);

/// The three notes about it.
void tell_shared_instances(Tour& cast);
void tell_large_key_lists(Tour& world);
void tell_iterator(Tour& cast);

/// All of it at full size: loads the visits of `people` people in three ways, and compares them.
void tell_world(Tour& world, std::size_t people);

} // namespace travel
