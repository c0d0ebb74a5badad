#include "travel.hpp"

#include <kith/filters.hpp>
#include <kith/json.hpp>

#include <cstdint>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace json_guide {

// [snippet mood]
enum class Status : std::uint8_t { draft, published };
// [/snippet]

} // namespace json_guide

template <>
struct kith::EnumNames<json_guide::Status> {
    static constexpr kith::EnumName<json_guide::Status> names[]{{json_guide::Status::draft, "draft"},
                                                                {json_guide::Status::published, "published"}};
};

namespace json_guide {

using namespace kith::literals;

// [snippet models]
struct Comment;
struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Field<std::string, kith::hidden> password{}; // never in JSON
};
struct Post {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::max_length<80>> title{};
    Status status{};
    kith::Field<std::int64_t, kith::json<"viewCount">> views{}; // under another name
    kith::ForeignKey<Author> author{};
    kith::ReverseSet<Comment, "post"> comments{};
};
struct Comment {
    kith::PrimaryKey<> id{};
    std::string text{};
    bool hidden{};
    kith::ForeignKey<Post> post{};
    kith::ForeignKey<Author> author{};
};
// [/snippet]

class Json : public testing::Test {
protected:
    Json() {
        db.create_tables<Author, Post, Comment>();
        const auto ann = db.objects<Author>().create({.name = "Ann", .password = "x"});
        const auto tea = db.objects<Post>().create({.title = "Tea", .views = 7, .author = ann});
        db.objects<Comment>().create({.text = "Yes!", .post = tea, .author = ann});
        db.objects<Comment>().create({.text = "spam", .hidden = true, .post = tea, .author = ann});
    }

    kith::Database db = kith::connect("sqlite::memory:");
    kith::QueryLog log{db};
};

TEST_F(Json, Filters) {
    const std::map<std::string, std::string> request{{"status", "draft"}, {"views__gte", "5"}};
    // [snippet filters]
    const kith::Filters<Post> filters{"status", "views__gte", "author__name", "id__in"};
    const kith::Orders<Post> orders{"views", "title"};
    const kith::Includes<Post> includes{"author", "comments__author"};

    auto posts = filters.apply(db.objects<Post>(), request); // {{"status", "draft"}, {"views__gte", "5"}}
    posts = orders.apply(posts, "-views,title");
    posts = includes.apply(posts, "author");
    // [/snippet]
    EXPECT_EQ(posts.size(), 1u);
    EXPECT_THROW((void)filters.apply(posts, {{"views", "5"}}), kith::FieldError);
    // [output refused]
    const std::string expected =
        R"(Post cannot be filtered by 'view__gte': did you mean 'views__gte'? Allowed are: status, views__gte, author__name, id__in
Post.views is compared with 'many', which is not a whole number
)";
    const auto message = [&](std::string_view name, std::string_view text) {
        try {
            (void)filters.apply(db.objects<Post>(), {{name, text}});
        } catch (const kith::Error& error) {
            return std::string(error.what()) + "\n";
        }
        return std::string();
    };
    EXPECT_EQ(message("view__gte", "5") + message("views__gte", "many"), expected);
}

TEST_F(Json, RestrictedIncludes) {
    // [snippet restricted]
    auto visible = db.objects<Comment>().filter("hidden"_f = false);
    const kith::Includes<Post> includes{kith::Prefetch("comments"_f, visible), "comments__author"};
    auto posts = includes.apply(db.objects<Post>(), "comments__author"); // the authors of visible comments
    // [/snippet]
    EXPECT_EQ(posts[0].comments.all().size(), 1u);
}

TEST_F(Json, Text) {
    const std::string column = "views";
    const std::string value = "5";
    // [snippet text]
    auto found = db.objects<Post>().filter(kith::runtime(column + "__gte") = kith::Text(value));
    // [/snippet]
    EXPECT_EQ(found.size(), 1u);
}

TEST_F(Json, Writing) {
    std::ostringstream sink;
    // [snippet write]
    auto posts = db.objects<Post>().prefetch_related("author", "comments");
    std::string text = kith::to_json(posts);                      // an array
    std::string one = kith::to_json(posts[0], {.indent = 2});     // an object, on several lines
    kith::write_json(sink, posts);                                // to a std::ostream, piece by piece
    kith::write_json([](std::string_view piece) { (void)piece; }, // or to a function
                     db.objects<Post>().iterator({.chunk_size = 1000}));
    // [/snippet]
    // [output object]
    const std::string expected = R"({
  "id": 1,
  "title": "Tea",
  "status": "draft",
  "viewCount": 7,
  "author_id": 1,
  "author": {
    "id": 1,
    "name": "Ann"
  },
  "comments": [
    {
      "id": 1,
      "text": "Yes!",
      "hidden": false,
      "post_id": 1,
      "author_id": 1
    },
    {
      "id": 2,
      "text": "spam",
      "hidden": true,
      "post_id": 1,
      "author_id": 1
    }
  ]
}
)";
    EXPECT_EQ(one + "\n", expected);
    EXPECT_EQ(sink.str(), text);
}

TEST_F(Json, Reading) {
    // [snippet read]
    auto post = kith::from_json<Post>(R"({"title": "Rivers", "status": "published", "author_id": 1})");
    auto saved = db.objects<Post>().create(post);
    auto several = kith::from_json<std::vector<Post>>(R"([{"title": "A", "author_id": 1}, {"title": "B"}])");
    // [/snippet]
    EXPECT_EQ(saved->author->name, "Ann");
    EXPECT_EQ(several.size(), 2u);
    std::string printed;
    // [snippet faults]
    try {
        (void)kith::from_json<Post>(R"({"titel": "Rivers", "status": "secret", "viewCount": "7"})");
    } catch (const kith::JsonError& error) {
        for (const auto& [member, reason] : error.faults()) printed += member + ": " + reason + "\n";
    }
    // [/snippet]
    // [output faults]
    const std::string expected = R"(titel: Post has no such member: did you mean 'title'?
status: expected one of draft, published, but got "secret"
viewCount: expected a whole number, but got "7"
)";
    EXPECT_EQ(printed, expected);
}

TEST_F(Json, ListsOfMembers) {
    // [snippet allowed]
    const kith::Members<Post> editable{"title", "status", "author"};
    auto created =
        kith::from_json<Post>(R"({"title": "Lakes", "author_id": 1})", editable.require({"title", "author"}));
    auto post = db.objects<Post>().get("id"_f = 1);
    kith::read_json(*post, R"({"status": "published"})", editable); // the title stays
    db.save(post);
    // [/snippet]
    EXPECT_EQ(post->title, "Tea");
    EXPECT_EQ(created.title, "Lakes");
    std::string printed;
    try {
        (void)kith::from_json<Post>(R"({"id": 7, "status": "draft"})", editable.require({"title"}));
    } catch (const kith::JsonError& error) {
        for (const auto& [member, reason] : error.faults()) printed += member + ": " + reason + "\n";
    }
    // [output allowed]
    const std::string expected = R"(id: this member cannot be set
title: is missing
)";
    EXPECT_EQ(printed, expected);
}

TEST_F(Json, Members) {
    auto post = db.objects<Post>().get("id"_f = 1);
    std::vector<std::string> names;
    // [snippet members]
    kith::for_each_member(*post, [&](std::string_view name, auto& member) {
        (void)member; // kith::Field<std::string, …>, kith::ForeignKey<Author>, …
        names.emplace_back(name);
    });
    std::string_view draft = kith::enum_name(Status::draft); // "draft"
    Status status = kith::enum_value<Status>("published");   // or a ValueError with all names
    // [/snippet]
    EXPECT_EQ(names.size(), 6u);
    EXPECT_EQ(draft, "draft");
    EXPECT_EQ(status, Status::published);
}

} // namespace json_guide
