#include "prefetch/keys.hpp"

#include "rows/key_index.hpp"
#include "rows/page.hpp"
#include "rows/row_value.hpp"
#include "rows/to_one.hpp"

namespace kith::prefetch {

namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::Value;

/// Numbers keys. Ascending integers, which is how most parents arrive, need no index: each is new.
class Numbering {
public:
    Numbering(ColumnType type, std::size_t expected, sql::KeySet::Column& column)
        : type_(type), expected_(expected), column_(column) {}

    std::uint32_t number(std::int64_t key) {
        auto& known = column_.integers;
        if (index_ == nullptr) {
            if (known.empty() || key > known.back()) {
                known.push_back(key);
                return static_cast<std::uint32_t>(known.size() - 1);
            }
            if (key == known.back()) return static_cast<std::uint32_t>(known.size() - 1);
            index_ = std::make_unique<rows::KeyIndex>(type_, expected_);
            for (const auto earlier : known) index_->insert(earlier);
        }
        const auto found = index_->insert(key);
        if (found == known.size()) known.push_back(key);
        return found;
    }

    std::uint32_t number(Value key) {
        if (index_ == nullptr) index_ = std::make_unique<rows::KeyIndex>(type_, expected_);
        const auto found = index_->insert(key);
        if (found == column_.values.size()) column_.values.push_back(std::move(key));
        return found;
    }

private:
    ColumnType type_;
    std::size_t expected_;
    sql::KeySet::Column& column_;
    std::unique_ptr<rows::KeyIndex> index_;
};

bool is_plain_int64(const FieldInfo& field) {
    return field.type == ColumnType::int64 && field.access == nullptr && !detail::is_relation(field.kind);
}

}  // namespace

ParentKeys collect_keys(const detail::RelationInfo& relation, const FieldInfo& slot, std::span<void* const> parents,
                        std::vector<void*>& without_key) {
    const auto& source = *relation.source_columns.front();
    ParentKeys result;
    result.keys = std::make_shared<sql::KeySet>(std::span(&source.type, 1));
    result.parents.reserve(parents.size());
    result.ordinals.reserve(parents.size());
    Numbering numbering(source.type, parents.size(), result.keys->column(0));
    const bool plain = is_plain_int64(source);
    const bool integer = detail::is_integer(source.type);
    for (auto* parent : parents) {
        if (rows::is_loaded(rows::state_of(parent, slot))) continue;
        std::uint32_t ordinal = 0;
        if (plain) {
            const auto* key = static_cast<const std::byte*>(parent) + source.offset;
            ordinal = numbering.number(*reinterpret_cast<const std::int64_t*>(key));
        } else {
            auto key = rows::read_value(parent, source);
            if (detail::is_null(key)) {
                without_key.push_back(parent);
                continue;
            }
            ordinal = integer ? numbering.number(std::get<std::int64_t>(key)) : numbering.number(std::move(key));
        }
        result.parents.push_back(parent);
        result.ordinals.push_back(ordinal);
    }
    return result;
}

}  // namespace kith::prefetch
