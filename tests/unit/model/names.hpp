#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/reflect/describe.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kith::test {

using Names = std::vector<std::string>;

template <class M>
const detail::ModelInfo& model() {
    return detail::model_info(detail::describe<M>());
}
template <class M>
const detail::FieldInfo& field(std::string_view name) {
    return *model<M>().find(name);
}
template <class M>
const detail::RelationInfo& relation(std::string_view name) {
    return *field<M>(name).relation;
}

/// The names of members.
inline Names names(const std::vector<const detail::FieldInfo*>& fields) {
    Names found;
    for (const auto* field : fields) found.push_back(field->name);
    return found;
}
/// The same with their models: `Author.name`.
inline Names labels(const std::vector<const detail::FieldInfo*>& fields) {
    Names found;
    for (const auto* field : fields) found.push_back(field->label());
    return found;
}
inline Names names(const std::vector<const detail::RelationInfo*>& relations) {
    Names found;
    for (const auto* relation : relations) found.push_back(relation->field->label());
    return found;
}

} // namespace kith::test
