#include "load.hpp"

#include "base/nearest.hpp"
#include "caps.hpp"
#include "connection/url.hpp"
#include "literal.hpp"
#include "printable.hpp"
#include "query/query.hpp"
#include "shape.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace kith::cli {

namespace {

using detail::LookupSpec;
using detail::ModelInfo;
using detail::QueryHandle;

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

/// The names in `a,b` and in `a` `b`.
std::vector<std::string> listed(const std::vector<std::string>& texts) {
    std::vector<std::string> names;
    for (const auto& text : texts) {
        for (auto& name : split(text, ',')) {
            if (!name.empty()) names.push_back(std::move(name));
        }
    }
    return names;
}

std::size_t size_in(std::string_view word, std::string_view text) {
    std::size_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
        throw ValueError(fmt::format("{} takes a whole number, not '{}'", word, printable(text)));
    }
    return value;
}

/// The parts of `visitation{name__icontains=wu; order_by=-name; limit=3; to_attr=wu_city}`.
struct PrefetchText {
    std::string path{};
    bool has_queryset{false};
    std::vector<std::string> filters{};
    std::vector<std::string> excludes{};
    std::vector<std::string> order_by{};
    bool distinct{false};
    std::vector<std::string> select_related{};
    std::optional<std::size_t> limit{};
    std::size_t offset{0};
    std::string to_attr{};
};

void take_word(PrefetchText& prefetch, const std::string& word) {
    const auto equals = word.find('=');
    const auto name = std::string(trimmed(std::string_view(word).substr(0, equals)));
    const auto value = equals == std::string::npos ? std::string() : std::string(trimmed(word.substr(equals + 1)));
    if (name == "order_by") {
        prefetch.order_by = listed({value});
    } else if (name == "select_related") {
        prefetch.select_related = listed({value});
    } else if (name == "limit") {
        prefetch.limit = size_in(name, value);
    } else if (name == "offset") {
        prefetch.offset = size_in(name, value);
    } else if (name == "to_attr") {
        prefetch.to_attr = value;
    } else if (word == "distinct") {
        prefetch.distinct = true;
    } else if (word.starts_with('!')) {
        prefetch.excludes.push_back(word.substr(1));
    } else {
        prefetch.filters.push_back(word);
    }
}

PrefetchText parse_prefetch(const std::string& text) {
    PrefetchText prefetch;
    const auto open = text.find('{');
    prefetch.path = std::string(trimmed(std::string_view(text).substr(0, open)));
    if (prefetch.path.empty()) throw ValueError(fmt::format("'{}' names no relation to prefetch", printable(text)));
    if (open == std::string::npos) return prefetch;
    const auto all = trimmed(text);
    if (!all.ends_with('}')) {
        throw ValueError(fmt::format("'{}' does not end in }}: write {}{{name__icontains=wu; limit=3}}",
                                     printable(text), prefetch.path));
    }
    prefetch.has_queryset = true;
    const auto inside = std::string_view(text).substr(open + 1, all.size() - 1 - (open + 1) +
                                                                    static_cast<std::size_t>(all.data() - text.data()));
    for (const auto& word : split(inside, ';')) {
        if (!word.empty()) take_word(prefetch, word);
    }
    return prefetch;
}

/// A step of a prefetch's path: from a table through a relation, or through a slot that an earlier prefetch filled.
struct Step {
    const inspect::Table* table{nullptr};
    const inspect::Relation* relation{nullptr};
    bool is_slot{false};
};

Step step_from(const inspect::Table& table, std::string_view name, const std::vector<inspect::Slot>& slots) {
    if (const auto* relation = table.find_relation(name)) return {&table, relation, false};
    const auto slot = std::ranges::find_if(
        slots, [&](const inspect::Slot& each) { return each.table == table.name && each.name == name; });
    return {&table, slot == slots.end() ? nullptr : table.find_relation(slot->relation), true};
}

/// The steps of a path. None for a path that does not exist: the engine reports it.
std::vector<Step> steps_of(std::string_view path, const inspect::Schema& schema, const inspect::Table& from,
                           const std::vector<inspect::Slot>& slots) {
    std::vector<Step> steps;
    const auto* table = &from;
    while (true) {
        auto end = path.find("__");
        auto step = step_from(*table, path.substr(0, end), slots);
        // Names may contain __.
        while (step.relation == nullptr && end != std::string_view::npos) {
            end = path.find("__", end + 2);
            step = step_from(*table, path.substr(0, end), slots);
        }
        if (step.relation == nullptr) return {};
        steps.push_back(step);
        if (end == std::string_view::npos) return steps;
        table = schema.find(step.relation->target);
        path = path.substr(end + 2);
    }
}

std::vector<inspect::Slot> slots_of(const std::vector<PrefetchText>& prefetches, const inspect::Schema& schema,
                                    const inspect::Table& from) {
    std::vector<inspect::Slot> slots;
    for (const auto& prefetch : prefetches) {
        if (prefetch.to_attr.empty()) continue;
        const auto steps = steps_of(prefetch.path, schema, from, slots);
        if (steps.empty()) continue;
        inspect::Slot slot{steps.back().table->name, prefetch.to_attr, steps.back().relation->name};
        const auto known = std::ranges::find_if(
            slots, [&](const inspect::Slot& each) { return each.table == slot.table && each.name == slot.name; });
        if (known == slots.end()) {
            slots.push_back(std::move(slot));
        } else if (known->relation != slot.relation) {
            throw ValueError(
                fmt::format("two prefetches put different rows into '{}' of {}: choose another to_attr for "
                            "one of them",
                            slot.name, slot.table));
        }
    }
    return slots;
}

QueryHandle with_conditions(QueryHandle query, const std::vector<std::string>& filters,
                            const std::vector<std::string>& excludes, const std::vector<std::string>& order_by,
                            bool distinct) {
    for (const auto& text : filters) query = query.filter({parse_condition(text)});
    for (const auto& text : excludes) query = query.exclude({parse_condition(text)});
    if (!order_by.empty()) query = query.order_by(views(order_by));
    return distinct ? query.distinct() : query;
}

QueryHandle in_key_order(const QueryHandle& query) {
    const auto& keys = query.model().primary_key;
    if (keys.empty() || query.query()->ordered) return query;
    std::vector<std::string_view> names;
    for (const auto* key : keys) names.push_back(key->name);
    return query.order_by(names);
}

QueryHandle sliced(QueryHandle query, std::size_t offset, std::optional<std::size_t> limit) {
    constexpr auto endless = static_cast<std::size_t>(-1);
    if (offset == 0 && !limit) return query;
    const bool fits = limit && *limit < endless - offset;
    return in_key_order(query).slice(offset, fits ? offset + *limit : endless);
}

/// The relations for which rows need a place.
std::map<std::string, std::set<std::string>> relations_of(const std::vector<PrefetchText>& prefetches,
                                                          const inspect::Schema& schema, const inspect::Table& from,
                                                          const std::vector<inspect::Slot>& slots) {
    std::map<std::string, std::set<std::string>> relations;
    for (const auto& prefetch : prefetches) {
        for (const auto& step : steps_of(prefetch.path, schema, from, slots)) {
            relations[step.table->name].insert(step.relation->name);
        }
    }
    return relations;
}

/// Throws ValueError if rows of a table to load would be too large.
void require_rows(const Shape& shape, const inspect::Models& models) {
    (void)models.of(shape.model->name);
    for (const auto& child : shape.children) {
        inspect::Models::require_place(*child.slot);
        require_rows(child, models);
    }
}

} // namespace

std::string safe_url(const std::string& url) {
    const std::string safe_options = "read_only=1&untrusted=1";
    std::error_code ignored;
    const auto colon = url.find(':');
    const auto slash = url.find('/');
    const bool has_scheme = colon != std::string::npos && (slash == std::string::npos || colon < slash);
    const bool exists = std::filesystem::exists(url, ignored);
    if (!has_scheme && !exists) {
        throw OperationalError(fmt::format("there is no file '{}'; a database on a server needs a URL such as "
                                           "postgresql://user@host/name or mariadb://user@host/name",
                                           printable(url)));
    }
    if (!has_scheme || exists) {
        std::string path;
        for (const char c : url) {
            path += c == '%' ? "%25" : c == '?' ? "%3F" : std::string(1, c);
        }
        return "sqlite:" + path + "?" + safe_options;
    }
    // If an option is given several times, the last one is used.
    return url + (url.find('?') == std::string::npos ? "?" : "&") + safe_options;
}

Database open(const std::string& url, ConnectOptions options) {
    // The program has limits of its own, which it reports by its own options.
    options.max_lookup_depth = options.max_lookups = 1000;
    const auto text = safe_url(url);
    const auto address = connection::Url::parse(text, {}).address;
    std::error_code ignored;
    if (address.scheme == "sqlite" && address.location != ":memory:" &&
        !std::filesystem::exists(address.location, ignored)) {
        throw OperationalError(fmt::format("there is no file {}: check the path", printable(address.location)));
    }
    return connect(text, options);
}

Load::Load(const LoadArguments& arguments, const Database& db) : schema_(inspect::read_schema(db)) {
    const auto& table = schema_.table(arguments.table);
    std::vector<PrefetchText> prefetches;
    for (const auto& text : arguments.prefetch) prefetches.push_back(parse_prefetch(text));
    inspect::ModelOptions options{.slots = slots_of(prefetches, schema_, table)};
    options.relations = relations_of(prefetches, schema_, table, options.slots);
    for (const auto& name : listed(arguments.fields)) {
        const auto* relation = table.find_relation(name);
        const bool is_key = relation != nullptr && relation->kind == inspect::Relation::Kind::foreign_key;
        options.columns[table.name].insert(is_key ? relation->columns.front() : name);
    }
    models_ = std::make_unique<inspect::Models>(schema_, options);
    const auto& model = models_->of(table.name);
    choose_columns(arguments);

    query_ = with_conditions(QueryHandle::of_model(db, model), arguments.filters, arguments.excludes,
                             listed(arguments.order_by), arguments.distinct);
    const auto selected = listed(arguments.select_related);
    if (!selected.empty()) query_ = query_.select_related(views(selected));
    std::vector<LookupSpec> lookups;
    for (const auto& prefetch : prefetches) {
        LookupSpec spec{.path = prefetch.path, .to_attr = prefetch.to_attr};
        const auto steps = steps_of(prefetch.path, schema_, table, options.slots);
        if (!steps.empty() && (prefetch.has_queryset || !prefetch.to_attr.empty())) {
            const auto& target = models_->of(steps.back().relation->target);
            auto queryset = with_conditions(QueryHandle::of_model(db, target), prefetch.filters, prefetch.excludes,
                                            prefetch.order_by, prefetch.distinct);
            if (!prefetch.select_related.empty()) queryset = queryset.select_related(views(prefetch.select_related));
            spec.queryset = sliced(queryset, prefetch.offset, prefetch.limit).query();
        }
        lookups.push_back(std::move(spec));
    }
    if (!lookups.empty()) query_ = query_.prefetch_related(std::move(lookups));
    query_ = sliced(query_, arguments.offset.value_or(0), arguments.limit);
    require_rows(shape_of(*query_.query(), columns_), *models_);
    require_within(*query_.query(), arguments.caps);
}

void Load::choose_columns(const LoadArguments& arguments) {
    const auto& table = schema_.table(arguments.table);
    const auto& model = models_->of(table.name);
    const auto names = listed(arguments.fields);
    for (const auto& name : names) {
        const auto* field = model.find(name);
        if (field == nullptr || field->column.empty()) field = inspect::Models::column(model, name);
        if (field != nullptr) {
            if (std::ranges::find(columns_, field) == columns_.end()) columns_.push_back(field);
            continue;
        }
        std::vector<std::string_view> known;
        for (const auto& column : table.columns) known.push_back(column.name);
        const auto near = nearest(name, known);
        throw FieldError(fmt::format("{} has no column '{}'{} (in --fields)", table.name, printable(name),
                                     near.empty() ? std::string() : fmt::format(": did you mean '{}'?", near)),
                         {.model = table.name, .lookup = name});
    }
    if (columns_.empty()) columns_ = model.columns;
}

} // namespace kith::cli
