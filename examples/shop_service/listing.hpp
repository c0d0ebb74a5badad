#pragma once

#include "get_or_404.hpp"
#include "http.hpp"
#include "models.hpp"

#include <kith/filters.hpp>
#include <kith/json.hpp>

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shop {

/// The query of a list: `?stock__gte=1&order=-price&include=tags&size=10&after=…`.
struct ListQuery {
    std::vector<std::pair<std::string, std::string>> filters{};
    std::string order{};
    std::string include{};
    std::string after{};
    std::string before{};
    std::size_t size{20};

    explicit ListQuery(const Request& request) {
        for (const auto& [name, text] : request.query) {
            if (name == "order")
                order = text;
            else if (name == "include")
                include = text;
            else if (name == "after")
                after = text;
            else if (name == "before")
                before = text;
            else if (name == "size")
                size = page_size(text);
            else
                filters.emplace_back(name, text);
        }
    }

private:
    static std::size_t page_size(std::string_view text) {
        std::size_t size = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size);
        const bool is_number = error == std::errc{} && stop == text.data() + text.size();
        if (!is_number || size < 1 || size > 100) throw Refused(400, "size is a number from 1 to 100");
        return size;
    }
};

/// What a request may ask of the rows of a model.
template <class M>
struct Listing {
    kith::Filters<M> filters;
    kith::Orders<M> orders;
    kith::Includes<M> includes;

    /// A page of `rows`, `{"rows": […], "next": "…", "previous": "…"}`.
    Response page(const kith::QuerySet<M>& rows, const Request& request) const {
        const auto page = find(rows, ListQuery(request));
        return {200, fmt::format(R"({{"rows":{},"next":"{}","previous":"{}"}})", kith::to_json(page), page.next(),
                                 page.previous())};
    }

    /// One row with what the request includes.
    Response row(const kith::QuerySet<M>& rows, std::int64_t id, const Request& request) const {
        const ListQuery query(request);
        return {200, kith::to_json(get_or_404(includes.apply(rows, query.include), "id"_f = id))};
    }

private:
    kith::Page<M> find(const kith::QuerySet<M>& rows, const ListQuery& query) const {
        try {
            auto found = filters.apply(rows, query.filters).distinct(); // a filter through a set may find a row twice
            found = orders.apply(found, query.order).in_total_order();
            found = includes.apply(found, query.include);
            return found.page({.size = query.size, .after = query.after, .before = query.before});
        } catch (const kith::ValueError& error) { // a value that does not fit, or a damaged page token
            throw Refused(400, error.reason());
        }
    }
};

} // namespace shop
