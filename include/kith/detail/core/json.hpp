#pragma once

#include <kith/detail/core/model_description.hpp>
#include <kith/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The doors of to_json(), write_json() and from_json(). Implemented in src/json.
namespace kith {

/// What is wrong with one member of a JSON text, by its name in the text: "expected a whole number, but got \"x\"".
using JsonFault = Fault;

/// A text that from_json() cannot read. `what()` names the first members that are wrong, lookup() the first of them.
class JsonError : public ValueError {
public:
    JsonError(const std::string& model, std::vector<JsonFault> faults);

    /// Everything that is wrong, in the order of the text; after 100 faults, reading ends.
    const std::vector<JsonFault>& faults() const noexcept { return faults_; }

private:
    std::vector<JsonFault> faults_;
};

/// How to_json() and write_json() lay out JSON.
struct JsonOptions {
    std::size_t indent{0}; ///< blanks for each level, at most 16; 0: everything on one line
};

namespace detail {

/// Takes the next piece of a text.
using TextSink = void (*)(void* to, std::string_view text);

/// Throws Error: the sink of write_json() failed.
[[noreturn]] void throw_failed_sink();

/// Writes rows as JSON, piece by piece.
class JsonWriter {
public:
    JsonWriter(const JsonOptions& options, TextSink sink, void* to);
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;
    ~JsonWriter();

    void begin_array();
    /// `row` may be null. Throws ValueError if the row contains itself, and for what JSON cannot contain.
    void row(const ModelInfo& model, const void* row);
    void end_array();
    /// Passes the last piece on.
    void finish();

private:
    struct State;

    std::unique_ptr<State> state_;
};

/// The members that a text may have, and those that it must have, by their names in the model.
struct JsonMembers {
    std::span<const std::string_view> allowed{};
    std::span<const std::string_view> required{};
};

/// Reads an object into `row`. Without `members`, it may have all. Throws JsonError, when some may have been read.
void read_json(const ModelInfo& model, std::string_view text, void* row, const JsonMembers* members);
/// Reads an array of objects; `append` returns the address of one more detached row.
void read_json_list(const ModelInfo& model, std::string_view text, void* (*append)(void* list), void* list,
                    const JsonMembers* members);

} // namespace detail
} // namespace kith
