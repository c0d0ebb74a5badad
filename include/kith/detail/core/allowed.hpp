#pragma once

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/query_handle.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What requests may name: the doors of Filters, Orders and Includes. Each throws FieldError for a name that is not on
/// the list, ValueError for one that is given twice. Implemented in src/run/allowed.cpp.
namespace kith::detail {

/// Conditions given as texts: names of `allowed` paths, and values.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

QueryHandle filter_by_texts(const QueryHandle& query, std::span<const std::string_view> allowed,
                            const NamedTexts& texts);
/// `text` is `-created,title`.
QueryHandle order_by_text(const QueryHandle& query, std::span<const std::string_view> allowed, std::string_view text);
/// `text` is `author,comments__author`. A Prefetch that restricts a relation applies to all lookups that lead through
/// it.
QueryHandle include_by_text(const QueryHandle& query, std::span<const LookupSpec> allowed, std::string_view text);

} // namespace kith::detail
