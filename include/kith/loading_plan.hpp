#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith {

/// What evaluating a QuerySet asks its database, lookup by lookup; after the evaluation, what that took as well.
/// QuerySet::loading_plan() makes it without a statement.
struct LoadingPlan {
    /// Where the rows of a lookup come from.
    enum class Source : std::uint8_t {
        statement, ///< from statements of its own
        joined,    ///< select_related joined them
        above,     ///< they are rows of the level above, to which the lookup leads back
        nothing,   ///< its queryset is none()
    };
    /// How the statements of a lookup ask for its rows.
    enum class Shape : std::uint8_t {
        related, ///< by the keys that the rows hold or are known by
        join,    ///< over the join table, a row for each link
        pairs,   ///< the links of the join table first, then each row once
    };
    enum class Isolation : std::uint8_t {
        statement,   ///< a single statement needs no transaction
        snapshot,    ///< all statements see one state of the database
        transaction, ///< that of the transaction which is open on this thread
    };

    /// What a lookup took.
    struct Taken {
        Shape shape{};
        std::size_t statements{};
        std::size_t keys{}; ///< distinct keys of the rows above
        std::size_t rows{}; ///< distinct rows that came back
    };

    struct Lookup {
        std::string path{};       ///< from the root, in the names of the members that are filled: `wu_city__province`
        std::string member{};     ///< the member that is filled: the relation, or the slot (to_attr) of a Prefetch
        std::string relation{};   ///< the relation that is followed
        std::string kind{};       ///< of the relation: `foreign key`, `reverse of a many-to-many`
        std::string model{};      ///< to which it leads
        bool has_queryset{false}; ///< a QuerySet chooses and orders the rows
        bool is_default_queryset{false}; ///< it is the default of the model, not one that was given
        Source source{Source::statement};
        std::vector<std::string>
            keys{}; ///< the columns that are compared with keys, `visit.person_id`; none without statements
        Shape shape{Shape::related};               ///< up to `pairs_beyond` keys
        std::optional<std::size_t> pairs_beyond{}; ///< with more keys than this the shape is `pairs`
        std::optional<Taken> taken{};              ///< of an evaluated QuerySet; none where there were no keys
        std::vector<Lookup> lookups{};             ///< those behind it

        /// The number of statements for that many distinct keys, where no row above has the member loaded already.
        std::size_t statements(std::size_t distinct_keys) const noexcept;
    };

    /// What select_related joins.
    struct Joined {
        std::string path{};
        std::string model{};
    };

    std::string model{};
    std::size_t statements{1}; ///< for the rows of the model: 0 for none()
    std::vector<Joined> joined{};
    std::vector<Lookup> lookups{};
    Isolation isolation{Isolation::statement};
    bool is_evaluated{false}; ///< what was taken is known

    /// As an indented tree, a line for each lookup.
    std::string text() const;
};

} // namespace kith
