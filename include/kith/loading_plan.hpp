#pragma once

#include <kith/load_strategy.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// The statements that evaluating a QuerySet runs, lookup by lookup; after the evaluation, also what each lookup took.
/// QuerySet::loading_plan() makes it without a statement.
struct LoadingPlan {
    /// Where the rows of a lookup come from.
    enum class Source : std::uint8_t {
        statement, ///< from statements of its own
        joined,    ///< select_related joins them
        above,     ///< they are the rows of the level above: the lookup leads back
        nothing,   ///< nowhere: its queryset is none()
    };
    /// How the statements of a lookup find its rows.
    enum class Shape : std::uint8_t {
        related, ///< by their own keys or foreign keys: one statement
        join,    ///< through the join table, one row for each link: one statement
        pairs,   ///< the links of the join table first, then each row once: two statements
    };
    /// Which state of the database the statements see.
    enum class Isolation : std::uint8_t {
        statement,   ///< a single statement needs no transaction
        snapshot,    ///< all statements see one state of the database
        transaction, ///< what the isolation of the open transaction allows
    };

    /// What a lookup took.
    struct Taken {
        Shape shape{};            ///< the shape that was chosen
        std::size_t statements{}; ///< the number of statements
        std::size_t keys{};       ///< the number of distinct keys of the rows above
        std::size_t rows{};       ///< the number of distinct rows returned
        bool ahead{};             ///< whether it was sent with the main statement, before the rows above had arrived
        std::size_t runs{};       ///< the number of runs of consecutive integers that travelled instead of the keys: 0
                                  ///< if the keys did
    };

    /// One step of a lookup.
    struct Lookup {
        std::string path{};       ///< from the root, in the names of the members that are filled: `wu_city__province`
        std::string member{};     ///< the member that is filled: the relation, or the slot (to_attr) of a Prefetch
        std::string relation{};   ///< the relation that is followed
        std::string kind{};       ///< the kind of the relation: `foreign key`, `reverse of a many-to-many`
        std::string model{};      ///< the model that it leads to
        bool has_queryset{false}; ///< whether a QuerySet selects and orders the rows
        bool is_default_queryset{false};  ///< whether that is the default queryset of the model
        Source source{Source::statement}; ///< where the rows come from
        std::vector<std::string>
            keys{}; ///< the columns that are compared with keys, `visit.person_id`; empty without statements
        Shape shape{Shape::related};               ///< the shape for up to `pairs_beyond` keys
        std::optional<std::size_t> pairs_beyond{}; ///< with more keys than this, the shape is `pairs`
        std::optional<Taken> taken{};  ///< what it took; empty before the evaluation, and if there were no keys
        std::vector<Lookup> lookups{}; ///< the steps behind it

        /// Returns the number of statements for this many distinct keys, if no row above has the member loaded already.
        std::size_t statements(std::size_t distinct_keys) const noexcept;
    };

    /// A relation that select_related joins.
    struct Joined {
        std::string path{};  ///< `hometown__province`
        std::string model{}; ///< the model that it leads to
    };

    std::string model{};                         ///< the model of the QuerySet
    std::size_t statements{1};                   ///< the number of main statements: 0 for none()
    std::vector<Joined> joined{};                ///< the relations that select_related joins
    std::vector<Lookup> lookups{};               ///< the first steps of all lookups
    Isolation isolation{Isolation::statement};   ///< which state of the database the statements see
    LoadStrategy strategy{LoadStrategy::levels}; ///< when the statements are sent: what was set; after the evaluation,
                                                 ///< what was done, where one_trip may hold for some lookups only
    std::string strategy_reason{};               ///< why, after the evaluation; empty if there was nothing to choose
    bool is_evaluated{false};                    ///< whether the QuerySet was evaluated, so that `taken` is known

    /// Returns the plan as an indented tree, one line for each step.
    std::string text() const;
};

} // namespace kith
