#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <charconv>
#include <chrono>

namespace kith::sql {

constexpr std::size_t none = static_cast<std::size_t>(-1);

KeyMarks Writer::bind_keys(std::shared_ptr<const KeySet> keys) {
    const auto bind_part = [&](std::shared_ptr<const KeySet> part) {
        std::vector<std::string> marks;
        const auto columns = part->columns().size();
        if (columns == 1 || !dialect_->binds_key_columns_apart()) {
            marks.push_back(bind(std::move(part)));
            return marks;
        }
        for (std::size_t i = 0; i < columns; ++i) marks.push_back(bind(std::make_shared<const KeySet>(part->only(i))));
        return marks;
    };
    KeyMarks marks;
    const auto most = dialect_->keys_in_parameter(*keys);
    if (keys->size() <= most) {
        marks.parts.push_back({.columns = bind_part(std::move(keys))});
        return marks;
    }
    for (std::size_t first = 0; first < keys->size(); first += most) {
        auto before = bind(Value(static_cast<std::int64_t>(first)));
        auto columns = bind_part(std::make_shared<const KeySet>(keys->part(first, most)));
        marks.parts.push_back({std::move(before), std::move(columns)});
    }
    return marks;
}

std::string Writer::now() {
    if (const auto clock = dialect_->now(); !clock.empty()) return std::string(clock);
    if (now_.empty()) now_ = bind(Value(clock(*dialect_)));
    return now_;
}

Timestamp clock(const Dialect& dialect) {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    return now - now.time_since_epoch() % dialect.unit_of_time();
}

Value time_for(const FieldInfo& field, Timestamp now) {
    if (field.type == ColumnType::date) return std::chrono::floor<std::chrono::days>(now);
    return now;
}

std::string Writer::is_one_of(const std::string& column, std::shared_ptr<const KeySet> keys, const KeyColumn& key) {
    const auto fewest = dialect_->fewest_keys();
    if (keys->size() < fewest) {
        keys = std::make_shared<const KeySet>(keys->filled_to(fewest, KeySet::Filling::last_key));
    }
    return dialect_->key_condition(column, bind_keys(std::move(keys)), key);
}

Statement Writer::finish(std::string_view text) && {
    Statement statement{.plan_for_values = plans_for_values_, .table = table_};
    std::string finished;
    finished.reserve(text.size());
    statement.binds.reserve(binds_.size());
    std::vector<std::size_t> places(binds_.size(), none); // the index of each bind in the statement
    while (true) {
        const auto begin = text.find(mark);
        finished += text.substr(0, begin);
        if (begin == std::string_view::npos) break;
        const auto end = text.find(mark, begin + 1);
        std::size_t number = binds_.size();
        if (end != std::string_view::npos) std::from_chars(text.data() + begin + 1, text.data() + end, number);
        if (number >= binds_.size()) {
            throw ValueError(
                "The name of a table or column contains the control character 1, which Kith does not support");
        }
        // A value that is used twice is bound once, or twice if placeholders have no numbers.
        auto& place = places[number];
        const auto before = statement.binds.size();
        if (place == none) {
            place = before;
            statement.binds.push_back(std::move(binds_[number]));
        } else if (!dialect_->numbers_placeholders()) {
            statement.binds.push_back(statement.binds[place]);
        }
        if (!stored_.empty() && statement.binds.size() > before) {
            statement.stored.push_back(number < stored_.size() ? stored_[number] : nullptr);
        }
        finished += dialect_->placeholder(place + 1);
        text.remove_prefix(end + 1);
    }
    statement.text = std::move(finished);
    return statement;
}

} // namespace kith::sql
