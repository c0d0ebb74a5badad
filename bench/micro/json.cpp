// Rows as JSON: straight from the rows, as Kith writes them, and through trees of nlohmann/json.

#include <kith/json.hpp>
#include <kith/kith.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench::micro {

namespace {

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
};
struct Post {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::string body{};
    std::int64_t views{};
    double score{};
    bool pinned{};
    kith::Decimal price{};
    std::optional<std::int32_t> rank{};
    kith::ForeignKey<Author> author{};
};

const kith::QuerySet<Post>& posts() {
    static const auto rows = [] {
        const auto db = kith::connect("sqlite::memory:");
        db.create_tables<Author, Post>();
        const auto author = db.objects<Author>().create({.name = "Ann Example"});
        std::vector<Post> list;
        for (int i = 0; i < 20'000; ++i) {
            list.push_back({.title = "A title of usual length " + std::to_string(i),
                            .body = std::string(200, 'x') + "\n\"quoted\" and an \xc3\xa4",
                            .views = i * 1000,
                            .score = i / 7.0,
                            .price = kith::Decimal("12.50"),
                            .author = author});
        }
        db.objects<Post>().bulk_create(list);
        auto loaded = db.objects<Post>().prefetch_related("author");
        (void)loaded.size();
        return loaded;
    }();
    return rows;
}

nlohmann::ordered_json tree_of(const Post& post) {
    nlohmann::ordered_json tree;
    tree["id"] = post.id.value;
    tree["title"] = post.title;
    tree["body"] = post.body;
    tree["views"] = post.views;
    tree["score"] = post.score;
    tree["pinned"] = post.pinned;
    tree["price"] = post.price.str();
    tree["rank"] = post.rank ? nlohmann::ordered_json(*post.rank) : nlohmann::ordered_json(nullptr);
    tree["author_id"] = post.author.key();
    tree["author"] = {{"id", post.author->id.value}, {"name", post.author->name}};
    return tree;
}

void json_of_20000_rows(benchmark::State& state) {
    const auto& rows = posts();
    for (auto _ : state) benchmark::DoNotOptimize(kith::to_json(rows));
}
BENCHMARK(json_of_20000_rows)->Unit(benchmark::kMillisecond);

void json_of_20000_rows_as_one_tree(benchmark::State& state) {
    const auto& rows = posts();
    for (auto _ : state) {
        auto list = nlohmann::ordered_json::array();
        for (const Post& post : rows) list.push_back(tree_of(post));
        benchmark::DoNotOptimize(list.dump());
    }
}
BENCHMARK(json_of_20000_rows_as_one_tree)->Unit(benchmark::kMillisecond);

void json_of_20000_rows_as_a_tree_each(benchmark::State& state) {
    const auto& rows = posts();
    for (auto _ : state) {
        std::string text = "[";
        for (const Post& post : rows) text += tree_of(post).dump() + ",";
        benchmark::DoNotOptimize(text);
    }
}
BENCHMARK(json_of_20000_rows_as_a_tree_each)->Unit(benchmark::kMillisecond);

} // namespace

} // namespace bench::micro
