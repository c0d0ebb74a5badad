#include "query/resolve.hpp"
#include "sql/kept_selects.hpp"
#include "unit/library.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace atlas;
using namespace kith::literals;

std::shared_ptr<const detail::Query> query_of(const auto& set) { return set.handle().query(); }

bool same(const sql::Bind& a, const sql::Bind& b) {
    if (a.index() != b.index()) return false;
    if (const auto* value = std::get_if<detail::Value>(&a)) return *value == std::get<detail::Value>(b);
    const auto& left = *std::get<1>(a);
    const auto& right = *std::get<1>(b);
    return left.has_the_keys_of(right) && left.fillings() == right.fillings() && left.filling() == right.filling();
}

void expect_same(const sql::Select& kept, const sql::Select& made) {
    EXPECT_EQ(kept.statement.text.str(), made.statement.text.str());
    EXPECT_EQ(kept.statement.table, made.statement.table);
    EXPECT_TRUE(std::ranges::equal(kept.statement.binds, made.statement.binds, same)) << made.statement.text.str();
    ASSERT_EQ(kept.plan->parts.size(), made.plan->parts.size());
    EXPECT_EQ(kept.plan->matched_column, made.plan->matched_column);
    for (std::size_t i = 0; i < kept.plan->parts.size(); ++i) {
        EXPECT_EQ(kept.plan->parts[i].model, made.plan->parts[i].model);
        EXPECT_EQ(kept.plan->parts[i].slots.size(), made.plan->parts[i].slots.size());
        EXPECT_EQ(kept.plan->parts[i].first_column, made.plan->parts[i].first_column);
    }
}

using Query = std::shared_ptr<const detail::Query>;

sql::Select select_anew(const Query& query, const sql::Dialect& dialect) {
    auto plan = std::make_shared<sql::RowPlan>();
    auto statement = sql::select_rows(*query, dialect, *plan);
    return {std::move(statement), std::move(plan)};
}

/// Queries in pairs that differ in their values alone.
std::vector<std::function<Query(std::int64_t, const std::string&)>> shapes() {
    const auto cities = memory().objects<City>();
    const auto people = memory().objects<Person>();
    const auto counted = memory().objects<Province>().annotate("city_count"_f = Count("cities"_f));
    const auto authors = memory().objects<library::Author>();
    return {
        [=](auto, const auto&) { return query_of(cities); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n)); },
        [=](auto n, const auto& text) { return query_of(cities.filter("id__gt"_f = n, "name"_f = text)); },
        [=](auto n, const auto& text) { return query_of(cities.filter("name"_f = text, "id__gt"_f = n)); },
        [=](auto n, const auto& text) { return query_of(cities.filter("name"_f = text).exclude("id"_f = n)); },
        [=](auto n, const auto& text) { return query_of(cities.exclude("name"_f = text).filter("id"_f = n)); },
        [=](auto n, const auto& text) { return query_of(cities.filter(("name"_f = text) || ("id"_f = n))); },
        [=](auto n, const auto& text) { return query_of(cities.filter(("name"_f = text) && !("id"_f = n))); },
        [=](auto n, const auto& text) { return query_of(cities.filter(!(("name"_f = text) || ("id"_f = n)))); },
        [=](auto, const auto& text) { return query_of(cities.filter("name__contains"_f = text)); },
        [=](auto, const auto& text) { return query_of(cities.filter("name__startswith"_f = text)); },
        [=](auto, const auto& text) { return query_of(cities.filter("name__iexact"_f = text)); },
        [=](auto n, const auto& text) {
            return query_of(cities.filter("province__name"_f = text, "province__id__lt"_f = n));
        },
        [=](auto n, const auto&) { return query_of(cities.filter("id__range"_f = std::pair(n, n + 10))); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).order_by("-name", "province")); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).order_by("-name").reverse()); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).distinct()); },
        [=](auto n, const auto&) { return query_of(cities.filter("id__gte"_f = n).slice(0, 5)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id__gte"_f = n).slice(5, 10)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).select_related("province")); },
        [=](auto n, const auto&) { return query_of(people.filter("home"_f = n)); },
        [=](auto, const auto&) { return query_of(people.filter("home__isnull"_f = true)); },
        [=](auto, const auto&) { return query_of(people.filter("home__isnull"_f = false)); },
        [=](auto, const auto& text) { return query_of(people.filter("home__name"_f = text)); },
        [=](auto, const auto& text) { return query_of(people.exclude("home__name"_f = text)); },
        [=](auto, const auto& text) { return query_of(cities.exclude("visitors__home__name"_f = text)); },
        [=](auto n, const auto&) { return query_of(counted.filter("id"_f = n)); },
        [=](auto n, const auto& text) { return query_of(counted.filter("city_count"_f = n, "name"_f = text)); },
        [=](auto n, const auto&) { return query_of(counted.filter("id"_f = n).order_by("-city_count")); },
        [=](auto n, const auto&) {
            return query_of(people.annotate("neighbours"_f = Count("home__residents"_f)).filter("id"_f = n));
        },
        [=](auto n, const auto&) {
            return query_of(people.annotate("neighbours"_f = Count("home__visitors"_f)).filter("id"_f = n));
        },
        [=](auto n, const auto&) { return query_of(authors.filter("id"_f = n)); },
        [=](auto n, const auto&) { return query_of(authors.filter("id"_f = n).defer("biography")); },
        [=](auto n, const auto&) { return query_of(authors.filter("id"_f = n).only("biography")); },
        [=](auto n, const auto&) {
            return query_of(authors.filter("id"_f = n).select_related("mentor").defer("mentor__biography"));
        },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = "province__id"_f + n)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = "province__id"_f - n)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n - "province__id"_f)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = "id"_f / n * n)); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = "id"_f / (n * "id"_f))); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = kith::Coalesce("province__id"_f, n))); },
        [=](auto, const auto& text) {
            return query_of(cities.filter("name"_f = kith::Coalesce("province__name"_f, text)));
        },
        [=](auto, const auto& text) {
            return query_of(cities.filter("name"_f = kith::Lower(kith::Coalesce("province__name"_f, text))));
        },
        [=](auto n, const auto& text) {
            return query_of(cities.filter("id"_f = kith::Case(kith::When("name"_f = text, n)).otherwise("id"_f)));
        },
        [=](auto n, const auto& text) {
            return query_of(cities.filter("name"_f = kith::Case(kith::When("id"_f = n, text)).otherwise("name"_f)));
        },
        [=](auto n, const auto& text) {
            return query_of(cities.filter("name"_f = kith::Case(kith::When("id"_f = n, text))));
        },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).select_for_update()); },
        [=](auto n, const auto&) { return query_of(cities.filter("id"_f = n).select_for_update({.nowait = true})); },
        [=](auto n, const auto&) {
            return query_of(cities.filter("id"_f = n).select_for_update({.skip_locked = true}));
        },
    };
}

TEST(KeptSelects, RunAgainWithOtherValues) {
    for_each_dialect("", [](const sql::Dialect& dialect, auto) {
        sql::KeptSelects kept;
        const auto all = shapes();
        for (const auto& shape : all) (void)kept.rows(*shape(1, "a"), dialect);
        EXPECT_EQ(kept.size(), all.size());
        for (const auto& shape : all) {
            const auto query = shape(77, "b_%");
            expect_same(kept.rows(*query, dialect), select_anew(query, dialect));
        }
        EXPECT_EQ(kept.size(), all.size()) << "other values, the same shape";
    });
}

/// A structure that cannot hold all that the text depends on is not kept.
TEST(KeptSelects, WhatMayDifferIsMadeAnew) {
    for_each_dialect("", [](const sql::Dialect& dialect, auto) {
        const auto cities = memory().objects<City>();
        const auto provinces = memory().objects<Province>();
        sql::KeptSelects kept;
        for (const auto& query : {query_of(cities.filter("id__in"_f = std::vector<std::int64_t>{1, 2})),
                                  query_of(cities.filter("province__in"_f = provinces.filter("id"_f = 1))),
                                  query_of(provinces.annotate("city_count"_f = Count("cities"_f).filter("id"_f = 1))),
                                  query_of(cities.filter(kith::Exists(provinces.filter("id"_f = 1)))),
                                  query_of(provinces.annotate("city_count"_f = "id"_f * 2))}) {
            expect_same(kept.rows(*query, dialect), select_anew(query, dialect));
        }
        EXPECT_EQ(kept.size(), 0U);
    });
}

void expect_same_below(sql::KeptSelects& kept, const detail::RelationInfo& relation, const sql::KeyOrigin& from,
                       const Query& queryset, const sql::Dialect& dialect) {
    auto plan = std::make_shared<sql::RowPlan>();
    auto made = sql::select_related_rows(relation, from, queryset.get(), dialect, *plan);
    expect_same(kept.related_rows(relation, from, queryset.get(), dialect), {std::move(made), std::move(plan)});
}

/// The keys may be one or many, few enough to be filled up, and look like other values.
TEST(KeptSelects, OfRelationsRunAgainWithOtherKeys) {
    const auto cities = memory().objects<City>();
    const std::vector<Query> querysets{nullptr,
                                       query_of(cities.filter("name"_f = "a")),
                                       query_of(cities.order_by("-id")),
                                       query_of(cities.filter("id"_f = 1)),
                                       query_of(cities.filter("id__gt"_f = 3).slice(0, 2)),
                                       query_of(cities.select_related("province"))};
    const std::vector<std::vector<std::int64_t>> sets{{1},
                                                      {2},
                                                      {1, 2},
                                                      {3},
                                                      {1, 3, 5},
                                                      {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                                                      {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22},
                                                      {1},
                                                      {5, 6}};
    const std::vector<const detail::RelationInfo*> relations{&relation<Person>("home"), &relation<Person>("visited"),
                                                             &relation<Province>("cities")};
    for_each_dialect("", [&](const sql::Dialect& dialect, auto) {
        sql::KeptSelects kept;
        std::size_t after_first_round = 0;
        for (int round = 0; round < 2; ++round) {
            for (const auto* relation : relations) {
                for (const auto& queryset : querysets) {
                    if (queryset != nullptr && queryset->is_sliced() && !relation->many) continue;
                    for (const auto& set : sets) {
                        const std::vector<Value> values(set.begin(), set.end());
                        const sql::KeyOrigin from(keys(*relation->source_columns.front(), values));
                        expect_same_below(kept, *relation, from, queryset, dialect);
                    }
                }
            }
            if (round == 0) after_first_round = kept.size();
        }
        EXPECT_GE(kept.size(), relations.size() * 2);
        EXPECT_EQ(kept.size(), after_first_round);
    });
}

/// The rows above may begin in a query or in a key, be sliced or not, and have values that are equal by chance.
TEST(KeptSelects, OfRowsThatHaveNotArrivedRunAgainWithOtherValues) {
    const auto people = memory().objects<Person>();
    const auto cities = memory().objects<City>();
    const auto provinces = memory().objects<Province>();
    const auto& visited = relation<Person>("visited");
    const auto& province = relation<City>("province");
    for_each_dialect("", [&](const sql::Dialect& dialect, auto) {
        sql::KeptSelects kept;
        std::size_t after_first_values = 0;
        for (const std::int64_t n : {1, 2, 77}) {
            const auto text = "x" + std::to_string(n);
            const std::vector<Query> first{query_of(people.filter("id"_f = n)),
                                           query_of(people.filter("home__name"_f = text)),
                                           query_of(people.filter("id__lt"_f = n).order_by("-id").slice(0, 5)),
                                           query_of(people.order_by("id").slice(5, 9))};
            const std::vector<Query> between{
                nullptr, query_of(cities.filter("name"_f = text)), query_of(cities.filter("id"_f = 2)),
                query_of(cities.order_by("-id").slice(0, 2)), query_of(cities.order_by("-id").slice(2, 4))};
            const std::vector<Query> last{nullptr, query_of(provinces.filter("name"_f = text, "id"_f = n + 1)),
                                          query_of(provinces.annotate("city_count"_f = Count("cities"_f)))};
            const auto below = [&](const sql::KeyOrigin& from) {
                for (const auto& queryset : between) {
                    expect_same_below(kept, visited, from, queryset, dialect);
                    const sql::RowsAbove above{.relation = &visited, .from = from, .queryset = queryset.get()};
                    for (const auto& target : last) {
                        expect_same_below(kept, province, sql::KeyOrigin(above), target, dialect);
                    }
                }
            };
            for (const auto& query : first) {
                for (const bool whole : {false, true}) {
                    const sql::RowsAbove above{.query = query.get(), .whole = whole};
                    below(sql::KeyOrigin(above));
                }
            }
            below(sql::KeyOrigin(keys(*visited.source_columns.front(), {Value{n}})));
            if (n == 1) after_first_values = kept.size();
        }
        EXPECT_EQ(after_first_values, 9U * 20U) << "each was kept";
        EXPECT_EQ(kept.size(), after_first_values) << "other values, the same shape";
    });
}

TEST(KeptSelects, AreForgottenIfThereAreVeryMany) {
    const backend::sqlite::Dialect dialect(false);
    sql::KeptSelects kept;
    for (std::size_t i = 0; i < 3 * sql::KeptSelects::most; ++i) {
        (void)kept.rows(*query_of(memory().objects<City>().slice(i, i + 1)), dialect);
        ASSERT_LE(kept.size(), sql::KeptSelects::most);
    }
}

} // namespace
} // namespace kith::test
